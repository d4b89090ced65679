"""What checks found, kept together with what it was about: a finding on another App ID or address counts no more."""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from tui.guide.checks import Evidence

if TYPE_CHECKING:
    from tui.services.root import Services
    from tui.settings import Profile

_ABOUT = "evidence-about/{profile}"


def keep_evidence(services: "Services", profile_name: str, found: Iterable[Evidence]) -> None:
    """Store findings, and what of the profile they were about. Touches the disk."""
    profile = services.profile(profile_name)
    rows = [(one.check, one.result, one.seen, one.at) for one in found]
    services.vault.notes.save_evidence(profile_name, rows)
    if profile is not None:
        changed = _secret_changed(services, profile_name)
        about = {check: _about(profile, check, changed) for check, *_ in rows}
        services.vault.meta.set(_ABOUT.format(profile=profile_name), json.dumps(about))


def still_about(services: "Services", profile_name: str, found: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """Return the findings that speak of the profile as it is now: the rest has to be looked at again."""
    profile = services.profile(profile_name)
    text = services.vault.meta.get(_ABOUT.format(profile=profile_name))
    about = json.loads(text) if text else {}
    if profile is None:
        return dict(found)
    changed = _secret_changed(services, profile_name)
    now = {check: _about(profile, check, changed) for check in found}
    return {check: one for check, one in found.items() if about.get(check, now[check]) == now[check]}


def _secret_changed(services: "Services", profile_name: str) -> str:
    return services.vault.meta.get(f"secret-changed/{profile_name}") or ""


def _about(profile: "Profile", check: str, secret_changed: str) -> str:
    """Return what a check looked at, without a secret: of the App Secret, when it was last changed."""
    target = profile.matillion
    if check == "app_credentials":
        return f"{profile.app_id} {secret_changed}"
    if check == "callback_rules":
        return profile.callback_url
    if check == "callback_match":
        return f"{profile.app_id} {profile.callback_url}"
    if check == "app_name":
        return f"{profile.app_id} {profile.app_name}"
    if check.startswith("matillion_"):
        parts = (target.base_url, target.user, target.oauth_entry, target.group, target.project) if target else ()
        return "\n".join(parts)
    return profile.app_id

"""Stores evidence with what it is about: evidence on another App ID or address no longer counts."""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from tui.guide.checks import CheckName
from tui.guide.evidence import Evidence, evidence_from_row

if TYPE_CHECKING:
    from tui.services.root import Services
    from tui.settings import Profile

_ABOUT = "evidence-about/{profile}"


def save_evidence(services: "Services", profile_name: str, found: Collection[Evidence]) -> None:
    """Store evidence, and what in the profile it is about. Touches the disk."""
    profile = services.profile(profile_name)
    services.vault.notes.save_evidence(profile_name, [one.as_row() for one in found])
    if profile is not None:
        changed = _secret_changed(services, profile_name)
        about = {one.check: _about(profile, one.check, changed) for one in found}
        services.vault.meta.set(_ABOUT.format(profile=profile_name), json.dumps(about))


def current_evidence(services: "Services", profile_name: str) -> dict[CheckName, Evidence]:
    """Return the stored evidence that is still about the profile's present values. Touches the disk."""
    rows = (evidence_from_row(*row) for row in services.vault.notes.evidence(profile_name))
    found: dict[CheckName, Evidence] = {one.check: one for one in rows if one is not None}
    profile = services.profile(profile_name)
    if profile is None:
        return found
    text = services.vault.meta.get(_ABOUT.format(profile=profile_name))
    about = json.loads(text) if text else {}
    changed = _secret_changed(services, profile_name)
    now = {check: _about(profile, check, changed) for check in found}
    return {check: one for check, one in found.items() if about.get(check, now[check]) == now[check]}


def _secret_changed(services: "Services", profile_name: str) -> str:
    return services.vault.meta.get(f"secret-changed/{profile_name}") or ""


def _about(profile: "Profile", check: CheckName, secret_changed: str) -> str:
    """Return what a check examined, without a secret: of the App Secret, the time of its last change."""
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

"""Stores evidence with what it is about, and the address of Matillion's dialog.

Evidence on another App ID or address no longer counts.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from tui.guide.checks import CheckName
from tui.guide.evidence import Code, Evidence, Facts, evidence_from_row
from tui.guide.judging import judge_instagram, judge_pages, proven
from tui.settings import Profile
from tui.stored_json import from_record, json_object
from tui.tokens.token import Token

if TYPE_CHECKING:
    from tui.matillion.address import DialogAddress
    from tui.vault.meta import Meta
    from tui.vault.vault import Vault

_ADDRESS = "dialog-address/{profile}"
_ABOUT = "evidence-about/{profile}"


def save_evidence(vault: "Vault", profile_name: str, profile: Profile | None, found: Collection[Evidence]) -> None:
    """Store evidence, and what in the profile it is about. Touches the disk."""
    vault.notes.save_evidence(profile_name, [one.as_row() for one in found])
    if profile is not None:
        about = {one.check: _about(vault, profile, one.check) for one in found}
        vault.meta.set(_ABOUT.format(profile=profile_name), json.dumps(about))


def current_evidence(vault: "Vault", profile_name: str, profile: Profile | None) -> dict[CheckName, Evidence]:
    """Return the stored evidence that is still about the profile's present values. Touches the disk."""
    rows = (evidence_from_row(*row) for row in vault.notes.evidence(profile_name))
    found: dict[CheckName, Evidence] = {one.check: one for one in rows if one is not None}
    if profile is None:
        return found
    about = json_object(vault.meta.get(_ABOUT.format(profile=profile_name)))
    now = {check: _about(vault, profile, check) for check in found}
    return {check: one for check, one in found.items() if about.get(check, now[check]) == now[check]}


def token_evidence(tokens: Iterable[Token], profile: Profile) -> tuple[Evidence, ...]:
    """Return what the profile's tokens prove by themselves: a login through the app, and the Pages that one reaches."""
    asked = [
        token
        for token in tokens
        if token.profile == profile.name
        and token.app_id == profile.app_id
        and token.verdict in ("valid", "expired", "invalid")
        and token.kind in ("user", "page", "system_user")
        and token.inspected_at is not None
    ]
    if not asked:
        return ()
    latest = max(asked, key=_strength)
    at, facts = latest.inspected_at or 0, Facts(token_kind=latest.kind, token=latest.name)
    if latest.verdict != "valid":
        return (Evidence("login_done", proven(Code.LOGIN_ENDED, replace(facts, reason=latest.reason or "190")), at),)
    found = (
        Evidence("login_done", proven(Code.LOGIN_VALID, facts), at),
        Evidence("pages", judge_pages(latest.pages, None, ()), at),
        Evidence("instagram_account", judge_instagram(latest.pages, None), at),
    )
    return tuple(one for one in found if one.result == "proven")


def _strength(token: Token) -> tuple[bool, bool, int]:
    """Return what makes a token the better proof: it is valid, reads data, was checked last."""
    checked_at = token.inspected_at or 0
    reads = token.data_access_expires_at is None or token.data_access_expires_at > checked_at
    return token.verdict == "valid", reads, checked_at


def _about(vault: "Vault", profile: Profile, check: CheckName) -> str:
    """Return what a check examined, without a secret: of the App Secret, the time of its last change."""
    target = profile.matillion
    match check:
        case "app_credentials":
            return f"{profile.app_id} {vault.meta.get(f'secret-changed/{profile.name}') or ''}"
        case "callback_rules":
            return profile.callback_url
        case "callback_match":
            return profile.callback_url
        case "app_name":
            return f"{profile.app_id} {profile.app_name}"
        case "matillion_reached" | "matillion_entry" | "matillion_runs":
            parts = (target.base_url, target.user, target.oauth_entry, target.group, target.project)
            return "\n".join(parts) if any(parts) else ""
        case _:
            return profile.app_id


def save_address(meta: "Meta", profile_name: str, address: "DialogAddress") -> None:
    """Store what the address of Matillion's dialog contained. Touches the disk."""
    meta.set(_ADDRESS.format(profile=profile_name), json.dumps(asdict(address)))


def stored_address(meta: "Meta", profile_name: str) -> "DialogAddress | None":
    """Return the address that was last stored, None where there is none. Touches the disk."""
    from tui.matillion.address import DialogAddress

    return from_record(DialogAddress, json_object(meta.get(_ADDRESS.format(profile=profile_name))))

"""What a person enters before there is a profile: ticks, notes and names, which the first profile gets."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from tui.settings import Profile

if TYPE_CHECKING:
    from tui.vault.meta import Meta
    from tui.vault.vault import Vault

NO_PROFILE = ""
"""The name under which progress is stored before there is a profile."""
Name = Literal["app_name", "entry_name"]
_NAMES: tuple[Name, ...] = ("app_name", "entry_name")
_KEY = "noted-name/{name}"
AUTHORIZED_STEPS = ("12", "A5")
"""Steps whose tick is the day of the authorization."""


def note_name(meta: "Meta", name: Name, text: str) -> None:
    """Store a name that a step asks for until there is a profile."""
    meta.set(_KEY.format(name=name), text or None)


def noted_names(meta: "Meta") -> dict[str, str]:
    """Return the names stored so far."""
    names = {name: meta.get(_KEY.format(name=name)) for name in _NAMES}
    return {name: text for name, text in names.items() if text}


def move_notes(vault: "Vault", profile: Profile) -> Profile:
    """Give the first profile what was entered before it; return the profile with the names, yet to be saved."""
    marks, names = vault.notes.progress(NO_PROFILE), noted_names(vault.meta)
    if marks:
        vault.notes.save_progress(profile.name, {**marks, **vault.notes.progress(profile.name)})
        vault.notes.save_progress(NO_PROFILE, {})
    for name in _NAMES:
        note_name(vault.meta, name, "")
    target = profile.matillion
    ticked_at = max((marks[step][0] or 0 for step in AUTHORIZED_STEPS if step in marks), default=0)
    target = replace(
        target,
        oauth_entry=target.oauth_entry or names.get("entry_name", ""),
        authorised_at=target.authorised_at or ticked_at or None,
    )
    app_name = profile.app_name or names.get("app_name", "")
    return replace(profile, app_name=app_name, matillion=target)

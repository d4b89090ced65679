"""What a person does before there is a profile: ticks, notes and names, which the first profile then takes over."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from tui.settings import MatillionTarget, Profile

if TYPE_CHECKING:
    from tui.services.root import Services

NO_PROFILE = ""
"""Marks made before there is any profile are kept under this name."""
Name = Literal["app_name", "entry_name"]
_NAMES: tuple[Name, ...] = ("app_name", "entry_name")
_KEY = "noted-name/{name}"


def note_name(services: "Services", name: Name, text: str) -> None:
    """Keep a name that a step asks for until there is a profile."""
    services.vault.meta.set(_KEY.format(name=name), text or None)


def names_noted(services: "Services") -> dict[str, str]:
    """Return the names kept so far."""
    found = {name: services.vault.meta.get(_KEY.format(name=name)) for name in _NAMES}
    return {name: text for name, text in found.items() if text}


def take_over(services: "Services", profile: Profile) -> Profile:
    """Give the first profile what was done before it: marks of the guide, names, the day of step 12.

    Returns the profile with it, yet to be saved. Where there are profiles already, nothing changes.
    """
    if services.profiles:
        return profile
    vault = services.vault
    marks, names = vault.notes.progress(NO_PROFILE), names_noted(services)
    if marks:
        vault.notes.save_progress(profile.name, {**marks, **vault.notes.progress(profile.name)})
        vault.notes.save_progress(NO_PROFILE, {})
    for name in _NAMES:
        note_name(services, name, "")
    authorised_at = max((marks[step][0] or 0 for step in ("12", "A5") if step in marks), default=0) or None
    target = profile.matillion or MatillionTarget("")
    target = replace(
        target,
        oauth_entry=target.oauth_entry or names.get("entry_name", ""),
        authorised_at=target.authorised_at or authorised_at,
    )
    return replace(
        profile,
        app_name=profile.app_name or names.get("app_name", ""),
        matillion=target if target != MatillionTarget("") else profile.matillion,
    )

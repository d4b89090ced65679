"""App ID and App Secret of a profile before they are used: missing, or an App ID that cannot be one."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tui.settings import Profile
from tui.settings.places import place_in_file

if TYPE_CHECKING:
    from tui.credentials.flaws import Flaw


@dataclass(eq=False)
class MissingCredentials(Exception):
    """A profile has no App ID or no App Secret yet."""

    profile: str
    field: Literal["app_id", "app_secret"]


@dataclass(eq=False)
class FlawedAppId(MissingCredentials):
    """The App ID in `config.toml` is none; `line` is its line in `file`, where known."""

    file: Path
    line: int | None
    flaws: "tuple[Flaw, ...]"


def flawed_app_id(profile: Profile, file: Path, *, also_suspicious: bool = False) -> FlawedAppId | None:
    """Return what is wrong with the App ID of a profile, None where nothing is, or where there is none.

    Only what certainly makes it useless, unless `also_suspicious`: a person may have saved an odd length on purpose.
    """
    if not profile.app_id:
        return None
    from tui.credentials.flaws import Severity
    from tui.credentials.inspection import inspect  # the rules take a while to load

    counted: tuple[Severity, ...] = (Severity.BLOCKS, Severity.SUSPICIOUS) if also_suspicious else (Severity.BLOCKS,)
    flaws = tuple(flaw for flaw in inspect("app_id", profile.app_id) if flaw.severity in counted)
    if not flaws:
        return None
    place = place_in_file(file, ("profiles", profile.name, "app_id"))
    return FlawedAppId(profile.name, "app_id", file, place.line if place else None, flaws)


def is_impossible(text: str) -> bool:
    """Tell whether a text can never be an App ID; one with an odd length may be one."""
    from tui.credentials.flaws import Severity
    from tui.credentials.inspection import inspect

    return bool(text) and any(flaw.severity is Severity.BLOCKS for flaw in inspect("app_id", text))

"""An App ID that a person wrote into `config.toml`: looked at by the rules of credentials before it is used."""

from pathlib import Path

from tui.settings import Profile
from tui.settings.places import place_in_file


def what_is_wrong(profile: Profile, file: Path, *, also_suspicious: bool = False) -> str:
    """Return where the profile's App ID stands and what is wrong with it; empty where nothing is, or there is none.

    Only what certainly makes it useless, unless `also_suspicious`: a person may have saved an odd length on purpose.
    """
    if not profile.app_id:
        return ""
    from tui.credentials import describe, inspect  # their rules take a while to load

    told = ("blocks", "suspicious") if also_suspicious else ("blocks",)
    flaws = [describe("app_id", flaw) for flaw in inspect("app_id", profile.app_id) if flaw.severity in told]
    if not flaws:
        return ""
    place = place_in_file(file, ("profiles", profile.name, "app_id"))
    where = f"{file}, line {place.line}" if place else file
    return f"{where}: profiles.{profile.name}.app_id does not look like an App ID: {'; '.join(flaws)}"


def cannot_be_one(text: str) -> bool:
    """Tell whether a text can never be an App ID, by what stands in it; an odd length may be one, none may follow."""
    from tui.credentials import inspect

    return bool(text) and any(flaw.severity == "blocks" for flaw in inspect("app_id", text))


def way_out(profile: Profile) -> str:
    """Return what to do about it."""
    return f"Mend it there or on Credentials (2), or run: igauth add {profile.name} --app-id ID"

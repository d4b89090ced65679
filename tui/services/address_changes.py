"""What of an address that Matillion opened a profile can take over. Nothing is changed before a person says so."""

from dataclasses import dataclass, replace
from enum import StrEnum

from tui.matillion.address import DialogAddress
from tui.settings import Profile


class Part(StrEnum):
    """A part of the profile."""

    SCOPES = "scopes"
    CALLBACK_URL = "callback_url"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a profile: what it has, and what Matillion sends."""

    part: Part
    before: tuple[str, ...]
    after: tuple[str, ...]

    @property
    def undone(self) -> "Change":
        """The change back."""
        return Change(self.part, self.after, self.before)


def offered_changes(profile: Profile, address: DialogAddress) -> tuple[Change, ...]:
    """Return what of the address differs from the profile and can be taken over; a `config_id` stands for scopes."""
    callback, sent = profile.callback_url, address.redirect_uri
    changes = (
        Change(Part.CALLBACK_URL, (callback,) if callback else (), (sent,) if sent else ()),
        Change(Part.SCOPES, profile.scopes, () if profile.config_id else address.scopes),
    )
    return tuple(change for change in changes if change.after and set(change.after) != set(change.before))


def changed(profile: Profile, change: Change) -> Profile:
    """Return the profile after a change."""
    if change.part is Part.SCOPES:
        return replace(profile, scopes=change.after)
    return replace(profile, callback_url="".join(change.after))

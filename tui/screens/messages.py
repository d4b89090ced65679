"""Messages between the app and its screens: what has changed, and what a screen asks the app to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from textual.message import Message

from tui.redact import Secret
from tui.services.token_work import Kind

Mode = Literal["guide", "credentials", "tokens"]
"""The three main screens."""


@dataclass(frozen=True, slots=True)
class Copyable:
    """A value that can be copied, shown plain or as QR: what it is, and how to fetch it.

    `fetch` may ask the vault: call it off the event loop; None: there is nothing any more. `token` names the token
    whose value it is.
    """

    label: str
    fetch: Callable[[], Secret | str | None]
    is_link: bool = False
    token: str = ""

    @classmethod
    def known(cls, label: str, value: Secret | str, *, is_link: bool = False) -> "Copyable":
        """Make one of a value that is at hand."""
        return cls(label, lambda: value, is_link)


class Link(NamedTuple):
    """A link, and in a word or two what it is.

    `shorter` does as well where the link is too long for a QR code; `caption` is what stands below that code.
    """

    url: str
    name: str
    shorter: str = ""
    caption: str = ""

    @property
    def copyable(self) -> Copyable:
        """The link as a value that can be copied."""
        return Copyable.known(self.name, self.url, is_link=True)


# --- from the app to its screens -------------------------------------------------------------------------------


class BoardChanged(Message):
    """The session has another board of tokens."""


@dataclass
class WorkChanged(Message):
    """Other tokens are being worked on than before; `busy` names them."""

    busy: frozenset[str]


class ProfileChanged(Message):
    """Profiles were saved, renamed or removed, or another one is current."""


# --- from a screen to the app ----------------------------------------------------------------------------------


class EstimatesChanged(Message):
    """Something else is known of Matillion's own authorization."""


@dataclass
class GoTo(Message):
    """Go to a main screen, and there to one token or one step; with `profile` that one becomes current."""

    mode: Mode
    item: str = ""
    profile: str = ""


@dataclass
class ChooseProfile(Message):
    """Make a profile the current one on every screen."""

    name: str


@dataclass
class Copy(Message):
    """Copy a value to the person's clipboard."""

    value: Copyable


class TokensStored(Message):
    """Something was stored or removed: make the board again."""


@dataclass
class WorkOnTokens(Message):
    """Refresh tokens, ask Facebook about them, or read with them."""

    kind: Kind
    names: tuple[str, ...]

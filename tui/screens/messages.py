"""Messages between the app and its screens: what has changed, and what a screen asks the app to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from textual.message import Message

from tui.redact import Secret
from tui.services.token_work import Kind

Mode = Literal["guide", "credentials", "tokens"]
"""The three main screens."""


@dataclass(frozen=True, slots=True)
class Copyable:
    """A value that can be copied, shown plain or as QR: what it is, and how to fetch it.

    `fetch` may ask the vault: call it off the event loop. `token` names the token whose value it is.
    """

    label: str
    fetch: Callable[[], Secret | str]
    is_link: bool = False
    token: str = ""

    @classmethod
    def known(cls, label: str, value: Secret | str, *, is_link: bool = False) -> "Copyable":
        """Make one of a value that is at hand."""
        return cls(label, lambda: value, is_link)


# --- from the app to its screens -------------------------------------------------------------------------------


class BoardChanged(Message):
    """The session has another board of tokens."""


class WorkChanged(Message):
    """Other tokens are being worked on than before; `busy` names them."""

    def __init__(self, busy: frozenset[str]) -> None:
        super().__init__()
        self.busy = busy


class ProfileChanged(Message):
    """Profiles were saved, renamed or removed, or another one is current."""


# --- from a screen to the app ----------------------------------------------------------------------------------


class GoTo(Message):
    """Go to a main screen, and there to one token or one step; with `profile` that one becomes current."""

    def __init__(self, mode: Mode, item: str = "", *, profile: str = "") -> None:
        super().__init__()
        self.mode: Mode = mode
        self.item = item
        self.profile = profile


class ChooseProfile(Message):
    """Make a profile the current one on every screen."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class Copy(Message):
    """Copy a value to the person's clipboard."""

    def __init__(self, value: Copyable) -> None:
        super().__init__()
        self.value = value


class TokensStored(Message):
    """Something was stored or removed: make the board again."""


class WorkOnTokens(Message):
    """Refresh tokens, ask Facebook about them, or read with them."""

    def __init__(self, kind: Kind, *names: str) -> None:
        super().__init__()
        self.kind, self.names = kind, names

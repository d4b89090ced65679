"""What the app tells its screens: one message per change of state, each a frozen value."""

from collections.abc import Callable
from dataclasses import dataclass

from textual.message import Message

from tui.redact import Secret
from tui.services.board import Board


@dataclass(frozen=True, slots=True)
class Copyable:
    """A value that can be copied, shown plain or as QR: what it is, and how to fetch it.

    `fetch` may ask the vault: call it off the event loop.
    """

    label: str
    fetch: Callable[[], Secret | str]
    is_link: bool = False

    @classmethod
    def known(cls, label: str, value: Secret | str, *, is_link: bool = False) -> "Copyable":
        """Make one of a value that is at hand."""
        return cls(label, lambda: value, is_link)


class BoardChanged(Message):
    """Tokens are not what they were; `board` is the new state."""

    def __init__(self, board: Board) -> None:
        super().__init__()
        self.board = board


class WorkChanged(Message):
    """Tokens are being worked on, or no longer; `busy` names them."""

    def __init__(self, busy: frozenset[str]) -> None:
        super().__init__()
        self.busy = busy


class ProfileChanged(Message):
    """Profiles were saved, renamed or removed, or another one is in front."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

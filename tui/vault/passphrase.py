"""The passphrase of sealed secrets, and where it came from."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from tui.redact import Secret


class PassphraseSource(StrEnum):
    """Where a passphrase came from: the one to correct is named where it is wrong."""

    TYPED = "typed"
    """On a terminal, or on stdin."""
    FILE = "file"
    """The file or descriptor of --passphrase-file."""
    UNIT = "unit"
    """A credential of a systemd unit."""
    COMMAND = "command"
    """`passphrase_command` in config.toml."""


class Passphrase(NamedTuple):
    """A passphrase and its source."""

    secret: Secret
    source: PassphraseSource = PassphraseSource.TYPED

    def __bool__(self) -> bool:
        return bool(self.secret)


AskPassphrase = Callable[[], Passphrase | None]
"""Returns the passphrase; None: there is no source. Raises SecretsUnavailable where a source fails."""


FEWEST = 10
"""Characters of a new passphrase."""


class Weakness(StrEnum):
    """Why a new passphrase is easy to guess."""

    SHORT = "short"
    COMMON = "common"


def weakness(passphrase: Secret) -> Weakness | None:
    """Return why a new passphrase is easy to guess; None where nothing is known against it."""
    text = passphrase.reveal().strip()
    if len(text) < FEWEST:
        return Weakness.SHORT
    text = text.casefold()
    return Weakness.COMMON if text in _common() or len(set(text)) < 4 else None


def _common() -> frozenset[str]:
    """Return what lists of leaked passwords begin with, and what this program's name suggests."""
    return frozenset(Path(__file__).with_name("common_passphrases.txt").read_text("ascii").split())

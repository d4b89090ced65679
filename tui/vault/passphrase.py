"""The passphrase of sealed secrets, and where it came from."""

from collections.abc import Callable
from enum import StrEnum
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

"""The passphrase of sealed secrets for the timer's runs: encrypted by systemd for this user on this machine.

A user can do that since systemd 256. A user's own units take it as LoadCredentialEncrypted= since 258; before, such
a unit ends with 243/CREDENTIALS, and decrypts it itself into a folder that only its user can read.
"""

import re
from enum import StrEnum
from pathlib import Path

from tui.atomic_file import replace_file
from tui.redact import Secret, redact
from tui.timer.errors import TimerError, TimerProblem
from tui.timer.running import NO_ANSWER, NO_SUCH_COMMAND, run

CREDENTIAL = "igauth-passphrase"
"""Name under which a systemd unit gets the passphrase."""


class Handover(StrEnum):
    """How a unit gets the passphrase."""

    LOAD = "load"
    """systemd decrypts it (258 or later)."""
    DECRYPT = "decrypt"
    """The unit's first command decrypts it (256, 257)."""


def handover(version: int | None) -> Handover:
    """Return the way of a version of systemd. Raises TimerError where it has none."""
    if version is None or version < 256:
        raise TimerError(TimerProblem.SYSTEMD_TOO_OLD, "of an unknown version" if version is None else str(version))
    return Handover.LOAD if version >= 258 else Handover.DECRYPT


def version_of(text: str) -> int | None:
    """Return the version in what `systemctl --version` prints, such as 257 of "systemd 257 (257.13-1~deb13u1)"."""
    found = re.search(r"^systemd (\d+)", text, re.MULTILINE)
    return int(found[1]) if found else None


def encrypt_for_timer(passphrase: Secret, file: Path) -> None:
    """Write the passphrase, encrypted, to `file` (0600), whole or not at all. Raises TimerError."""
    command = ("systemd-creds", "encrypt", "--user", f"--name={CREDENTIAL}", "-", "-")
    done = run(*command, feed=passphrase.reveal().encode("utf-8", "surrogateescape"))
    if done.status == NO_SUCH_COMMAND:
        raise TimerError(TimerProblem.NOT_INSTALLED)
    if done.status == NO_ANSWER:
        raise TimerError(TimerProblem.SILENT)
    if done.status != 0 or not done.out.strip():
        raise TimerError(TimerProblem.REFUSED, redact(done.reason)[:200])
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, done.out)
    except OSError as error:
        raise TimerError(TimerProblem.NOT_WRITABLE, f"{file}: {error.strerror}") from None

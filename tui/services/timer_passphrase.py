"""The passphrase of encrypted secrets for the timer's runs: encrypted by systemd for this user on this machine.

systemd decrypts it into a folder that only the unit's own processes can read (`LoadCredentialEncrypted=`). A user's
own units can do that since systemd 256.
"""

import subprocess
from enum import StrEnum
from pathlib import Path

from tui.atomic_file import replace_file
from tui.redact import Secret, redact

CREDENTIAL = "igauth-passphrase"
"""Name under which a systemd unit gets the passphrase."""

_LONGEST = 30
"""Seconds that systemd-creds may take: it may ask a TPM."""


class TimerProblem(StrEnum):
    """Why a timer cannot be installed; `detail` is what the system said."""

    NO_SCHEDULER = "no_scheduler"
    UNITS_NOT_WRITABLE = "units_not_writable"
    COMMAND_FAILED = "command_failed"
    SEALED_WITH_CRON = "sealed_with_cron"
    NOT_INSTALLED = "not_installed"
    SILENT = "silent"
    REFUSED = "refused"
    NOT_WRITABLE = "not_writable"


class TimerError(Exception):
    """The timer cannot be installed, or not be given the passphrase."""

    def __init__(self, problem: TimerProblem, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.problem = problem
        self.detail = detail


class SchedulerFailed(TimerError):
    """The system's scheduler cannot be used as it is set up here."""


def encrypt_for_timer(passphrase: Secret, file: Path) -> None:
    """Write the passphrase, encrypted, to `file` (0600), whole or not at all. Raises TimerError."""
    command = ["systemd-creds", "encrypt", "--user", f"--name={CREDENTIAL}", "-", "-"]
    try:
        done = subprocess.run(
            command, input=passphrase.reveal().encode(), capture_output=True, check=False, timeout=_LONGEST
        )
    except FileNotFoundError:
        raise TimerError(TimerProblem.NOT_INSTALLED) from None
    except (OSError, subprocess.TimeoutExpired):
        raise TimerError(TimerProblem.SILENT) from None
    if done.returncode != 0 or not done.stdout.strip():
        lines = redact(done.stderr.decode("utf-8", "replace")).strip().splitlines()
        raise TimerError(TimerProblem.REFUSED, lines[-1][:200] if lines else str(done.returncode))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, done.stdout)
    except OSError as error:
        raise TimerError(TimerProblem.NOT_WRITABLE, f"{file}: {error.strerror}") from None

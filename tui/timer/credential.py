"""The passphrase of encrypted secrets for the timer's runs: encrypted by systemd for this user on this machine.

systemd decrypts it into a folder that only the unit's own processes can read (`LoadCredentialEncrypted=`). A user's
own units can do that since systemd 256.
"""

import subprocess
from pathlib import Path

from tui.atomic_file import replace_file
from tui.redact import Secret, redact
from tui.timer.errors import TimerError, TimerProblem

CREDENTIAL = "igauth-passphrase"
"""Name under which a systemd unit gets the passphrase."""

_LONGEST = 30
"""Seconds that systemd-creds may take: it may ask a TPM."""


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

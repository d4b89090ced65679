"""The passphrase of sealed secrets for the timer's runs: encrypted by systemd for this person on this machine.

systemd decrypts it into a folder that only the unit's own processes see (`LoadCredentialEncrypted=`), where
`running.ask_passphrase` finds it. A user's own units can do that since systemd 256.
"""

import subprocess
from pathlib import Path

from tui.atomic_file import replace_file
from tui.commands.running import CREDENTIAL
from tui.redact import Secret, redact

_LONGEST = 30
"""Seconds that systemd-creds may take: it may ask a TPM."""


class CannotHandOver(Exception):
    """The passphrase cannot be given to the timer; the message says why, and what works instead."""


def hand_over(passphrase: Secret, file: Path) -> None:
    """Write the passphrase, encrypted, to `file` (0600), whole or not at all. Raises CannotHandOver."""
    command = ["systemd-creds", "encrypt", "--user", f"--name={CREDENTIAL}", "-", "-"]
    try:
        done = subprocess.run(
            command, input=passphrase.reveal().encode(), capture_output=True, check=False, timeout=_LONGEST
        )
    except FileNotFoundError:
        raise CannotHandOver(_sentence("systemd-creds is not installed here")) from None
    except (OSError, subprocess.TimeoutExpired):
        raise CannotHandOver(_sentence("systemd-creds does not answer")) from None
    if done.returncode != 0 or not done.stdout.strip():
        said = redact(done.stderr.decode("utf-8", "replace")).strip().splitlines()
        raise CannotHandOver(_sentence(f"systemd-creds said: {said[-1][:200] if said else done.returncode}"))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, done.stdout)
    except OSError as error:
        raise CannotHandOver(_sentence(f"{file} cannot be written ({error.strerror})")) from None


def _sentence(why: str) -> str:
    return (
        f"the secrets are sealed, and their passphrase cannot be handed to a timer here: {why}. A user's timer needs"
        " systemd 256 or later for it. Instead: `igauth watch` on a terminal asks once and stays, or move the secrets:"
        " igauth secrets --move-to database"
    )

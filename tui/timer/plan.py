"""What a timer runs and when: one command, once a day. A home has a timer of its own."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

from tui.settings import Home
from tui.timer.errors import TimerError, TimerProblem

HOUR = 3
"""When runs start, in the machine's own time; the minute comes from the home."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When and how the timer runs: a program with its first arguments, once a day at `hour`:`minute` local time."""

    program: tuple[str, ...]
    environment_file: Path
    variables: Mapping[str, str]
    minute: int
    hour: int = HOUR
    home_id: str = ""
    """Tells the timers of one person's homes apart; empty for the home that is found without any variable."""
    account_home: str = ""
    """The person's home folder as the system has it, or empty."""
    credential: Path | None = None
    """File with the passphrase, encrypted by systemd-creds; None where the timer needs none."""

    @property
    def words(self) -> tuple[str, ...]:
        """The command of a run."""
        return (*self.program, "keep", "--environment", str(self.environment_file))

    @property
    def unit(self) -> str:
        """The name of the systemd units, without their suffix."""
        return f"igauth-{self.home_id}" if self.home_id else "igauth"

    def first_run(self, now: float) -> int:
        """Return when the timer runs first after `now`, by this machine's local time; unix seconds, UTC."""
        today = datetime.fromtimestamp(now).replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return int((today if today.timestamp() > now else today + timedelta(days=1)).timestamp())

    def is_for(self, named_home: str) -> bool:
        """Tell whether a timer in the form of older versions is this home's: it named an IGAUTH_HOME, or none."""
        if not named_home:
            return not self.home_id
        return Path(os.path.expanduser(named_home)) == self.environment_file.parent


def environment_file_in(words: Sequence[str]) -> Path | None:
    """Return the environment file that an installed command names; None in the form of older versions."""
    return next((Path(file) for option, file in pairwise(words) if option == "--environment"), None)


def home_id(home: Home, account_home: str) -> str:
    """Return a short word for the home, the same for each call; empty for the account's usual one."""
    usual = {Path(account_home, *parts) for parts in ((".local", "share"), ("Library", "Application Support"))}
    if home.data_folder.parent in usual and home.data_folder.name == "igauth":
        return ""
    import hashlib

    return hashlib.sha256(os.fsencode(home.database)).hexdigest()[:8]


def require_plain(*words: str) -> None:
    """Raise TimerError if a word has a character that no unit and no crontab line can hold."""
    for word in words:
        if any(character < " " or character == "\x7f" for character in word):
            raise TimerError(TimerProblem.PATH_UNUSABLE, ascii(word))

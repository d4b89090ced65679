"""What igauth doctor finds: a code with facts, or a value that describes itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple


class TimerSeen(NamedTuple):
    """The timer and its last run, looked at `now` (unix seconds, UTC)."""

    timer: "Automation"
    now: float


if TYPE_CHECKING:
    from tui.services.hook_record import HookFailed
    from tui.settings.errors import KeymapProblem
    from tui.settings.schema import IgnoredKeys, UnknownKey
    from tui.timer.installed import TimerFault
    from tui.tokens.automation import Automation, RunFailure
    from tui.tokens.delivery import Delivery
    from tui.vault.choice import BackendChoice
    from tui.vault.notices import Notice
    from tui.vault.permissions import FileReport

    Value = (
        Exception
        | Delivery
        | UnknownKey
        | IgnoredKeys
        | KeymapProblem
        | FileReport
        | Notice
        | BackendChoice
        | TimerFault
        | TimerSeen
        | RunFailure
        | HookFailed
    )

Level = Literal["ok", "warning", "failure"]


class Code(StrEnum):
    """What was found. VALUE: the finding's value describes itself."""

    VALUE = "value"
    CONFIG_PATH = "config_path"
    DATABASE_PATH = "database_path"
    REPORTS_PATH = "reports_path"
    ACCESS_REMOVED = "access_removed"
    PRIVATE = "private"
    NO_FOLDER = "no_folder"
    OTHER_HOSTS = "other_hosts"
    NO_PROFILE = "no_profile"
    CREDENTIALS_STORED = "credentials_stored"
    VAULT_DAMAGED = "vault_damaged"
    VAULT_WHOLE = "vault_whole"
    NO_SECRET_STORE = "no_secret_store"  # noqa: S105 - the name of a code
    KEYRING_IS_BETTER = "keyring_is_better"
    PASSPHRASE_IS_BETTER = "passphrase_is_better"  # noqa: S105 - the name of a code
    SECRETS_DISPLACED = "secrets_displaced"
    SECRETS_OF_OTHER_HOST = "secrets_of_other_host"
    SURROUNDINGS = "surroundings"
    HOST_ANSWERS = "host_answers"
    HOST_ANSWERS_WITHOUT_TLS = "host_answers_without_tls"
    OTHER_VERSION = "other_version"
    NO_DATE = "no_date"
    CLOCK_RIGHT = "clock_right"
    CLOCK_BEHIND = "clock_behind"
    CLOCK_AHEAD = "clock_ahead"
    KEYS_USABLE = "keys_usable"
    NO_CORE_DUMPS = "no_core_dumps"
    CORE_DUMPS = "core_dumps"
    NO_TIMER = "no_timer"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report. `check` is a stable word; `facts` fill the text of the code."""

    check: str
    level: Level
    code: Code = Code.VALUE
    facts: Mapping[str, str | int | Path] = field(default_factory=dict)
    value: "Value | None" = None


def found(check: str, level: Level, code: Code, **facts: str | int | Path) -> Finding:
    return Finding(check, level, code, facts)

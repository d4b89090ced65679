"""What igauth doctor finds: a code with facts, or a value that describes itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple


class TimerSeen(NamedTuple):
    """The timer and its last run, looked at `now` (unix seconds, UTC)."""

    timer: "Automation"
    now: float


if TYPE_CHECKING:
    from tui.network.proxies import ProxyProblem
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
        | ProxyProblem
    )

Level = Literal["ok", "warning", "failure"]


class Code(StrEnum):
    """What was found. VALUE: the finding's value describes itself."""

    VALUE = "value"
    HOME_SILENT = "home_silent"
    PART_UNFINISHED = "part_unfinished"
    PART_FAILED = "part_failed"
    CONFIG_PATH = "config_path"
    DATABASE_PATH = "database_path"
    REPORTS_PATH = "reports_path"
    NETWORK_FILE_SYSTEM = "network_file_system"
    LOCKS_STAY_HERE = "locks_stay_here"
    IN_MEMORY = "in_memory"
    IN_A_LAYER = "in_a_layer"
    ACCESS_REMOVED = "access_removed"
    PRIVATE = "private"
    NO_FOLDER = "no_folder"
    OTHER_HOSTS = "other_hosts"
    PLAIN_SECRET = "plain_secret"  # noqa: S105 - the name of a code
    TRUSTED_HOST_WRITTEN_OTHERWISE = "trusted_host_written_otherwise"
    TRUSTED_HOST_IMPOSSIBLE = "trusted_host_impossible"
    DEFAULT_PROFILE_UNKNOWN = "default_profile_unknown"
    THEME_UNKNOWN = "theme_unknown"
    PLACEHOLDER_UNKNOWN = "placeholder_unknown"
    PROGRAMS_USABLE = "programs_usable"
    PROGRAM_MISSING = "program_missing"
    PROGRAM_NOT_IN_PATH = "program_not_in_path"
    PROGRAM_TILDE = "program_tilde"
    PROGRAM_IS_FOLDER = "program_is_folder"
    PROGRAM_NOT_EXECUTABLE = "program_not_executable"
    PROGRAM_NO_INTERPRETER = "program_no_interpreter"
    PROGRAM_NO_FORMAT = "program_no_format"
    PROGRAM_RELATIVE = "program_relative"
    PROGRAM_NOT_FOR_TIMER = "program_not_for_timer"
    NO_PROFILE = "no_profile"
    CREDENTIALS_STORED = "credentials_stored"
    VAULT_DAMAGED = "vault_damaged"
    VAULT_WHOLE = "vault_whole"
    CANDIDATES = "candidates"
    NO_SECRET_STORE = "no_secret_store"  # noqa: S105 - the name of a code
    KEYRING_IS_BETTER = "keyring_is_better"
    PASSPHRASE_IS_BETTER = "passphrase_is_better"  # noqa: S105 - the name of a code
    SECRETS_DISPLACED = "secrets_displaced"
    SECRETS_OF_OTHER_HOST = "secrets_of_other_host"
    DIRECT = "direct"
    BY_PROXY = "by_proxy"
    DIRECT_BY_NO_PROXY = "direct_by_no_proxy"
    PROXY_UNUSED = "proxy_unused"
    SYSTEM_STORE = "system_store"
    CA_FILE = "ca_file"
    CA_FOLDER = "ca_folder"
    CA_MISSING = "ca_missing"
    CA_UNREADABLE = "ca_unreadable"
    CA_NOT_A_FILE = "ca_not_a_file"
    CA_NOT_A_FOLDER = "ca_not_a_folder"
    CA_EMPTY = "ca_empty"
    CA_FOLDER_EMPTY = "ca_folder_empty"
    CA_NOT_READ = "ca_not_read"
    HOST_ANSWERS = "host_answers"
    HOST_ANSWERS_WITHOUT_TLS = "host_answers_without_tls"
    OTHER_VERSION = "other_version"
    NO_DATE = "no_date"
    CLOCK_DOUBTED = "clock_doubted"
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

    @property
    def word(self) -> str:
        """The finding in a word that does not change from version to version."""
        if self.code is not Code.VALUE:
            return self.code
        for name in ("problem", "fault", "flaw", "code", "state"):
            if isinstance(code := getattr(self.value, name, None), Enum):
                return code.name.lower()
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self.value).__name__).lower()


def found(check: str, level: Level, code: Code, **facts: str | int | Path) -> Finding:
    return Finding(check, level, code, facts)

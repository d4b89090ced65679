"""What can be wrong with the settings or the home: a code with facts."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from tui.harmless import harmless
from tui.settings.schema import Declared, Kind


class Problem(StrEnum):
    """Why settings cannot be used or changed."""

    SYNTAX = "syntax"
    CHARACTER = "character"
    """`character` is not TOML; `detail` is what to type instead, empty where it can only be deleted."""
    TOO_DEEP = "too_deep"
    """More than `detail` tables or lists inside of each other."""
    TOO_LONG = "too_long"
    """A number or name of more than `detail` characters."""
    ENCODING = "encoding"
    """`detail` is the number of the byte that is not UTF-8."""
    UTF_16 = "utf_16"
    NOT_A_FILE = "not_a_file"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    OTHER_OWNER = "other_owner"
    """The file belongs to the user `detail`."""
    UNWRITABLE = "unwritable"
    LOCKED = "locked"
    WRONG_TYPE = "wrong_type"
    OUT_OF_RANGE = "out_of_range"
    NOT_A_VERSION = "not_a_version"
    NOT_A_BASE_ADDRESS = "not_a_base_address"
    ADDRESS_WITH_USER = "address_with_user"
    ADDRESS_LOCALHOST = "address_localhost"
    ADDRESS_INSECURE = "address_insecure"
    PROFILE_NAME = "profile_name"
    PROFILE_EXISTS = "profile_exists"
    NO_PROFILE = "no_profile"
    NOT_A_VARIABLE = "not_a_variable"
    DELIVER_KEY = "deliver_key"
    """A `[[deliver]]` entry lacks a key, and has one that is not known."""
    DELIVER_TOKENS = "deliver_tokens"
    DELIVER_PLACE = "deliver_place"
    DELIVER_PATH = "deliver_path"
    DELIVER_SHARED = "deliver_shared"
    DELIVER_TWICE = "deliver_twice"
    NO_HOME = "no_home"
    """Neither a variable nor the account of the user `detail` (a number) names a home folder."""
    NO_SUCH_USER = "no_such_user"
    """The home `key` begins with `~` and a name, `detail`, which no account has."""
    NO_CURRENT_FOLDER = "no_current_folder"
    """The home `key` is relative to a folder that was removed."""
    HOME_BROKEN_LINK = "home_broken_link"
    HOME_NOT_A_FOLDER = "home_not_a_folder"
    HOME_UNREADABLE = "home_unreadable"
    HOME_UNWRITABLE = "home_unwritable"


class Place(NamedTuple):
    """A position in a text file, both from 1."""

    line: int
    column: int


class KeyFault(StrEnum):
    """What is wrong with an entry of [keys]."""

    UNKNOWN_ACTION = "unknown_action"
    NO_KEY = "no_key"
    RESERVED = "reserved"
    UNKNOWN_KEY = "unknown_key"
    CONFLICT = "conflict"


class KeymapProblem(NamedTuple):
    """One problem of [keys]. `other`: the likely action or key, or the other action that has the key."""

    fault: KeyFault
    action: str
    key: str = ""
    other: str = ""


@dataclass(eq=False)
class SettingsError(Exception):
    """The settings or the home cannot be used. `key`: a key of the file or a variable; `detail`: the system's words."""

    problem: Problem
    path: Path | None = None
    key: str = ""
    place: Place | None = None
    expected: Kind | Declared | None = None
    detail: str = ""
    character: str = ""

    def __post_init__(self) -> None:
        self.key, self.detail = harmless(self.key), harmless(self.detail)  # they may hold what drives a terminal

"""What a text is made of: what happened, why, who must act, and the next action."""

from dataclasses import dataclass
from enum import StrEnum


class Who(StrEnum):
    """The person who must act. The value is the word that is shown."""

    YOU = "you"
    APP_ADMIN = "app admin"
    PAGE_OWNER = "Page owner"
    NETWORK_ADMIN = "network admin"
    MATILLION_ADMIN = "Matillion admin"
    META = "Meta"


class Do(StrEnum):
    """Everything that igauth can advise; `tui.wording.surfaces` says how it is done on each surface."""

    LOG_IN = "log_in"
    CHECK_CREDENTIALS = "check_credentials"
    ENTER_APP_ID = "enter_app_id"
    ENTER_APP_SECRET = "enter_app_secret"  # noqa: S105 - the name of an action
    SAVE_PROFILE = "save_profile"
    VERIFY_PROFILE = "verify_profile"
    LOG_IN_FIRST = "log_in_first"
    VERIFY = "verify"
    REFRESH = "refresh"
    INSPECT = "inspect"
    ADD_PROFILE = "add_profile"
    OPEN_GUIDE = "open_guide"
    OPEN_TOKENS = "open_tokens"
    FORGET_TOKEN = "forget_token"  # noqa: S105 - the name of an action
    RENEW_AUTHORIZATION = "renew_authorization"
    SHOW_DETAILS = "show_details"
    TEST_READ = "test_read"
    NEW_LOGIN = "new_login"
    PASTE_ADDRESS = "paste_address"
    ADD_CLIENT_TOKEN = "add_client_token"  # noqa: S105 - the name of an action
    CHECK_STEP = "check_step"
    TICK_STEP = "tick_step"
    NOTE_NAME = "note_name"
    CHECK_ADDRESS = "check_address"
    SET_MATILLION = "set_matillion"
    ENTER_MATILLION_USER = "enter_matillion_user"


@dataclass(frozen=True, slots=True)
class Action:
    """The next action of a text, and what it applies to. Empty names: nothing in particular."""

    do: Do
    profile: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One message. `what` is always there; the other parts where they are known. Each part is whole sentences."""

    what: str
    why: str = ""
    who: Who | None = None
    next: Action | None = None
    hint: str = ""
    """What to do where it is not an action of igauth's: in the console, on the network, with the file."""


def counted(count: int, noun: str) -> str:
    """Return a number with its noun: `1 token`, `3 tokens`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"

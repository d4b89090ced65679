"""What a text is made of: what happened, why, who must act, and the next action."""

from dataclasses import dataclass
from enum import Enum, StrEnum, unique


class Who(StrEnum):
    """The person who must act. The value is the word that is shown."""

    YOU = "you"
    APP_ADMIN = "app admin"
    PAGE_OWNER = "Page owner"
    NETWORK_ADMIN = "network admin"
    MATILLION_ADMIN = "Matillion admin"
    META = "Meta"
    PERSON = "the person who logged in"


_ADD = "igauth add {profile}"


@unique
class Do(Enum):
    """Everything that igauth can advise, and how it is done on each surface; names in braces are the action's.

    `phrase` is in the imperative, `key` an id of `tui.actions`, then the command, and the way through plain menus.
    """

    LOG_IN = ("Log in again", "log_in", "igauth login --profile {profile} --name {token}", "l")
    CHECK_CREDENTIALS = ("Check App ID and App Secret", "show_credentials", f"{_ADD} --verify", "credentials")
    ENTER_APP_ID = ("Enter the App ID", "show_credentials", f"{_ADD} --app-id ID", "credentials, then 1")
    ENTER_APP_SECRET = ("Enter the App Secret", "show_credentials", _ADD, "credentials, then 2")
    ENTER_CALLBACK = ("Enter the callback URL", "show_credentials", f"{_ADD} --callback URL", "credentials, then 3")
    CHANGE_REDIRECT = (
        "Change the redirect address",
        "show_credentials",
        f"{_ADD} --redirect ADDRESS",
        "credentials, then m",
    )
    CHANGE_SCOPES = ("Change the scopes", "show_credentials", f"{_ADD} --scope SCOPE", "credentials, then m")
    SAVE_PROFILE = ("Save it", "save", _ADD)
    VERIFY_PROFILE = ("Verify it with Facebook", "verify", f"{_ADD} --verify", "v")
    LOG_IN_NEW = ("Log in for a new token", "log_in_new", "igauth login --profile {profile} --name NEW", "L")
    LOG_IN_FIRST = ("Log in for a token", "log_in", "igauth login --profile {profile}", "l")
    VERIFY = ("Verify again", "verify", "igauth status --check", "v")
    REFRESH = ("Refresh it", "refresh_selected", "igauth refresh {token}", "r")
    INSPECT = ("Ask Facebook about it", "verify", "igauth status --check", "v")
    ADD_PROFILE = ("Enter App ID and App Secret", "show_credentials", "igauth add {profile} --app-id ID", "credentials")
    OPEN_GUIDE = ("Follow the guide", "show_guide", "igauth guide", "guide")
    OPEN_TOKENS = ("See your tokens", "show_tokens", "igauth status", "tokens")
    FORGET_TOKEN = ("Or forget that token first", "forget_token", "igauth forget {token}", "x")
    RENEW_AUTHORIZATION = ("Open the steps that renew it", "refresh_selected", "igauth guide", "guide")
    SHOW_DETAILS = ("See the token's details", "inspect", "igauth history --token {token}", "i")
    TEST_READ = ("Read again", "test_read", "igauth status --check", "t")
    PASTE_ADDRESS = ("Paste the address instead", "", "igauth login --paste --profile {profile}")
    ADD_CLIENT_TOKEN = ("Add the client token", "show_credentials", f"{_ADD} --client-token", "credentials, then 4")
    NEW_LOGIN = ("Open a new login", "ask_again", "igauth login --profile {profile} --name {token}", "a")
    CHECK_STEP = ("Run the check", "verify", "igauth guide --check --profile {profile}", "v")
    TICK_STEP = ("Tick it yourself", "tick", "igauth", "x")
    NOTE_NAME = ("Note the name", "step_note", "igauth", "n")
    CHECK_ADDRESS = ("Check the address of the login page", "check_address", "igauth", "a")
    DELIVER = ("Deliver it now", "", "igauth deliver {token}")
    DELIVER_AGAIN = ("Overwrite what is there", "", "igauth deliver {token} --again")
    INSTALL_TIMER = ("Install a timer", "", "igauth schedule install")
    CHECK_TIMER = ("See what is wrong", "", "igauth doctor")
    SET_MATILLION = (
        "Enter the Matillion settings",
        "matillion",
        "igauth matillion --profile {profile} --instance https://HOST",
        "M",
    )
    ENTER_MATILLION_USER = (
        "Enter user and password again",
        "matillion",
        "igauth matillion --profile {profile} --user USER --ask-password",
        "M",
    )

    def __init__(self, phrase: str, key: str = "", command: str = "", menu: str = "") -> None:
        self.phrase, self.key, self.command, self.menu = phrase, key, command, menu


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

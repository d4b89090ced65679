"""What happens during a login: one frozen value an event. The words are in `tui.wording.login`."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from tui.credentials.unwrapping import Removed
from tui.facebook.errors import FacebookError
from tui.facebook.login_methods import LoginMethod
from tui.facebook.models import DeviceCode, Inspection
from tui.facebook.pages import Page
from tui.facebook.permissions import ScopeFlaw
from tui.facebook.remedies import RemedyCode

Step = Literal["extend", "inspect", "permissions", "pages"]


class NameProblem(StrEnum):
    """Why a token is not saved under the name that was chosen for it."""

    NOT_A_NAME = "not_a_name"
    TAKEN = "taken"
    """A token of another profile has it."""
    OTHER_PERSON = "other_person"
    """The usable token of that name belongs to another person."""


@dataclass(frozen=True, slots=True)
class ForeignRequest:
    """The listener refused another request; `count` so far."""

    count: int


@dataclass(frozen=True, slots=True)
class Declined:
    """Facebook declined in the browser; the login methods stay available. `message` is Facebook's own."""

    message: str
    remedy: RemedyCode


@dataclass(frozen=True, slots=True)
class DeviceFailed:
    """There is no code for another device, or no longer; the other login methods stay available."""

    error: FacebookError


@dataclass(frozen=True, slots=True)
class AnswerTaken:
    """This login method was first; the others are closed. `removed` was taken off the pasted text."""

    method: LoginMethod
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenStored:
    """A token arrived and was handed to `on_token` before anything else; `extended`: the long-lived one."""

    extended: bool


@dataclass(frozen=True, slots=True)
class NameReplaced:
    """The token is saved under `name` instead of the `wanted` one."""

    name: str
    wanted: str
    problem: NameProblem


@dataclass(frozen=True, slots=True)
class RenewsValid:
    """The token that the login is for still works; its name stays."""


@dataclass(frozen=True, slots=True)
class ScopesDoubted:
    """What is wrong with the scopes of the login; reported before there is a link."""

    flaws: tuple[ScopeFlaw, ...]


@dataclass(frozen=True, slots=True)
class Inspected:
    """What debug_token says of the token."""

    inspection: Inspection


@dataclass(frozen=True, slots=True)
class PermissionsRead:
    """Which of the attempt's scopes were not granted: they need a login with `rerequest`."""

    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PagesRead:
    """The Pages and Instagram accounts the token reaches."""

    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step after the token failed; the token itself is safe."""

    step: Step
    error: FacebookError


LoginEvent = (
    DeviceCode
    | ForeignRequest
    | Declined
    | DeviceFailed
    | AnswerTaken
    | TokenStored
    | NameReplaced
    | RenewsValid
    | ScopesDoubted
    | Inspected
    | PermissionsRead
    | PagesRead
    | StepFailed
)

"""What a login tells while it goes on: one frozen value an event, rendered by the screen and by the command."""

from dataclasses import dataclass
from typing import Literal

from tui.facebook.errors import FacebookError
from tui.facebook.models import Inspection, Page, Permission
from tui.facebook.remedies import Remedy

DoorName = Literal["listener", "paste", "device", "token"]
Step = Literal["exchange", "extend", "inspect", "permissions", "pages"]


@dataclass(frozen=True, slots=True)
class DeviceCodeShown:
    """A code to type in at `url`; always shown beside the address (never the address alone)."""

    user_code: str
    url: str
    seconds: int


@dataclass(frozen=True, slots=True)
class ForeignRequest:
    """The listener refused another request; `count` so far."""

    count: int


@dataclass(frozen=True, slots=True)
class Declined:
    """Facebook said no in the browser; the doors stay open."""

    message: str


@dataclass(frozen=True, slots=True)
class DoorFailed:
    """A door is of no use any more; the others stay open."""

    door: DoorName
    message: str
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class AnswerTaken:
    """This door was first; the others are closed."""

    door: DoorName
    removed: tuple[str, ...] = ()
    proven: bool = True


@dataclass(frozen=True, slots=True)
class TokenStored:
    """A token arrived and was handed to `on_token` before anything else; `extended`: the long-lived one."""

    expires_in: int | None
    extended: bool


@dataclass(frozen=True, slots=True)
class Inspected:
    """What debug_token says of the token."""

    inspection: Inspection


@dataclass(frozen=True, slots=True)
class PermissionsRead:
    """What was granted; `missing` of the attempt's scopes and `declined` ones need a login with `rerequest`."""

    permissions: tuple[Permission, ...]
    missing: tuple[str, ...]
    declined: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PagesRead:
    """The Pages and Instagram accounts the token reaches."""

    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class StepFailed:
    """A step after the token failed; the token itself is safe."""

    step: Step
    error: FacebookError
    remedy: Remedy


LoginEvent = (
    DeviceCodeShown
    | ForeignRequest
    | Declined
    | DoorFailed
    | AnswerTaken
    | TokenStored
    | Inspected
    | PermissionsRead
    | PagesRead
    | StepFailed
)

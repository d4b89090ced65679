"""What is known of tokens that are delivered to other programs. Values and pure functions."""

from dataclasses import dataclass
from enum import StrEnum

from tui.clock import rfc3339
from tui.tokens.states import STATES
from tui.tokens.token import WINDOW, Token, state

RESTORED_AT = "restored_at"
"""Note of the vault: when it was restored from a backup, unix seconds, UTC."""


class DeliveryState(StrEnum):
    """Whether a destination has the current value of a token. The value is the word of `status --json`."""

    DELIVERED = "delivered"
    PENDING = "pending"
    """It was not tried yet with this value."""
    FAILED = "failed"
    WITHHELD = "withheld"
    """The token does not work, or Facebook has not confirmed it yet: what is there stays."""


class DeliveryProblem(StrEnum):
    """Why a token could not be delivered. The value is the word of `status --json`."""

    NO_TOKEN = "no_token"  # noqa: S105 - the name of a code
    NO_PROFILE = "no_profile"
    NO_VALUE = "no_value"
    """The secret store does not give the token's value."""
    LOCKED = "locked"
    """Another igauth was delivering there for too long."""
    NOT_STARTED = "not_started"
    SLOW = "slow"
    SKIPPED = "skipped"
    """Not tried: the command took too long for three tokens in a row."""
    FAILED = "failed"
    """The command ended with another status than 0."""
    NOT_WRITTEN = "not_written"
    NOT_A_FILE = "not_a_file"
    """There is a link, a folder or a device."""
    OTHER_OWNER = "other_owner"
    OPEN_FOLDER = "open_folder"
    """Everybody can replace files in that folder."""
    OTHER_CONTENT = "other_content"
    """The file holds something else than a token in this format."""
    NEWER_DELIVERED = "newer_delivered"
    """What is there was written after this token was issued."""
    RESTORED = "restored"
    """The token came from a backup: the destination may have a newer one."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is stored of one token and one destination. Times are unix seconds, UTC.

    `fingerprint`, `issued_at`: of the value that was delivered last. `problem`: of the last try, None where it worked;
    `detail`: an exit status, or the system's words; `said`: the last line that the command printed, without secrets.
    """

    fingerprint: str = ""
    issued_at: int = 0
    delivered_at: int | None = None
    failed_at: int | None = None
    problem: DeliveryProblem | None = None
    detail: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One token and one destination. `token` is empty where the destination's profile does not exist."""

    token: str
    destination: str
    state: DeliveryState
    record: Record = Record()


def delivery_row(delivery: Delivery) -> dict[str, object]:
    """Return a delivery as an object of `status --json`."""
    record = delivery.record
    return {
        "name": delivery.token or None,
        "destination": delivery.destination,
        "state": delivery.state,
        "delivered_at": rfc3339(record.delivered_at),
        "fingerprint": record.fingerprint or None,
        "failed_at": rfc3339(record.failed_at),
        "problem": record.problem,
        "detail": record.detail or None,
        "said": record.said or None,
    }


def issued_at(token: Token) -> int:
    """Return when the current value was obtained, unix seconds, UTC."""
    return max(token.obtained_at, token.extended_at or 0)


def can_be_delivered(token: Token, now: float, window: int = WINDOW) -> bool:
    """Tell whether Facebook has confirmed the token and it has not ended."""
    return STATES[state(token, now, window)].works


def delivery_state(record: Record, token: Token, now: float, window: int = WINDOW) -> DeliveryState:
    """Return whether the destination has the current value of a token, by what is stored."""
    if record.fingerprint == token.fingerprint and record.problem is None:
        return DeliveryState.DELIVERED
    if not can_be_delivered(token, now, window):
        return DeliveryState.WITHHELD
    return DeliveryState.PENDING if record.problem is None else DeliveryState.FAILED


def is_older(token: Token, record: Record) -> bool:
    """Tell whether something newer than the current value was delivered before."""
    return record.fingerprint not in ("", token.fingerprint) and record.issued_at > issued_at(token)

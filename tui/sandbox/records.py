"""What changes while the sandbox runs: grants, tokens, codes, device sessions and recorded calls."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from tui.sandbox.specs import AppSpec, PageSpec, PersonSpec, TokenKind


@dataclass(slots=True)
class Grant:
    """What a person allows an app now. `pages` None: all assets, also later ones."""

    person: PersonSpec
    app: AppSpec
    last_active: float
    granted: set[str] = field(default_factory=set)
    declined: set[str] = field(default_factory=set)
    expired: set[str] = field(default_factory=set)
    pages: frozenset[str] | None = frozenset()
    removed: bool = False

    def allow(self, scopes: Iterable[str], pages: frozenset[str] | None) -> None:
        """The person allows these scopes and pages, also after they removed the app."""
        self.granted |= set(scopes)
        self.pages, self.removed = pages, False


@dataclass(slots=True)
class TokenRecord:
    """One access token. Times are unix seconds UTC; 0: never, none."""

    value: str
    kind: TokenKind
    app: AppSpec
    person: PersonSpec
    issued_at: int
    expires_at: int
    data_access_expires_at: int
    long_lived: bool
    scopes: tuple[str, ...]
    pages: frozenset[str] | None
    page: PageSpec | None = None
    name: str = ""
    flaw: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class CodeRecord:
    """One login code."""

    app: AppSpec
    person: PersonSpec
    redirect_uri: str | None  # None: issued by a script dialog, redeemed without one
    made_at: float
    scopes: tuple[str, ...]
    long_lived: bool = True
    system_user: bool = False
    challenge: str = ""
    challenge_method: str = ""
    from_client: bool = False
    machine_id: str = ""
    metadata: dict[str, str] = field(default_factory=dict)
    used: bool = False


@dataclass(slots=True)
class DeviceSession:
    """One device login between its start and its end."""

    code: str
    user_code: str
    app: AppSpec
    scopes: tuple[str, ...]
    made_at: float
    last_poll: float = 0.0
    person: PersonSpec | None = None
    declined: bool = False


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One request as it arrived, without any secret: where the token was sent, not its value."""

    method: str
    path: str
    parameters: tuple[str, ...]
    token_in: str  # "header", "query", "body" or ""
    status: int


class SeededToken(NamedTuple):
    """A token the world starts with. `app`: the app's key; `state`: valid, due, expired or invalid."""

    name: str
    value: str
    state: str
    app: str

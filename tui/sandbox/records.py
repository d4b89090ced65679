"""What changes while the sandbox runs: grants, tokens, codes, device sessions and what was asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from tui.sandbox.specs import AppSpec, PageSpec, PersonSpec, TokenKind


@dataclass(slots=True)
class Grant:
    """What a person allows an app now. `pages` None: all assets, also later ones."""

    person: PersonSpec
    app: AppSpec
    granted: set[str]
    declined: set[str]
    expired: set[str]
    pages: frozenset[str] | None
    last_active: float
    removed: bool = False


@dataclass(slots=True)
class TokenRecord:
    """One access token. Times are unix seconds UTC; 0: never, none."""

    value: str
    name: str
    kind: TokenKind
    app: AppSpec
    person: PersonSpec | None
    page: PageSpec | None
    issued_at: int
    expires_at: int
    data_access_expires_at: int
    long_lived: bool
    scopes: tuple[str, ...]
    pages: frozenset[str] | None
    flaw: str = ""
    metadata: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class CodeRecord:
    """One login code: whose, for which redirect, and whether it was spent."""

    value: str
    app: AppSpec
    person: PersonSpec
    redirect_uri: str | None  # None: made by a script dialog, redeemed without one
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
    """One request as it arrived, without any secret: where the token stood, not what it was."""

    method: str
    path: str
    at: float
    parameters: tuple[str, ...]
    token_in: str  # "header", "query", "body" or ""
    proof: bool
    status: int = 0


class SeededToken(NamedTuple):
    """A token the world starts with. `state`: valid, due, expired or invalid."""

    name: str
    value: str
    state: str

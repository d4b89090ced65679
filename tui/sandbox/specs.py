"""What a world holds, as its TOML file says it. Nothing here changes while the sandbox runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

NEVER = "never"

MATILLION_MODES = frozenset(("normal", "unauthorized", "html_login", "slow", "success_false", "down"))

TokenKind = Literal["user", "page", "system_user", "app"]


@dataclass(frozen=True, slots=True)
class AppSpec:
    """One app registered with Meta."""

    key: str
    id: str
    secret: str
    client_token: str
    name: str
    redirect_uris: tuple[str, ...]
    permissions: tuple[str, ...]
    mode: Literal["development", "live"] = "development"
    login: Literal["classic", "business"] = "classic"
    configs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    system_user_configs: tuple[str, ...] = ()
    app_domains: tuple[str, ...] = ()
    advanced_access: bool = False
    require_proof: bool = False
    device_login: bool = False
    native: bool = False
    status: Literal["active", "restricted", "deleted"] = "active"
    default_version: str = ""
    code_tokens: Literal["long", "short"] = "long"
    denial: Literal["documented", "2026", "old"] = "documented"
    hourly_calls: int = 0
    instagram_app_id: str = ""
    category: str = "Business"
    namespace: str = ""
    company: str = ""
    business: str = ""


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """One Facebook account. `roles`: app key -> `administrators`, `developers`, `testers` ..."""

    key: str
    id: str
    name: str
    email: str
    roles: dict[str, str]


@dataclass(frozen=True, slots=True)
class InstagramSpec:
    """One Instagram professional account."""

    key: str
    id: str
    username: str
    name: str
    biography: str
    website: str
    followers: int
    follows: int
    media: int
    impressions: int = 0  # of the last 24 hours; 0: calls on the account are not limited


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One Facebook Page. `tasks`: person key -> tasks held; `business`: key of the portfolio that owns it."""

    key: str
    id: str
    name: str
    category: str
    tasks: dict[str, tuple[str, ...]]
    instagram: str = ""
    business: str = ""
    client_of: str = ""


@dataclass(frozen=True, slots=True)
class BusinessSpec:
    """One business portfolio and the people who can see it."""

    key: str
    id: str
    name: str
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GrantSpec:
    """What one person allowed one app. `pages`: keys ticked in the dialog, `*` for all. Times: seconds from start."""

    person: str
    app: str
    scopes: tuple[str, ...]
    declined: tuple[str, ...]
    expired: tuple[str, ...]
    pages: tuple[str, ...]
    last_active: int


@dataclass(frozen=True, slots=True)
class TokenSpec:
    """One seeded token. Times are seconds from the start of the world; `expires` None: never."""

    name: str
    kind: TokenKind
    app: str
    person: str
    page: str
    issued: int
    expires: int | None
    data_access: int | None
    long_lived: bool
    scopes: tuple[str, ...] | None
    flaw: str


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """One finished run of a Matillion job. `ended`: seconds from the start of the world."""

    id: int
    group: str
    project: str
    job: str
    component: str
    state: str
    ended: int
    message: str


@dataclass(frozen=True, slots=True)
class MatillionSpec:
    """The Matillion ETL instance of this world."""

    user: str
    password: str
    api_role: bool
    admin: bool
    oauth: tuple[str, ...]
    groups: dict[str, tuple[str, ...]]
    tasks: tuple[TaskSpec, ...]
    mode: str


@dataclass(frozen=True, slots=True)
class FaultSpec:
    """A fault that waits from the start; 0 `times`: it stays."""

    kind: str
    path: str
    times: int
    seconds: int


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """A whole situation."""

    name: str
    title: str
    summary: str
    try_this: tuple[str, ...]
    primary_app: str
    apps: tuple[AppSpec, ...]
    people: tuple[PersonSpec, ...]
    pages: tuple[PageSpec, ...]
    instagram: tuple[InstagramSpec, ...]
    businesses: tuple[BusinessSpec, ...]
    grants: tuple[GrantSpec, ...]
    tokens: tuple[TokenSpec, ...]
    matillion: MatillionSpec
    faults: tuple[FaultSpec, ...] = ()
    pasted_secret: str = ""

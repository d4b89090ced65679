"""What a world contains, as its TOML file describes it. Nothing here changes while the sandbox runs.

The fields are the keys of the file: each value is checked against the annotation of its field (`typed.py`).
"""

from dataclasses import dataclass, field
from typing import Annotated, Literal

from tui.sandbox.clock import DAY, HOUR
from tui.sandbox.errors import FLAWS, TEXTS
from tui.sandbox.faults import Fault
from tui.sandbox.typed import Count, Digits, Span, SpanOrNever, one_of, reader
from tui.sandbox.vocabulary import APP_PERMISSIONS, EVERYTHING

LOGIN_SUCCESS = "https://www.facebook.com/connect/login_success.html"


Scopes = tuple[Annotated[str, reader(str, TEXTS["permissions"].__contains__, "{!r} is not a permission")], ...]
FlawName = Annotated[str, one_of(("", *FLAWS))]
Role = Literal["administrators", "developers", "testers", "insights users"]
TokenKind = Literal["user", "page", "system_user", "app"]
MatillionMode = Literal["normal", "unauthorized", "html_login", "slow", "success_false", "down"]


@dataclass(frozen=True, slots=True)
class AppSpec:
    """One app registered with Meta."""

    key: str
    name: str
    id: Digits
    secret: str
    client_token: str
    instagram_app_id: str
    redirect_uris: tuple[str, ...] = ("https://matillion.example.com/oauth/callback", LOGIN_SUCCESS)
    permissions: Scopes = APP_PERMISSIONS
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
    hourly_calls: Count = 0  # 0: no limit
    category: str = "Business"
    namespace: str = ""
    company: str = ""
    business: str = ""

    @property
    def redirect_uri(self) -> str:
        """The first redirect URI; empty where there is none."""
        return next(iter(self.redirect_uris), "")

    @property
    def config_id(self) -> str:
        """The first configuration; empty where there is none."""
        return next(iter(self.configs), "")


@dataclass(frozen=True, slots=True)
class PersonSpec:
    """One Facebook account. `roles`: app key -> role on it."""

    key: str
    name: str
    id: Digits
    email: str
    roles: dict[str, Role] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InstagramSpec:
    """One Instagram professional account."""

    key: str
    id: Digits
    username: str
    name: str
    biography: str = ""
    website: str = ""
    followers: Count = 1200
    follows: Count = 310
    media: Count = 12
    impressions: Count = 0  # in the last 24 hours; 0: calls on the account are not limited


@dataclass(frozen=True, slots=True)
class PageSpec:
    """One Facebook Page. `people`: those with all tasks; `tasks`: person key -> tasks of that person."""

    key: str
    name: str
    id: Digits
    category: str = "Local business"
    people: tuple[str, ...] = ()
    tasks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    instagram: str = ""
    business: str = ""
    client_of: str = ""


@dataclass(frozen=True, slots=True)
class BusinessSpec:
    """One business portfolio and the people who can see it."""

    key: str
    name: str
    id: Digits
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GrantSpec:
    """What one person allowed one app. `pages`: keys ticked in the dialog, `*` for all. Times: seconds from start."""

    person: str
    app: str
    scopes: Scopes = EVERYTHING
    declined: Scopes = ()
    expired: Scopes = ()
    pages: tuple[str, ...] = ("*",)
    last_active: Span = -DAY


@dataclass(frozen=True, slots=True)
class TokenSpec:
    """One seeded token. Times are seconds from the start of the world; None: never. `scopes` None: as granted."""

    name: str
    app: str
    person: str
    page: str
    expires: SpanOrNever
    data_access: SpanOrNever
    kind: TokenKind = "user"
    issued: Span = 0
    long_lived: bool = True
    scopes: Scopes | None = None
    flaw: FlawName = ""


@dataclass(frozen=True, slots=True)
class TaskSpec:
    """One finished run of a Matillion job. `id` 0: one is made up; `ended`: seconds from the start of the world."""

    id: Count = 0
    group: str = "Marketing"
    project: str = "Social"
    job: str = "load_instagram"
    component: str = "Instagram Extract"
    state: Literal["SUCCESS", "FAILED", "CANCELLED", "RUNNING"] = "SUCCESS"
    ended: Span = -6 * HOUR
    message: str = ""


@dataclass(frozen=True, slots=True)
class MatillionSpec:
    """The Matillion ETL instance of this world."""

    tasks: tuple[TaskSpec, ...] = ()
    user: str = "igauth-api"
    password: str = "sandbox-password"
    api_role: bool = True
    admin: bool = False
    oauth: tuple[str, ...] = ("ig_prod", "ig_staging", "google_ads")
    groups: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"Marketing": ("Social",)})
    mode: MatillionMode = "normal"


@dataclass(frozen=True, slots=True)
class CrowdSpec:
    """That many more people with that many tokens each, for load."""

    people: Count = 0
    tokens: Count = 1


@dataclass(frozen=True, slots=True)
class WorldSpec:
    """A complete world. `pasted_secret`: what a person pastes as the App Secret; empty: the right one."""

    name: str
    title: str
    primary_app: str
    apps: tuple[AppSpec, ...] = ()
    people: tuple[PersonSpec, ...] = ()
    pages: tuple[PageSpec, ...] = ()
    instagram: tuple[InstagramSpec, ...] = ()
    businesses: tuple[BusinessSpec, ...] = ()
    grants: tuple[GrantSpec, ...] = ()
    tokens: tuple[TokenSpec, ...] = ()
    faults: tuple[Fault, ...] = ()
    matillion: MatillionSpec = MatillionSpec()
    crowd: CrowdSpec = CrowdSpec()
    summary: str = ""
    pasted_secret: str = ""

"""The current state of a world: grants, tokens, codes, device sessions and recorded calls, looked up in dicts."""

import threading
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, NamedTuple

from tui.sandbox import identifiers
from tui.sandbox.clock import DAY, HOUR, SandboxClock
from tui.sandbox.faults import Faults
from tui.sandbox.specs import AppSpec, InstagramSpec, PageSpec, PersonSpec, TokenKind, TokenSpec, WorldSpec
from tui.sandbox.vocabulary import ALL_TASKS

LONG_LIFE = 5183944  # seconds, the figure in Meta's own example
DATA_ACCESS = 90 * DAY
CODE_LIFE = 600
REFRESH_WINDOW = 14 * DAY


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
    scopes: tuple[str, ...]
    pages: frozenset[str] | None
    long_lived: bool = True
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
    machine_id: str = ""  # of the other client that may redeem it
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
    """One request as it arrived, without any secret: the names of its parameters only."""

    method: str
    path: str
    parameters: tuple[str, ...]
    status: int
    version: str
    """The API version in its address; empty: none."""


class SeededToken(NamedTuple):
    """A token the world starts with. `app`: the app's key; `state`: valid, due, expired or invalid."""

    name: str
    value: str
    state: str
    app: str


class State:
    """All that the sandbox knows. Take `lock` around anything that reads and then changes it."""

    def __init__(self, spec: WorldSpec, clock: SandboxClock) -> None:
        self.spec = spec
        self.clock = clock
        self.started_at = clock.now()
        self.lock = threading.RLock()
        self.apps = {app.id: app for app in spec.apps}
        self.apps_by_key = {app.key: app for app in spec.apps}
        self.people = {person.key: person for person in spec.people}
        self.people_by_id = {
            (app.id, self.scoped_id(app, person)): person for app in spec.apps for person in spec.people
        }
        self.families = {identifiers.token_family(app.id) for app in spec.apps}
        self.pages = {page.id: page for page in spec.pages}
        self.pages_by_key = {page.key: page for page in spec.pages}
        self.instagram = {account.id: account for account in spec.instagram}
        self.instagram_by_key = {account.key: account for account in spec.instagram}
        self.page_of_instagram = {page.instagram: page for page in spec.pages if page.instagram}
        self.businesses = {business.id: business for business in spec.businesses}
        # By Page, those that were not deleted: person -> tasks.
        self.tasks = {page.key: {**dict.fromkeys(page.people, ALL_TASKS), **page.tasks} for page in spec.pages}
        self.secrets = {app.id: app.secret for app in spec.apps}
        self.grants: dict[tuple[str, str], Grant] = {}
        self.tokens: dict[str, TokenRecord] = {}
        self.tokens_of: dict[tuple[str, str], list[TokenRecord]] = {}
        self.page_tokens: dict[tuple[str, str], TokenRecord] = {}
        self.codes: dict[str, CodeRecord] = {}
        self.devices: dict[str, DeviceSession] = {}
        self.devices_by_user_code: dict[str, DeviceSession] = {}
        self.exchange_modes = Faults()
        self.faults = Faults(replace(fault) for fault in spec.faults)
        self.calls: deque[CallRecord] = deque(maxlen=20_000)
        self.calls_per_path: Counter[str] = Counter()
        self.exchanges: Counter[str] = Counter()  # by the token's name, else by the end of its value
        self.windows: dict[str, deque[float]] = {}  # app or account id -> times of the calls that count for it
        self.odd_types = False
        self.dialog_failure: tuple[int, str] | None = None
        self.matillion_mode: str = spec.matillion.mode
        self.matillion_delay = 30.0
        self.oauth_entries = list(spec.matillion.oauth)
        self._serial = count(1)
        for row in spec.grants:
            grant = self.grant_for(self.apps_by_key[row.app], self.people[row.person])
            grant.last_active = self.started_at + row.last_active
            grant.granted, grant.declined, grant.expired = set(row.scopes), set(row.declined), set(row.expired)
            grant.pages = None if "*" in row.pages else frozenset(row.pages)
        self.seeded = tuple(self._seed_token(row) for row in spec.tokens)

    def _seed_token(self, row: TokenSpec) -> SeededToken:
        app, start = self.apps_by_key[row.app], int(self.started_at)
        if row.kind == "app":
            return SeededToken(row.name, self.app_token(app), "valid", app.key)
        person = self.people[row.person]
        grant = self.grants.get((app.id, person.key))
        scopes = row.scopes if row.scopes is not None else sorted(grant.granted) if grant else ()
        expires_at = 0 if row.expires is None else start + row.expires
        value = identifiers.access_token(app.id, f"{self.spec.name}:{row.name}")
        record = self.issue(row.kind, app, person, scopes, expires_at, value=value, long_lived=row.long_lived)
        record.name, record.page, record.flaw = row.name, self.pages_by_key.get(row.page), row.flaw
        record.issued_at = start + row.issued
        record.data_access_expires_at = 0 if row.data_access is None else start + row.data_access
        return SeededToken(row.name, record.value, self.state_word(record), app.key)

    def token_named(self, name_or_value: str) -> TokenRecord:
        """Return the record of a token, by its name in the world or its value. Raises KeyError."""
        named = (record for record in list(self.tokens.values()) if record.name == name_or_value)
        record = self.tokens.get(name_or_value) or next(named, None)
        if record is None:
            raise KeyError(f"no token {name_or_value[:12]!r}")
        return record

    def state_word(self, token: TokenRecord) -> str:
        """Return valid, due, expired or invalid: the program's own words, computed independently of it."""
        now, flaw = self.clock.now(), self.flaw_of(token)
        ends = [end for end in (token.expires_at, token.data_access_expires_at) if end]
        if token.expires_at and token.expires_at <= now and not flaw:
            return "expired"
        if flaw or (token.data_access_expires_at and token.data_access_expires_at <= now):
            return "invalid"
        return "due" if ends and min(ends) - now <= REFRESH_WINDOW else "valid"

    def flaw_of(self, token: TokenRecord) -> str:
        """Return what makes the token unusable before it expires; empty while nothing does."""
        if token.flaw or token.page is None:
            return token.flaw
        if token.page.key not in self.tasks:
            return "page_deleted"
        return "" if token.person.key in self.tasks[token.page.key] else "role_lost"

    def scopes_of(self, token: TokenRecord) -> tuple[str, ...]:
        """Return what the token may do now: its scopes, less those the person has since withdrawn."""
        grant = self.grants.get((token.app.id, token.person.key))
        if grant is None or grant.removed or token.kind == "system_user":
            return token.scopes
        return tuple(scope for scope in token.scopes if scope in grant.granted)

    def scoped_id(self, app: AppSpec, person: PersonSpec) -> str:
        """Return the person's id for that app: app-scoped, so a different one for each app."""
        if app.key == self.spec.primary_app:
            return person.id
        return identifiers.digits(f"{app.id}:{person.id}", 17, "10")

    def serial(self) -> str:
        """Return the next number of a series: the same in every run of the same world."""
        return f"{self.spec.name}:{next(self._serial)}"

    def app_token(self, app: AppSpec) -> str:
        """Return the app token that Facebook issues, without the secret in it."""
        return f"{app.id}|{identifiers.app_token_tail(self.spec.name + app.id)}"

    def issue(
        self, kind: TokenKind, app: AppSpec, person: PersonSpec, scopes: Iterable[str], expires_at: int, **more: Any
    ) -> TokenRecord:
        """Create a token for the Pages of the grant, with data access for 90 days from the person's last activity."""
        now, grant = self.clock.now(), self.grants.get((app.id, person.key))
        access, pages = int((grant.last_active if grant else now) + DATA_ACCESS), grant.pages if grant else None
        token = TokenRecord("", kind, app, person, int(now), expires_at, access, tuple(scopes), pages)
        return self.derive(token, **more)

    def derive(self, token: TokenRecord, **changes: Any) -> TokenRecord:
        """Create a token that is another one with changes."""
        value = changes.get("value") or identifiers.access_token(token.app.id, self.serial())
        own: dict[str, Any] = {"value": value, "name": "", "metadata": {}, "issued_at": int(self.clock.now())}
        record = replace(token, **(own | changes))
        if record.kind == "system_user":
            record.data_access_expires_at = 0
        self.tokens[value] = record
        self.tokens_of.setdefault((record.app.id, record.person.key), []).append(record)
        return record

    def issue_code(
        self, app: AppSpec, person: PersonSpec, redirect_uri: str | None, scopes: tuple[str, ...], **more: Any
    ) -> str:
        """Create a single-use login code."""
        code = identifiers.login_code(self.serial())
        self.codes[code] = CodeRecord(app, person, redirect_uri, self.clock.now(), scopes, **more)
        return code

    def short_end(self) -> int:
        """Return when a short-lived token issued now expires: on the full hour, one to two hours away."""
        return (int(self.clock.now()) // HOUR + 2) * HOUR

    def long_end(self) -> int:
        return int(self.clock.now()) + LONG_LIFE

    def grant_for(self, app: AppSpec, person: PersonSpec) -> Grant:
        """Return the grant between the two, an empty one where there is none yet."""
        key = (app.id, person.key)
        if key not in self.grants:
            self.grants[key] = Grant(person, app, self.clock.now())
        return self.grants[key]

    def touch(self, grant: Grant) -> None:
        """The person was active in the app: data access of all usable tokens moves to 90 days from now."""
        grant.last_active = self.clock.now()
        for token in self.tokens_of.get((grant.app.id, grant.person.key), ()):
            if token.data_access_expires_at and not token.flaw:
                token.data_access_expires_at = int(grant.last_active + DATA_ACCESS)

    def approve_device(self, session: DeviceSession, person: PersonSpec) -> None:
        """The person allows all that the device asked for."""
        grant = self.grant_for(session.app, person)
        grant.allow({*session.scopes, "public_profile"}, None)
        self.touch(grant)
        session.person = person

    def page_token(self, token: TokenRecord, page: PageSpec) -> TokenRecord:
        """Return the Page token of a user token: it never expires if that is long-lived, else it expires with it."""
        key = (token.value, page.key)
        if key not in self.page_tokens:
            expires_at = 0 if token.long_lived else token.expires_at
            self.page_tokens[key] = self.derive(token, kind="page", page=page, expires_at=expires_at)
        return self.page_tokens[key]

    def end_sessions(self, app_ids: Iterable[str], person: PersonSpec, flaw: str) -> int:
        """Make the person's tokens unusable, Page tokens too; returns how many. A system user has no session."""
        tokens = [token for app_id in app_ids for token in self.tokens_of.get((app_id, person.key), ())]
        usable = [token for token in tokens if token.kind != "system_user" and not token.flaw]
        for token in usable:
            token.flaw = flaw
        return len(usable)

    def remove_app(self, app: AppSpec, person: PersonSpec) -> None:
        """The person removes the app from their account: every token of theirs for it becomes unusable with 458."""
        grant = self.grant_for(app, person)
        grant.removed = True
        grant.granted.clear()
        self.end_sessions([app.id], person, "app_removed")

    def sees_page(self, token: TokenRecord, page: PageSpec) -> bool:
        """Whether the token can read this Page: a role on it, ticked in the dialog, a portfolio's only if allowed."""
        if token.page is not None and token.page.key == page.key:
            return True
        if token.person.key not in self.tasks.get(page.key, ()) or (
            token.pages is not None and page.key not in token.pages
        ):
            return False
        return not (page.business or page.client_of) or "business_management" in token.scopes

    def account_of(self, page: PageSpec) -> InstagramSpec | None:
        return self.instagram_by_key.get(page.instagram)

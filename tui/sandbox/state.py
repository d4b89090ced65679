"""The living world: who allowed what, which tokens and codes exist. Every look-up is one in a dict."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Iterable
from typing import Any

from tui.sandbox import likeness
from tui.sandbox.clock import DAY, HOUR, SandboxClock
from tui.sandbox.extension import Extension
from tui.sandbox.faults import FaultBoard
from tui.sandbox.records import CallRecord, CodeRecord, DeviceSession, Grant, SeededToken, TokenRecord
from tui.sandbox.specs import AppSpec, InstagramSpec, PageSpec, PersonSpec, TokenKind, TokenSpec, WorldSpec

LONG_LIFE = 5183944  # seconds, the figure in Meta's own example
DATA_ACCESS = 90 * DAY
CODE_LIFE = 600
REFRESH_WINDOW = 14 * DAY


class State:
    """All that the sandbox knows. Take `lock` around anything that reads and then changes it."""

    def __init__(self, spec: WorldSpec, clock: SandboxClock) -> None:
        self.spec = spec
        self.clock = clock
        self.started_at = clock.now()
        self.lock = threading.RLock()
        self.apps = {app.id: app for app in spec.apps}
        self.apps_by_key = {app.key: app for app in spec.apps}
        self.instagram_app_ids = {app.instagram_app_id for app in spec.apps}
        self.people = {person.key: person for person in spec.people}
        self.people_by_id = {
            (app.id, self.scoped_id(app, person)): person for app in spec.apps for person in spec.people
        }
        self.families = {likeness.token_family(app.id) for app in spec.apps}
        self.pages = {page.id: page for page in spec.pages}
        self.pages_by_key = {page.key: page for page in spec.pages}
        self.instagram = {account.id: account for account in spec.instagram}
        self.instagram_by_key = {account.key: account for account in spec.instagram}
        self.page_of_instagram = {page.instagram: page for page in spec.pages if page.instagram}
        self.businesses = {business.id: business for business in spec.businesses}
        self.businesses_by_key = {business.key: business for business in spec.businesses}
        self.tasks = {page.key: dict(page.tasks) for page in spec.pages}
        self.deleted_pages: set[str] = set()
        self.secrets = {app.id: app.secret for app in spec.apps}
        self.grants: dict[tuple[str, str], Grant] = {}
        self.tokens: dict[str, TokenRecord] = {}
        self.tokens_of: dict[tuple[str, str], list[TokenRecord]] = {}
        self.page_tokens: dict[tuple[str, str], TokenRecord] = {}
        self.codes: dict[str, CodeRecord] = {}
        self.devices: dict[str, DeviceSession] = {}
        self.devices_by_user_code: dict[str, DeviceSession] = {}
        self.app_tokens: dict[str, str] = {}
        self.extension = Extension()
        self.faults = FaultBoard()
        self.calls: deque[CallRecord] = deque(maxlen=20_000)
        self.calls_per_path: Counter[str] = Counter()
        self.exchanges: Counter[str] = Counter()
        self.hour: dict[str, deque[float]] = {}
        self.day: dict[str, deque[float]] = {}
        self.odd_types = False
        self.dialog_failure: tuple[int, str] | None = None
        self.connections: dict[tuple[str, int], Any] = {}
        self.matillion_mode = spec.matillion.mode
        self.matillion_delay = 30.0
        self.oauth_entries = list(spec.matillion.oauth)
        self._serial = 0
        self._seed()

    def _seed(self) -> None:
        start = self.started_at
        for app in self.spec.apps:
            self.app_tokens[f"{app.id}|{likeness.app_token_tail(self.spec.name + app.id)}"] = app.id
        for row in self.spec.grants:
            pages = None if "*" in row.pages else frozenset(row.pages)
            app, person = self.apps_by_key[row.app], self.people[row.person]
            self.grants[app.id, person.key] = Grant(
                person, app, set(row.scopes), set(row.declined), set(row.expired), pages, start + row.last_active
            )
        for fault in self.spec.faults:
            self.faults.add(fault.kind, path=fault.path, times=fault.times or None, seconds=fault.seconds)
        self.seeded = tuple(self._seed_token(row) for row in self.spec.tokens)

    def _seed_token(self, row: TokenSpec) -> SeededToken:
        app = self.apps_by_key[row.app]
        start = int(self.started_at)
        if row.kind == "app":
            value = f"{app.id}|{likeness.app_token_tail(self.spec.name + app.id)}"
            return SeededToken(row.name, value, "valid")
        person = self.people[row.person]
        grant = self.grants.get((app.id, person.key))
        scopes = row.scopes if row.scopes is not None else tuple(sorted(grant.granted)) if grant else ()
        record = TokenRecord(
            value=likeness.access_token(app.id, f"{self.spec.name}:{row.name}"),
            name=row.name,
            kind=row.kind,
            app=app,
            person=person,
            page=self.pages_by_key.get(row.page),
            issued_at=start + row.issued,
            expires_at=0 if row.expires is None else start + row.expires,
            data_access_expires_at=0 if row.data_access is None else start + row.data_access,
            long_lived=row.long_lived,
            scopes=scopes,
            pages=grant.pages if grant else None,
            flaw=row.flaw,
        )
        self._keep(record)
        return SeededToken(row.name, record.value, self.state_word(record))

    def state_word(self, token: TokenRecord) -> str:
        """valid, due, expired or invalid: the program's own words, worked out here on their own."""
        now = self.clock.now()
        flaw = self.flaw_of(token)
        if token.expires_at and token.expires_at <= now and not flaw:
            return "expired"
        if flaw or (token.data_access_expires_at and token.data_access_expires_at <= now):
            return "invalid"
        ends = [end for end in (token.expires_at, token.data_access_expires_at) if end]
        return "due" if ends and min(ends) - now <= REFRESH_WINDOW else "valid"

    def flaw_of(self, token: TokenRecord) -> str:
        """What kills the token before its time; empty while nothing does."""
        if token.flaw or token.page is None or token.person is None:
            return token.flaw
        if token.page.key in self.deleted_pages:
            return "page_deleted"
        return "" if token.person.key in self.tasks[token.page.key] else "role_lost"

    def scopes_of(self, token: TokenRecord) -> tuple[str, ...]:
        """What the token may do now: what it was given, less what the person has taken back since."""
        grant = self.grants.get((token.app.id, token.person.key)) if token.person else None
        if grant is None or grant.removed or token.kind == "system_user":
            return token.scopes
        return tuple(scope for scope in token.scopes if scope in grant.granted)

    def scoped_id(self, app: AppSpec, person: PersonSpec) -> str:
        """The person's id as that app sees it: app-scoped, so another for each app."""
        if app.key == self.spec.primary_app:
            return person.id
        return likeness.digits(f"{app.id}:{person.id}", 17, "10")

    def serial(self) -> str:
        """The next number of a series: the same in every run of the same world."""
        self._serial += 1
        return f"{self.spec.name}:{self._serial}"

    def _keep(self, record: TokenRecord) -> TokenRecord:
        self.tokens[record.value] = record
        if record.person is not None:
            self.tokens_of.setdefault((record.app.id, record.person.key), []).append(record)
        return record

    def issue(
        self,
        kind: TokenKind,
        app: AppSpec,
        person: PersonSpec,
        *,
        expires_at: int,
        long_lived: bool,
        scopes: Iterable[str],
        data_access_expires_at: int | None = None,
        pages: frozenset[str] | None = None,
        page: PageSpec | None = None,
        name: str = "",
    ) -> TokenRecord:
        """Make a token. Data access: given, else 90 days from the person's last activity in the app."""
        now = self.clock.now()
        if data_access_expires_at is None:
            grant = self.grants.get((app.id, person.key))
            active = grant.last_active if grant else now
            data_access_expires_at = 0 if kind == "system_user" else int(active + DATA_ACCESS)
        return self._keep(
            TokenRecord(
                value=likeness.access_token(app.id, self.serial()),
                name=name,
                kind=kind,
                app=app,
                person=person,
                page=page,
                issued_at=int(now),
                expires_at=expires_at,
                data_access_expires_at=data_access_expires_at,
                long_lived=long_lived,
                scopes=tuple(scopes),
                pages=pages,
            )
        )

    def short_end(self) -> int:
        """When a short-lived token made now ends: on the full hour, one to two hours away."""
        return (int(self.clock.now()) // HOUR + 2) * HOUR

    def long_end(self) -> int:
        return int(self.clock.now()) + LONG_LIFE

    def grant_for(self, app: AppSpec, person: PersonSpec) -> Grant:
        """The grant between the two, made empty where there is none."""
        key = (app.id, person.key)
        if key not in self.grants:
            self.grants[key] = Grant(person, app, set(), set(), set(), frozenset(), self.clock.now())
        return self.grants[key]

    def touch(self, grant: Grant) -> None:
        """The person was active in the app: data access of all living tokens moves to 90 days from now."""
        grant.last_active = self.clock.now()
        for token in self.tokens_of.get((grant.app.id, grant.person.key), ()):
            if token.data_access_expires_at and not token.flaw:
                token.data_access_expires_at = int(grant.last_active + DATA_ACCESS)

    def page_token(self, user_token: TokenRecord, page: PageSpec) -> TokenRecord:
        """The Page token behind a user token: endless from a long-lived one, else it dies with it."""
        key = (user_token.value, page.key)
        if key not in self.page_tokens:
            assert user_token.person is not None
            self.page_tokens[key] = self.issue(
                "page",
                user_token.app,
                user_token.person,
                expires_at=0 if user_token.long_lived else user_token.expires_at,
                long_lived=user_token.long_lived,
                scopes=user_token.scopes,
                data_access_expires_at=user_token.data_access_expires_at,
                pages=user_token.pages,
                page=page,
            )
        return self.page_tokens[key]

    def end_sessions(self, tokens: Iterable[TokenRecord], flaw: str) -> int:
        """Spoil a person's own tokens and their Page tokens; a system user's has no session of a person behind it."""
        return self.spoil((token for token in tokens if token.kind != "system_user"), flaw)

    def spoil(self, tokens: Iterable[TokenRecord], flaw: str) -> int:
        """Give each living token that flaw; returns how many."""
        count = 0
        for token in tokens:
            if not token.flaw:
                token.flaw = flaw
                count += 1
        return count

    def tokens_of_person(self, person: PersonSpec) -> list[TokenRecord]:
        return [token for app_id in self.apps for token in self.tokens_of.get((app_id, person.key), ())]

    def remove_app(self, app: AppSpec, person: PersonSpec) -> None:
        """The person takes the app off their account: every token of theirs for it dies with 458."""
        grant = self.grant_for(app, person)
        grant.removed = True
        grant.granted.clear()
        self.end_sessions(self.tokens_of.get((app.id, person.key), ()), "app_removed")

    def has_role(self, app: AppSpec, person: PersonSpec) -> bool:
        return app.key in person.roles

    def is_developer(self, app: AppSpec, person: PersonSpec) -> bool:
        """Owner or developer of the app: may look into its tokens."""
        return person.roles.get(app.key) in ("administrators", "developers")

    def pages_for(self, token: TokenRecord) -> list[PageSpec]:
        """Pages this token can see: a role on them, ticked in the dialog, portfolio Pages only if allowed."""
        if token.person is None:
            return []
        return [page for page in self.spec.pages if self.sees_page(token, page)]

    def sees_page(self, token: TokenRecord, page: PageSpec) -> bool:
        if token.person is None or page.key in self.deleted_pages:
            return False
        if token.page is not None and token.page.key == page.key:
            return True
        if token.person.key not in self.tasks[page.key]:
            return False
        if token.pages is not None and page.key not in token.pages:
            return False
        return not (page.business or page.client_of) or "business_management" in token.scopes

    def account_of(self, page: PageSpec) -> InstagramSpec | None:
        return self.instagram_by_key.get(page.instagram)

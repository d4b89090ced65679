"""Changes that a test, a demo or the control endpoint can make to a running sandbox."""

from collections.abc import Mapping
from typing import Any, TypeVar, get_args

from tui.sandbox.errors import FLAWS
from tui.sandbox.faults import EXCHANGE_MODES, KINDS, Fault
from tui.sandbox.specs import AppSpec, MatillionMode, PersonSpec
from tui.sandbox.state import CallRecord, State
from tui.sandbox.typed import one_of

Row = TypeVar("Row")


def _named(table: Mapping[str, Row], kind: str, key: str) -> Row:
    """Return the row with that key. Raises KeyError that names what is missing."""
    if key not in table:
        raise KeyError(f"no {kind} {key!r}")
    return table[key]


def _fault(kind: str, times: int | None, path: str = "", seconds: float = 0.0) -> Fault:
    return Fault(kind, path, max(0, times or 0), seconds)


class Actions:
    """Changes to the state of a world, all offered by the control endpoint. Unknown names raise KeyError."""

    def __init__(self, state: State) -> None:
        self.state = state

    def _person(self, key: str) -> PersonSpec:
        return _named(self.state.people, "person", key)

    def _app(self, key: str = "") -> AppSpec:
        """Return the app with that key; the primary one without."""
        return _named(self.state.apps_by_key, "app", key or self.state.spec.primary_app)

    def revoke(self, token: str, flaw: str = "invalidated") -> None:
        """Make one token unusable, for one of the reasons in `errors.FLAWS`."""
        _named(FLAWS, "flaw", flaw)
        self.state.token_named(token).flaw = flaw

    def change_password(self, person: str) -> int:
        """Make every token of that person unusable with 460, Page tokens too. Returns how many."""
        with self.state.lock:
            return self.state.end_sessions(self.state.apps, self._person(person), "password_changed")

    def remove_app(self, person: str) -> None:
        """The person removes the app from their account: 458."""
        with self.state.lock:
            self.state.remove_app(self._app(), self._person(person))

    def take_role(self, person: str, page: str) -> None:
        """The person loses their role on the Page: its Page tokens become unusable with 492."""
        _named(self.state.tasks, "page", page).pop(person, None)

    def delete_page(self, page: str) -> None:
        self.state.tasks.pop(_named(self.state.pages_by_key, "page", page).key, None)

    def drop_scope(self, person: str, scope: str, status: str = "declined") -> None:
        """The person withdraws one permission (`declined`), or it lapsed unused (`expired`)."""
        with self.state.lock:
            grant = self.state.grant_for(self._app(), self._person(person))
            grant.granted.discard(scope)
            (grant.expired if status == "expired" else grant.declined).add(scope)

    def change_secret(self, secret: str) -> None:
        """The App Secret is reset in the dashboard; tokens stay usable."""
        self.state.secrets[self._app().id] = secret

    def fault(self, kind: str, *, path: str = "", times: int | None = 1, seconds: float = 0.0) -> None:
        """Disturb the next `times` calls whose path contains `path` (0 or None: until `clear_faults`)."""
        self.state.faults.append(_fault(one_of(KINDS)(kind), times, path, seconds))

    def clear_faults(self) -> None:
        self.state.faults.clear()

    def extension(self, mode: str, times: int | None = None) -> None:
        """Set how the long-lived exchange behaves from now on: one of `faults.EXCHANGE_MODES`."""
        self.state.exchange_modes[:] = [_fault(one_of(EXCHANGE_MODES)(mode), times)]

    def fail_dialog(self, code: int, message: str) -> None:
        """The next person who allows is sent back with `error_code` and `error_message`."""
        self.state.dialog_failure = (code, message)

    def odd_types(self, on: bool = True) -> None:
        """Answer with numbers for ids and strings for seconds, as old servers did."""
        self.state.odd_types = on

    def matillion(
        self, *, mode: str | None = None, entries: list[str] | None = None, delay: float | None = None
    ) -> None:
        """Set how the Matillion imitation behaves and which OAuth entries it lists."""
        if mode is not None:
            self.state.matillion_mode = one_of(get_args(MatillionMode))(mode)
        if entries is not None:
            self.state.oauth_entries = list(entries)
        if delay is not None:
            self.state.matillion_delay = delay

    def issue_code(self, person: str | None = None, *, redirect_uri: str | None = "", app: str = "") -> str:
        """Return a login code of the dialog. `redirect_uri` empty: the app's first; None: issued by a script dialog."""
        with self.state.lock:
            spec = self._app(app)
            user = self._person(person) if person else next(iter(self.state.people.values()))
            address = spec.redirect_uri if redirect_uri == "" else redirect_uri
            granted = tuple(sorted(self.state.grant_for(spec, user).granted))
            return self.state.issue_code(spec, user, address, granted, long_lived=spec.code_tokens == "long")

    def approve_device(self, user_code: str, person: str) -> None:
        """The person enters the code at facebook.com/device and allows."""
        with self.state.lock:
            session = _named(self.state.devices_by_user_code, "device with the code", user_code)
            self.state.approve_device(session, self._person(person))

    def decline_device(self, user_code: str) -> None:
        _named(self.state.devices_by_user_code, "device with the code", user_code).declined = True


class Controls(Actions):
    """The actions, and what a sandbox can tell about itself. Every method may be called from any thread."""

    def calls(self, path: str = "") -> list[CallRecord]:
        """Return the Graph calls so far whose path contains `path`, oldest first, without any secret."""
        with self.state.lock:
            return [record for record in self.state.calls if path in record.path]

    def exchanges(self, token: str) -> int:
        """Return how often the token of that name was sent for a long-lived exchange."""
        return self.state.exchanges[token]

    def counters(self) -> dict[str, Any]:
        """Return calls per path and exchanges per token name, for the control endpoint."""
        state = self.state
        with state.lock:
            return {
                "now": state.clock.now(),
                "calls": dict(state.calls_per_path),
                "exchanges": dict(state.exchanges),
                "tokens": len(state.tokens),
                "faults_waiting": len(state.faults),
            }

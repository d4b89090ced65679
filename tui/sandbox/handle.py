"""What a test, a demo or the control endpoint may do to a running sandbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from tui.sandbox import likeness
from tui.sandbox.flaws import FLAWS
from tui.sandbox.records import CallRecord, CodeRecord, TokenRecord
from tui.sandbox.specs import MATILLION_MODES, AppSpec, PersonSpec
from tui.sandbox.state import State

Found = TypeVar("Found")


def _named(table: Mapping[str, Found], what: str, key: str) -> Found:
    """What is in the table under that key. Raises KeyError that says what there is not."""
    if key not in table:
        raise KeyError(f"no {what} {key!r}")
    return table[key]


class Controls:
    """Changes to a living world. Every method may be called from any thread. Unknown names raise KeyError."""

    def __init__(self, state: State) -> None:
        self._state = state

    def token(self, name_or_value: str) -> TokenRecord:
        """The record of a token, by its name in the world or its value."""
        state = self._state
        if name_or_value in state.tokens:
            return state.tokens[name_or_value]
        for record in list(state.tokens.values()):
            if record.name == name_or_value:
                return record
        raise KeyError(f"no token {name_or_value[:12]!r}")

    def _person(self, key: str) -> PersonSpec:
        return _named(self._state.people, "person", key)

    def _app(self, key: str | None) -> AppSpec:
        """The app with that key; the primary one without."""
        return _named(self._state.apps_by_key, "app", key or self._state.spec.primary_app)

    def revoke(self, token: str, flaw: str = "invalidated") -> None:
        """Kill one token in one of the ways of `flaws.FLAWS`."""
        if flaw not in FLAWS:
            raise KeyError(f"no flaw {flaw!r}; there are: {', '.join(FLAWS)}")
        with self._state.lock:
            self.token(token).flaw = flaw

    def change_password(self, person: str) -> int:
        """Kill every token of that person, Page tokens too, with 460. Returns how many."""
        with self._state.lock:
            return self._state.end_sessions(self._state.tokens_of_person(self._person(person)), "password_changed")

    def remove_app(self, person: str, app: str | None = None) -> None:
        """The person removes the app from their account: 458."""
        with self._state.lock:
            self._state.remove_app(self._app(app), self._person(person))

    def take_role(self, person: str, page: str) -> None:
        """The person loses their role on the Page: its Page tokens die with 492."""
        with self._state.lock:
            _named(self._state.tasks, "page", page).pop(person, None)

    def delete_page(self, page: str) -> None:
        with self._state.lock:
            self._state.deleted_pages.add(_named(self._state.pages_by_key, "page", page).key)

    def drop_scope(self, person: str, scope: str, status: str = "declined", app: str | None = None) -> None:
        """The person takes one permission back (`declined`), or it ran out unused (`expired`)."""
        with self._state.lock:
            grant = self._state.grant_for(self._app(app), self._person(person))
            grant.granted.discard(scope)
            (grant.expired if status == "expired" else grant.declined).add(scope)

    def change_secret(self, secret: str, app: str | None = None) -> None:
        """The App Secret is reset in the dashboard; tokens live on."""
        with self._state.lock:
            self._state.secrets[self._app(app).id] = secret

    def fault(self, kind: str, *, path: str = "", times: int | None = 1, seconds: float = 0.0) -> None:
        """Break the next `times` calls whose path contains `path` (None: until `clear_faults`). See faults.KINDS."""
        with self._state.lock:
            self._state.faults.add(kind, path=path, times=times, seconds=seconds)

    def clear_faults(self) -> None:
        with self._state.lock:
            self._state.faults.clear()

    def extension(self, mode: str, times: int | None = None) -> None:
        """How the long-lived exchange behaves from now on. See extension.MODES."""
        with self._state.lock:
            self._state.extension.set(mode, times)

    def fail_dialog(self, code: int, message: str) -> None:
        """The next person who agrees is sent back with `error_code` and `error_message`."""
        self._state.dialog_failure = (code, message)

    def odd_types(self, on: bool = True) -> None:
        """Numbers for ids and strings for seconds, as old servers answered."""
        self._state.odd_types = on

    def matillion(
        self, *, mode: str | None = None, entries: list[str] | None = None, delay: float | None = None
    ) -> None:
        """How the Matillion stand-in behaves and which OAuth entries it lists."""
        if mode is not None:
            if mode not in MATILLION_MODES:
                raise ValueError(f"no Matillion mode {mode!r}; there are: {', '.join(sorted(MATILLION_MODES))}")
            self._state.matillion_mode = mode
        if entries is not None:
            self._state.oauth_entries = list(entries)
        if delay is not None:
            self._state.matillion_delay = delay

    def issue_code(
        self,
        person: str | None = None,
        *,
        redirect_uri: str | None = "",
        app: str | None = None,
        long_lived: bool | None = None,
    ) -> str:
        """A login code as the dialog makes it; `redirect_uri` empty: the app's first, None: a script dialog's."""
        state = self._state
        with state.lock:
            spec = self._app(app)
            who = self._person(person) if person else next(iter(state.people.values()))
            grant = state.grant_for(spec, who)
            record = CodeRecord(
                likeness.login_code(state.serial()),
                spec,
                who,
                spec.redirect_uris[0] if redirect_uri == "" else redirect_uri,
                state.clock.now(),
                tuple(sorted(grant.granted)),
                long_lived=spec.code_tokens == "long" if long_lived is None else long_lived,
            )
            state.codes[record.value] = record
            return record.value

    def approve_device(self, user_code: str, person: str) -> None:
        """The person enters the code at facebook.com/device and agrees."""
        with self._state.lock:
            session = _named(self._state.devices_by_user_code, "device with the code", user_code)
            grant = self._state.grant_for(session.app, self._person(person))
            grant.granted |= set(session.scopes)
            grant.pages = None
            self._state.touch(grant)
            session.person = grant.person

    def decline_device(self, user_code: str) -> None:
        with self._state.lock:
            _named(self._state.devices_by_user_code, "device with the code", user_code).declined = True

    def calls(self, path: str = "") -> list[CallRecord]:
        """Graph calls so far whose path contains `path`, oldest first; no secret in them."""
        with self._state.lock:
            return [record for record in self._state.calls if path in record.path]

    def exchanges(self, token: str) -> int:
        """How often this token, by name or value, was sent for a long-lived exchange."""
        with self._state.lock:
            value = self.token(token).value if token not in self._state.exchanges else token
            return self._state.exchanges[value]

    def counters(self) -> dict[str, Any]:
        """Calls per path and exchanges per token name, for the control endpoint."""
        state = self._state
        with state.lock:
            named: dict[str, int] = {}
            for value, count in state.exchanges.items():
                record = state.tokens.get(value)
                name = record.name if record and record.name else f"...{value[-4:]}"
                named[name] = named.get(name, 0) + count
            return {
                "now": state.clock.now(),
                "calls": dict(state.calls_per_path),
                "exchanges": named,
                "tokens": len(state.tokens),
                "faults_waiting": len(state.faults),
            }

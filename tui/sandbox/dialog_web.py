"""The pages of the login dialog and of facebook.com/device: plain HTML, no script, nothing from outside."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tui.sandbox import dialog
from tui.sandbox.device import expired
from tui.sandbox.dialog import Ask, DialogError
from tui.sandbox.specs import PersonSpec
from tui.sandbox.state import State
from tui.sandbox.wording import PERMISSION_WORDS

PAGES = Path(__file__).parent / "pages"
# Our own fields in the form, kept apart from the request's parameters.
OWN = frozenset(("as", "decision", "allow", "page", "pages_shown", "password", "scopes_shown"))
_SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@cache
def _template(name: str) -> Template:
    return Template((PAGES / name).read_text(encoding="utf-8"))


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A whole page. `title` is escaped here, `body` is HTML already."""
    text = _template("frame.html").substitute(title=escape(title), body=body)
    return HTMLResponse(text, status, headers=_SECURITY)


def routes(state: State) -> list[Route]:
    """The dialog under every version, the device page, and the page a code lands on."""
    web = _Dialog(state)
    return [
        Route("/{version}/dialog/oauth", web.oauth, methods=["GET", "POST"]),
        Route("/dialog/oauth", web.oauth, methods=["GET", "POST"]),
        Route("/connect/login_success.html", web.login_success, methods=["GET"]),
        Route("/device", web.device, methods=["GET", "POST"]),
    ]


def _hidden(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in pairs)


class _Dialog:
    def __init__(self, state: State) -> None:
        self.state = state

    async def oauth(self, request: Request) -> Response:
        """GET shows the dialog; POST, or a GET with `decision`, answers with the redirect."""
        form = await request.form() if request.method == "POST" else None
        pairs = [(name, value) for name, value in request.query_params.multi_items() if name not in OWN]
        own = list(request.query_params.multi_items())
        if form is not None:
            own = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
            known = {name for name, _value in pairs}
            pairs += [(name, value) for name, value in own if name not in OWN and name not in known]
        base = str(request.base_url).rstrip("/")
        with self.state.lock:
            try:
                ask = dialog.read_request(self.state, dict(pairs), base)
                return self._step(ask, pairs, own)
            except DialogError as error:
                body = f'<h1>{escape(error.title)}</h1><p class="error">{escape(error.text)}</p>'
                return page("Error", body, 400 if request.method == "POST" else 200)

    def _step(self, ask: Ask, pairs: list[tuple[str, str]], own: list[tuple[str, str]]) -> Response:
        fields = dict(own)
        if fields.get("decision") == "deny":
            return RedirectResponse(dialog.deny(ask), 302)
        person = self._person(ask, fields.get("as", ""))
        if person is None:
            return self._choose_person(ask, pairs)
        dialog.check_person(self.state, ask, person)
        if fields.get("decision") != "allow" or (ask.reauthenticate and not fields.get("password")):
            return self._consent(ask, person, pairs)
        ticked = [value for name, value in own if name == "allow"]
        if "scopes_shown" not in fields and not ticked:
            ticked = list(ask.scopes)
        grant = self.state.grants.get((ask.app.id, person.key))
        pages = grant.pages if grant is not None else None
        if "pages_shown" in fields:
            pages = frozenset(value for name, value in own if name == "page")
        return RedirectResponse(dialog.allow(self.state, ask, person, ticked, pages), 302)

    def _person(self, ask: Ask, key: str) -> PersonSpec | None:
        """The person named in the form; without a name, the only one there is."""
        if key:
            return self.state.people.get(key)
        return next(iter(self.state.people.values())) if len(self.state.people) == 1 else None

    def _choose_person(self, ask: Ask, pairs: list[tuple[str, str]]) -> Response:
        people = sorted(self.state.people.values(), key=lambda person: not self.state.has_role(ask.app, person))
        buttons = "\n".join(
            f'<button class="person" name="as" value="{escape(person.key)}">{escape(person.name)}'
            f"<small>{escape(person.roles.get(ask.app.key, 'no role on this app'))}</small></button>"
            for person in people[:50]
        )
        body = _template("person.html").substitute(app=escape(ask.app.name), hidden=_hidden(pairs), people=buttons)
        return page("Log in", body)

    def _consent(self, ask: Ask, person: PersonSpec, pairs: list[tuple[str, str]]) -> Response:
        scopes = dialog.to_ask(self.state, ask, person)
        rows = "\n".join(self._scope_row(ask, scope) for scope in scopes)
        offered = dialog.pages_to_offer(self.state, person) if set(scopes) & {"pages_show_list"} else []
        accounts = "\n".join(
            f'<label><input type="checkbox" name="page" value="{escape(item.key)}" checked><span>{escape(item.name)}'
            f"<small>{escape(self._account_words(item.key))}</small></span></label>"
            for item in offered
        )
        if offered:
            accounts = (
                f'<h2>Pages and Instagram accounts</h2>\n<input type="hidden" name="pages_shown" value="1">{accounts}'
            )
        elif "pages_show_list" in scopes:
            accounts = "<h2>Pages and Instagram accounts</h2><p>This account manages no Page.</p>"
        password = ""
        if ask.reauthenticate:
            password = (
                '<label class="password">Re-enter your password (any will do here)'
                '<input type="password" name="password" required autocomplete="off"></label>'
            )
        body = _template("consent.html").substitute(
            app=escape(ask.app.name),
            person=escape(person.name),
            person_key=escape(person.key),
            hidden=_hidden(pairs),
            scopes=rows,
            accounts=accounts,
            password=password,
            redirect=escape(ask.redirect_uri),
        )
        return page(f"Log in with {ask.app.name}", body)

    def _scope_row(self, ask: Ask, scope: str) -> str:
        name = escape(scope)
        words = escape(PERMISSION_WORDS.get(scope, scope))
        if ask.all_or_nothing or scope == "public_profile":
            return f'<li>{words}<small>{name}</small><input type="hidden" name="allow" value="{name}"></li>'
        return (
            f'<li><label><input type="checkbox" name="allow" value="{escape(scope)}" checked>'
            f"<span>{words}<small>{escape(scope)}</small></span></label></li>"
        )

    def _account_words(self, page_key: str) -> str:
        account = self.state.account_of(self.state.pages_by_key[page_key])
        return f"Instagram: @{account.username}" if account else "no Instagram account linked"

    async def login_success(self, request: Request) -> Response:
        """Where a desktop app's code lands; the person copies it from the address bar."""
        return page("Success", _template("success.html").substitute())

    async def device(self, request: Request) -> Response:
        """facebook.com/device: the code from the other screen, then yes or no."""
        form = await request.form() if request.method == "POST" else None
        fields = {name: str(value) for name, value in (form or request.query_params).items()}
        with self.state.lock:
            return self._device(fields)

    def _device(self, fields: dict[str, str]) -> Response:
        typed = fields.get("user_code", "").strip().upper()
        session = self.state.devices_by_user_code.get(typed)
        if session is None or expired(self.state, session):
            wrong = '<p class="error">That code is not right, or it has expired.</p>' if typed else ""
            return page("Connect a device", _template("device.html").substitute(wrong=wrong))
        decision = fields.get("decision", "")
        if decision == "deny":
            session.declined = True
            return page("Declined", "<h1>Declined</h1><p>Your device was told so.</p>")
        person = self.state.people.get(fields.get("as", ""))
        if decision == "allow" and person is not None:
            grant = self.state.grant_for(session.app, person)
            grant.granted |= set(session.scopes) | {"public_profile"}
            grant.pages, grant.removed = None, False
            self.state.touch(grant)
            session.person = person
            return page("Connected", "<h1>Success!</h1><p>Go back to your device.</p>")
        options = "\n".join(
            f'<option value="{escape(item.key)}">{escape(item.name)}</option>'
            for item in list(self.state.people.values())[:50]
        )
        scopes = "\n".join(
            f"<li>{escape(PERMISSION_WORDS.get(scope, scope))}<small>{escape(scope)}</small></li>"
            for scope in session.scopes
        )
        body = _template("device_consent.html").substitute(
            app=escape(session.app.name), user_code=escape(typed), people=options, scopes=scopes
        )
        return page("Connect a device", body)

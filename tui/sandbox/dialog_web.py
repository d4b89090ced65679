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
from tui.sandbox.dialog import DialogError, DialogRequest
from tui.sandbox.errors import TEXTS
from tui.sandbox.specs import PageSpec, PersonSpec
from tui.sandbox.state import State

PAGES = Path(__file__).parent / "pages"
# Our own fields in the form, kept apart from the request's parameters.
OWN = frozenset(("as", "decision", "allow", "page", "pages_shown", "password", "scopes_shown"))
MOST_PEOPLE = 50
_SECURITY = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_PASSWORD = (
    '<label class="password">Re-enter your password (any will do here)'
    '<input type="password" name="password" required autocomplete="off"></label>'
)


@cache
def _template(name: str) -> Template:
    return Template((PAGES / name).read_text(encoding="utf-8"))


def _fill(name: str, *, html: dict[str, str], **texts: str) -> str:
    """Fill a template. `texts` are escaped here, `html` is HTML already."""
    return _template(name).substitute({key: escape(text) for key, text in texts.items()} | html)


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """Return a whole page. `title` is escaped here, `body` is HTML already."""
    text = _fill("frame.html", title=title, html={"body": body})
    return HTMLResponse(text, status, headers=_SECURITY)


def routes(state: State) -> list[Route]:
    """Return the dialog under every version, the device page, and the page that login codes are sent to."""
    web = _Dialog(state)
    return [
        Route("/{version}/dialog/oauth", web.oauth, methods=["GET", "POST"]),
        Route("/dialog/oauth", web.oauth, methods=["GET", "POST"]),
        Route("/connect/login_success.html", web.login_success, methods=["GET"]),
        Route("/device", web.device, methods=["GET", "POST"]),
    ]


def _hidden(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in pairs)


def _checkbox(name: str, value: str, text: str, note: str) -> str:
    return (
        f'<label><input type="checkbox" name="{name}" value="{escape(value)}" checked>'
        f"<span>{escape(text)}<small>{escape(note)}</small></span></label>"
    )


def _permission(scope: str) -> str:
    words: str = TEXTS["permissions"].get(scope, scope)
    return words


class _Dialog:
    def __init__(self, state: State) -> None:
        self.state = state

    async def oauth(self, request: Request) -> Response:
        """GET shows the dialog; POST, or a GET with `decision`, answers with the redirect."""
        query = request.query_params.multi_items()
        pairs = [(name, value) for name, value in query if name not in OWN]
        form = query
        if request.method == "POST":
            items = (await request.form()).multi_items()
            form = [(name, value) for name, value in items if isinstance(value, str)]
            known = OWN | {name for name, _value in pairs}
            pairs += [(name, value) for name, value in form if name not in known]
        base = str(request.base_url).rstrip("/")
        with self.state.lock:
            try:
                return self._step(dialog.read_request(self.state, dict(pairs), base), pairs, form)
            except DialogError as error:
                body = f'<h1>{escape(error.title)}</h1><p class="error">{escape(error.text)}</p>'
                return _page("Error", body, 400 if request.method == "POST" else 200)

    def _step(self, request: DialogRequest, pairs: list[tuple[str, str]], form: list[tuple[str, str]]) -> Response:
        fields, people = dict(form), self.state.people
        decision = fields.get("decision")
        if decision == "deny":
            return RedirectResponse(dialog.deny(request), 302)
        key = fields.get("as") or (next(iter(people)) if len(people) == 1 else "")
        if key not in people:
            return self._choose_person(request, pairs)
        person = people[key]
        dialog.check_person(self.state, request, person)
        reauthenticate = "reauthenticate" in request.auth_types
        if decision != "allow" or (reauthenticate and not fields.get("password")):
            return self._consent(request, person, pairs, _PASSWORD if reauthenticate else "")
        ticked = [value for name, value in form if name == "allow"]
        if "scopes_shown" not in fields and not ticked:
            ticked = list(request.scopes)
        grant = self.state.grants.get((request.app.id, person.key))
        pages = grant.pages if grant is not None else None
        if "pages_shown" in fields:
            pages = frozenset(value for name, value in form if name == "page")
        return RedirectResponse(dialog.allow(self.state, request, person, ticked, pages), 302)

    def _choose_person(self, request: DialogRequest, pairs: list[tuple[str, str]]) -> Response:
        people = sorted(self.state.people.values(), key=lambda person: not self.state.has_role(request.app, person))
        buttons = "\n".join(
            f'<button class="person" name="as" value="{escape(person.key)}">{escape(person.name)}'
            f"<small>{escape(person.roles.get(request.app.key, 'no role on this app'))}</small></button>"
            for person in people[:MOST_PEOPLE]
        )
        html = {"hidden": _hidden(pairs), "people": buttons}
        return _page("Log in", _fill("person.html", app=request.app.name, html=html))

    def _consent(
        self, request: DialogRequest, person: PersonSpec, pairs: list[tuple[str, str]], password: str
    ) -> Response:
        scopes = dialog.offered_scopes(self.state, request, person)
        accounts = ""
        if "pages_show_list" in scopes:
            boxes = "\n".join(
                _checkbox("page", page.key, page.name, self._account_note(page))
                for page in dialog.offered_pages(self.state, person)
            )
            shown = f'\n<input type="hidden" name="pages_shown" value="1">{boxes}'
            none = "<p>This account manages no Page.</p>"
            accounts = f"<h2>Pages and Instagram accounts</h2>{shown if boxes else none}"
        rows = "\n".join(self._scope_row(request, scope) for scope in scopes)
        body = _fill(
            "consent.html",
            app=request.app.name,
            person=person.name,
            person_key=person.key,
            redirect=request.get("redirect_uri"),
            html={"hidden": _hidden(pairs), "scopes": rows, "accounts": accounts, "password": password},
        )
        return _page(f"Log in with {request.app.name}", body)

    def _scope_row(self, request: DialogRequest, scope: str) -> str:
        if request.all_or_nothing or scope == "public_profile":
            note = f"{escape(_permission(scope))}<small>{escape(scope)}</small>"
            return f"<li>{note}{_hidden([('allow', scope)])}</li>"
        return f"<li>{_checkbox('allow', scope, _permission(scope), scope)}</li>"

    def _account_note(self, page: PageSpec) -> str:
        account = self.state.account_of(page)
        return f"Instagram: @{account.username}" if account else "no Instagram account linked"

    async def login_success(self, request: Request) -> Response:
        """Where a desktop app's code arrives; the person copies it from the address bar."""
        return _page("Success", _fill("success.html", html={}))

    async def device(self, request: Request) -> Response:
        """facebook.com/device: the code from the other screen, then allow or decline."""
        form = await request.form() if request.method == "POST" else request.query_params
        fields = {name: str(value) for name, value in form.items()}
        with self.state.lock:
            return self._device(fields)

    def _device(self, fields: dict[str, str]) -> Response:
        user_code = fields.get("user_code", "").strip().upper()
        session = self.state.devices_by_user_code.get(user_code)
        if session is None or expired(self.state, session):
            wrong = '<p class="error">That code is not right, or it has expired.</p>' if user_code else ""
            return _page("Connect a device", _fill("device.html", html={"wrong": wrong}))
        decision = fields.get("decision", "")
        if decision == "deny":
            session.declined = True
            return _page("Declined", "<h1>Declined</h1><p>Your device will show it.</p>")
        person = self.state.people.get(fields.get("as", ""))
        if decision == "allow" and person is not None:
            self.state.approve_device(session, person)
            return _page("Connected", "<h1>Success!</h1><p>Go back to your device.</p>")
        people = "\n".join(
            f'<option value="{escape(person.key)}">{escape(person.name)}</option>'
            for person in list(self.state.people.values())[:MOST_PEOPLE]
        )
        scopes = "\n".join(
            f"<li>{escape(_permission(scope))}<small>{escape(scope)}</small></li>" for scope in session.scopes
        )
        html = {"people": people, "scopes": scopes}
        body = _fill("device_consent.html", app=session.app.name, user_code=user_code, html=html)
        return _page("Connect a device", body)

"""The pages of the login dialog and of facebook.com/device: plain HTML, no script, nothing from outside."""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from starlette.datastructures import ImmutableMultiDict
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


def _page(
    title: str, name: str, status: int = 200, *, html: Mapping[str, str] | None = None, **texts: str
) -> HTMLResponse:
    """Fill a template and the frame around it. `texts` are escaped here, `html` is HTML already."""

    def fill(file: str, values: Mapping[str, str]) -> str:
        return Template((PAGES / file).read_text(encoding="utf-8")).substitute(values)

    body = fill(name, {**{key: escape(text) for key, text in texts.items()}, **(html or {})})
    return HTMLResponse(fill("frame.html", {"title": escape(title), "body": body}), status, headers=_SECURITY)


def routes(state: State) -> list[Route]:
    """Return the dialog under every version, the device page, and the page that login codes are sent to."""
    web = _Dialog(state)
    return [
        Route("/{version}/dialog/oauth", web.oauth, methods=["GET", "POST"]),
        Route("/dialog/oauth", web.oauth, methods=["GET", "POST"]),
        Route("/connect/login_success.html", web.login_success, methods=["GET"]),
        Route("/device", web.device, methods=["GET", "POST"]),
    ]


def _hidden(fields: Mapping[str, str]) -> str:
    rows = (f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in fields.items())
    return "\n".join(rows)


def _checkbox(name: str, value: str, text: str, note: str) -> str:
    return (
        f'<label><input type="checkbox" name="{name}" value="{escape(value)}" checked>'
        f"<span>{escape(text)}<small>{escape(note)}</small></span></label>"
    )


def _listed(scope: str, more: str = "") -> str:
    return f"<li>{escape(TEXTS['permissions'][scope])}<small>{escape(scope)}</small>{more}</li>"


class _Dialog:
    def __init__(self, state: State) -> None:
        self.state = state

    async def oauth(self, request: Request) -> Response:
        """GET shows the dialog; POST, or a GET with `decision`, answers with the redirect."""
        query = request.query_params
        form: ImmutableMultiDict[str, Any] = await request.form() if request.method == "POST" else query
        given = {**query, **form, **query}
        parameters = {name: value for name, value in given.items() if name not in OWN and isinstance(value, str)}
        base = str(request.base_url).rstrip("/")
        with self.state.lock:
            try:
                return self._step(dialog.read_request(self.state, parameters, base), form)
            except DialogError as error:
                status = 400 if request.method == "POST" else 200
                return _page("Error", "message.html", status, heading=error.title, text=error.text, kind="error")

    def _step(self, request: DialogRequest, form: ImmutableMultiDict[str, Any]) -> Response:
        people, decision = self.state.people, form.get("decision")
        if decision == "deny":
            return RedirectResponse(dialog.deny(request), 302)
        key = form.get("as") or (next(iter(people)) if len(people) == 1 else "")
        if key not in people:
            return self._choose_person(request)
        person = people[key]
        dialog.check_person(request, person)
        reauthenticate = "reauthenticate" in request.auth_types
        if decision != "allow" or (reauthenticate and not form.get("password")):
            return self._consent(request, person, _PASSWORD if reauthenticate else "")
        ticked = form.getlist("allow") if "scopes_shown" in form else form.getlist("allow") or request.scopes
        grant = self.state.grants.get((request.app.id, person.key))
        pages = grant.pages if grant is not None else None
        if "pages_shown" in form:
            pages = frozenset(form.getlist("page"))
        return RedirectResponse(dialog.allow(self.state, request, person, ticked, pages), 302)

    def _choose_person(self, request: DialogRequest) -> Response:
        people = sorted(self.state.people.values(), key=lambda person: request.app.key not in person.roles)
        buttons = "\n".join(
            f'<button class="person" name="as" value="{escape(person.key)}">{escape(person.name)}'
            f"<small>{escape(person.roles.get(request.app.key, 'no role on this app'))}</small></button>"
            for person in people[:MOST_PEOPLE]
        )
        html = {"hidden": _hidden(request.parameters), "people": buttons}
        return _page("Log in", "person.html", app=request.app.name, html=html)

    def _consent(self, request: DialogRequest, person: PersonSpec, password: str) -> Response:
        scopes = dialog.offered_scopes(self.state, request, person)
        accounts = ""
        if "pages_show_list" in scopes:
            boxes = "\n".join(
                _checkbox("page", page.key, page.name, self._account_note(page))
                for page in self.state.spec.pages
                if person.key in self.state.tasks.get(page.key, ())
            )
            shown = f'\n<input type="hidden" name="pages_shown" value="1">{boxes}'
            none = "<p>This account manages no Page.</p>"
            accounts = f"<h2>Pages and Instagram accounts</h2>{shown if boxes else none}"
        rows = "\n".join(
            _listed(scope, _hidden({"allow": scope}))
            if request.all_or_nothing or scope == "public_profile"
            else f"<li>{_checkbox('allow', scope, TEXTS['permissions'][scope], scope)}</li>"
            for scope in scopes
        )
        return _page(
            f"Log in with {request.app.name}",
            "consent.html",
            app=request.app.name,
            person=person.name,
            person_key=person.key,
            redirect=request.get("redirect_uri"),
            html={"hidden": _hidden(request.parameters), "scopes": rows, "accounts": accounts, "password": password},
        )

    def _account_note(self, page: PageSpec) -> str:
        account = self.state.account_of(page)
        return f"Instagram: @{account.username}" if account else "no Instagram account linked"

    async def login_success(self, request: Request) -> Response:
        """Where a desktop app's code arrives; the person copies it from the address bar."""
        return _page("Success", "success.html")

    async def device(self, request: Request) -> Response:
        """facebook.com/device: the code from the other screen, then allow or decline."""
        form = await request.form() if request.method == "POST" else request.query_params
        user_code, decision = str(form.get("user_code", "")).strip().upper(), form.get("decision")
        with self.state.lock:
            session = self.state.devices_by_user_code.get(user_code)
            if session is None or expired(self.state, session):
                wrong = '<p class="error">That code is not right, or it has expired.</p>' if user_code else ""
                return _page("Connect a device", "device.html", html={"wrong": wrong})
            if decision == "deny":
                session.declined = True
                return _page("Declined", "message.html", heading="Declined", text="Your device will show it.", kind="")
            person = self.state.people.get(str(form.get("as")))
            if decision == "allow" and person is not None:
                self.state.approve_device(session, person)
                return _page("Connected", "message.html", heading="Success!", text="Go back to your device.", kind="")
            people = "\n".join(
                f'<option value="{escape(person.key)}">{escape(person.name)}</option>'
                for person in list(self.state.people.values())[:MOST_PEOPLE]
            )
            html = {"people": people, "scopes": "\n".join(_listed(scope) for scope in session.scopes)}
            app = session.app.name
            return _page("Connect a device", "device_consent.html", app=app, user_code=user_code, html=html)

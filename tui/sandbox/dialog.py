"""The rules of the login dialog: which requests never redirect, what is requested, where the person is sent
(graph-api.md section 2)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tui.sandbox.call import words
from tui.sandbox.errors import TEXTS
from tui.sandbox.specs import LOGIN_SUCCESS, AppSpec, PersonSpec
from tui.sandbox.state import Grant, State
from tui.sandbox.vocabulary import AUTOMATIC

ONBOARDING = "IG_API_ONBOARDING"  # the channel that Instagram's business login names in `extras`


class DialogError(Exception):
    """An error page of `texts.toml`: it stays in the browser and never reaches the app."""

    def __init__(self, name: str, **facts: str) -> None:
        super().__init__(name)
        self.title: str = TEXTS["dialog"][name]["title"]
        self.text: str = TEXTS["dialog"][name]["text"].format_map(facts)


@dataclass(frozen=True, slots=True)
class DialogRequest:
    """One dialog request that may be shown. `outputs`: the words of `response_type`."""

    app: AppSpec
    parameters: Mapping[str, str]
    outputs: frozenset[str]
    scopes: tuple[str, ...]

    def get(self, name: str) -> str:
        return self.parameters.get(name, "")

    @property
    def auth_types(self) -> tuple[str, ...]:
        return words(self.get("auth_type"))

    @property
    def all_or_nothing(self) -> bool:
        """Whether single permissions cannot be declined."""
        return self.app.login == "business"


def read_request(state: State, parameters: Mapping[str, str], base_url: str) -> DialogRequest:
    """Check a dialog request in Facebook's order. Raises DialogError."""
    app = state.apps.get(parameters.get("client_id", ""))
    if app is None or app.status == "deleted":
        raise DialogError("invalid_app")
    _check_redirect(app, parameters.get("redirect_uri", ""), base_url)
    config = parameters.get("config_id", "")
    if config and (app.login != "business" or config not in app.configs):
        raise DialogError("invalid_configuration")
    scopes = app.configs[config] if config else words(parameters.get("scope", ""))
    unavailable = [name for name in scopes if name not in (*AUTOMATIC, *app.permissions)]
    if unavailable:
        raise DialogError("invalid_scopes", scopes=", ".join(unavailable))
    if app.login == "business" and not set(scopes) - set(AUTOMATIC):
        raise DialogError("no_permission")
    outputs = frozenset(words(parameters.get("response_type", "")))
    if not outputs & {"code", "token"}:
        outputs |= {"code"}
    return DialogRequest(app, parameters, outputs, tuple(dict.fromkeys(("public_profile", *scopes))))


def _check_redirect(app: AppSpec, redirect_uri: str, base_url: str) -> None:
    """Strict mode: equal to a registered address, query included, only `state` left out. Raises DialogError."""
    parts = urlsplit(redirect_uri)
    address = _without_state(redirect_uri)
    if any(address == _without_state(registered) for registered in app.redirect_uris):
        if parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1"):
            return
    elif app.mode == "development" and parts.scheme in ("http", "https") and parts.hostname == "localhost":
        return
    elif LOGIN_SUCCESS in app.redirect_uris and address == base_url + urlsplit(LOGIN_SUCCESS).path:
        return  # the sandbox takes the place of www.facebook.com
    hosts = {urlsplit(registered).hostname for registered in app.redirect_uris}
    if app.app_domains and parts.hostname not in hosts | set(app.app_domains):
        raise DialogError("other_domain")
    raise DialogError("url_blocked")


def _without_state(address: str) -> str:
    parts = urlsplit(address)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "state"]
    return urlunsplit(parts._replace(query=urlencode(query)))


def check_person(request: DialogRequest, person: PersonSpec) -> None:
    """In development mode, or without Advanced Access, only people with a role can log in. Raises DialogError."""
    app = request.app
    if app.status == "restricted":
        raise DialogError("restricted")
    if app.key in person.roles:
        return
    if app.mode == "development":
        raise DialogError("in_development")
    if not app.advanced_access and set(request.scopes) - set(AUTOMATIC):
        raise DialogError("updating")


def offered_scopes(state: State, request: DialogRequest, person: PersonSpec) -> list[str]:
    """Return the permissions to show: not those declined before, except for a rerequest."""
    grant = state.grants.get((request.app.id, person.key))
    declined = grant.declined if grant and "rerequest" not in request.auth_types else set()
    return [scope for scope in request.scopes if scope not in declined]


def deny(request: DialogRequest) -> str:
    """Return where a person is sent who does not allow."""
    denial = request.app.denial
    code = {"error_code": "200"} if denial == "2026" else {}
    reason = {"error_reason": "user_denied", "error_description": TEXTS["denials"][denial]}
    return _location(request, {"error": "access_denied", **code, **reason}, {})


def allow(
    state: State, request: DialogRequest, person: PersonSpec, ticked: Collection[str], pages: frozenset[str] | None
) -> str:
    """Store what the person allowed and return the redirect. `pages` None: all of them, now and later."""
    if state.dialog_failure is not None:  # the dialog itself fails: no `error`, but code and message
        code, message = state.dialog_failure
        state.dialog_failure = None
        return _location(request, {"error_code": str(code), "error_message": message}, {})
    offered = set(offered_scopes(state, request, person))
    chosen = offered if request.all_or_nothing else offered & {*ticked, "public_profile"}
    grant = state.grant_for(request.app, person)
    grant.declined = (grant.declined | offered) - chosen
    grant.allow(chosen, pages)
    grant.granted -= grant.declined
    grant.expired -= grant.granted
    state.touch(grant)
    return _success(state, request, grant)


def _success(state: State, request: DialogRequest, grant: Grant) -> str:
    app, person, granted = grant.app, grant.person, tuple(sorted(grant.granted))
    query: dict[str, str] = {}
    fragment: dict[str, str] = {}
    if "token" in request.outputs:
        token = state.issue("user", app, person, granted, state.short_end(), long_lived=False)
        fragment = {
            "access_token": token.value,
            "data_access_expiration_time": str(token.data_access_expires_at),
            "expires_in": str(token.expires_at - int(state.clock.now())),
        }
        if ONBOARDING in request.get("extras"):  # Instagram's business login sends one of about 60 days as well
            fragment["long_lived_token"] = state.issue("user", app, person, granted, state.long_end()).value
    target = fragment or query
    if "code" in request.outputs:
        asked = ("auth_type", "auth_nonce") if request.get("auth_type") else ()
        override = request.get("override_default_response_type") == "true"
        target["code"] = state.issue_code(
            app,
            person,
            request.get("redirect_uri"),
            granted,
            long_lived=app.code_tokens == "long",
            system_user=override and request.get("config_id") in app.system_user_configs,
            challenge=request.get("code_challenge"),
            challenge_method=request.parameters.get("code_challenge_method", "plain"),
            metadata={name: request.get(name) for name in asked if request.get(name)},
        )
    if request.get("return_scopes") == "true" or "granted_scopes" in request.outputs:
        target |= {"granted_scopes": ",".join(granted), "denied_scopes": ",".join(sorted(grant.declined))}
    return _location(request, query, fragment)


def _location(request: DialogRequest, query: dict[str, str], fragment: dict[str, str]) -> str:
    parts = urlsplit(request.get("redirect_uri"))
    if request.get("state"):
        (fragment or query)["state"] = request.get("state")
    full = urlencode([*parse_qsl(parts.query, keep_blank_values=True), *query.items()])
    return urlunsplit(parts._replace(query=full, fragment=urlencode(fragment) if fragment else "_=_"))

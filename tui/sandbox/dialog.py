"""The rules of the login dialog: which requests never redirect, what is asked, where the person is sent
(graph-api.md section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tui.sandbox import likeness
from tui.sandbox.records import CodeRecord, TokenRecord
from tui.sandbox.specs import AppSpec, PageSpec, PersonSpec
from tui.sandbox.state import State
from tui.sandbox.vocabulary import AUTOMATIC, PERMISSIONS
from tui.sandbox.world import LOGIN_SUCCESS

TAIL = "#_=_"
DENIALS = {
    "documented": "Permissions error.",
    "2026": "Permissions error",
    "old": "The user denied your request.",
}
ONBOARDING = "IG_API_ONBOARDING"  # the channel that Instagram's business login names in `extras`


class DialogError(Exception):
    """An error page: it stays in the browser and never reaches the app."""

    def __init__(self, title: str, text: str) -> None:
        super().__init__(text)
        self.title = title
        self.text = text


@dataclass(frozen=True, slots=True)
class Ask:
    """One dialog request that may be shown."""

    app: AppSpec
    redirect_uri: str
    state: str
    wants: frozenset[str]
    scopes: tuple[str, ...]
    rerequest: bool
    reauthenticate: bool
    auth_type: str
    auth_nonce: str
    return_scopes: bool
    all_or_nothing: bool
    system_user: bool
    challenge: str
    challenge_method: str
    onboarding: bool


def read_request(state: State, parameters: Mapping[str, str], base_url: str) -> Ask:
    """Check a dialog request in Facebook's order. Raises DialogError."""
    client_id = parameters.get("client_id", "")
    app = state.apps.get(client_id)
    if app is None or app.status == "deleted":
        raise DialogError("Invalid App ID", "Invalid App ID: The provided app ID does not look like a valid app ID.")
    redirect_uri = parameters.get("redirect_uri", "")
    check_redirect(app, redirect_uri, base_url)
    config = parameters.get("config_id", "")
    if config and (app.login != "business" or config not in app.configs):
        raise DialogError("Invalid configuration", "It looks like this app isn't available: invalid config_id.")
    scopes = app.configs[config] if config else _scopes(parameters.get("scope", ""))
    unavailable = [name for name in scopes if name not in PERMISSIONS or name not in (*AUTOMATIC, *app.permissions)]
    if unavailable:
        raise DialogError(
            "Invalid Scopes",
            f"Invalid Scopes: {', '.join(unavailable)}. This message is only shown to developers. Users of your app "
            "will ignore these permissions if present.",
        )
    if app.login == "business" and not set(scopes) - set(AUTOMATIC):
        raise DialogError(
            "Feature Unavailable",
            "It looks like this app isn't available: This app needs at least one supported permission.",
        )
    auth_types = set(parameters.get("auth_type", "").replace(",", " ").split())
    wants = frozenset((parameters.get("response_type") or "code").replace(",", " ").split())
    if not wants & {"code", "token"}:
        wants |= {"code"}
    return Ask(
        app=app,
        redirect_uri=redirect_uri,
        state=parameters.get("state", ""),
        wants=wants,
        scopes=tuple(dict.fromkeys(("public_profile", *scopes))),
        rerequest="rerequest" in auth_types,
        reauthenticate="reauthenticate" in auth_types,
        auth_type=parameters.get("auth_type", ""),
        auth_nonce=parameters.get("auth_nonce", ""),
        return_scopes=parameters.get("return_scopes") == "true" or "granted_scopes" in wants,
        all_or_nothing=app.login == "business",
        system_user=config in app.system_user_configs and parameters.get("override_default_response_type") == "true",
        challenge=parameters.get("code_challenge", ""),
        challenge_method=parameters.get("code_challenge_method", "plain"),
        onboarding=ONBOARDING in parameters.get("extras", ""),
    )


def _scopes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.replace(",", " ").split()))


def check_redirect(app: AppSpec, redirect_uri: str, base_url: str) -> None:
    """Strict mode: equal to a registered address, query and all, only `state` left out. Raises DialogError."""
    parts = urlsplit(redirect_uri)
    wanted = _without_state(redirect_uri)
    if any(wanted == _without_state(known) for known in app.redirect_uris):
        if parts.scheme == "https" or parts.hostname in ("localhost", "127.0.0.1"):
            return
    elif app.mode == "development" and parts.scheme in ("http", "https") and parts.hostname == "localhost":
        return
    elif LOGIN_SUCCESS in app.redirect_uris and wanted == base_url + urlsplit(LOGIN_SUCCESS).path:
        return  # the sandbox stands where www.facebook.com stands
    hosts = {urlsplit(known).hostname for known in app.redirect_uris}
    if app.app_domains and parts.hostname not in hosts | set(app.app_domains):
        raise DialogError(
            "Can't Load URL",
            "Can't Load URL: The domain of this URL isn't included in the app's domains. To be able to load this "
            "URL, add all domains and subdomains of your app to the App Domains field in your app settings.",
        )
    raise DialogError(
        "URL Blocked",
        "URL Blocked: This redirect failed because the redirect URI is not whitelisted in the app's Client OAuth "
        "Settings. Make sure Client and Web OAuth Login are on and add all your app domains as Valid OAuth Redirect "
        "URIs.",
    )


def _without_state(address: str) -> str:
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "state"]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def check_person(state: State, ask: Ask, person: PersonSpec) -> None:
    """In development mode, or without Advanced Access, only people with a role get in. Raises DialogError."""
    if ask.app.status == "restricted":
        raise DialogError("App not active", "App not active: This app is not accessible right now.")
    if state.has_role(ask.app, person):
        return
    if ask.app.mode == "development":
        raise DialogError(
            "App not active",
            "App not active: This app is still in development mode, and you don't have access to it. Switch to a "
            "registered test user or ask an app admin for permissions.",
        )
    if not ask.app.advanced_access and set(ask.scopes) - set(AUTOMATIC):
        raise DialogError(
            "Feature Unavailable",
            "Feature Unavailable: Facebook Login is currently unavailable for this app, since we are updating "
            "additional details for this app. Please try again later.",
        )


def to_ask(state: State, ask: Ask, person: PersonSpec) -> list[str]:
    """Permissions to show: not those declined before, unless it is a rerequest."""
    grant = state.grants.get((ask.app.id, person.key))
    declined = grant.declined if grant and not ask.rerequest else set()
    return [scope for scope in ask.scopes if scope not in declined]


def pages_to_offer(state: State, person: PersonSpec) -> list[PageSpec]:
    """Pages on which the person holds a role."""
    return [
        page for page in state.spec.pages if person.key in state.tasks[page.key] and page.key not in state.deleted_pages
    ]


def deny(ask: Ask) -> str:
    """Where a person is sent who said no."""
    code = {"error_code": "200"} if ask.app.denial == "2026" else {}
    words = {"error_reason": "user_denied", "error_description": DENIALS[ask.app.denial]}
    return _location(ask, {"error": "access_denied", **code, **words}, {})


def fail(ask: Ask, code: int, message: str) -> str:
    """Where a person is sent when the dialog itself fails after they agreed: no `error`, but code and message."""
    return _location(ask, {"error_code": str(code), "error_message": message}, {})


def allow(state: State, ask: Ask, person: PersonSpec, ticked: Iterable[str], pages: frozenset[str] | None) -> str:
    """Store what the person allowed and return the redirect. `pages` None: all of them, now and later."""
    check_person(state, ask, person)
    if state.dialog_failure is not None:
        code, message = state.dialog_failure
        state.dialog_failure = None
        return fail(ask, code, message)
    asked = to_ask(state, ask, person)
    chosen = {scope for scope in asked if scope in set(ticked) or scope == "public_profile" or ask.all_or_nothing}
    grant = state.grant_for(ask.app, person)
    grant.removed = False
    grant.granted |= chosen
    grant.declined = (grant.declined | (set(asked) - chosen)) - chosen
    grant.granted -= grant.declined
    grant.expired -= grant.granted
    grant.pages = pages
    state.touch(grant)
    return _success(state, ask, person, tuple(sorted(grant.granted)))


def _success(state: State, ask: Ask, person: PersonSpec, granted: tuple[str, ...]) -> str:
    grant = state.grant_for(ask.app, person)
    query: dict[str, str] = {}
    fragment: dict[str, str] = {}
    if "token" in ask.wants:
        token = state.issue(
            "user",
            ask.app,
            person,
            expires_at=state.short_end(),
            long_lived=False,
            scopes=granted,
            pages=grant.pages,
        )
        fragment = {
            "access_token": token.value,
            "data_access_expiration_time": str(token.data_access_expires_at),
            "expires_in": str(token.expires_at - int(state.clock.now())),
        }
        if ask.onboarding:
            fragment["long_lived_token"] = _long_lived(state, token).value
    if "code" in ask.wants:
        code = make_code(state, ask, person, granted)
        (fragment if fragment else query)["code"] = code.value
    if ask.return_scopes:
        scopes = {"granted_scopes": ",".join(granted), "denied_scopes": ",".join(sorted(grant.declined))}
        (fragment if fragment else query).update(scopes)
    return _location(ask, query, fragment)


def _long_lived(state: State, short: TokenRecord) -> TokenRecord:
    """The token of about 60 days that Instagram's business login sends beside the short one."""
    assert short.person is not None
    return state.issue(
        "user",
        short.app,
        short.person,
        expires_at=state.long_end(),
        long_lived=True,
        scopes=short.scopes,
        pages=short.pages,
    )


def make_code(state: State, ask: Ask, person: PersonSpec, granted: tuple[str, ...]) -> CodeRecord:
    """A single-use login code."""
    metadata = {"auth_type": ask.auth_type, "auth_nonce": ask.auth_nonce} if ask.auth_type else {}
    record = CodeRecord(
        likeness.login_code(state.serial()),
        ask.app,
        person,
        ask.redirect_uri,
        state.clock.now(),
        granted,
        long_lived=ask.app.code_tokens == "long",
        system_user=ask.system_user,
        challenge=ask.challenge,
        challenge_method=ask.challenge_method,
        metadata={name: value for name, value in metadata.items() if value},
    )
    state.codes[record.value] = record
    return record


def _location(ask: Ask, query: dict[str, str], fragment: dict[str, str]) -> str:
    parts = urlsplit(ask.redirect_uri)
    target = fragment if fragment else query
    if ask.state:
        target["state"] = ask.state
    kept = parse_qsl(parts.query, keep_blank_values=True)
    full = urlencode([*kept, *query.items()])
    tail = urlencode(fragment) if fragment else TAIL.removeprefix("#")
    return urlunsplit(parts._replace(query=full, fragment=tail))

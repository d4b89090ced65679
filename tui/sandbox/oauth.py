"""/oauth/access_token, its neighbors, and tokens of system users (graph-api.md sections 3, 4, 5 and 7)."""

import base64
import hashlib
import re
from urllib.parse import urlsplit

from tui.sandbox import identifiers
from tui.sandbox.access import identify, usable_token
from tui.sandbox.call import Answer, GraphCall, words
from tui.sandbox.clock import DAY
from tui.sandbox.errors import error
from tui.sandbox.specs import AppSpec, TokenKind
from tui.sandbox.state import CODE_LIFE, CodeRecord, State, TokenRecord

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


def _check_client_id(state: State, call: GraphCall) -> AppSpec:
    """First check of all: the app. Raises 101."""
    client_id = call.get("client_id")
    if not client_id:
        raise error("missing_client_id")
    if not client_id.isascii() or not client_id.isdigit():
        raise error("server_error" if state.odd_types and not client_id.isdigit() else "bad_client_id")
    app = state.apps.get(client_id)
    if app is None:
        of_instagram = any(client_id == other.instagram_app_id for other in state.spec.apps)
        raise error("no_such_app" if 12 <= len(client_id) <= 18 and not of_instagram else "system_error")
    if app.status != "active":
        raise error("app_deleted" if app.status == "deleted" else "system_error")
    return app


def _check_client(state: State, call: GraphCall) -> AppSpec:
    """First and second check: the app, and its secret byte for byte. Raises 101 or code 1."""
    app = _check_client_id(state, call)
    if call.get("client_secret") != state.secrets[app.id]:
        raise error("wrong_secret")
    return app


def access_token(state: State, call: GraphCall) -> Answer:
    """Every grant of /oauth/access_token.

    Only for a code that was requested with PKCE, or issued for another client, the secret may be missing.
    """
    grant = call.get("grant_type")
    if grant == "fb_extend_sso_token":
        return _extend_sso_token(state, call)
    app = _check_client_id(state, call)
    record = state.codes.get(call.get("code"))
    if record is not None and record.app.id != app.id:
        record = None
    without_secret = record and (record.machine_id or (record.challenge and call.get("code_verifier")))
    if "client_secret" in call.parameters or not without_secret:
        _check_client(state, call)
        if grant == "client_credentials":
            return Answer({"access_token": state.app_token(app), "token_type": "bearer"})
        if grant == "fb_exchange_token":
            return _exchange(state, call, app)
    return _redeem(state, call, record)


def _redeem(state: State, call: GraphCall, record: CodeRecord | None) -> Answer:
    """Third check: the redirect URI; fourth: the code. Then the token."""
    redirect = call.get("redirect_uri")
    if redirect:
        parts = urlsplit(redirect)
        if not parts.scheme or not (parts.netloc or parts.path.startswith("/")):
            raise error("relative_redirect")
    elif record is None or (record.redirect_uri is not None and not record.system_user):
        raise error("no_redirect")
    if not call.get("code"):
        raise error("code_missing")
    if record is None:
        raise error("code_unreadable")
    if redirect and redirect != record.redirect_uri:
        raise error("code_other_redirect")
    if record.used:
        raise error("code_used")
    if state.clock.now() - record.made_at > CODE_LIFE:
        raise error("code_expired")
    _check_verifier(call.get("code_verifier"), record)
    record.used = True
    kind: TokenKind = "system_user" if record.system_user else "user"
    end = state.long_end() if record.long_lived else state.short_end()
    if record.system_user or any(mode.kind == "no_expires_in" for mode in state.exchange_modes):
        end = 0
    token = state.issue(kind, record.app, record.person, record.scopes, end, long_lived=record.long_lived)
    token.metadata = record.metadata
    machine = {"machine_id": record.machine_id} if record.machine_id else {}
    return Answer({**token_body(state, token), **machine})


def _check_verifier(verifier: str, record: CodeRecord) -> None:
    if not record.challenge or not verifier:
        return
    challenge = verifier
    if record.challenge_method.upper() == "S256":
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    if not _VERIFIER.fullmatch(verifier) or challenge != record.challenge:
        raise error("wrong_verifier")


def token_body(state: State, token: TokenRecord) -> dict[str, object]:
    """Return the usual body for a new token; `expires_in` is absent where it never expires."""
    body: dict[str, object] = {"access_token": token.value, "token_type": "bearer"}
    if token.expires_at:
        seconds = token.expires_at - int(state.clock.now())
        body["expires_in"] = str(seconds) if state.odd_types else seconds
    return body


def _exchange(state: State, call: GraphCall, app: AppSpec) -> Answer:
    """The long-lived exchange: a new string, and a new expiry when the last issue is a day or more ago."""
    value = call.get("fb_exchange_token")
    if not value:
        raise error("nothing_to_exchange")
    sent = state.tokens.get(value)
    state.exchanges[sent.name if sent and sent.name else f"...{value[-4:]}"] += 1
    if "|" in value:
        raise error("invalid_token")
    old = usable_token(state, value, app)
    mode = state.exchange_modes.take().kind
    if mode == "same_token":
        return Answer(token_body(state, old))
    new = _extended(state, old, mode, call.get("set_token_expires_in_60_days") == "true")
    if mode == "fail_after_issuing":
        raise error("retry_later")
    body = token_body(state, new)
    if mode == "zero_expires_in":
        body["expires_in"] = 0
    elif mode == "text_expires_in":
        body["expires_in"] = str(body.get("expires_in", ""))
    return Answer(body, drop=mode == "drop_after_issuing")


def _extended(state: State, old: TokenRecord, mode: str, sixty_days: bool) -> TokenRecord:
    """Return the token of an exchange. Data access does not move: an exchange is not the person's activity."""
    now = int(state.clock.now())
    person, scopes, end, issued_at = old.person, old.scopes, state.long_end(), now
    if old.kind == "system_user":
        end = end if sixty_days else 0
    elif old.kind == "page" or (old.long_lived and not old.expires_at):
        end = 0
    elif mode == "same_end" or (mode in ("", "normal") and old.long_lived and state.clock.now() - old.issued_at <= DAY):
        end, issued_at = old.expires_at, old.issued_at
    if mode == "earlier_end":
        end = max(min(old.expires_at or state.long_end(), state.long_end()) - 3 * DAY, now + 60)
    elif mode == "no_expires_in":
        end = 0
    elif mode == "other_person":
        person = next((other for other in state.people.values() if other.key != person.key), person)
    elif mode == "scope_lost":
        scopes = tuple(scope for scope in scopes if scope != "instagram_manage_insights")
    return state.derive(old, person=person, scopes=scopes, expires_at=end, issued_at=issued_at, long_lived=True)


def _extend_sso_token(state: State, call: GraphCall) -> Answer:
    """The grant of Meta's own mobile SDKs: no secret, at most one renewal a day."""
    old = usable_token(state, call.token, _check_client_id(state, call))
    new = _extended(state, old, state.exchange_modes.take().kind, sixty_days=True)
    return Answer(
        {
            "access_token": new.value,
            "expires_at": new.expires_at,
            "expires_in": new.expires_at - int(state.clock.now()) if new.expires_at else 0,
            "data_access_expiration_time": new.data_access_expires_at,
        }
    )


def client_code(state: State, call: GraphCall) -> Answer:
    """/oauth/client_code: a code another client redeems. Some failures are 200 with an empty body."""
    app = _check_client(state, call)
    token = usable_token(state, call.token)
    if token.app.id != app.id or token.kind != "user" or not token.long_lived:
        return Answer(None)
    redirect_uri = call.get("redirect_uri")
    if not redirect_uri:
        raise error("no_redirect")
    machine_id = call.get("machine_id") or identifiers.short_trace_id(token.value)
    code = state.issue_code(app, token.person, redirect_uri, token.scopes, machine_id=machine_id)
    return Answer({"code": code})


def revoke(state: State, call: GraphCall) -> Answer:
    """/oauth/revoke makes one token unusable."""
    app = _check_client(state, call)
    usable_token(state, call.token)
    usable_token(state, call.get("revoke_token"), app).flaw = "invalidated"
    return Answer({"success": True})


def system_user_token(state: State, call: GraphCall, owner: str) -> Answer:
    """POST /{system-user}/access_tokens or /{portfolio}/system_user_access_tokens. Always requires the proof."""
    caller = identify(state, call, need_proof=True)
    if caller.token is None:
        raise error("no_permission")
    by_portfolio = call.path.endswith("system_user_access_tokens")
    person = state.people_by_id.get((caller.app.id, owner))
    if by_portfolio:
        person = caller.token.person if owner in state.businesses else None
    if person is None:
        raise error("unsupported", id=owner, method="post")
    if "business_management" not in caller.token.scopes:
        raise error("not_authorized")
    if not by_portfolio and call.get("business_app") != caller.app.id:
        raise error("missing_parameter", name="business_app")
    sixty_days = call.get("set_token_expires_in_60_days") == "true"
    scopes, expires_at = words(call.get("scope")) or caller.token.scopes, state.long_end() if sixty_days else 0
    token = state.issue("system_user", caller.app, person, scopes, expires_at)
    expires_in = {"expires_in": token.expires_at - int(state.clock.now())} if sixty_days else {}
    return Answer({"access_token": token.value, **expires_in})

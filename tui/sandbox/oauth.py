"""/oauth/access_token and its neighbours (graph-api.md sections 3, 4 and 7)."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import urlsplit

from tui.sandbox import likeness
from tui.sandbox.access import living_token
from tui.sandbox.call import Answer, GraphCall
from tui.sandbox.clock import DAY
from tui.sandbox.errors import GraphError, bad_code, bad_request, bad_token, system_error, wrong_secret
from tui.sandbox.records import CodeRecord, TokenRecord
from tui.sandbox.specs import AppSpec
from tui.sandbox.state import CODE_LIFE, LONG_LIFE, State

_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
IDENTICAL = (
    "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the "
    "OAuth dialog request"
)


def check_client_id(state: State, client_id: str) -> AppSpec:
    """First check of all: the app. Raises 101."""
    if not client_id:
        raise bad_request("Missing client_id parameter.", 101)
    if state.odd_types and not client_id.isdigit():
        raise GraphError("An unknown error has occurred.", 1, status=500)
    if not client_id.isascii() or not client_id.isdigit():
        raise bad_request("Invalid Client ID", 101)
    app = state.apps.get(client_id)
    if app is None:
        if client_id in state.instagram_app_ids or not 12 <= len(client_id) <= 18:
            raise system_error()
        raise bad_request("Error validating application. Invalid application ID.", 101)
    if app.status == "deleted":
        raise bad_request("Error validating application. Application has been deleted.", 101)
    if app.status == "restricted":
        raise system_error()
    return app


def check_secret(state: State, app: AppSpec, secret: str) -> None:
    """Second check: the secret, byte for byte. Raises code 1."""
    if secret != state.secrets[app.id]:
        raise wrong_secret()


def access_token(state: State, call: GraphCall) -> Answer:
    """Every grant of /oauth/access_token."""
    grant = call.get("grant_type")
    if grant == "fb_extend_sso_token":
        return Answer(_sso_extension(state, call))
    app = check_client_id(state, call.get("client_id"))
    code = call.get("code")
    if code and _without_secret(state, call, app):
        return Answer(_redeem(state, call, app))
    check_secret(state, app, call.get("client_secret"))
    if grant == "client_credentials":
        token = f"{app.id}|{likeness.app_token_tail(state.spec.name + app.id)}"
        return Answer({"access_token": token, "token_type": "bearer"})
    if grant == "fb_exchange_token":
        return _exchange(state, call, app)
    return Answer(_redeem(state, call, app))


def _without_secret(state: State, call: GraphCall, app: AppSpec) -> bool:
    """A code asked for with PKCE, or made for another client, is redeemed without the secret."""
    if "client_secret" in call.parameters:
        return False
    record = state.codes.get(call.get("code"))
    if record is None or record.app.id != app.id:
        return False
    return record.from_client or bool(record.challenge and call.get("code_verifier"))


def _check_redirect(call: GraphCall, record: CodeRecord | None) -> None:
    """Third check: the redirect URI, missing or not absolute. Raises 191."""
    redirect = call.get("redirect_uri")
    if not redirect:
        if record is not None and (record.redirect_uri is None or record.system_user):
            return
        raise bad_request("Missing redirect_uri parameter.", 191)
    parts = urlsplit(redirect)
    if not parts.scheme or not (parts.netloc or parts.path.startswith("/")):
        raise bad_request("redirect_uri isn't an absolute URI. Check RFC 3986.", 191)


def _redeem(state: State, call: GraphCall, app: AppSpec) -> dict[str, object]:
    """Fourth check: the code; then the token."""
    code = call.get("code")
    record = state.codes.get(code)
    _check_redirect(call, record)
    if not code:
        raise bad_request("Missing authorization code", 1)
    if record is None or record.app.id != app.id:
        raise bad_code("Invalid verification code format.")
    given = call.get("redirect_uri") or None
    if given != record.redirect_uri and not (given is None and record.system_user):
        raise bad_code(IDENTICAL, 36008)
    if record.used:
        raise bad_code("This authorization code has been used.", 36009)
    if state.clock.now() - record.made_at > CODE_LIFE:
        raise bad_code("This authorization code has expired.", 36007)
    _check_verifier(call, record)
    record.used = True
    return _token_for_code(state, app, record)


def _check_verifier(call: GraphCall, record: CodeRecord) -> None:
    verifier = call.get("code_verifier")
    if not record.challenge or not verifier:
        return
    if not _VERIFIER.fullmatch(verifier):
        raise bad_code("Invalid code_verifier parameter.")
    made = verifier
    if record.challenge_method.upper() == "S256":
        made = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    if made != record.challenge:
        raise bad_code("Invalid code_verifier parameter.")


def _token_for_code(state: State, app: AppSpec, record: CodeRecord) -> dict[str, object]:
    grant = state.grant_for(app, record.person)
    mode = state.extension.mode
    endless = record.system_user or mode == "no_expires_in"
    token = state.issue(
        "system_user" if record.system_user else "user",
        app,
        record.person,
        expires_at=0 if endless else state.long_end() if record.long_lived else state.short_end(),
        long_lived=record.long_lived,
        scopes=record.scopes,
        pages=grant.pages,
    )
    token.metadata = dict(record.metadata)
    body = token_body(state, token)
    if record.from_client:
        body["machine_id"] = record.machine_id
    return body


def token_body(state: State, token: TokenRecord) -> dict[str, object]:
    """`expires_in` is absent where the token never expires."""
    body: dict[str, object] = {"access_token": token.value, "token_type": "bearer"}
    if token.expires_at:
        seconds = token.expires_at - int(state.clock.now())
        body["expires_in"] = str(seconds) if state.odd_types else seconds
    return body


def _exchange(state: State, call: GraphCall, app: AppSpec) -> Answer:
    """The long-lived exchange: a new string, and new life when the last issue is a day or more ago."""
    value = call.get("fb_exchange_token")
    if not value:
        raise bad_request("fb_exchange_token parameter not specified")
    state.exchanges[value] += 1
    if "|" in value:
        raise bad_token("Invalid OAuth access token.")
    old = living_token(state, value)
    if old.app.id != app.id:
        raise bad_request(f"The access token does not belong to application {app.id}", 1)
    mode = state.extension.take()
    if mode == "same_token":
        return Answer(token_body(state, old))
    new = _extended(state, old, mode, call.get("set_token_expires_in_60_days") == "true")
    if mode == "fail_after_issuing":
        raise GraphError(
            "An unexpected error has occurred. Please retry your request later.", 2, status=500, transient=True
        )
    body = token_body(state, new)
    if mode == "no_expires_in":
        body.pop("expires_in", None)
    elif mode == "zero_expires_in":
        body["expires_in"] = 0
    elif mode == "text_expires_in":
        body["expires_in"] = str(body.get("expires_in", ""))
    return Answer(body, headers={"x-sandbox-drop": "1"} if mode == "drop_after_issuing" else {})


def _extended(state: State, old: TokenRecord, mode: str, sixty_days: bool) -> TokenRecord:
    """The token an exchange gives. Data access does not move: an exchange is not the person's activity."""
    assert old.person is not None
    now = state.clock.now()
    person, scopes, end = old.person, old.scopes, state.long_end()
    issued_at = int(now)
    if old.kind == "system_user":
        end = state.long_end() if sixty_days else 0
    elif old.kind == "page" or (old.long_lived and not old.expires_at):
        end = 0
    elif mode == "same_end" or (mode == "normal" and old.long_lived and now - old.issued_at <= DAY):
        end, issued_at = old.expires_at, old.issued_at
    if mode == "earlier_end":
        end = min(old.expires_at or state.long_end(), state.long_end()) - 3 * DAY
        end = max(end, int(now) + 60)
    elif mode == "no_expires_in":
        end = 0
    elif mode == "other_person":
        person = next((other for other in state.people.values() if other.key != person.key), person)
    elif mode == "scope_lost":
        scopes = tuple(scope for scope in scopes if scope != "instagram_manage_insights")
    new = state.issue(
        old.kind,
        old.app,
        person,
        expires_at=end,
        long_lived=True,
        scopes=scopes,
        data_access_expires_at=old.data_access_expires_at,
        pages=old.pages,
        page=old.page,
    )
    new.issued_at = issued_at
    return new


def _sso_extension(state: State, call: GraphCall) -> dict[str, object]:
    """The grant of Meta's own mobile SDKs: no secret, at most one renewal a day."""
    app = check_client_id(state, call.get("client_id"))
    old = living_token(state, call.token)
    if old.app.id != app.id:
        raise bad_request(f"The access token does not belong to application {app.id}", 1)
    new = _extended(state, old, state.extension.take(), sixty_days=True)
    return {
        "access_token": new.value,
        "expires_at": new.expires_at,
        "expires_in": new.expires_at - int(state.clock.now()) if new.expires_at else 0,
        "data_access_expiration_time": new.data_access_expires_at,
    }


def client_code(state: State, call: GraphCall) -> Answer:
    """/oauth/client_code: a code another client redeems. Some failures are 200 with an empty body."""
    app = check_client_id(state, call.get("client_id"))
    check_secret(state, app, call.get("client_secret"))
    token = living_token(state, call.token)
    if token.app.id != app.id or token.kind != "user" or not token.long_lived:
        return Answer(None)
    assert token.person is not None
    if not call.get("redirect_uri"):
        raise bad_request("Missing redirect_uri parameter.", 191)
    seed = state.serial()
    record = CodeRecord(
        likeness.login_code(seed),
        app,
        token.person,
        call.get("redirect_uri"),
        state.clock.now(),
        token.scopes,
        from_client=True,
        machine_id=call.get("machine_id") or likeness.short_trace_id(seed),
    )
    state.codes[record.value] = record
    return Answer({"code": record.value})


def revoke(state: State, call: GraphCall) -> Answer:
    """/oauth/revoke kills one token."""
    app = check_client_id(state, call.get("client_id"))
    check_secret(state, app, call.get("client_secret"))
    living_token(state, call.token)
    token = living_token(state, call.get("revoke_token"))
    if token.app.id != app.id:
        raise bad_request(f"The access token does not belong to application {app.id}", 1)
    state.spoil([token], "invalidated")
    return Answer({"success": True})


__all__ = ["IDENTICAL", "LONG_LIFE", "access_token", "check_client_id", "check_secret", "client_code", "revoke"]

"""Who is calling: tokens, app tokens and appsecret_proof (graph-api.md sections 7, 10 and 12)."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from tui.sandbox.call import GraphCall
from tui.sandbox.clock import pacific
from tui.sandbox.errors import GraphError, error
from tui.sandbox.identifiers import TOKEN_LENGTH
from tui.sandbox.records import TokenRecord
from tui.sandbox.specs import AppSpec
from tui.sandbox.state import State

_EAA = re.compile(r"EAA[A-Za-z0-9]+")
_SECONDS = re.compile(r"[0-9]{1,12}")
PROOF_LIFE = 300


@dataclass(frozen=True, slots=True)
class Caller:
    """The app of the call, and the token where it is one of a person (None: an app token)."""

    app: AppSpec
    token: TokenRecord | None


def find_app_token(state: State, value: str) -> AppSpec:
    """Return the app of `APPID|SECRET` or of an issued app token. Raises 101 or 190."""
    app = state.apps.get(value.split("|", 1)[0])
    if app is None or app.status != "active":
        raise error("system_error")
    if value not in (f"{app.id}|{state.secrets[app.id]}", state.app_token(app)):
        raise error("wrong_signature")
    return app


def find_token(state: State, value: str) -> TokenRecord:
    """Return the record of a token as pasted, usable or not. Raises the error that its form gets."""
    record = state.tokens.get(value)
    if record is not None:
        return record
    if re.search(r"\s|[^\x21-\x7e]|[\"']", value) and "EAA" in value:
        raise error("malformed", token=value)
    if not _EAA.fullmatch(value):
        raise error("cannot_parse")
    if value[:8] in state.families and len(value) != TOKEN_LENGTH:
        raise error("cannot_decrypt")
    raise error("invalid_token")


def token_error(state: State, token: TokenRecord) -> GraphError | None:
    """Return why this token cannot be used; None while it can. Data access is not considered."""
    flaw, now = state.flaw_of(token), state.clock.now()
    if flaw:
        return error(flaw, app=token.app.id, user=state.scoped_id(token.app, token.person))
    if token.expires_at and token.expires_at <= now:
        return error("expired", ended=pacific(token.expires_at), now=pacific(now))
    return None


def usable_token(state: State, value: str, app: AppSpec | None = None) -> TokenRecord:
    """Return the record of a usable token, one of `app` where that is given. Raises Facebook's error otherwise."""
    record = find_token(state, value)
    failure = token_error(state, record)
    if failure is not None:
        raise failure
    if app is not None and record.app.id != app.id:
        raise error("other_apps_token", app=app.id)
    return record


def require_data_access(state: State, token: TokenRecord) -> None:
    """Raises 493 when the 90 days since the person's last activity have passed."""
    if token.data_access_expires_at and token.data_access_expires_at <= state.clock.now():
        raise error("inactive")


def check_proof(state: State, call: GraphCall, app: AppSpec, *, required: bool) -> None:
    """Check `appsecret_proof` when it was sent, and demand it where the app does. Raises code 100."""
    proof, time = call.get("appsecret_proof"), call.get("appsecret_time")
    if not proof:
        if required:
            raise error("proof_missing")
        return
    message = f"{call.token}|{time}" if time else call.token
    if time and (not _SECONDS.fullmatch(time) or abs(state.clock.now() - int(time)) > PROOF_LIFE):
        raise error("proof_wrong")
    right = hmac.new(state.secrets[app.id].encode(), message.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(right.encode(), proof.encode()):
        raise error("proof_wrong")


def identify(
    state: State, call: GraphCall, *, missing: str = "no_token", need_proof: bool = False, blocked: bool = True
) -> Caller:
    """Return the caller. Raises for an unusable token and a wrong proof.

    `missing`: the error without a token; `blocked`: a restricted app's tokens are refused.
    """
    if not call.token:
        raise error(missing)
    if "|" in call.token:
        app = find_app_token(state, call.token)
        if app.native:
            raise error(missing)
        check_proof(state, call, app, required=need_proof)
        return Caller(app, None)
    record = usable_token(state, call.token)
    check_proof(state, call, record.app, required=need_proof or record.app.require_proof)
    if blocked and record.app.status == "restricted":
        raise error("blocked")
    return Caller(record.app, record)

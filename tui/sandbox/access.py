"""Who is calling: tokens, app tokens and appsecret_proof (graph-api.md sections 7, 10 and 12)."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from tui.sandbox.call import GraphCall
from tui.sandbox.clock import pacific
from tui.sandbox.errors import (
    GraphError,
    bad_token,
    no_token,
    no_token_on_me,
    proof_missing,
    proof_wrong,
    system_error,
    wrong_signature,
)
from tui.sandbox.flaws import CANNOT_PARSE, FLAWS, INACTIVE, PREFIX
from tui.sandbox.likeness import TOKEN_LENGTH
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
    """The app of `APPID|SECRET` or of an issued app token. Raises 101 or 190."""
    app = state.apps.get(value.split("|", 1)[0])
    if app is None or app.status != "active":
        raise system_error()
    if state.app_tokens.get(value) == app.id or value == f"{app.id}|{state.secrets[app.id]}":
        return app
    raise wrong_signature()


def find_token(state: State, value: str) -> TokenRecord:
    """The record of a token as pasted, dead or alive. Raises the error its look deserves."""
    record = state.tokens.get(value)
    if record is not None:
        return record
    if re.search(r"\s|[^\x21-\x7e]|[\"']", value) and "EAA" in value:
        raise bad_token(f"Malformed access token {value}")
    if not _EAA.fullmatch(value):
        raise bad_token(CANNOT_PARSE)
    if value[:8] in state.families and len(value) != TOKEN_LENGTH:
        raise bad_token("The access token could not be decrypted")
    raise bad_token("Invalid OAuth access token.")


def death_of(state: State, token: TokenRecord) -> GraphError | None:
    """Why this token does not work any more; None while it lives. Data access is another matter."""
    name = state.flaw_of(token)
    if name:
        flaw = FLAWS[name]
        user = state.scoped_id(token.app, token.person) if token.person else ""
        return GraphError(flaw.message.format(app=token.app.id, user=user), flaw.code, flaw.subcode)
    now = state.clock.now()
    if token.expires_at and token.expires_at <= now:
        return bad_token(
            f"{PREFIX}Session has expired on {pacific(token.expires_at)}. The current time is {pacific(now)}.", 463
        )
    return None


def living_token(state: State, value: str) -> TokenRecord:
    """The record of a token that works. Raises what Facebook answers otherwise."""
    record = find_token(state, value)
    death = death_of(state, record)
    if death is not None:
        raise death
    return record


def require_data_access(state: State, token: TokenRecord) -> None:
    """Raises 493 when the 90 days since the person's last activity have passed."""
    if token.data_access_expires_at and token.data_access_expires_at <= state.clock.now():
        raise GraphError(INACTIVE.message, INACTIVE.code, INACTIVE.subcode)


def check_proof(state: State, call: GraphCall, app: AppSpec, *, required: bool) -> None:
    """Check `appsecret_proof` when it was sent, and demand it where the app does. Raises code 100."""
    proof, when = call.get("appsecret_proof"), call.get("appsecret_time")
    if not proof:
        if required:
            raise proof_missing()
        return
    message = call.token
    if when:
        if not _SECONDS.fullmatch(when) or abs(state.clock.now() - int(when)) > PROOF_LIFE:
            raise proof_wrong()
        message = f"{message}|{when}"
    wanted = hmac.new(state.secrets[app.id].encode(), message.encode(), hashlib.sha256).hexdigest()
    if not hmac.compare_digest(wanted.encode(), proof.encode()):
        raise proof_wrong()


def identify(state: State, call: GraphCall, *, on_me: bool = False, need_proof: bool = False) -> Caller:
    """The caller of a Graph call. Raises for a missing, dead or foreign token and for a wrong proof."""
    value = call.token
    if not value:
        raise no_token_on_me() if on_me else no_token()
    if "|" in value:
        app = find_app_token(state, value)
        if app.native:
            raise no_token_on_me() if on_me else no_token()
        check_proof(state, call, app, required=need_proof)
        return Caller(app, None)
    record = living_token(state, value)
    check_proof(state, call, record.app, required=need_proof or record.app.require_proof)
    if record.app.status == "restricted":
        raise GraphError("(#200) API access blocked.", 200)
    return Caller(record.app, record)

"""Who is calling: tokens, app tokens and appsecret_proof (graph-api.md sections 7, 10 and 12)."""

import hashlib
import hmac
import re
from dataclasses import dataclass

from tui.sandbox.call import GraphCall
from tui.sandbox.clock import pacific
from tui.sandbox.errors import GraphError, error
from tui.sandbox.fields import Field
from tui.sandbox.identifiers import TOKEN_LENGTH
from tui.sandbox.records import TokenRecord
from tui.sandbox.specs import AppSpec
from tui.sandbox.state import State

_EAA = re.compile(r"EAA[A-Za-z0-9]+")
_SECONDS = re.compile(r"[0-9]{1,12}")
PROOF_LIFE = 300


@dataclass(frozen=True, slots=True)
class Context:
    """Who calls, and what an answer may need. `token`: that of a person; None for an app token."""

    state: State
    call: GraphCall
    app: AppSpec
    token: TokenRecord | None

    @property
    def scopes(self) -> frozenset[str]:
        """Scopes of the call; an app token has none of a person's."""
        return frozenset(self.state.scopes_of(self.token)) if self.token else frozenset()

    def require(self, *scopes: str, otherwise: str = "no_permission") -> None:
        """Raise the error of that name unless the call has one of these scopes."""
        if self.scopes.isdisjoint(scopes):
            raise error(otherwise)

    def parameter(self, field: Field, name: str) -> str:
        """Return a parameter of an edge: a modifier of the requested field before the call's own."""
        return field.modifiers.get(name) or self.call.get(name)


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


def _check_proof(state: State, call: GraphCall, app: AppSpec, *, required: bool) -> None:
    """Check `appsecret_proof` when it was sent, and demand it where the app does. Raises code 100."""
    proof, time = call.get("appsecret_proof"), call.get("appsecret_time")
    if not proof:
        if required:
            raise error("proof_missing")
        return
    message = f"{call.token}|{time}" if time else call.token
    right = hmac.new(state.secrets[app.id].encode(), message.encode(), hashlib.sha256).hexdigest()
    timely = not time or (_SECONDS.fullmatch(time) and abs(state.clock.now() - int(time)) <= PROOF_LIFE)
    if not timely or not hmac.compare_digest(right.encode(), proof.encode()):
        raise error("proof_wrong")


def identify(
    state: State, call: GraphCall, *, missing: str = "no_token", need_proof: bool = False, blocked: bool = True
) -> Context:
    """Return who calls. Raises for an unusable token and a wrong proof.

    `missing`: the error without a token; `blocked`: a restricted app's tokens are refused.
    """
    if not call.token:
        raise error(missing)
    if "|" in call.token:
        app, token = find_app_token(state, call.token), None
        if app.native:
            raise error(missing)
    else:
        token = usable_token(state, call.token)
        app = token.app
        need_proof = need_proof or app.require_proof
    _check_proof(state, call, app, required=need_proof)
    if blocked and app.status == "restricted":
        raise error("blocked")
    return Context(state, call, app, token)

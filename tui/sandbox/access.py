"""Tokens: who is calling, what makes a token unusable, and /debug_token (graph-api.md sections 6, 7, 10 and 12)."""

import hashlib
import hmac
import re

from tui.sandbox.call import Answer, GraphCall
from tui.sandbox.clock import pacific
from tui.sandbox.errors import GraphError, error
from tui.sandbox.identifiers import TOKEN_LENGTH
from tui.sandbox.nodes import Context
from tui.sandbox.specs import AppSpec
from tui.sandbox.state import State, TokenRecord
from tui.sandbox.vocabulary import ASSET_SCOPES

_EAA = re.compile(r"EAA[A-Za-z0-9]+")
_SECONDS = re.compile(r"[0-9]{1,12}")
PROOF_LIFE = 300
DEVELOPERS = ("administrators", "developers")


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


def debug_token(state: State, call: GraphCall) -> Answer:
    """Answer 200 with `data` even for a bad token; an error only for the caller's own credentials."""
    viewer = identify(state, call, missing="not_owner", blocked=False)
    by, value, token = viewer.token, call.get("input_token"), None
    if by and (by.kind == "page" or by.person.roles.get(viewer.app.key) not in DEVELOPERS):
        raise error("not_owner")
    if not value:
        raise error("missing_parameter", name="input_token")
    try:
        if "|" in value:
            app = find_app_token(state, value)
        else:
            token = find_token(state, value)
            app = token.app
    except GraphError as failure:
        return Answer({"data": {"error": _inner(failure), "is_valid": False, "scopes": []}})
    if app.id != viewer.app.id:
        raise error("other_apps_input")
    return Answer({"data": _facts(state, token) if token else _app_token_facts(state, app)})


def _inner(failure: GraphError) -> dict[str, object]:
    """Inside `data` the key is `subcode`, not `error_subcode`."""
    subcode = {} if failure.subcode is None else {"subcode": failure.subcode}
    return {"code": failure.code, "message": failure.message, **subcode}


def _app_token_facts(state: State, app: AppSpec) -> dict[str, object]:
    return {"app_id": _id(state, app.id), "type": "APP", "application": app.name, "is_valid": True, "scopes": []}


def _id(state: State, value: str) -> object:
    """Ids are strings; old servers gave numbers."""
    return int(value) if state.odd_types else value


def _facts(state: State, token: TokenRecord) -> dict[str, object]:
    failure, scopes = token_error(state, token), state.scopes_of(token)
    facts = {
        "app_id": _id(state, token.app.id),
        "type": token.kind.upper(),
        "application": token.app.name,
        "data_access_expires_at": token.data_access_expires_at if token.kind != "system_user" else None,
        "error": _inner(failure) if failure else None,
        "expires_at": token.expires_at,
        "is_valid": failure is None,
        "issued_at": token.issued_at if token.long_lived else None,
        "metadata": token.metadata or None,
        "profile_id": _id(state, token.page.id) if token.page else None,
        "scopes": list(scopes),
        "granular_scopes": [_granular(state, token, scope) for scope in scopes if scope in ASSET_SCOPES],
        "user_id": _id(state, state.scoped_id(token.app, token.person)),
    }
    return {name: value for name, value in facts.items() if value is not None}


def _granular(state: State, token: TokenRecord, scope: str) -> dict[str, object]:
    """Without `target_ids` the scope holds for all assets."""
    if token.pages is None:
        return {"scope": scope}
    pages = [page for page in state.spec.pages if page.key in token.pages]
    match ASSET_SCOPES[scope]:
        case "page":
            ids = [page.id for page in pages]
        case "instagram":
            ids = [account.id for page in pages if (account := state.account_of(page))]
        case _:
            owners = {page.business for page in pages}
            ids = [business.id for business in state.spec.businesses if business.key in owners]
    return {"scope": scope, "target_ids": ids}

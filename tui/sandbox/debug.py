"""/debug_token (graph-api.md section 6)."""

from __future__ import annotations

from tui.sandbox.access import check_proof, death_of, find_app_token, find_token, living_token
from tui.sandbox.call import Answer, GraphCall
from tui.sandbox.errors import GraphError, bad_request
from tui.sandbox.records import TokenRecord
from tui.sandbox.specs import AppSpec
from tui.sandbox.state import State
from tui.sandbox.vocabulary import ASSET_SCOPES

NOT_OWNER = (
    "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app"
)
OTHER_APP = "(#100) The App_id in the input_token did not match the Viewing App"


def debug_token(state: State, call: GraphCall) -> Answer:
    """200 with `data` even for a token that is bad; an error of its own only for the caller's credentials."""
    viewer = _viewer(state, call)
    value = call.get("input_token")
    if not value:
        raise bad_request("(#100) The parameter input_token is required")
    if "|" in value:
        return Answer({"data": _app_token_facts(state, viewer, value)})
    try:
        token = find_token(state, value)
    except GraphError as error:
        return Answer({"data": {"error": _inner(error), "is_valid": False, "scopes": []}})
    if token.app.id != viewer.id:
        raise bad_request(OTHER_APP)
    return Answer({"data": _facts(state, token)})


def _viewer(state: State, call: GraphCall) -> AppSpec:
    """The app that looks. Raises 100 or 190 at top level."""
    value = call.token
    if not value:
        raise bad_request(NOT_OWNER)
    if "|" in value:
        app = find_app_token(state, value)
        if app.native:
            raise bad_request(NOT_OWNER)
        check_proof(state, call, app, required=False)
        return app
    token = living_token(state, value)
    check_proof(state, call, token.app, required=token.app.require_proof)
    if token.kind == "page" or token.person is None or not state.is_developer(token.app, token.person):
        raise bad_request(NOT_OWNER)
    return token.app


def _inner(error: GraphError) -> dict[str, object]:
    """Inside `data` the key is `subcode`, not `error_subcode`."""
    inner: dict[str, object] = {"code": error.code, "message": error.message}
    if error.subcode is not None:
        inner["subcode"] = error.subcode
    return inner


def _app_token_facts(state: State, viewer: AppSpec, value: str) -> dict[str, object]:
    try:
        app = find_app_token(state, value)
    except GraphError as error:
        return {"error": _inner(error), "is_valid": False, "scopes": []}
    if app.id != viewer.id:
        raise bad_request(OTHER_APP)
    return {"app_id": _id(state, app.id), "type": "APP", "application": app.name, "is_valid": True, "scopes": []}


def _id(state: State, value: str) -> object:
    """Ids are strings; old servers gave numbers."""
    return int(value) if state.odd_types else value


def _facts(state: State, token: TokenRecord) -> dict[str, object]:
    death = death_of(state, token)
    facts: dict[str, object] = {
        "app_id": _id(state, token.app.id),
        "type": token.kind.upper(),
        "application": token.app.name,
    }
    if token.kind != "system_user":
        facts["data_access_expires_at"] = token.data_access_expires_at
    if death is not None:
        facts["error"] = _inner(death)
    facts["expires_at"] = token.expires_at
    facts["is_valid"] = death is None
    if token.long_lived:
        facts["issued_at"] = token.issued_at
    if token.metadata:
        facts["metadata"] = dict(token.metadata)
    if token.page is not None:
        facts["profile_id"] = _id(state, token.page.id)
    scopes = state.scopes_of(token)
    facts["scopes"] = list(scopes)
    facts["granular_scopes"] = [_granular(state, token, scope) for scope in scopes if scope in ASSET_SCOPES]
    if token.person is not None:
        facts["user_id"] = _id(state, state.scoped_id(token.app, token.person))
    return facts


def _granular(state: State, token: TokenRecord, scope: str) -> dict[str, object]:
    """Without `target_ids` the scope holds for all assets."""
    if token.pages is None:
        return {"scope": scope}
    kind = ASSET_SCOPES[scope]
    pages = [page for page in state.spec.pages if page.key in token.pages]
    if kind == "page":
        return {"scope": scope, "target_ids": [page.id for page in pages]}
    if kind == "instagram":
        accounts = [account for page in pages if (account := state.account_of(page))]
        return {"scope": scope, "target_ids": [account.id for account in accounts]}
    owners = [business.id for business in state.spec.businesses if any(page.business == business.key for page in pages)]
    return {"scope": scope, "target_ids": owners}

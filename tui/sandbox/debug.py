"""/debug_token (graph-api.md section 6)."""

from tui.sandbox.access import find_app_token, find_token, identify, token_error
from tui.sandbox.call import Answer, GraphCall
from tui.sandbox.errors import GraphError, error
from tui.sandbox.records import TokenRecord
from tui.sandbox.specs import AppSpec
from tui.sandbox.state import State
from tui.sandbox.vocabulary import ASSET_SCOPES

DEVELOPERS = ("administrators", "developers")


def debug_token(state: State, call: GraphCall) -> Answer:
    """Answer 200 with `data` even for a bad token; an error only for the caller's own credentials."""
    viewer = _viewer(state, call)
    value = call.get("input_token")
    if not value:
        raise error("missing_parameter", name="input_token")
    token: TokenRecord | None = None
    try:
        if "|" in value:
            app = find_app_token(state, value)
        else:
            token = find_token(state, value)
            app = token.app
    except GraphError as failure:
        return Answer({"data": {"error": _inner(failure), "is_valid": False, "scopes": []}})
    if app.id != viewer.id:
        raise error("other_apps_input")
    return Answer({"data": _facts(state, token) if token else _app_token_facts(state, app)})


def _viewer(state: State, call: GraphCall) -> AppSpec:
    """Return the app that inspects. Raises 100 or 190 at top level."""
    caller = identify(state, call, missing="not_owner", blocked=False)
    token = caller.token
    if token and (token.kind == "page" or token.person.roles.get(caller.app.key) not in DEVELOPERS):
        raise error("not_owner")
    return caller.app


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

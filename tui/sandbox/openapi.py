"""An OpenAPI document of what the sandbox serves, for people who build against it and for a checker."""

from __future__ import annotations

from typing import Any

from tui.sandbox.state import State
from tui.sandbox.vocabulary import VERSION_ENDS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_SECONDS: Schema = {"type": "integer", "minimum": 0, "description": "unix seconds UTC; 0: never"}


def _object(required: tuple[str, ...], **properties: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": properties}


_INNER_ERROR = _object(("code", "message"), code={"type": "integer"}, message=_TEXT, subcode={"type": "integer"})

SCHEMAS: dict[str, Schema] = {
    "Error": _object(
        ("error",),
        error=_object(
            ("message", "type", "code", "fbtrace_id"),
            message=_TEXT,
            type={"enum": ["OAuthException", "GraphMethodException"]},
            code={"type": "integer"},
            error_subcode={"type": "integer"},
            is_transient={"type": "boolean"},
            error_user_title=_TEXT,
            error_user_msg=_TEXT,
            fbtrace_id={"type": "string", "pattern": "^A[A-Za-z0-9_-]{22}$"},
        ),
    ),
    "Token": _object(
        ("access_token",),
        access_token=_TEXT,
        token_type={"const": "bearer"},
        expires_in={"type": "integer", "minimum": 0},
    ),
    "TokenFacts": _object(
        ("data",),
        data=_object(
            ("is_valid", "scopes"),
            app_id={"type": "string", "pattern": "^[0-9]+$"},
            type={"enum": ["USER", "PAGE", "APP", "SYSTEM_USER"]},
            application=_TEXT,
            expires_at=_SECONDS,
            data_access_expires_at=_SECONDS,
            issued_at=_SECONDS,
            is_valid={"type": "boolean"},
            scopes={"type": "array", "items": _TEXT},
            user_id={"type": "string", "pattern": "^[0-9]+$"},
            profile_id={"type": "string", "pattern": "^[0-9]+$"},
            error=_INNER_ERROR,
        ),
    ),
    "Node": {"type": "object"},
    "List": _object(
        ("data",),
        data={"type": "array", "items": {"type": "object"}},
        paging=_object((), cursors={"type": "object"}, next={"type": "string"}, previous={"type": "string"}),
    ),
    "Done": _object(("success",), success={"const": True}),
    "DeviceCode": _object(
        ("code", "user_code", "verification_uri", "expires_in", "interval"),
        code=_TEXT,
        user_code={"type": "string", "pattern": "^[A-Z0-9]{6}$"},
        verification_uri=_TEXT,
        expires_in={"const": 420},
        interval={"const": 5},
    ),
    "Names": {"type": "array", "items": _TEXT},
    "Refusal": _object(("success", "msg", "id"), success={"const": False}, msg=_TEXT, id={"const": -1}),
}


def _json(name: str, what: str) -> Schema:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": what, "content": {"application/json": {"schema": schema}}}


def _parameters(where: str, names: dict[str, list[str]]) -> list[Schema]:
    """Parameters, with values of this world as examples."""
    return [
        {
            "name": name,
            "in": where,
            "required": where == "path",
            "schema": {"type": "string", "examples": values} if values else _TEXT,
        }
        for name, values in names.items()
    ]


def _answers(name: str, *statuses: int) -> Schema:
    found: Schema = {"200": _json(name, "as asked")}
    for status in (400, *statuses):
        found[str(status)] = _json("Error", "Facebook's error envelope")
    return found


def openapi_document(state: State, base_url: str) -> Schema:
    """OpenAPI 3.1, with the world's own ids and tokens as values to try."""
    app = state.apps_by_key[state.spec.primary_app]
    tokens = [token.value for token in state.seeded] or ["EAA"]
    app_token = f"{app.id}|{app.secret}"
    version = _parameters("path", {"version": list(VERSION_ENDS)})
    version[0]["schema"]["pattern"] = r"^v[0-9]{1,2}\.[0-9]{1,2}$"
    client = {"client_id": [app.id], "client_secret": [app.secret]}
    nodes = ["me", app.id, *state.pages, *state.instagram, *state.businesses]

    def get(schema: str, names: dict[str, list[str]], *more: Schema, statuses: tuple[int, ...] = ()) -> Schema:
        return {"parameters": [*version, *_parameters("query", names), *more], "responses": _answers(schema, *statuses)}

    node = _parameters("path", {"node": nodes})
    reading = {"access_token": tokens, "fields": ["id", "id,name", "username,media_count"], "limit": ["1", "100"]}
    exchange = {
        **client,
        "grant_type": ["client_credentials", "fb_exchange_token"],
        "fb_exchange_token": tokens,
        "code": [],
        "redirect_uri": list(app.redirect_uris),
    }
    device = {"access_token": [f"{app.id}|{app.client_token}"], "scope": ["public_profile"], "code": []}
    dialog = {"client_id": [app.id], "redirect_uri": list(app.redirect_uris), "state": [], "scope": ["email"]}
    dialog |= {"as": list(state.people)[:5], "decision": ["allow", "deny"]}
    pages = {"text/html": {"schema": _TEXT}}
    login = {
        "parameters": [*version, *_parameters("query", dialog)],
        "responses": {
            "200": {"description": "the dialog, or an error page that never redirects", "content": pages},
            "302": {"description": "back to the app", "headers": {"Location": {"schema": _TEXT}}},
        },
    }
    matillion = {
        "security": [{"basic": []}],
        "responses": {"200": _json("Names", "names"), "401": _json("Refusal", "not let in")},
    }
    insights = {**reading, "metric": ["reach", "reach,views"], "period": ["day"]}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"igauth sandbox, world {state.spec.name}", "version": "1"},
        "servers": [{"url": base_url}],
        "paths": {
            "/{version}/oauth/access_token": {"get": get("Token", exchange, statuses=(500,))},
            "/{version}/debug_token": {"get": get("TokenFacts", {"input_token": tokens, "access_token": [app_token]})},
            "/{version}/me/permissions": {"get": get("List", {"access_token": tokens})},
            "/{version}/me/permissions/{permission}": {
                "delete": get(
                    "Done", {"access_token": tokens}, *_parameters("path", {"permission": ["email", "ads_read"]})
                )
            },
            "/{version}/me/accounts": {"get": get("List", {**reading, "after": []})},
            "/{version}/{node}": {"get": get("Node", reading, *node, statuses=(403, 404))},
            "/{version}/{node}/media": {"get": get("List", reading, *node, statuses=(403, 404))},
            "/{version}/{node}/insights": {"get": get("List", insights, *node, statuses=(403, 404))},
            "/{version}/device/login": {"post": get("DeviceCode", device)},
            "/{version}/device/login_status": {"post": get("Token", device)},
            "/{version}/dialog/oauth": {"get": login},
            "/rest/v1/oauth": {"get": matillion},
            "/rest/v1/group": {"get": matillion},
        },
        "components": {"schemas": SCHEMAS, "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}},
    }

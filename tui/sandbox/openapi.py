"""An OpenAPI document of what the sandbox serves, for people who build against it and for a checker."""

import re
from collections.abc import Mapping
from typing import Any

from tui.sandbox.state import State
from tui.sandbox.vocabulary import VERSION_ENDS

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer"}
_FLAG: Schema = {"type": "boolean"}
_ID: Schema = {"type": "string", "pattern": "^[0-9]+$"}
_SECONDS: Schema = {"type": "integer", "minimum": 0, "description": "unix seconds UTC; 0: never"}
_TEXTS: Schema = {"type": "array", "items": _TEXT}
_OBJECT: Schema = {"type": "object"}


def _object(required: Mapping[str, Schema], **optional: Schema) -> Schema:
    return {"type": "object", "required": list(required), "properties": {**required, **optional}}


SCHEMAS: dict[str, Schema] = {
    "Error": _object(
        {
            "error": _object(
                {
                    "message": _TEXT,
                    "type": {"enum": ["OAuthException", "GraphMethodException"]},
                    "code": _NUMBER,
                    "fbtrace_id": {"type": "string", "pattern": "^A[A-Za-z0-9_-]{22}$"},
                },
                error_subcode=_NUMBER,
                is_transient=_FLAG,
                error_user_title=_TEXT,
                error_user_msg=_TEXT,
            )
        }
    ),
    "Token": _object(
        {"access_token": _TEXT}, token_type={"const": "bearer"}, expires_in={"type": "integer", "minimum": 0}
    ),
    "TokenFacts": _object(
        {
            "data": _object(
                {"is_valid": _FLAG, "scopes": _TEXTS},
                **dict.fromkeys(("app_id", "user_id", "profile_id"), _ID),
                **dict.fromkeys(("expires_at", "data_access_expires_at", "issued_at"), _SECONDS),
                type={"enum": ["USER", "PAGE", "APP", "SYSTEM_USER"]},
                application=_TEXT,
                error=_object({"code": _NUMBER, "message": _TEXT}, subcode=_NUMBER),
            )
        }
    ),
    "Node": _OBJECT,
    "List": _object(
        {"data": {"type": "array", "items": _OBJECT}},
        paging=_object({}, cursors=_OBJECT, next=_TEXT, previous=_TEXT),
    ),
    "Done": _object({"success": {"const": True}}),
    "DeviceCode": _object(
        {
            "code": _TEXT,
            "user_code": {"type": "string", "pattern": "^[A-Z0-9]{6}$"},
            "verification_uri": _TEXT,
            "expires_in": {"const": 420},
            "interval": {"const": 5},
        }
    ),
    "Names": _TEXTS,
    "Refusal": _object({"success": {"const": False}, "msg": _TEXT, "id": {"const": -1}}),
}

_EXCHANGE = "client_id client_secret grant_type fb_exchange_token code redirect_uri"
_READING = "access_token fields limit"
_DEVICE = "access_token:client_token scope code"
# Method, path, query parameters (`name:examples` where the examples go by another name), schema, error statuses.
_OPERATIONS = (
    ("get", "/oauth/access_token", _EXCHANGE, "Token", (400, 500)),
    ("get", "/debug_token", "input_token:access_token access_token:app_token", "TokenFacts", (400,)),
    ("get", "/me/permissions", "access_token", "List", (400,)),
    ("delete", "/me/permissions/{permission}", "access_token", "Done", (400,)),
    ("get", "/me/accounts", f"{_READING} after", "List", (400,)),
    ("get", "/{node}", _READING, "Node", (400, 403, 404)),
    ("get", "/{node}/media", _READING, "List", (400, 403, 404)),
    ("get", "/{node}/insights", f"{_READING} metric period", "List", (400, 403, 404)),
    ("post", "/device/login", _DEVICE, "DeviceCode", (400,)),
    ("post", "/device/login_status", _DEVICE, "Token", (400,)),
)


def _json(name: str, description: str) -> Schema:
    schema = {"$ref": f"#/components/schemas/{name}"}
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _examples(state: State) -> dict[str, list[str]]:
    """Return values to try for each parameter, from this world."""
    app = state.apps_by_key[state.spec.primary_app]
    tokens = [token.value for token in state.seeded] or ["EAA"]
    return {
        "version": list(VERSION_ENDS),
        "node": ["me", app.id, *state.pages, *state.instagram, *state.businesses],
        "permission": ["email", "ads_read"],
        "access_token": tokens,
        "app_token": [f"{app.id}|{app.secret}"],
        "client_token": [f"{app.id}|{app.client_token}"],
        "fb_exchange_token": tokens,
        "client_id": [app.id],
        "client_secret": [app.secret],
        "redirect_uri": list(app.redirect_uris),
        "grant_type": ["client_credentials", "fb_exchange_token"],
        "fields": ["id", "id,name", "username,media_count"],
        "limit": ["1", "100"],
        "metric": ["reach", "reach,views"],
        "period": ["day"],
        "scope": ["public_profile"],
        "as": list(state.people)[:5],
        "decision": ["allow", "deny"],
    }


def _parameters(path: str, query: str, examples: Mapping[str, list[str]]) -> list[Schema]:
    """Return the parameters of an operation: those in its path, and those of its query."""
    parameters = []
    in_path = re.findall(r"{(\w+)}", path)
    for parameter in (*in_path, *query.split()):
        name, _, source = parameter.partition(":")
        values = examples.get(source or name)
        schema = {**_TEXT, "examples": values} if values else dict(_TEXT)
        if name == "version":
            schema["pattern"] = r"^v[0-9]{1,2}\.[0-9]{1,2}$"
        where = "path" if name in in_path else "query"
        parameters.append({"name": name, "in": where, "required": where == "path", "schema": schema})
    return parameters


def openapi_document(state: State, base_url: str) -> Schema:
    """Return an OpenAPI 3.1 document, with the world's own ids and tokens as values to try."""
    examples = _examples(state)
    paths: dict[str, Schema] = {}
    for method, name, query, schema, statuses in _OPERATIONS:
        path = "/{version}" + name
        errors = {str(status): _json("Error", "Facebook's error envelope") for status in statuses}
        answers = {"200": _json(schema, "the answer"), **errors}
        paths[path] = {method: {"parameters": _parameters(path, query, examples), "responses": answers}}
    dialog = "/{version}/dialog/oauth"
    html = {"text/html": {"schema": _TEXT}}
    paths[dialog] = {
        "get": {
            "parameters": _parameters(dialog, "client_id redirect_uri state scope as decision", examples),
            "responses": {
                "200": {"description": "the dialog, or an error page that never redirects", "content": html},
                "302": {"description": "back to the app", "headers": {"Location": {"schema": _TEXT}}},
            },
        }
    }
    names = {"200": _json("Names", "names"), "401": _json("Refusal", "wrong user or password")}
    for path in ("/rest/v1/oauth", "/rest/v1/group"):
        paths[path] = {"get": {"security": [{"basic": []}], "responses": names}}
    return {
        "openapi": "3.1.0",
        "info": {"title": f"igauth sandbox, world {state.spec.name}", "version": "1"},
        "servers": [{"url": base_url}],
        "paths": paths,
        "components": {"schemas": SCHEMAS, "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}},
    }

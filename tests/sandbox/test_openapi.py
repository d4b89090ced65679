"""What the OpenAPI document says is what is served; schemathesis makes up the calls."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.sandbox.asking import Asker

schemathesis: Any = pytest.importorskip("schemathesis")


def document(ask: Asker) -> dict[str, Any]:
    answer: dict[str, Any] = ask.http.get("/__sandbox__/openapi.json").json()
    return answer


OPERATIONS = (
    "GET /{version}/oauth/access_token", "GET /{version}/debug_token", "GET /{version}/me/permissions",
    "DELETE /{version}/me/permissions/{permission}", "GET /{version}/me/accounts", "GET /{version}/{node}",
    "GET /{version}/{node}/media", "GET /{version}/{node}/insights", "POST /{version}/device/login",
    "POST /{version}/device/login_status", "GET /{version}/dialog/oauth", "GET /rest/v1/oauth", "GET /rest/v1/group",
)  # fmt: skip


def test_every_operation_of_the_document_is_checked_below(ask: Asker) -> None:
    paths = document(ask)["paths"]
    assert {f"{method.upper()} {path}" for path, item in paths.items() for method in item} == set(OPERATIONS)


def aimed(found: dict[str, Any]) -> dict[str, Any]:
    """The same document with its examples as the values to choose from, junk among them, so that calls get through."""
    for item in found["paths"].values():
        for operation in item.values():
            for parameter in operation.get("parameters", ()):
                examples = parameter["schema"].get("examples")
                if examples:
                    junk = [] if parameter["in"] == "path" else ["junk"]
                    parameter["schema"] = {"type": "string", "enum": [*examples, *junk]}
                    parameter["required"] = parameter["name"] not in ("fields", "limit", "code")
    return found


CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
]


@pytest.mark.parametrize("is_aimed", [True, False], ids=["aimed", "wild"])
@pytest.mark.parametrize("operation", OPERATIONS)
def test_generated_calls_are_answered_as_documented(ask: Asker, operation: str, is_aimed: bool) -> None:
    pytest.importorskip("schemathesis.checks").load_all_checks()
    checks = schemathesis.checks.CHECKS.get_by_names(CHECKS)
    found = document(ask)
    schema = schemathesis.openapi.from_dict(aimed(found) if is_aimed else found)
    method, path = operation.split(" ")
    statuses: set[int] = set()
    auth = (ask.world.matillion_user, ask.world.matillion_password) if is_aimed and "/rest/" in path else None

    @given(case=schema[path][method].as_strategy())
    @settings(
        max_examples=40 if is_aimed else 15,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    def call(case: Any) -> None:
        response = case.call(base_url=ask.sandbox.graph_url, allow_redirects=False, auth=auth)
        statuses.add(response.status_code)
        case.validate_response(response, checks=checks)

    call()
    if is_aimed and "login_status" not in path:
        assert 200 in statuses, "no made-up call got through: the check would prove nothing"

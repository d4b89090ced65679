"""graph-api.md section 1."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.sandbox.asking import Asker
from tui.sandbox.vocabulary import version_served

NOVEMBER_2026 = datetime(2026, 11, 23, tzinfo=UTC).timestamp()


def served(ask: Asker, path: str) -> str:
    return ask.http.get(path, params={"access_token": ask.token("user_long")}).headers["facebook-api-version"]


@pytest.fixture
def in_2026(ask: Asker) -> Asker:
    ask.sandbox.clock.set(NOVEMBER_2026)
    return ask


def test_an_expired_version_is_served_by_the_oldest_usable(in_2026: Asker) -> None:
    reply = in_2026.http.get("/v3.0/me", params={"access_token": in_2026.token("user_long")})
    assert reply.status_code == 200
    assert reply.headers["facebook-api-version"] == "v21.0"
    assert served(in_2026, "/v20.0/me") == "v21.0"


@pytest.mark.parametrize("version", ["v21.0", "v24.0", "v25.0", "v26.0"])
def test_a_usable_version_is_served_as_asked(in_2026: Asker, version: str) -> None:
    assert served(in_2026, f"/{version}/me") == version


def test_the_core_graph_sends_no_version_warning(in_2026: Asker) -> None:
    reply = in_2026.http.get("/v3.0/me", params={"access_token": in_2026.token("user_long")})
    assert "x-ad-api-version-warning" not in reply.headers


def test_a_version_that_cannot_exist_comes_back_as_another(in_2026: Asker) -> None:
    assert served(in_2026, "/v99.0/me") == "v26.0"


def test_a_call_without_a_version_is_served_by_the_apps_default(in_2026: Asker) -> None:
    assert served(in_2026, "/me") == "v21.0"
    assert version_served("", "v24.0", NOVEMBER_2026) == "v24.0"


def test_versions_end_on_their_day(in_2026: Asker) -> None:
    in_2026.sandbox.clock.set(datetime(2027, 1, 22, tzinfo=UTC).timestamp())
    assert served(in_2026, "/v21.0/me") == "v22.0"


def test_a_wrong_path_with_a_secret_is_not_404(ask: Asker) -> None:
    reply = ask.post("oauth/access_tokenXX", **ask.credentials)
    assert reply.status_code == 400
    assert reply.json()["error"]["code"] == 1
    assert reply.json()["error"]["message"] == "client_secret should not be passed to /oauth/access_tokenXX"


def test_the_dialog_answers_under_every_version(ask: Asker) -> None:
    for version in ("v3.0", "v26.0"):
        ask.version = version
        assert ask.dialog().status_code == 200

"""graph-api.md section 7: the app token, the app node and appsecret_proof."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandbox.asking import Asker, proof

MISSING = "API calls from the server require an appsecret_proof argument"
WRONG = "Invalid appsecret_proof provided in the API argument"


def test_client_credentials_give_an_app_token(ask: Asker) -> None:
    answer = ask.ok("oauth/access_token", grant_type="client_credentials", **ask.credentials)
    assert set(answer) == {"access_token", "token_type"}
    assert re.fullmatch(rf"{ask.world.app_id}\|[0-9A-Za-z_-]{{27}}", answer["access_token"])


def test_client_credentials_may_be_posted(ask: Asker) -> None:
    reply = ask.post("oauth/access_token", grant_type="client_credentials", **ask.credentials)
    assert "access_token" in reply.json()


def test_a_wrong_secret_is_code_1(ask: Asker) -> None:
    given = {"client_id": ask.world.app_id, "client_secret": "0" * 32, "grant_type": "client_credentials"}
    assert ask.triple("oauth/access_token", **given) == (1, None, "Error validating client secret.")


def test_the_instagram_app_id_is_101_with_any_secret(ask: Asker) -> None:
    spec = ask.world.spec.apps[0]
    given = {"client_id": spec.instagram_app_id, "grant_type": "client_credentials"}
    right = ask.triple("oauth/access_token", **given, client_secret=ask.world.app_secret)
    assert right == ask.triple("oauth/access_token", **given, client_secret="x")
    assert right[0] == 101


def test_the_literal_app_token_works_everywhere(ask: Asker) -> None:
    node = ask.ok(ask.world.app_id, access_token=ask.app_token)
    assert node == {
        "category": "Business",
        "link": f"https://www.facebook.com/games/?app_id={ask.world.app_id}",
        "name": ask.world.app_name,
        "id": ask.world.app_id,
    }
    more = ask.ok("app", access_token=ask.app_token, fields="namespace,company,app_type,app_domains,roles")
    assert more["namespace"] == "acme-insights"
    assert {row["role"] for row in more["roles"]["data"]} == {"administrators", "developers", "testers"}


def test_a_wrong_signature_on_the_app_node_is_190(ask: Asker) -> None:
    result = ask.triple(ask.world.app_id, fields="roles", access_token=f"{ask.world.app_id}|{'f' * 32}")
    assert result == (190, None, "Invalid OAuth access token signature.")


@pytest.fixture
def strict(ask_world: Callable[..., Asker]) -> Asker:
    """A world whose app requires the proof."""
    return ask_world("live-app")


def test_the_proof_is_required_where_the_app_says_so(strict: Asker) -> None:
    error = strict.error("me", access_token=strict.token("user_long"))
    assert (error["code"], error["type"], error["message"]) == (100, "GraphMethodException", MISSING)


def test_the_right_proof_is_accepted(strict: Asker) -> None:
    token = strict.token("user_long")
    assert strict.ok("me", access_token=token, appsecret_proof=proof(strict.world.app_secret, token))


def test_a_sent_proof_is_checked_even_if_not_required(ask: Asker) -> None:
    token = ask.token("user_long")
    error = ask.error("me", access_token=token, appsecret_proof="0" * 64)
    assert (error["code"], error["type"], error["message"]) == (100, "GraphMethodException", WRONG)
    assert ask.ok("me", access_token=token, appsecret_proof=proof(ask.world.app_secret, token))


@pytest.mark.parametrize(("age", "taken"), [(0, True), (299, True), (301, False)])
def test_a_timed_proof_is_valid_for_five_minutes(ask: Asker, age: int, taken: bool) -> None:
    token, when = ask.token("user_long"), str(int(ask.sandbox.clock.now()) - age)
    timed = proof(ask.world.app_secret, f"{token}|{when}")
    reply = ask.get("me", access_token=token, appsecret_proof=timed, appsecret_time=when)
    assert (reply.status_code == 200) is taken
    if not taken:
        assert reply.json()["error"]["message"] == WRONG


def test_a_native_apps_app_token_counts_as_none(ask_world: Callable[..., Asker], tmp_path: Path) -> None:
    path = tmp_path / "native.toml"
    path.write_text('[[apps]]\nkey = "a"\nname = "A"\nnative = true\n')
    ask = ask_world(path)
    assert ask.triple(ask.world.app_id, access_token=ask.app_token)[0] == 104


def test_a_reset_secret_keeps_user_tokens_usable(ask: Asker) -> None:
    token = ask.token("user_long")
    ask.sandbox.change_secret("a" * 32)
    assert ask.ok("me", access_token=token)["name"] == "Dana Whitfield"
    assert ask.triple("debug_token", input_token=token, access_token=ask.app_token)[0] == 190
    assert ask.triple("me", access_token=token, appsecret_proof=proof(ask.world.app_secret, token))[2] == WRONG
    given = {**ask.credentials, "grant_type": "fb_exchange_token", "fb_exchange_token": token}
    assert ask.triple("oauth/access_token", **given)[0] == 1

"""The control endpoint, and the worlds it acts on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandbox.asking import Asker
from tui.sandbox import RunningSandbox, SandboxStartError, WorldError, start_sandbox
from tui.sandbox.world import load_world, world_summaries


def control(ask: Asker, action: str, **arguments: object) -> dict[str, object]:
    reply = ask.http.post(f"/__sandbox__/{action}", json=arguments)
    assert reply.status_code == 200, reply.text
    answer: dict[str, object] = reply.json()
    return answer


def test_time_is_advanced_by_http(ask: Asker) -> None:
    before = ask.sandbox.clock.now()
    control(ask, "advance", seconds=50 * 86400)
    assert ask.sandbox.clock.now() - before >= 50 * 86400
    assert ask.inspect(ask.token("user_long"))["error"]["subcode"] == 463


@pytest.mark.parametrize(
    ("action", "arguments", "subcode"),
    [
        ("revoke", {"token": "user_long"}, 466),
        ("change_password", {"person": "dana"}, 460),
        ("remove_app", {"person": "dana"}, 458),
    ],
)
def test_tokens_are_made_unusable_by_http(ask: Asker, action: str, arguments: dict[str, object], subcode: int) -> None:
    control(ask, action, **arguments)
    assert ask.inspect(ask.token("user_long"))["error"]["subcode"] == subcode


def test_faults_and_extension_modes_are_set_by_http(ask: Asker) -> None:
    control(ask, "fault", kind="unavailable", path="/me", times=2)
    assert [ask.get("me").status_code for _ in range(3)] == [500, 500, 400]
    control(ask, "extension", mode="no_expires_in")
    assert "expires_in" not in ask.exchange(ask.token("user_due"))


def test_counters_count_calls_and_exchanges(ask: Asker) -> None:
    ask.exchange(ask.token("user_due"))
    ask.get("me")
    counters = ask.http.get("/__sandbox__/counters").json()
    assert counters["calls"]["GET /me"] == 1
    assert counters["exchanges"] == {"user_due": 1}
    assert ask.token("user_due") not in json.dumps(counters)
    assert ask.sandbox.exchanges("user_due") == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/json", "Origin": "https://evil.example"}, 403),
        ({"Content-Type": "application/json", "Host": "evil.example"}, 403),
    ],
)
def test_a_page_in_a_browser_cannot_reach_the_control(ask: Asker, headers: dict[str, str], status: int) -> None:
    reply = ask.http.post("/__sandbox__/change_password", content='{"person": "dana"}', headers=headers)
    assert reply.status_code == status
    assert ask.inspect(ask.token("user_long"))["is_valid"]


def test_a_bad_action_or_argument_is_reported(ask: Asker) -> None:
    assert ask.http.post("/__sandbox__/nonsense", json={}).status_code == 404
    for body in ({"kind": "nonsense"}, {"no": "such"}):
        reply = ask.http.post("/__sandbox__/fault", json=body)
        assert reply.status_code == 400
        assert reply.json()["error"]


@pytest.mark.parametrize(
    ("action", "arguments", "words"),
    [
        ("advance", {}, "missing a required argument: 'seconds'"),
        ("advance", {"seconds": "9"}, "seconds: must be a number, not '9'"),
        ("advance", {"seconds": 1e300}, "must be a time from 1970 to 2500"),
        ("set_time", {"at": -5}, "must be a time from 1970 to 2500"),
        ("change_secret", {"secret": 5}, "secret: must be a string, not 5"),
        ("drop_scope", {"person": "dana", "scope": True}, "scope: must be a string, not True"),
        ("fault", {"kind": "delay", "seconds": 1e300}, "must be 0 to 86400 seconds"),
        ("fault", {"kind": "delay", "path": 5}, "path: must be a string, not 5"),
        ("matillion", {"entries": ["a", 5]}, "entries: must be a string, not 5"),
        ("change_password", {"person": "nobody"}, "no person 'nobody'"),
    ],
)
def test_bad_arguments_are_refused_and_change_nothing(
    ask: Asker, action: str, arguments: dict[str, object], words: str
) -> None:
    reply = ask.http.post(f"/__sandbox__/{action}", json=arguments)
    assert reply.status_code == 400
    assert words in reply.json()["error"]
    assert ask.ok("me", access_token=ask.token("user_long"))


def test_deeply_nested_json_is_refused(ask: Asker) -> None:
    deep = "[" * 100_000
    reply = ask.http.post("/__sandbox__/advance", content=deep, headers={"Content-Type": "application/json"})
    assert reply.status_code == 400


def test_there_is_no_control_by_default(make_sandbox: Callable[..., RunningSandbox]) -> None:
    ask = Asker(make_sandbox(control=False))
    assert ask.http.get("/__sandbox__/counters").status_code >= 400
    assert ask.http.post("/__sandbox__/advance", json={"seconds": 1}).status_code >= 400
    assert ask.sandbox.control_url == ""


def test_the_description_is_the_json_of_the_command(sandbox: RunningSandbox) -> None:
    described = json.loads(json.dumps(sandbox.describe()))
    assert {"graph_url", "dialog_url", "app_id", "app_secret", "redirect_uri", "tokens"} <= set(described)
    states = {token["name"]: token["state"] for token in described["tokens"]}
    assert states["user_long"] == "valid"
    assert states["user_due"] == "due"
    assert states["user_expired"] == "expired"
    assert set(states.values()) == {"valid", "due", "expired", "invalid"}
    ask = Asker(sandbox)
    for token in described["tokens"]:
        assert ask.inspect(token["value"])["app_id"] == described["app_id"]


def test_described_states_agree_with_debug_token(ask: Asker) -> None:
    now = ask.sandbox.clock.now()
    for token in ask.world.tokens:
        data = ask.inspect(token.value)
        ends = [end for end in (data.get("expires_at"), data.get("data_access_expires_at")) if end]
        if data.get("error", {}).get("subcode") == 463:
            expected = "expired"
        elif not data["is_valid"] or data.get("data_access_expires_at", now + 1) <= now:
            expected = "invalid"
        else:
            expected = "due" if ends and min(ends) - now <= 14 * 86400 else "valid"
        assert token.state == expected, token.name


def test_the_ready_made_worlds_exist() -> None:
    assert set(world_summaries()) >= {
        "default", "fresh-app", "wrong-secret", "live-app", "business-login", "no-page", "page-in-portfolio",
        "declined-permission", "token-due", "token-expired", "token-revoked", "password-changed", "throttled", "flaky",
        "app-stopped",
    }  # fmt: skip
    assert next(iter(world_summaries())) == "default"


@pytest.mark.parametrize("name", world_summaries())
def test_every_ready_made_world_serves(make_sandbox: Callable[..., RunningSandbox], name: str) -> None:
    sandbox = make_sandbox(name)
    sandbox.clear_faults()
    ask = Asker(sandbox)
    assert ask.ok("oauth/access_token", grant_type="client_credentials", **ask.credentials)
    assert sandbox.world.spec.title
    assert sandbox.world.spec.summary
    for token in sandbox.world.tokens:
        assert ask.inspect(token.value)["app_id"] == sandbox.app_id


def test_the_wrong_secret_world_pastes_a_secret_with_a_space(ask_world: Callable[..., Asker]) -> None:
    world = ask_world("wrong-secret").world
    assert world.pasted_secret == world.app_secret + " "


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "at least one [[apps]]"),
        ("[[apps]]\nkey = 1\nname = 'A'\n", "apps[0]: key: must be a string, not 1"),
        ("[[apps]]\nkey = 'a'\nnaem = 'A'\n", "name: is missing"),
        ("[[apps]]\nkey = 'a'\nname = 'A'\nmod = 'live'\n", "mod: unknown key (did you mean 'mode'?)"),
        ("[[apps]]\nkey = 'a'\nname = 'A'\nmode = 'alive'\n", "'alive' is not one of development, live"),
        ("[[apps]]\nkey = 'a'\nname = 'A'\n[[grants]]\nperson = 'x'\napp = 'a'\n", "nothing is named 'x'"),
        ("[[apps]]\nkey = 'a'\nname = 'A'\n[[apps]]\nkey = 'a'\nname = 'B'\n", "apps: 'a' is used twice"),
        (
            "[[apps]]\nkey = 'a'\nname = 'A'\n[[pages]]\nkey = 'g'\nname = 'G'\npeople = ['z']\n",
            "pages[0]: people: nothing is named 'z'",
        ),
        (
            "[[apps]]\nkey = 'a'\nname = 'A'\n[[people]]\nkey = 'p'\nname = 'P'\n"
            "[[tokens]]\nname = 't'\napp = 'a'\nperson = 'p'\nissued = 'yesterday'\n",
            "tokens[0]: issued: must be a length of time such as '-20d'",
        ),
        ("[[apps]\n", "line 1"),
        ("[[apps]]\nkey = 'a'\nname = 'A'\n[[faults]]\nkind = 'gremlins'\n", "'gremlins' is not one of"),
        ("[[apps]]\nkey = 'a'\nname = 'A'\npermissions = ['fly']\n", "'fly' is not a permission"),
        ("[[apps]]\nkey = 'a'\nname = 'A'\nid = 'abc'\n", "apps[0]: id: must be a string of digits, not 'abc'"),
        ("[[apps]]\nkey = 'a'\nname = 'A'\nhourly_calls = -1\n", "hourly_calls: must be 0 or more, not -1"),
        (
            "[[apps]]\nkey = 'a'\nname = 'A'\nid = '7'\n[[people]]\nkey = 'p'\nname = 'P'\nid = '7'\n",
            "id: '7' is used twice",
        ),
        (
            "[[apps]]\nkey = 'a'\nname = 'A'\n[[people]]\nkey = 'p'\nname = 'P'\nroles = { a = 'king' }\n",
            "people[0]: roles: a: 'king' is not one of administrators",
        ),
        (
            "[[apps]]\nkey = 'a'\nname = 'A'\n[[people]]\nkey = 'p'\nname = 'P'\n"
            "[[tokens]]\nname = 't'\napp = 'a'\nperson = 'p'\nexpires = '99999999999d'\n",
            "tokens[0]: expires: must be at most 20000d",
        ),
    ],
)
def test_a_bad_world_names_file_place_and_reason(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(WorldError) as caught:
        load_world(path)
    assert str(caught.value).startswith("mine.toml: ")
    assert words in str(caught.value)


def test_a_key_of_former_versions_is_ignored(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("try_this = 'Refresh a token.'\n[[apps]]\nkey = 'a'\nname = 'A'\n")
    assert load_world(path).apps[0].name == "A"


def test_a_missing_world_file_is_reported_as_a_file(tmp_path: Path) -> None:
    with pytest.raises(WorldError, match=r"gone\.toml: No such file"):
        load_world(str(tmp_path / "gone.toml"))


def test_a_world_that_is_no_regular_file_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    for place in (tmp_path, tmp_path / "pipe.toml", Path("/dev/zero")):
        with pytest.raises(WorldError, match="not a regular file"):
            load_world(place)


def test_an_unknown_world_lists_the_available_ones() -> None:
    with pytest.raises(WorldError, match="no world named 'nowhere'; available: default"):
        load_world("nowhere")


def test_a_taken_port_is_reported(sandbox: RunningSandbox) -> None:
    with pytest.raises(SandboxStartError, match=f"port {sandbox.port}"):
        start_sandbox(port=sandbox.port)

"""The same commands against a Graph server that is not ours: nothing is special-cased to the sandbox."""

from collections.abc import Iterator

import pytest

from tests.commands.foreign import APP_ID, NAME, SECRET, Plain, plain_graph
from tests.commands.running import inside

DAY = 86_400


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> Iterator[Plain]:
    with plain_graph() as server:
        monkeypatch.setenv("IGAUTH_GRAPH_URL", server.url)
        assert inside("add", "plain", "--app-id", APP_ID, stdin=SECRET).status == 0
        yield server


def _import(plain: Plain, name: str, days: float) -> str:
    value = plain.issue(days)
    done = inside("import", name, "--profile", "plain", stdin=value)
    assert done.status == 0, done.err
    return value


def test_verify_prints_the_apps_name_and_refuses_a_wrong_secret(plain: Plain) -> None:
    assert inside("add", "plain", "--verify").out == f"{NAME}\n"
    assert inside("add", "other", "--app-id", APP_ID, "--verify", stdin="0" * 32).status == 1
    assert inside("add", "other", "--app-id", "123456789012345", "--verify", stdin=SECRET).status == 1


def test_states_and_exit_statuses_are_the_same(plain: Plain) -> None:
    _import(plain, "never", 0)
    assert inside("status").status == 0
    _import(plain, "soon", 5)
    assert inside("status", "--check").status == 1
    _import(plain, "gone", -1)
    done = inside("status", "--check", "--json")
    assert done.status == 2
    states = {row["name"]: (row["state"], row["expires_at"] is None) for row in done.json["tokens"]}
    assert states == {"never": ("valid", True), "soon": ("due", False), "gone": ("expired", False)}


@pytest.mark.parametrize("says_expires_in", [True, False])
def test_a_due_token_is_extended_and_the_new_value_comes_out(plain: Plain, says_expires_in: bool) -> None:
    plain.says_expires_in = says_expires_in
    old = _import(plain, "soon", 5)
    (result,) = inside("refresh", "soon", "--json").json["results"]
    assert result["result"] == "extended"
    assert 54 * DAY < result["seconds_gained"] <= 56 * DAY
    value = inside("token", "soon").out.strip()
    assert value != old
    assert value in plain.ends
    assert plain.exchanges == 1


def test_expired_and_endless_tokens_are_not_exchanged(plain: Plain) -> None:
    _import(plain, "never", 0)
    _import(plain, "gone", -1)
    done = inside("refresh", "--all", "--json")
    assert done.status == 1
    assert {result["name"]: result["result"] for result in done.json["results"]} == {
        "never": "never_expires",
        "gone": "login_needed",
    }
    assert plain.exchanges == 0


def test_a_server_that_reads_tokens_in_the_query_works(plain: Plain) -> None:
    plain.reads_header = False
    _import(plain, "soon", 5)
    assert inside("refresh", "soon", "--json").json["results"][0]["result"] == "extended"


@pytest.mark.parametrize(
    ("oddity", "kind"),
    [
        ({"is_valid": 1, "type": "USER"}, "user"),
        ({"is_valid": "True", "type": "user"}, "user"),
        ({"is_valid": "1", "data_access_expires_at": "0"}, "user"),
        ({"type": "SystemUser"}, "system_user"),
        ({"type": "SYSTEM USER", "app_id": int(APP_ID), "user_id": 1784}, "system_user"),
    ],
)
def test_other_spellings_of_the_same_answer_mean_the_same(plain: Plain, oddity: dict[str, object], kind: str) -> None:
    plain.oddities = oddity
    _import(plain, "odd", 50)
    done = inside("status", "--json")
    assert done.status == 0
    assert [(row["kind"], row["state"]) for row in done.json["tokens"]] == [(kind, "valid")]


@pytest.mark.parametrize(("subcode", "state", "reason"), [(463, "expired", "190/463"), (460, "invalid", "190/460")])
def test_an_exchange_error_decides_the_state(plain: Plain, subcode: int, state: str, reason: str) -> None:
    old = _import(plain, "soon", 5)
    plain.refuses_exchange = (190, subcode, "Error validating access token: The session is over")
    done = inside("refresh", "soon", "--json")
    assert (done.status, done.json["results"][0]["result"]) == (1, "login_needed")
    shown = inside("status", "--json")
    assert (shown.status, shown.json["tokens"][0]["state"], shown.json["tokens"][0]["reason"]) == (2, state, reason)
    assert inside("token", "soon", "--any").out == f"{old}\n"
    assert inside("status", "--check").status == 1, "debug_token has the last word"


def test_another_version_than_requested_is_reported(plain: Plain) -> None:
    plain.headers = {"facebook-api-version": "v21.0"}
    _import(plain, "long", 50)
    done = inside("status", "--check", "--json")
    assert done.status == 0
    assert "v21.0 instead of v26.0" in done.err
    assert done.json["tokens"]
    plain.headers = {"facebook-api-version": "v26.0"}
    assert inside("status", "--check", "--json").err == ""


def test_nothing_is_exchanged_once_the_allowance_is_used_up(plain: Plain) -> None:
    _import(plain, "soon", 5)
    plain.headers = {"X-App-Usage": '{"call_count":100,"total_cputime":0,"total_time":0}'}
    done = inside("refresh", "soon", "--json")
    assert (done.status, done.json["results"][0]["result"], done.json["results"][0]["reason"]) == (
        3,
        "could_not_ask",
        "throttled",
    )
    assert plain.exchanges == 0


def test_a_throttled_refresh_names_the_next_attempt(plain: Plain) -> None:
    _import(plain, "soon", 5)
    plain.headers = {"X-App-Usage": '{"call_count":90,"estimated_time_to_regain_access":37}'}
    done = inside("refresh", "soon")
    assert (done.status, plain.exchanges) == (3, 0)
    assert "Try again in 37 min" in done.out


def test_each_exchange_is_counted_by_its_result(plain: Plain) -> None:
    _import(plain, "soon", 5)
    inside("refresh", "soon")
    plain.refuses_exchange = (613, 0, "Calls to this api have exceeded the rate limit")
    _import(plain, "other", 5)
    assert "Try again in 1 h" in inside("refresh", "other").out
    shown = inside("status", "--format", "openmetrics").out.splitlines()
    assert "# TYPE igauth_refresh counter" in shown
    counts = [line.partition("profile=")[2] for line in shown if line.startswith("igauth_refresh_total{")]
    assert counts == ['"plain",result="could_not_ask"} 1', '"plain",result="extended"} 1']


def test_a_failed_check_is_explained(plain: Plain) -> None:
    _import(plain, "long", 50)
    assert inside("add", "plain", "--app-id", APP_ID, stdin="0" * 32).status == 0
    done = inside("status", "--check")
    assert done.status == 3
    assert "Check App ID and App Secret: igauth add" in done.err


def test_doctor_is_well(plain: Plain) -> None:
    failures = [one for one in inside("doctor", "--json").json["findings"] if one["level"] == "failure"]
    assert failures == []

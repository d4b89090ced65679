"""`igauth refresh`, `igauth due`, `igauth history`: what is extended, what is not, and what is said."""

import signal

import pytest

from tests.commands.running import UNREACHABLE, Person, inside, start
from tests.terminals.waiting import wait_until
from tests.tokens.samples import a_token

DAY = 86_400


def test_a_due_token_is_extended_to_about_sixty_days(person: Person) -> None:
    person.import_tokens("user_due")
    before = inside("token", "user_due").out
    done = inside("refresh", "user_due", "--json")
    assert done.status == 0
    (result,) = done.json["results"]
    assert (result["profile"], result["name"], result["result"]) == ("acme", "user_due", "extended")
    assert 40 * DAY < result["seconds_gained"] <= 60 * DAY
    assert result["expires_at"].endswith("Z")
    assert inside("token", "user_due").out != before
    (row,) = inside("status", "--json").json["tokens"]
    assert 59 * DAY < row["seconds_left"] <= 60 * DAY


@pytest.mark.parametrize(
    ("name", "result", "status"),
    [
        ("user_long", "extended", 0),
        ("user_never", "never_expires", 0),
        ("page_never", "never_expires", 0),
        ("user_expired", "login_needed", 1),
        ("user_password_changed", "login_needed", 1),
        ("user_data_access", "login_needed", 1),
    ],
)
def test_each_kind_of_result_has_its_exit_status(person: Person, name: str, result: str, status: int) -> None:
    person.import_tokens(name)
    done = inside("refresh", name, "--json")
    assert done.status == status
    assert done.json["schema"] == 1
    assert done.json["results"][0]["result"] == result


def test_already_as_fresh_as_it_gets_is_done(person: Person) -> None:
    person.import_tokens("user_due")
    assert inside("refresh", "user_due").status == 0
    done = inside("refresh", "user_due", "--json")
    assert done.status == 0
    assert done.json["results"][0]["result"] == "unchanged"
    assert done.json["results"][0]["seconds_gained"] == 0


def test_wrong_app_credentials_differ_from_a_bad_token(person: Person) -> None:
    person.import_tokens("user_due")
    person.sandbox.change_secret("f" * 32)
    done = inside("refresh", "user_due", "--json")
    assert done.status == 1
    assert done.json["results"][0]["result"] == "app_credentials"


def test_an_unreachable_facebook_is_3_and_the_token_stays(person: Person) -> None:
    person.import_tokens("user_due")
    before = inside("token", "user_due").out
    person.point_at(UNREACHABLE)
    done = inside("refresh", "--all", "--json")
    assert done.status == 3
    assert done.json["results"][0]["result"] == "could_not_ask"
    assert inside("token", "user_due").out == before


def test_a_failure_counts_more_than_not_being_able_to_ask(person: Person) -> None:
    person.import_tokens("user_due", "user_expired")
    person.sandbox.fault("server_error", path="oauth/access_token", times=None)
    done = inside("refresh", "--all", "--json")
    assert {result["result"] for result in done.json["results"]} == {"could_not_ask", "login_needed"}
    assert done.status == 1


def test_an_unknown_name_is_said_before_anything_is_done(person: Person) -> None:
    person.import_tokens("user_due")
    done = inside("refresh", "user_due", "nobody")
    assert (done.status, done.out) == (64, "")
    assert "nobody" in done.err
    assert person.sandbox.exchanges("user_due") == 0


def test_within_refreshes_only_tokens_near_their_deadline(person: Person) -> None:
    person.import_tokens("user_due", "user_long", "user_never")
    done = inside("refresh", "--all", "--within", "14d", "--json")
    assert [result["name"] for result in done.json["results"]] == ["user_due"]
    assert person.sandbox.exchanges("user_long") == 0
    again = inside("refresh", "--all", "--within", "14d", "--json")
    assert (again.status, again.json["results"]) == (0, [])


def test_within_does_not_retry_the_same_day(person: Person) -> None:
    person.import_tokens("user_due")
    person.sandbox.extension("same_end")
    first = inside("refresh", "--within", "14d", "--json")
    assert [result["result"] for result in first.json["results"]] == ["unchanged"]
    assert inside("refresh", "--within", "14d", "--json").json["results"] == []
    assert inside("due", "--within", "14d").status == 1
    assert person.sandbox.exchanges("user_due") == 1


def test_all_of_nothing_is_done() -> None:
    done = inside("refresh", "--all", "--json")
    assert (done.status, done.json) == (0, {"schema": 1, "results": []})


def test_due_exits_0_only_when_there_is_something_to_do(person: Person) -> None:
    assert inside("due").status == 1
    person.import_tokens("user_long", "user_expired")
    assert inside("due").status == 1
    assert inside("due", "--within", "60d").out == "user_long\n"
    person.import_tokens("user_due")
    done = inside("due", "--within", "14d")
    assert (done.status, done.out) == (0, "user_due\n")
    assert inside("refresh", "--due").status == 0
    assert inside("due").status == 1


def test_due_can_also_name_what_was_not_asked_about_for_long(person: Person) -> None:
    person.import_tokens("user_long")
    assert inside("due", "--unchecked", "1d").status == 1
    assert inside("due", "--unchecked", "0s").out == "user_long\n"


def test_results_are_reported_in_the_order_asked_for() -> None:
    from tui.commands.refresh import InOrder
    from tui.tokens.results import RefreshCode, RefreshResult

    shown: list[str] = []
    in_order = InOrder(["first", "second", "third"], lambda result: shown.append(result.name))
    for name, so_far in (("third", 0), ("first", 1), ("second", 3)):
        in_order.add(RefreshResult(a_token(name=name), RefreshCode.EXTENDED))
        assert len(shown) == so_far
    assert shown == ["first", "second", "third"]
    interrupted = InOrder(["first", "second"], lambda result: shown.append(result.name))
    interrupted.add(RefreshResult(a_token(name="second"), RefreshCode.EXTENDED))
    interrupted.flush()
    assert shown[3:] == ["second"]


def test_history_lists_events_newest_first_without_values(person: Person) -> None:
    person.import_tokens("user_due", "user_long")
    inside("refresh", "user_due")
    done = inside("history", "--json")
    events = done.json["events"]
    assert done.json["schema"] == 1
    assert (events[0]["action"], events[0]["token"], events[0]["result"]) == ("extend", "user_due", "extended")
    assert events[0]["old_fingerprint"] != events[0]["new_fingerprint"]
    assert {event["token"] for event in inside("history", "--token", "user_long", "--json").json["events"]} == {
        "user_long"
    }
    assert person.value("user_due") not in done.out
    assert "extend" in inside("history").out


@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)])
def test_a_signal_ends_a_refresh_without_losing_a_token(person: Person, number: signal.Signals, status: int) -> None:
    person.import_tokens("user_due")
    before = inside("token", "user_due").out
    person.sandbox.fault("delay", path="debug_token", seconds=8.0)
    process = start("refresh", "--all")
    wait_until(lambda: len(person.sandbox.state.faults) == 0, "the question on its way")
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == status, out + err
    assert "Traceback" not in err
    assert inside("token", "user_due").out == before

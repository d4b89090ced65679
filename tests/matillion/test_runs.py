"""What finished tasks say of the token that Matillion holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.matillion.runs import Seen, TokenFault, read_runs, seen_from_record, token_fault, what_was_seen

EXPIRED = (
    "Error validating access token: Session has expired on Saturday, 13-Jun-26 05:00:00 PDT."
    " The current time is Saturday, 13-Jun-26 08:24:52 PDT."
)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        (EXPIRED, "190/463"),
        ("Error validating access token: The session has been invalidated because the user changed their password or"
         " Facebook has changed the session for security reasons.", "190/460"),
        ("Error validating access token: The user has not authorized application 805638479520745.", "190/458"),
        ('{"type":"OAuthException","code":190,"error_subcode":464}', "190/464"),
        ("(#190) Invalid OAuth access token signature.", "190"),
        ("Invalid OAuth access token - Cannot parse access token", "190"),
        ("OAuthException, code 190, subcode 467", "190/467"),
        ("The access token is invalid since the user hasn't engaged the app in longer than 90 days.", "190/493"),
    ],
)  # fmt: skip
def test_a_refused_token_is_recognised_with_its_subcode(message: str, reason: str) -> None:
    found = token_fault(f"Job failed. {message}")
    assert found is not None
    assert found.reason == reason


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Loaded 190 rows",
        "Error 500 after 190 seconds",
        "OAuthException, code 4: (#4) Application request limit reached",
        "(#10) Not enough viewers for the media to show insights",
        "Table access denied for token_table",
        "OAuth profile not found",
    ],
)
def test_other_failures_are_not_blamed_on_the_token(message: str) -> None:
    assert token_fault(message) is None


def test_a_token_that_facebook_repeats_in_its_message_does_not_get_through() -> None:
    value = "EAA" + "Zz19" * 30
    found = token_fault(f"Malformed access token {value} (code 190)")
    assert found is not None
    assert value not in found.message


def task(component: str, state: str, end: int, message: str = "", job: str = "load") -> dict[str, object]:
    part = {"componentName": component, "state": state, "endTime": end * 1000, "message": message}
    return {"jobName": job, "state": state, "endTime": end * 1000, "message": message, "tasks": [part]}


def test_only_an_instagram_component_proves_that_the_token_works() -> None:
    seen = what_was_seen(read_runs([task("Instagram Extract", "SUCCESS", 100), task("Table Update", "SUCCESS", 900)]))
    assert seen.worked_at == 100
    assert what_was_seen(read_runs([task("Table Update", "SUCCESS", 900, job="load_instagram")])).worked_at is None


def test_a_refusal_in_another_connectors_job_is_not_instagrams() -> None:
    rows = [task("Facebook Ads Query", "FAILED", 900, EXPIRED, job="ads")]
    assert what_was_seen(read_runs(rows)).failed_at is None


def test_a_failure_for_another_reason_neither_proves_nor_contradicts() -> None:
    rows = [task("Instagram Extract", "FAILED", 900, "No space left"), task("Instagram Extract", "SUCCESS", 100)]
    seen = what_was_seen(read_runs(rows))
    assert (seen.worked_at, seen.failed_at) == (100, None)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["tasks", "data", "jobName", "state", "endTime", "message", "componentName", "x"]),
                inner,
            )
        ),
        max_leaves=20,
    )
)
def test_no_answer_breaks_the_reader(answer: object) -> None:
    runs = read_runs(answer)
    what_was_seen(runs)
    assert list(runs) == sorted(runs, key=lambda run: -run.ended_at)


def test_what_was_seen_comes_back_from_its_record_and_a_damaged_record_does_not() -> None:
    for seen in (
        Seen(),
        Seen(5, 9, TokenFault(463, "m"), "j"),
        Seen(5, 9, TokenFault(None, "m"), "j"),
        Seen(worked_at=5),
    ):
        assert seen_from_record(seen.as_record()) == seen
    assert seen_from_record({}) is None
    assert seen_from_record({**Seen().as_record(), "message": None}) is None
    assert seen_from_record({**Seen().as_record(), "worked_at": "then"}) is None


def test_a_refused_token_counts_whatever_people_call_the_component_and_wherever_the_message_stands() -> None:
    renamed = [task("Load posts", "FAILED", 900, EXPIRED, job="daily")]
    without_list = [{"jobName": "ig daily", "state": "FAILED", "endTime": 900_000, "message": EXPIRED}]
    above = [{**task("Load posts", "FAILED", 900, "Component failed"), "message": f"Daily failed: {EXPIRED}"}]
    for rows in (renamed, without_list, above):
        seen = what_was_seen(read_runs(rows))
        assert seen.failed_at == 900
        assert seen.fault is not None
        assert seen.fault.reason == "190/463"


def test_a_job_without_a_list_of_components_proves_by_its_name() -> None:
    row = {"jobName": "Instagram daily", "state": "SUCCESS", "endTime": 900_000, "message": ""}
    assert what_was_seen(read_runs([row])).worked_at == 900
    assert what_was_seen(read_runs([{**row, "jobName": "daily"}])).worked_at is None


def test_facebooks_sentence_is_taken_out_of_the_json_around_it() -> None:
    found = token_fault('Failed: {"error":{"message":"' + EXPIRED + '","type":"OAuthException","code":190}}')
    assert found is not None
    assert found.message == EXPIRED

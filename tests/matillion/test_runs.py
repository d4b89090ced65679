"""What finished tasks show about the token that Matillion stores."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.matillion.runs import LastRuns, last_runs, token_error

EXPIRED = (
    "Error validating access token: Session has expired on Saturday, 13-Jun-26 05:00:00 PDT."
    " The current time is Saturday, 13-Jun-26 08:24:52 PDT."
)


@pytest.mark.parametrize(
    ("message", "subcode"),
    [
        (EXPIRED, 463),
        ("Error validating access token: The session has been invalidated because the user changed their password or"
         " Facebook has changed the session for security reasons.", 460),
        ("Error validating access token: The user has not authorized application 805638479520745.", 458),
        ('{"type":"OAuthException","code":190,"error_subcode":464}', 464),
        ("(#190) Invalid OAuth access token signature.", None),
        ("Invalid OAuth access token - Cannot parse access token", None),
        ("OAuthException, code 190, subcode 467", 467),
        ("The access token is invalid since the user hasn't engaged the app in longer than 90 days.", 493),
    ],
)  # fmt: skip
def test_a_refused_token_is_found_with_its_subcode(message: str, subcode: int | None) -> None:
    found = token_error(f"Job failed. {message}")
    assert found is not None
    assert found.subcode == subcode


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
def test_other_failures_are_not_token_errors(message: str) -> None:
    assert token_error(message) is None


def test_a_token_in_facebooks_message_is_removed() -> None:
    value = "EAA" + "Zz19" * 30
    found = token_error(f"Malformed access token {value} (code 190)")
    assert found is not None
    assert value not in found.message


def task(component: str, state: str, end: int, message: str = "", job: str = "load") -> dict[str, object]:
    part = {"componentName": component, "state": state, "endTime": end * 1000, "message": message}
    return {"jobName": job, "state": state, "endTime": end * 1000, "message": message, "tasks": [part]}


def test_only_an_instagram_component_proves_the_token() -> None:
    found = last_runs([task("Instagram Extract", "SUCCESS", 100), task("Table Update", "SUCCESS", 900)])
    assert found.worked_at == 100
    assert last_runs([task("Table Update", "SUCCESS", 900, job="load_instagram")]).worked_at is None


def test_a_refusal_in_another_connectors_job_does_not_count() -> None:
    rows = [task("Facebook Ads Query", "FAILED", 900, EXPIRED, job="ads")]
    assert last_runs(rows).failed_at is None


def test_a_failure_for_another_reason_does_not_count() -> None:
    rows = [task("Instagram Extract", "FAILED", 900, "No space left"), task("Instagram Extract", "SUCCESS", 100)]
    found = last_runs(rows)
    assert (found.worked_at, found.failed_at) == (100, None)


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
    assert isinstance(last_runs(answer), LastRuns)


def test_only_the_later_run_since_a_moment_counts() -> None:
    assert LastRuns(worked_at=5, failed_at=9).since(0) == (None, 9)
    assert LastRuns(worked_at=9, failed_at=5).since(0) == (9, None)
    assert LastRuns(worked_at=9, failed_at=5).since(10) == (None, None)
    assert LastRuns(worked_at=5, failed_at=9, subcode=463).reason == "190/463"
    assert LastRuns(worked_at=5).reason == ""


def test_a_refused_token_counts_under_any_component_name() -> None:
    renamed = [task("Load posts", "FAILED", 900, EXPIRED, job="daily")]
    without_list = [{"jobName": "ig daily", "state": "FAILED", "endTime": 900_000, "message": EXPIRED}]
    above = [{**task("Load posts", "FAILED", 900, "Component failed"), "message": f"Daily failed: {EXPIRED}"}]
    for rows in (renamed, without_list, above):
        found = last_runs(rows)
        assert (found.failed_at, found.reason) == (900, "190/463")


def test_a_job_without_components_proves_by_its_name() -> None:
    row = {"jobName": "Instagram daily", "state": "SUCCESS", "endTime": 900_000, "message": ""}
    assert last_runs([row]).worked_at == 900
    assert last_runs([{**row, "jobName": "daily"}]).worked_at is None


def test_facebooks_message_is_read_from_its_json() -> None:
    found = token_error('Failed: {"error":{"message":"' + EXPIRED + '","type":"OAuthException","code":190}}')
    assert found is not None
    assert found.message == EXPIRED

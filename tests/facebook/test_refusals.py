"""A refusal of a whole app or person is found by code and text; it is about neither credentials nor one token."""

import json

import pytest

from tests.facebook.refusals import CASES, Case
from tests.facebook.stub import Reply, ok, serve
from tests.facebook.talking import APP, TOKEN, talking_to
from tui.facebook.errors import FacebookError, means_app_credentials, means_new_login, means_wrong_app
from tui.facebook.remedies import Refusal, refusal_of

_NO_REFUSALS: list[tuple[int | None, str]] = [
    (200, "(#200) The user hasn't authorized the application to perform this action"),
    (200, "Permissions error"),
    (100, "Unsupported get request. Object with ID 'X' does not exist"),
    (190, "Error validating access token: Session has expired"),
    (1, "Error validating client secret."),
    (101, "Error validating application. Cannot get application info due to a system error."),
    (4, "(#4) Application request limit reached"),
    (7777, "A rule that came into force today"),
    (None, "API access blocked."),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
@pytest.mark.parametrize("where", ["debug_token", "oauth/access_token", "me/accounts", "verify", "app"])
def test_a_refusal_is_found_by_code_and_text(case: Case, where: str) -> None:
    error = case.raised(where)
    assert refusal_of(error) == Refusal(case.remedy, case.subject)
    assert not means_app_credentials(error)
    assert not means_new_login(error)
    assert not means_wrong_app(error)


@pytest.mark.parametrize("code", [100, 190, 102, 10, 3])
def test_the_text_of_a_stopped_app_counts_under_every_code(code: int) -> None:
    error = FacebookError("(#X) API ACCESS deactivated. To reactivate, go to the app dashboard", code=code)
    assert refusal_of(error)
    assert not means_new_login(error)


@pytest.mark.parametrize(("code", "message"), _NO_REFUSALS)
def test_other_errors_are_no_refusals(code: int | None, message: str) -> None:
    assert refusal_of(FacebookError(message, code=code, where="debug_token")) is None


def test_a_passing_fault_is_no_refusal() -> None:
    error = FacebookError("API access blocked.", code=200, cause="server", is_transient=True)
    assert refusal_of(error) is None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
async def test_a_refusal_in_an_inspection_is_not_about_the_token(case: Case) -> None:
    answer = {"data": {"error": {"code": case.code, "message": case.message}, "is_valid": False, "scopes": []}}
    async with serve(ok(answer)) as stub, talking_to(stub) as client:
        with pytest.raises(FacebookError) as caught:
            await client.inspect(APP, TOKEN)
    assert refusal_of(caught.value) == Refusal(case.remedy, case.subject)
    assert caught.value.where == "debug_token"


def _said(message: str, title: str, text: str) -> Reply:
    facts = {"message": message, "code": 7777, "error_user_title": title, "error_user_msg": text}
    return Reply(400, json.dumps({"error": facts}).encode())


async def test_all_that_facebook_says_to_people_is_kept() -> None:
    said = _said("(#7777) Not met", "Rule not met", "Ask \x1b[31mthe owner.")
    async with serve(said) as stub, talking_to(stub) as client:
        with pytest.raises(FacebookError) as caught:
            await client.me(APP, TOKEN)
    message = caught.value.message
    assert message.startswith("(#7777) Not met. Rule not met. Ask ")
    assert message.endswith("the owner.")
    assert "\x1b" not in message


async def test_what_the_text_for_users_repeats_is_said_once() -> None:
    said = _said("Wait a day.", "Wait a day.", "")
    async with serve(said) as stub, talking_to(stub) as client:
        with pytest.raises(FacebookError) as caught:
            await client.me(APP, TOKEN)
    assert caught.value.message == "Wait a day."

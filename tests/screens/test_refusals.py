"""A refused app is one notice, stands in the panel and on the status line, and is named where it is verified."""

import pytest

from tests.facebook.refusals import CASES, Case
from tests.screens.credentials_form import on_credentials
from tests.screens.driving import Person, opened
from tui.facebook.remedies import Subject
from tui.sandbox import RunningSandbox
from tui.wording.facebook import remedy_words

TOKENS = ("user_long", "user_due")
APP_CASES = pytest.mark.parametrize(
    "case", [case for case in CASES if case.subject is Subject.APP][:2], ids=lambda case: case.fault
)


def _times_said(person: Person, case: Case) -> int:
    return person.notices.count(remedy_words(case.remedy).what)


@APP_CASES
@pytest.mark.parametrize("key", ["R", "V"])
async def test_work_on_all_tokens_is_one_notice(facebook: RunningSandbox, case: Case, key: str) -> None:
    async with opened(facebook, tokens=TOKENS, start="tokens") as person:
        await person.rest()
        facebook.fault(case.fault, times=None)
        await person.press(key)
        await person.wait_for(lambda: _times_said(person, case))
        await person.rest()
        assert _times_said(person, case) == 1
        assert "2 tokens of " in person.notices
        await person.wait_for("Meta refuses the app")
        assert "Log in again" not in person.notices


@APP_CASES
async def test_the_panel_says_the_same_sentence(facebook: RunningSandbox, case: Case) -> None:
    async with opened(facebook, tokens=("user_long",), start="tokens", size=(120, 40)) as person:
        await person.rest()
        facebook.fault(case.fault, times=None)
        await person.press("v")
        await person.wait_for(lambda: _times_said(person, case))
        await person.wait_for(lambda: "meaning" in person.flat)
        assert remedy_words(case.remedy).what.split(":")[0] in person.flat
        facebook.clear_faults()
        await person.press("v")
        await person.wait_for(lambda: "meaning" not in person.flat)
        assert "Meta refuses the app" not in person.flat


@APP_CASES
async def test_verifying_the_credentials_says_it(facebook: RunningSandbox, case: Case) -> None:
    async with opened(facebook, tokens=("user_long",), start="credentials", size=(120, 40)) as person:
        await on_credentials(person)
        facebook.fault(case.fault, times=None)
        await person.press("f5")
        await person.wait_for(lambda: remedy_words(case.remedy).what in person.flat)
        assert "-warning" in person.screen.query_one("#outcome").classes

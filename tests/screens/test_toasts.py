"""Toasts leave head, status line and keys in sight, whatever is in them and however many there are."""

import re
from dataclasses import replace
from functools import partial

import pytest
from textual.widgets._toast import Toast

from tests.facebook.test_remedies import ALL_REMEDIES
from tests.screens.driving import Person, opened
from tui.facebook.errors import FacebookError
from tui.facebook.remedies import RemedyCode
from tui.sandbox import RunningSandbox
from tui.widgets.toasts import shortened
from tui.wording.app import NO_PROFILE
from tui.wording.facebook import quoted, remedy_words
from tui.wording.surfaces import Screen, sentences
from tui.wording.text import Action, Do


def test_a_long_text_loses_its_middle_and_keeps_what_to_do() -> None:
    text = "user_due: " + "said " * 2_000 + "Press r."
    shown = shortened(text, 80)
    assert len(shown) <= 5 * 76
    assert shown.startswith("user_due: said")
    assert shown.endswith("Press r.")
    assert " … " in shown


@pytest.mark.parametrize("code", ALL_REMEDIES)
def test_whatever_facebook_says_the_steps_are_whole(code: RemedyCode) -> None:
    remedy = remedy_words(code, retry=Action(Do.TEST_READ))
    said = quoted(FacebookError("Some request failed, said at length. " * 12, code=100, subcode=33))
    shown = shortened(sentences(replace(remedy, what=f"{remedy.what} {said}"), Screen()), 80)
    steps = sentences(replace(remedy, what="", why="", who=None), Screen())
    assert shown.startswith(remedy.what)
    assert steps in shown


def test_a_long_text_is_cut_between_words() -> None:
    words = " ".join(f"word{number}" for number in range(200))
    for extra in range(12):
        begin, end = shortened("x" * extra + " " + words, 80).split(" … ")
        whole = set(words.split())
        assert {begin.split()[-1], end.split()[0]} <= whole


def test_a_text_that_fits_stays_as_it_is() -> None:
    text = "x" * 300
    assert shortened(text, 80) == text


def _toasts(person: Person) -> int:
    return len([node for node in person.screen.children[0].walk_children(Toast) if node.region.height])


def _are_up(person: Person, wanted: int) -> bool:
    return _toasts(person) >= wanted


def _frame(person: Person) -> tuple[str, str, str]:
    lines = person.lines
    return lines[0], re.sub(r"\d", "0", lines[-2]), lines[-1]  # the status line counts down


@pytest.mark.parametrize("text", ["A" * 390_000, "word " * 2_000, "line\n" * 300, "漢字" * 500])
async def test_the_title_of_a_long_toast_is_in_sight(facebook: RunningSandbox, text: str) -> None:
    async with opened(facebook, asked=False, tokens=()) as person:
        person.app.notify(text + "Press r.", title="Could not ask", severity="warning", markup=False)
        await person.wait_for("Could not ask")
        assert "Press r." in person.flat


@pytest.mark.parametrize("size", [(80, 24), (40, 12), (120, 40), (80, 10)])
@pytest.mark.parametrize("text", ["A" * 390_000, "word " * 2_000, "line\n" * 300, "漢字" * 500])
async def test_no_toast_covers_head_status_line_or_keys(
    facebook: RunningSandbox, size: tuple[int, int], text: str
) -> None:
    async with opened(facebook, size=size, asked=False, tokens=()) as person:
        await person.wait_for(lambda: "secrets: " in person.lines[-2] or size[0] < 80)
        before = _frame(person)
        for number in range(1, 6):
            person.app.notify(text, title=f"Could not ask {number}", severity="warning", markup=False)
            await person.wait_for(partial(_are_up, person, min(number, 2)))
            assert _frame(person) == before, person.text


async def test_a_toast_does_not_follow_to_another_screen(facebook: RunningSandbox) -> None:
    async with opened(facebook, asked=False, tokens=()) as person:
        for key, screen in (("f7", "2 Credentials"), ("f6", "1 Guide"), ("f8", "3 Tokens")):
            person.app.notify("A notice about this screen.", timeout=600)
            await person.wait_for("A notice about this screen.")
            await person.press(key)
            await person.wait_for(f"[{screen}]")
            await person.wait_for(lambda: "A notice about this screen." not in person.flat)


async def test_a_toast_about_where_one_is_brought_stays(facebook: RunningSandbox) -> None:
    async with opened(facebook, asked=False, tokens=(), is_seeded=False) as person:
        await person.press("l")
        await person.wait_for("[2 Credentials]")
        await person.wait_for(NO_PROFILE.what)


async def test_the_newest_toast_is_whole_where_not_all_fit(facebook: RunningSandbox) -> None:
    async with opened(facebook, asked=False, tokens=()) as person:
        for number in range(8):
            person.app.notify(f"notice {number} begins " + "word " * 30 + f"notice {number} ends", markup=False)
        await person.wait_for("notice 7 ends")
        assert "notice 7 begins" in person.flat
        assert "notice 0 begins" not in person.flat


async def test_a_toast_over_a_dialog_leaves_its_last_lines_in_sight(facebook: RunningSandbox) -> None:
    async with opened(facebook, asked=False, tokens=()) as person:
        await person.press("question_mark")
        await person.wait_for(lambda: person.screen.is_modal)
        before = person.lines[-2:]
        for number in range(5):
            person.app.notify(f"{number} " + "word " * 200, title=f"Title {number}", markup=False)
        await person.wait_for(lambda: _toasts(person) >= 5)
        assert person.lines[-2:] == before
        assert "4 word" in person.flat

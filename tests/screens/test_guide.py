"""The Guide screen: the order of the steps, ticks, notes and evidence."""

from unittest.mock import patch

import pytest
from textual.widgets import Input, OptionList

from tests.screens.driving import Person, opened
from tui.guide.content import CopyValue, load_guide
from tui.guide.evidence import Code
from tui.guide.sketches import WIDTH, sketches_of
from tui.sandbox import RunningSandbox
from tui.screens.guide import GuideScreen
from tui.screens.main_screen import MainScreen
from tui.services import Services
from tui.widgets.step_pane import StepPane
from tui.wording.app import NO_PROFILE
from tui.wording.guide import NOT_CHECKABLE, RESET_QUESTION

ORDER = ["P1", "P2", *map(str, range(1, 13))]


def shown_ids(person: Person) -> list[str]:
    assert isinstance(person.screen, GuideScreen)
    return [step.id for step in person.screen._shown]


def current(person: Person) -> str:
    assert isinstance(person.screen, GuideScreen)
    step = person.screen._current
    return step.id if step is not None else ""


def glyph(person: Person, step_id: str) -> str:
    """The sign of one step in the list."""
    options = person.screen.query_one(OptionList)
    return str(options.get_option(step_id).prompt).strip()[:3]


def page(person: Person) -> str:
    """The text of the selected step as one line, without the list."""
    return " ".join(" ".join(line.partition("│")[2] for line in person.lines).split())


def status(person: Person, step_id: str) -> str:
    """The stored status of one step."""
    return person.services.guide.state("acme").statuses[step_id]


async def ready(person: Person) -> None:
    await person.wait_for(lambda: isinstance(person.screen, GuideScreen) and person.screen._state is not None)


async def to(person: Person, step_id: str) -> None:
    assert isinstance(person.screen, GuideScreen)
    person.screen.show_item(step_id)
    await person.wait_for(lambda: current(person) == step_id)


async def test_steps_are_in_order_and_the_first_open_one_is_selected(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, tokens=(), start="guide") as person:
        await ready(person)
        assert [step for step in shown_ids(person) if step in ORDER] == ORDER
        assert current(person) == "P1"
        assert "enter goes on" in person.text
        for step in load_guide().walk():
            assert glyph(person, step.id) == "[ ]"


async def test_enter_goes_to_the_next_open_step(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="guide") as person:
        await ready(person)
        await person.press("space")
        await person.wait_for(lambda: glyph(person, "P1") == "[x]")
        seen = [current(person)]
        for _ in range(3):
            await person.press("enter")
            await person.wait_for(lambda: current(person) != seen[-1])
            seen.append(current(person))
        walked = [step.id for step in load_guide().walk()]
        assert seen == sorted(seen, key=walked.index)
        assert len(set(seen)) == 4
        await to(person, "12")
        await person.press("enter")
        await person.wait_for(lambda: current(person) != "12")
        assert current(person) != "P1"


async def test_space_ticks_and_unticks_and_ticks_are_stored(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="guide") as person:
        await ready(person)
        await to(person, "3")
        await person.press("space")
        await person.wait_for(lambda: glyph(person, "3") == "[x]")
        assert current(person) == "3"
        assert "ticked by you" in person.flat
    async with opened(facebook, start="guide", is_seeded=False) as person:
        await ready(person)
        await person.wait_for(lambda: glyph(person, "3") == "[x]")
        await to(person, "3")
        await person.press("space")
        await person.wait_for(lambda: glyph(person, "3") == "[ ]")
        assert status(person, "3") == "open"


def stored_evidence(person: Person) -> set[tuple[object, object]]:
    return {(row[0], row[1]) for row in person.services.vault.notes.evidence("acme")}


async def test_capital_v_runs_all_checks(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        await to(person, "M5")
        await person.press("space", "V")
        await person.wait_for(lambda: glyph(person, "10") == "[✓]")
        assert glyph(person, "M5") == "[x]"
        await person.wait_for(lambda: ("app_credentials", "proven") in stored_evidence(person))
        await to(person, "10")
        await person.wait_for(lambda: "OK. Facebook accepts" in page(person))


async def test_a_contradicted_step_has_its_own_sign(facebook: RunningSandbox) -> None:
    def other_name(services: Services) -> None:
        services.guide.note_name("acme", "app_name", "Quite Another Name")

    async with opened(facebook, start="guide", prepare=other_name) as person:
        await ready(person)
        await to(person, "4")
        await person.press("v")
        await person.wait_for(lambda: glyph(person, "4") == "[!]")
        await person.wait_for(lambda: "not OK. Facebook calls" in page(person))
        await person.wait_for(lambda: "Acme Insights" in page(person))


async def test_without_a_network_earlier_evidence_stays(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        await to(person, "10")
        await person.press("v")
        await person.wait_for(lambda: glyph(person, "10") == "[✓]")
        facebook.stop()
        await person.press("V")
        await person.wait_for(lambda: "unknown" in {row[1] for row in person.services.vault.notes.evidence("acme")})
        assert glyph(person, "10") == "[✓]"
        results = {row[0]: row[1] for row in person.services.vault.notes.evidence("acme")}
        assert "contradicted" not in results.values()
        assert "unknown" in results.values()


@pytest.mark.parametrize("step", ["M1", "A4", "8"])
async def test_copy_qr_code_and_open_use_the_same_link(facebook: RunningSandbox, step: str) -> None:
    async with opened(facebook, start="guide", size=(100, 50)) as person:
        await ready(person)
        await to(person, step)
        screen = person.screen
        assert isinstance(screen, GuideScreen)
        link = screen.link_in_focus()
        value = screen.value_in_focus()
        assert value is not None
        await person.press("o")
        await person.wait_for(lambda: link.url in person.notices)
        assert ("c copies the link" in person.notices) == value.is_link
        assert value.is_link == (value.fetch() == link.url)
        await person.press("g")
        await person.wait_for(f"{link.name}: {link.url.removeprefix('https://')[:20]}")


async def test_a_page_is_wrapped_after_a_resize_on_another_screen(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(80, 24)) as person:
        await ready(person)
        await person.press("2")
        await person.wait_for(lambda: person.app.current_mode == "credentials")
        await person.pilot.resize_terminal(40, 15)
        await person.press("f6")
        await person.wait_for(lambda: person.app.current_mode == "guide" and person.screen.is_current)
        await person.rest()
        place = person.screen.query_one(StepPane).region
        title = person.lines[place.y].strip()
        assert len(title.split()) > 3, person.text


async def test_at_40x15_the_step_has_most_of_the_rows(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="guide", size=(40, 15), is_seeded=False) as person:
        await ready(person)
        await person.wait_for("enter goes on, space ticks, ? keys")
        assert person.screen.query_one("#welcome").size.height == 1
        assert person.screen.query_one(StepPane).size.height >= 7


async def test_a_search_leaves_no_sentence_without_its_key(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="guide", size=(100, 30)) as person:
        await ready(person)
        await person.press("slash")
        await person.type("zzz")
        await person.wait_for("No steps match. esc shows all steps.")
        assert "enter goes on, space ticks a step" in person.flat
        await person.press("escape")
        await to(person, "9")
        await person.wait_for(lambda: "press v." in page(person))
        await person.press("slash")
        await person.wait_for(lambda: "press f5." in page(person))


async def test_the_search_line_is_below_the_steps(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        await person.press("slash")
        await person.wait_for(lambda: isinstance(person.app.focused, Input))
        search = person.screen.query_one("#search").region
        assert search.y == person.screen.query_one("#guide").region.bottom
        assert search.y == len(person.lines) - 3


async def test_v_on_a_step_without_checks_explains_itself(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        step = next(step for step in load_guide().walk() if not step.relevant_checks)
        await to(person, step.id)
        await person.press("v")
        await person.wait_for(NOT_CHECKABLE.what)
        assert facebook.calls() == facebook.calls("debug_token") or not facebook.calls("oauth")


async def test_a_note_is_stored_with_its_step(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(100, 60)) as person:
        await ready(person)
        await to(person, "5")
        await person.press("n")
        await person.wait_for("Note on 5")
        await person.type("ask dana")
        await person.press("enter")
        await person.wait_for("noted")
        assert person.services.guide.state("acme").mark("5").note == "ask dana"


async def test_reset_asks_and_keeps_evidence(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="guide") as person:
        await ready(person)
        await to(person, "10")
        await person.press("v")
        await person.wait_for(lambda: glyph(person, "10") == "[✓]")
        await to(person, "M5")
        await person.press("space")
        await person.wait_for(lambda: glyph(person, "M5") == "[x]")
        await person.press("X")
        await person.wait_for(RESET_QUESTION)
        await person.press("enter")
        await person.wait_for(lambda: isinstance(person.screen, GuideScreen))
        assert status(person, "M5") == "ticked"
        await person.press("X")
        await person.wait_for(RESET_QUESTION)
        await person.press("y")
        await person.wait_for(lambda: glyph(person, "M5") == "[ ]")
        assert glyph(person, "10") == "[✓]"


async def test_search_finds_steps_and_escape_shows_all(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        everything = shown_ids(person)
        await person.press("slash")
        await person.type("redirect")
        await person.wait_for(lambda: 0 < len(shown_ids(person)) < len(everything))
        await person.press("enter")
        assert isinstance(person.app.focused, OptionList)
        await person.press("escape")
        assert shown_ids(person) == everything
        await person.press("slash")
        await person.type("zzzz")
        await person.wait_for("No steps match.")
        await person.press("escape")
        assert shown_ids(person) == everything
        assert not person.screen.query_one("#search", Input).display


async def test_f_shows_only_what_is_open(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="guide") as person:
        await ready(person)
        everything = shown_ids(person)
        await person.press("space")
        await person.wait_for(lambda: glyph(person, "P1") == "[x]")
        await person.press("f")
        assert shown_ids(person) == [step for step in everything if step != "P1"]
        await person.press("f")
        assert shown_ids(person) == everything


@pytest.mark.parametrize("value", ["callback_url", "app_id", "app_secret"])
async def test_c_copies_the_value_that_a_step_needs(facebook: RunningSandbox, value: CopyValue) -> None:
    wanted = {
        "callback_url": facebook.redirect_uri,
        "app_id": facebook.app_id,
        "app_secret": facebook.app_secret,
    }[value]
    step = next(step for step in load_guide().walk() if value in [copy.value for copy in step.copies])
    place = [str(copy.value) for copy in step.copies if copy.value != "dialog_address"].index(value)
    async with opened(facebook, start="guide") as person:
        await ready(person)
        await to(person, step.id)
        await person.press("C")
        await person.wait_for("Copy what?")
        await person.press(str(place + 1))
        await person.wait_for(lambda: person.copied)
        assert person.copied == [wanted]
        assert facebook.app_secret not in person.text


async def test_without_a_profile_the_guide_still_guides(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", is_seeded=False, size=(100, 60)) as person:
        await ready(person)
        for key in ("v", "V", "c", "C", "p", "space", "n"):
            await person.press(key)
            await person.press("escape")
        await to(person, "10")
        await person.wait_for("no profile yet")
        await person.press("v")
        await person.wait_for(NO_PROFILE.what)
        assert facebook.calls() == []


async def test_quick_ticks_during_a_check_are_all_stored(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="guide") as person:
        await ready(person)
        facebook.fault("delay", seconds=2.0, times=None)
        await person.press("V")
        await person.wait_for(lambda: person.app.session.progress is not None)
        await to(person, "M5")
        await person.pilot.press("space", "down", "space", "down", "space")
        await person.wait_for(lambda: person.app.session.progress is None)
        await person.wait_for(lambda: glyph(person, "M5") == "[x]")
        marks = person.services.guide.state("acme").marks
        assert {step for step, mark in marks.items() if mark.ticked_at is not None} == {"M5", "1", "2"}


async def test_pagedown_scrolls_the_page_of_the_step(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, start="guide", size=(80, 24)) as person:
        await ready(person)
        await to(person, "8")
        await person.wait_for("more below: pgdn")
        for _ in range(8):
            await person.press("pagedown")
        await person.wait_for(lambda: "more below" not in person.flat and "o opens it" in page(person))
        assert current(person) == "8"
        await person.press("pageup")
        await person.wait_for("more below: pgdn")


async def test_titles_fit_in_a_small_window(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(80, 24)) as person:
        await ready(person)
        assert "…" not in "".join(line[:33] for line in person.lines[3:22])
        assert all(len(step.short) <= 23 for step in load_guide().walk())


async def test_a_name_and_a_note_are_stored_without_a_profile(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", is_seeded=False, size=(100, 60)) as person:
        await ready(person)
        await to(person, "4")
        await person.press("n")
        await person.wait_for("Display name chosen in step 4")
        await person.type("Acme")
        await person.press("tab")
        await person.type("ask dana")
        await person.press("enter")
        await person.wait_for("Acme (c copies it)")
        await person.wait_for("ask dana")
        assert person.services.guide.value("", "app_name") == "Acme"


async def test_the_first_page_has_the_notes_on_the_guide(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(100, 60)) as person:
        await ready(person)
        await to(person, "P1")
        await person.wait_for(lambda: all(note in page(person) for note in load_guide().notes))


def places_of(person: Person, line: str) -> list[tuple[int, int]]:
    """Rows and columns where a text stands."""
    return [(row, shown.index(line)) for row, shown in enumerate(person.lines) if line in shown]


@pytest.mark.parametrize(("size", "is_beside"), [((120, 40), True), ((80, 48), False), ((40, 48), False)])
async def test_a_sketch_is_beside_or_below_what_to_do(
    facebook: RunningSandbox, size: tuple[int, int], is_beside: bool
) -> None:
    async with opened(facebook, start="guide", size=size) as person:
        await ready(person)
        await to(person, "1")
        (sketch,) = sketches_of("1")
        await person.wait_for(sketch.lines[0])
        (top, left), (do, text) = places_of(person, sketch.lines[0])[0], places_of(person, "Open the Facebook")[0]
        assert (top <= do and left > text) if is_beside else (top > do)
        rows = [person.lines[top + below][left : left + WIDTH] for below in range(len(sketch.lines))]
        assert rows == list(sketch.lines)


async def test_a_key_hides_and_shows_the_sketches(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(100, 48)) as person:
        await ready(person)
        await to(person, "3")
        pages = [sketch.lines[0] for sketch in sketches_of("3")]
        await person.wait_for(lambda: all(page in person.text for page in pages))
        await person.press("s")
        await person.wait_for(lambda: not any(page in person.text for page in pages))
        await to(person, "4")
        assert sketches_of("4")[0].lines[0] not in person.text
        await person.press("s")
        await person.wait_for(sketches_of("4")[0].lines[0])


async def test_checks_leave_the_status_line_of_another_screen(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        facebook.fault("delay", seconds=0.4, times=None)
        await person.press("V")
        await person.wait_for(lambda: person.app.session.progress is not None)
        await person.press("2")
        await person.wait_for("running ")
        with patch.object(MainScreen, "tick"):  # which would put it right a second later, where it runs
            await person.wait_for(lambda: person.app.session.progress is None)
            await person.pilot.pause()
            assert "running " not in person.text


async def test_a_token_proves_the_steps_before_it_unasked(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_long",), start="guide") as person:
        statuses = person.services.guide.state("acme").statuses
        assert {statuses[step] for step in ("1", "2", "3", "4", "5", "6", "7", "10")} == {"proven"}
        found = person.services.guide.state("acme").evidence["login_done"].finding
        assert (found.code, found.facts.token) == (Code.LOGIN_VALID, "user_long")


async def test_step_12_ticked_brings_matillions_row(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=("user_long",), start="guide") as person:
        assert person.app.session.estimates == ()
        person.app.screen.query_one(OptionList).highlighted = [step.id for step in load_guide().walk()].index("12")
        await person.press("space")
        await person.wait_for(lambda: [profile for profile, _ in person.app.session.estimates] == ["acme"])

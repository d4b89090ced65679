"""The Guide screen: the guide's own order, ticks that stay, evidence that is looked at."""

import pytest
from textual.widgets import Input, OptionList

from tests.screens.driving import Person, opened
from tui.guide.content import CopyValue, load_guide
from tui.sandbox import RunningSandbox
from tui.screens.guide import GuideScreen
from tui.services import Services
from tui.widgets.step_pane import StepPane

ORDER = ["P1", "P2", *map(str, range(1, 13))]


def shown_ids(person: Person) -> list[str]:
    assert isinstance(person.screen, GuideScreen)
    return [step.id for step in person.screen._shown]


def current(person: Person) -> str:
    assert isinstance(person.screen, GuideScreen)
    step = person.screen._current
    return step.id if step is not None else ""


def glyph(person: Person, step_id: str) -> str:
    """The sign in front of one step on the screen."""
    options = person.screen.query_one(OptionList)
    return str(options.get_option(step_id).prompt).strip()[:3]


def page(person: Person) -> str:
    """The text of the step in front as one line, without the list beside it."""
    return " ".join(" ".join(line.partition("│")[2] for line in person.lines).split())


def stand(person: Person, step_id: str) -> str:
    """How one step stands in what is stored."""
    return person.services.guide_desk.state("acme").stand[step_id]


async def ready(person: Person) -> None:
    await person.wait_for(lambda: isinstance(person.screen, GuideScreen) and person.screen._state is not None)


async def to(person: Person, step_id: str) -> None:
    assert isinstance(person.screen, GuideScreen)
    person.screen.show_item(step_id)
    await person.wait_for(lambda: current(person) == step_id)


async def test_every_step_of_the_guide_stands_in_its_order_and_the_first_open_one_is_in_front(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        assert [step for step in shown_ids(person) if step in ORDER] == ORDER
        assert current(person) == "P1"
        assert "enter goes on" in person.text
        for step in load_guide().walk():
            assert glyph(person, step.id) == "[ ]"


async def test_enter_goes_to_the_next_open_step_and_passes_over_those_that_are_done(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
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


async def test_space_ticks_and_unticks_and_a_tick_outlives_the_program(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
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
        assert stand(person, "3") == "open"


def stored_evidence(person: Person) -> set[tuple[object, object]]:
    return {(row[0], row[1]) for row in person.services.vault.evidence("acme")}


async def test_capital_v_proves_what_can_be_proven_and_the_two_ticks_look_different(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        await to(person, "3")
        await person.press("space", "V")
        await person.wait_for(lambda: glyph(person, "10") == "[✓]")
        assert glyph(person, "3") == "[x]"
        await person.wait_for(lambda: ("app_credentials", "proven") in stored_evidence(person))
        await to(person, "10")
        await person.wait_for(lambda: "proven: Facebook accepts" in page(person))


async def test_v_shows_a_contradiction_with_a_sign_of_its_own(facebook: RunningSandbox) -> None:
    def other_name(services: Services) -> None:
        services.guide_desk.note_display_name("acme", "Quite Another Name")

    async with opened(facebook, start="guide", prepare=other_name) as person:
        await ready(person)
        await to(person, "4")
        await person.press("v")
        await person.wait_for(lambda: glyph(person, "4") == "[!]")
        await person.wait_for(lambda: "contradicted: Facebook calls" in page(person))
        await person.wait_for(lambda: "Acme Insights" in page(person))


async def test_without_a_network_evidence_is_unknown_and_what_was_proven_stays_proven(
    facebook: RunningSandbox,
) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        await to(person, "10")
        await person.press("v")
        await person.wait_for(lambda: glyph(person, "10") == "[✓]")
        facebook.stop()
        await person.press("V")
        await person.wait_for(lambda: "unknown" in {row[1] for row in person.services.vault.evidence("acme")})
        assert glyph(person, "10") == "[✓]"
        results = {row[0]: row[1] for row in person.services.vault.evidence("acme")}
        assert "contradicted" not in results.values()
        assert "unknown" in results.values()


@pytest.mark.parametrize("step", ["M1", "A4", "8"])
async def test_copy_qr_code_and_open_agree_on_each_step(facebook: RunningSandbox, step: str) -> None:
    async with opened(facebook, start="guide", size=(100, 50)) as person:
        await ready(person)
        await to(person, step)
        screen = person.screen
        assert isinstance(screen, GuideScreen)
        link = screen.link_in_focus()
        value = screen.value_in_focus()
        assert value is not None
        await person.press("o")
        await person.wait_for(lambda: link in person.notices)
        assert ("c copies the link" in person.notices) == value.is_link
        assert value.is_link == (value.fetch() == link)
        await person.press("g")
        await person.wait_for(f"{screen.link_name()}: {link.removeprefix('https://')[:20]}")


async def test_a_page_is_wrapped_for_its_width_after_a_resize_on_another_screen(facebook: RunningSandbox) -> None:
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


async def test_at_40x15_the_step_has_more_rows_than_what_stands_around_it(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="guide", size=(40, 15), is_seeded=False) as person:
        await ready(person)
        await person.wait_for("enter goes on, space ticks, ? keys")
        assert person.screen.query_one("#welcome").size.height == 1
        assert person.screen.query_one(StepPane).size.height >= 7


async def test_the_search_line_stands_below_the_steps_as_on_tokens(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        await person.press("slash")
        await person.wait_for(lambda: isinstance(person.app.focused, Input))
        search = person.screen.query_one("#search").region
        assert search.y == person.screen.query_one("#guide").region.bottom
        assert search.y == len(person.lines) - 3


async def test_v_on_a_step_that_nothing_can_prove_says_so(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        step = next(step for step in load_guide().walk() if not step.relevant_checks)
        await to(person, step.id)
        await person.press("v")
        await person.wait_for("Nothing can prove this step")
        assert facebook.calls() == facebook.calls("debug_token") or not facebook.calls("oauth")


async def test_a_note_is_kept_with_its_step(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(100, 60)) as person:
        await ready(person)
        await to(person, "5")
        await person.press("n")
        await person.wait_for("Note on 5")
        await person.type("ask dana")
        await person.press("enter")
        await person.wait_for("yours")
        assert person.services.guide_desk.state("acme").progress.mark("5").note == "ask dana"


async def test_reset_asks_and_leaves_notes_and_proofs(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        await to(person, "10")
        await person.press("v")
        await person.wait_for(lambda: glyph(person, "10") == "[✓]")
        await to(person, "3")
        await person.press("space")
        await person.wait_for(lambda: glyph(person, "3") == "[x]")
        await person.press("X")
        await person.wait_for("Untick every step?")
        await person.press("enter")
        await person.wait_for(lambda: isinstance(person.screen, GuideScreen))
        assert stand(person, "3") == "ticked"
        await person.press("X")
        await person.wait_for("Untick every step?")
        await person.press("y")
        await person.wait_for(lambda: glyph(person, "3") == "[ ]")
        assert glyph(person, "10") == "[✓]"


async def test_search_finds_steps_by_their_words_and_escape_shows_all(facebook: RunningSandbox) -> None:
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
        await person.wait_for("Nothing fits.")
        await person.press("escape")
        assert shown_ids(person) == everything
        assert not person.screen.query_one("#search", Input).display


async def test_f_shows_only_what_is_open(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        everything = shown_ids(person)
        await person.press("space")
        await person.wait_for(lambda: glyph(person, "P1") == "[x]")
        await person.press("f")
        assert shown_ids(person) == [step for step in everything if step != "P1"]
        await person.press("f")
        assert shown_ids(person) == everything


@pytest.mark.parametrize("value", ["callback_url", "app_id", "app_secret"])
async def test_c_copies_the_very_value_a_step_needs(facebook: RunningSandbox, value: CopyValue) -> None:
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
        await person.wait_for("There is no profile to look at yet")
        assert facebook.calls() == []


async def test_quick_ticks_and_a_tick_while_facebook_is_asked_are_all_kept(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide") as person:
        await ready(person)
        facebook.fault("delay", seconds=0.4, times=None)
        await person.press("V")
        await person.wait_for(lambda: person.app.session.progress is not None)
        await to(person, "3")
        await person.pilot.press("space", "down", "space", "down", "space")
        await person.wait_for(lambda: person.app.session.progress is None)
        await person.wait_for(lambda: glyph(person, "3") == "[x]")
        marks = person.services.guide_desk.state("acme").progress.marks
        assert [step for step, mark in marks.items() if mark.ticked_at is not None] == ["3", "4", "5"]


async def test_the_page_says_that_it_goes_on_and_pagedown_reads_on_without_leaving_the_step(
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


async def test_every_step_is_named_whole_in_a_small_window(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(80, 24)) as person:
        await ready(person)
        assert "…" not in "".join(line[:33] for line in person.lines[3:22])
        assert all(len(step.short) <= 23 for step in load_guide().walk())


async def test_a_name_and_a_note_are_kept_side_by_side_with_or_without_a_profile(facebook: RunningSandbox) -> None:
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
        assert person.services.guide_desk.value("", "app_name") == "Acme"


async def test_the_first_page_carries_the_notes_on_the_whole_guide(facebook: RunningSandbox) -> None:
    async with opened(facebook, start="guide", size=(100, 60)) as person:
        await ready(person)
        await to(person, "P1")
        await person.wait_for(lambda: all(note in page(person) for note in load_guide().notes))

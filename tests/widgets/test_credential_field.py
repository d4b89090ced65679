"""The credential field in a pilot: what is pasted, what the screen shows, what the value is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.widgets import Input
from textual.widgets.input import Selection

from tui.credentials.flaws import Context, Field
from tui.screens.looks import own_names
from tui.widgets.ascii_lines import plain
from tui.widgets.credential_field import CredentialField, FlawList
from tui.widgets.credential_input import CredentialInput, shown_as

SECRET = "3f9c1e07a5b2d8466e0d91c7f2ab5834"
APP_ID = "104482915371923"
URL = "https://etl.example.com/oauth/instagram/callback"
STYLES = Path(__file__).parents[2] / "styles" / "credential_field.tcss"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("tui.widgets.credential_input.monotonic", clock)
    return clock


class Host(App[None]):
    """Hosts one field alone."""

    CSS_PATH = STYLES

    def __init__(
        self,
        field: Field,
        *,
        context: Callable[[], Context] = dict,
        short_label: str = "",
    ) -> None:
        super().__init__()
        self.submitted: list[str] = []
        self.values: list[str] = []
        self.field = CredentialField(
            field,
            label="The field",
            short_label=short_label,
            context=context,
            id="field",
            fix_key="f2",
        )

    def get_css_variables(self) -> dict[str, str]:
        variables = super().get_css_variables()
        return {**variables, **own_names(variables)}

    def compose(self) -> ComposeResult:
        yield self.field
        yield Input(id="other")

    def on_mount(self) -> None:
        self.field.focus_input()

    def on_credential_field_changed(self, event: CredentialField.Changed) -> None:
        self.values.append(event.control.value)

    def on_credential_field_submitted(self, event: CredentialField.Submitted) -> None:
        self.submitted.append(event.control.value)


def screen_lines(app: App[None]) -> list[str]:
    """Return what the screen shows, line by line."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


async def paste(pilot: Pilot[None], text: str) -> None:
    """Paste as a terminal with bracketed paste does."""
    target = pilot.app.focused
    assert target is not None
    target.post_message(events.Paste(text))
    await pilot.pause()
    await pilot.pause(0.08)


PASTES = [
    (SECRET + " ", "trailing space, SPACE U+0020 after character 32", "␣"),
    (SECRET + "\n", "trailing line break, LINE FEED U+000A after character 32", "⏎"),
    (SECRET + "\u00a0", "trailing space, NO-BREAK SPACE U+00A0 after character 32", "▯"),
    (SECRET + "\u200b", "trailing invisible character, ZERO WIDTH SPACE U+200B after character 32", "▯"),
]


@pytest.mark.parametrize(("text", "said", "mark"), PASTES)
async def test_a_pasted_secret_keeps_its_flaw_shown_at_its_cell(text: str, said: str, mark: str) -> None:
    app = Host("app_secret")
    async with app.run_test(size=(80, 24)) as pilot:
        await paste(pilot, text)
        assert app.field.value == text
        assert [(flaw.start, flaw.end) for flaw in app.field.flaws] == [(32, 33)]
        lines = screen_lines(app)
        assert lines[1].strip(" ▌") == "•" * 32 + mark
        assert lines[2] == " " * (1 + 32) + "^"
        assert said in lines[3]
        assert SECRET[:4] not in "\n".join(lines)
        assert app.submitted == []


async def test_a_pasted_callback_that_was_wrapped_arrives_whole() -> None:
    app = Host("callback_url")
    wrapped = URL[:20] + "\n  " + URL[20:]
    async with app.run_test(size=(80, 24)) as pilot:
        await paste(pilot, wrapped)
        assert app.field.value == wrapped
        assert app.field.fix_all()
        assert app.field.value == URL
        assert app.field.flaws == ()
        app.field.action_undo_paste()
        assert app.field.value == wrapped


async def test_a_lone_carriage_return_becomes_the_line_feed_again() -> None:
    app = Host("app_secret")
    async with app.run_test() as pilot:
        await paste(pilot, f"{SECRET}\r")
        assert app.field.value == SECRET + "\n"


async def test_undo_restores_an_overwritten_value_in_one_step() -> None:
    app = Host("callback_url")
    async with app.run_test() as pilot:
        app.field.set_value(URL)
        for begin in (("ctrl+a",), ("ctrl+u",)):
            app.query_one(CredentialInput).selection = Selection(0, len(URL))
            if begin == ("ctrl+u",):
                await pilot.press("end", *begin)
            for letter in "pqr":
                await pilot.press(letter)
                await pilot.pause()
            assert app.field.value == "pqr"
            await pilot.press("f9")
            await pilot.pause()
            assert app.field.value == URL


async def test_the_answer_of_facebook_is_shown_on_two_lines() -> None:
    app = Host("app_id")
    async with app.run_test(size=(80, 24)) as pilot:
        await paste(pilot, "bad name!")
        shown = " ".join(" ".join(screen_lines(app)).split())
        assert '"Invalid App ID: The provided app ID does not look like a valid app ID."' in shown


async def test_a_long_label_is_replaced_by_a_shorter_one() -> None:
    app = Host("app_id", short_label="It")
    async with app.run_test(size=(40, 15)) as pilot:
        assert screen_lines(app)[0] == "The field"
        await pilot.resize_terminal(8, 15)
        await pilot.pause()
        assert screen_lines(app)[0] == "It"


async def test_undo_restores_the_pasted_text_after_two_fixes() -> None:
    app = Host("app_secret")
    async with app.run_test() as pilot:
        await paste(pilot, f'"{SECRET}" ')
        assert len(app.field.flaws) == 3
        assert app.field.fix_first()
        assert app.field.value == f'{SECRET}" '
        assert app.field.fix_all()
        assert app.field.value == SECRET
        await pilot.press("f9")
        await pilot.press("f9")
        assert app.field.value == f'"{SECRET}" '


async def test_carets_are_right_behind_wide_characters() -> None:
    app = Host("app_id")
    async with app.run_test(size=(80, 24)) as pilot:
        await paste(pilot, "１２3\u0301456789012345\u00a0")
        lines = screen_lines(app)
        shown, carets = lines[1], lines[2]
        assert shown.startswith("▌１２3▯4567")
        assert carets == " ^^^^ ^" + " " * 12 + "^"


async def test_the_carets_follow_a_text_longer_than_the_line() -> None:
    app = Host("callback_url")
    async with app.run_test(size=(40, 24)) as pilot:
        await paste(pilot, URL + "\u200b")
        await pilot.pause()
        lines = screen_lines(app)
        assert lines[2].index("^") == lines[1].index("▯")
        await pilot.press("home")
        await pilot.pause(0.08)
        assert screen_lines(app)[2].endswith(">")
        assert all(len(line) <= 40 for line in screen_lines(app))


async def type_keys(clock: Clock, pilot: Pilot[None], keys: list[str], gap: float) -> None:
    for key in keys:
        clock.now += gap
        await pilot.press(key)


async def test_a_paste_that_comes_as_keys_keeps_its_line_ends(clock: Clock) -> None:
    app = Host("app_secret")
    async with app.run_test() as pilot:
        await type_keys(clock, pilot, [*SECRET[:16], "enter", *SECRET[16:], "enter"], 0.001)
        await pilot.pause(0.1)
        assert app.field.value == SECRET[:16] + "\n" + SECRET[16:] + "\n"
        assert app.submitted == []
        assert app.focused is app.field.query_one(CredentialInput)


async def test_a_tab_inside_a_burst_does_not_leave_the_field(clock: Clock) -> None:
    app = Host("app_secret")
    async with app.run_test() as pilot:
        await type_keys(clock, pilot, [*SECRET, "tab"], 0.001)
        assert app.field.value == SECRET + "\t"
        await type_keys(clock, pilot, ["tab"], 1.0)
        assert app.focused is app.query_one("#other")


async def test_a_line_end_before_a_burst_is_kept(clock: Clock) -> None:
    app = Host("app_secret")
    async with app.run_test() as pilot:
        clock.now += 5
        for key in ("enter", *SECRET[:6]):
            app.post_message(events.Key(key, "\r" if key == "enter" else key))
        await pilot.pause(0.1)
        assert app.field.value == "\n" + SECRET[:6]
        assert app.submitted == []


async def test_enter_pressed_by_hand_submits(clock: Clock) -> None:
    app = Host("app_id")
    async with app.run_test() as pilot:
        await type_keys(clock, pilot, [*APP_ID, "enter"], 0.2)
        await pilot.pause(0.2)
        assert app.submitted == [APP_ID]
        assert app.field.value == APP_ID


async def test_a_masked_value_is_never_copied_or_cut() -> None:
    app = Host("app_secret")
    async with app.run_test() as pilot:
        await paste(pilot, SECRET)
        await pilot.press("shift+home", "ctrl+c")
        await pilot.press("ctrl+x")
        assert app.clipboard == ""
        assert app.field.value == SECRET
        app.field.reveal(True)
        await pilot.press("shift+home", "ctrl+c")
        assert SECRET in screen_lines(app)[1] or app.clipboard in SECRET


async def test_a_secret_is_readable_only_while_revealed() -> None:
    app = Host("app_secret")
    async with app.run_test() as pilot:
        await paste(pilot, SECRET)
        assert SECRET not in "\n".join(screen_lines(app))
        app.field.reveal(True)
        await pilot.pause()
        assert SECRET in "\n".join(screen_lines(app))
        app.field.reveal(False)
        await pilot.pause()
        assert SECRET not in "\n".join(screen_lines(app))


async def test_a_click_on_a_flaw_fixes_it() -> None:
    app = Host("app_secret")
    async with app.run_test() as pilot:
        await paste(pilot, f'"{SECRET}" ')
        await pilot.click(FlawList, offset=(5, 2))
        assert app.field.value == f'"{SECRET} '


async def test_a_flawed_field_has_four_lines_at_most() -> None:
    app = Host("app_secret")
    async with app.run_test(size=(80, 24)) as pilot:
        assert not app.field.query_one(FlawList).display
        await paste(pilot, "\u200b\u00a0\t" + SECRET[:9] + "g\u00ad" + SECRET[9:] + " \n")
        assert len(app.field.flaws) > 4
        assert app.field.query_one(FlawList).size.height <= 4
        app.field.set_value(SECRET)
        await pilot.pause()
        assert not app.field.query_one(FlawList).display


async def test_flaws_from_another_field_are_found_by_reinspecting() -> None:
    other: dict[Field, str] = {}
    app = Host("app_secret", context=lambda: other)
    async with app.run_test() as pilot:
        await paste(pilot, SECRET)
        assert not app.field.flaws
        other["client_token"] = SECRET
        app.field.reinspect()
        assert [flaw.kind for flaw in app.field.flaws] == ["same_as_other_field"]


def test_every_sign_is_one_code_point_with_its_own_cell() -> None:
    from rich.cells import get_character_cell_size

    for code_point in (
        *range(0x3000),
        *range(0xD800, 0xD900),
        *range(0xFE00, 0x10000),
        *range(0x1F1E0, 0x1F700),
        0xE0041,
    ):
        sign = shown_as(chr(code_point))
        assert len(sign) == 1
        assert get_character_cell_size(sign) >= 1
        assert not 0xD800 <= ord(sign) <= 0xDFFF
        assert plain(sign).isascii()
        assert len(plain(sign)) == get_character_cell_size(sign)


async def test_the_first_flaw_is_shown_whole_at_forty_columns() -> None:
    app = Host("app_secret")
    async with app.run_test(size=(40, 24)) as pilot:
        await paste(pilot, SECRET + "\u200b")
        shown = " ".join(" ".join(screen_lines(app)[3:6]).split())
        assert "ZERO WIDTH SPACE U+200B after character 32 [f2 fixes]" in shown
        assert app.field.query_one(FlawList).size.height == 4

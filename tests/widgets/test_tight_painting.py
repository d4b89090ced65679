"""What is painted is exactly what differs from what the terminal shows, and it always ends up as it should."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from tests.terminals.emulator import Emulator
from tui.widgets.tight_painting import Pen, Shown, TightCompositor, TightUpdate, _cells

COLUMNS, ROWS = 24, 4
CONSOLE = Console(color_system="truecolor", force_terminal=True, width=COLUMNS, height=ROWS)
STYLES = (
    Style(color="#a5a9af", bgcolor="#12161c"),
    Style(color="#fbc080", bgcolor="#12161c", bold=True),
    Style(color="#a5a9af", bgcolor="#274258"),
    Style(underline=True),
)

texts = st.text(st.sampled_from("ab 0123456789é●━日本한e\u0301"), max_size=COLUMNS)
lines = st.lists(st.tuples(texts, st.sampled_from(STYLES)), max_size=4)
screens = st.lists(lines, min_size=ROWS, max_size=ROWS)


def frame(shown: Shown, content: list[list[tuple[str, Style]]], *, is_marked: bool = False) -> str:
    """Paint a whole screen."""
    strips = [
        Strip([Segment(text, style) for text, style in line]).adjust_cell_length(COLUMNS, STYLES[0]) for line in content
    ]
    pieces = [(y, 0, _cells(strip)) for y, strip in enumerate(strips)]
    shown.begin(Size(COLUMNS, ROWS))
    return TightUpdate(pieces, shown, is_marked=is_marked).render_segments(CONSOLE)


def emulator() -> Emulator:
    """A terminal that does not wrap, as Textual sets it."""
    made = Emulator(COLUMNS, ROWS)
    made.feed("\x1b[?7l")
    return made


def plain(*texts: str) -> list[list[tuple[str, Style]]]:
    """A screen of these lines in one style."""
    return [[(text, STYLES[0])] for text in (*texts, *[""] * (ROWS - len(texts)))]


def test_what_the_terminal_shows_already_is_not_written_again() -> None:
    shown = Shown()
    frame(shown, plain("57d 03:12:09"))
    assert frame(shown, plain("57d 03:12:09")) == ""


def test_a_digit_that_changes_costs_a_move_a_style_and_the_digit() -> None:
    shown = Shown()
    frame(shown, plain("57d 03:12:09"))
    written = frame(shown, plain("57d 03:12:08"))
    assert written == "\x1b[1;12H\x1b[38;2;165;169;175;48;2;18;22;28m8\x1b[0m"


def test_equal_styles_are_shared_and_near_changes_share_a_move() -> None:
    shown = Shown()
    frame(shown, plain("57d 03:12:00", "41d 07:00:10"))
    written = frame(shown, plain("57d 03:11:59", "41d 07:00:09"))
    assert written.count("m") - written.count("d ") == 2  # one style, one reset
    assert written.count("H") == 2


def test_only_the_part_of_a_style_that_changes_is_named() -> None:
    pen = Pen(CONSOLE)
    pen.write(0, 0, [("a", STYLES[0]), ("b", STYLES[2])])
    assert pen.text(False) == "\x1b[1;1H\x1b[38;2;165;169;175;48;2;18;22;28ma\x1b[48;2;39;66;88mb\x1b[0m"


def test_all_is_painted_again_after_another_painter() -> None:
    shown = Shown()
    first = frame(shown, plain("one", "two"))
    shown.forget()
    assert frame(shown, plain("one", "two")) == first


def test_another_size_is_painted_from_nothing() -> None:
    shown = Shown()
    first = frame(shown, plain("one"))
    shown.begin(Size(80, 24))
    assert frame(shown, plain("one")) == first


def test_only_a_long_frame_is_marked() -> None:
    shown = Shown()
    many = [[("x" * 6, style) for style in STYLES] for _ in range(ROWS)]
    written = frame(shown, many, is_marked=True)
    assert written.startswith("\x1b[?2026h")
    assert written.endswith("\x1b[?2026l")
    many[0][0] = ("xxxxxy", STYLES[0])
    assert "2026" not in frame(shown, many, is_marked=True)


@settings(max_examples=30, deadline=None)
@given(st.lists(screens, min_size=2, max_size=5))
def test_painting_differences_shows_the_same_as_painting_all(
    frames: list[list[list[tuple[str, Style]]]],
) -> None:
    shown, by_differences = Shown(), emulator()
    for content in frames:
        by_differences.feed(frame(shown, content))
        whole = emulator()
        whole.feed(frame(Shown(), content))
        assert by_differences.cells == whole.cells


def test_colors_are_those_that_the_terminal_has() -> None:
    console = Console(color_system="standard", force_terminal=True)
    assert console._color_system is ColorSystem.STANDARD
    pen = Pen(console)
    pen.write(0, 0, [("a", Style(color="#ff0000"))])
    assert pen.text(False) == "\x1b[1;1H\x1b[31ma\x1b[0m"


class Patch(Widget):
    """Shows the same sign everywhere."""

    sign = "a"

    def render_line(self, y: int) -> Strip:
        """Return one line of it."""
        cells = len(self.sign.encode()) // 3 + 1  # a sign of three bytes takes two cells here
        text = (self.sign * self.size.width)[: self.size.width // cells]
        return Strip([Segment(text, self.rich_style)]).adjust_cell_length(self.size.width, self.rich_style)


class Layered(Screen[None]):
    """Patches beside, over and partly outside of each other; every frame is fed to a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor: TightCompositor = TightCompositor()
        self.terminal = Emulator(40, 10)
        self.asked: list[str] = []

    def compose(self) -> ComposeResult:
        """Four patches."""
        for name in ("back", "beside", "over", "outside"):
            yield Patch(id=name)

    def _compositor_refresh(self) -> None:
        self.terminal.feed(self.painted())
        self._dirty_widgets.clear()

    def painted(self) -> str:
        """Return what is written for what is dirty."""
        update = self._compositor.render_update()
        return update.render_segments(CONSOLE) if isinstance(update, TightUpdate) else ""

    def from_nothing(self) -> Emulator:
        """Return a terminal that was painted all at once."""
        self._compositor.forget()
        self._compositor._dirty_regions = {Region(0, 0, 40, 10)}
        made = Emulator(40, 10)
        made.feed(self.painted())
        return made

    def by_textual(self) -> Emulator:
        """Return a terminal that was painted by Textual alone."""
        made = Emulator(40, 10)
        made.feed("\x1b[?7l")
        made.feed(self._compositor.render_full_update().render_segments(CONSOLE))
        return made


class LayeredApp(App[None]):
    """Opens on the layers."""

    CSS = """
    Layered { layers: default front; }
    Patch { position: absolute; }
    #back { width: 30; height: 8; offset: 2 1; background: #112233; }
    #beside { width: 20; height: 6; offset: 31 0; background: #332211; overflow: auto; }
    #over { layer: front; width: 7; height: 4; offset: 11 3; background: #223311; }
    #outside { layer: front; width: 12; height: 5; offset: 33 7; background: #331122; }
    """

    def get_default_screen(self) -> Screen[None]:
        """Return the layers."""
        return Layered()


Change = tuple[str, str, tuple[int, int] | None, Region | None]
"""A patch, the sign it shows from now on, where it goes if it moves, what is dirty besides."""


def changes(signs: str) -> st.SearchStrategy[list[Change]]:
    """What may happen to patches."""
    places = st.tuples(st.integers(0, 30), st.integers(0, 7))
    regions = st.builds(Region, st.integers(0, 29), st.integers(0, 7), st.integers(1, 12), st.integers(1, 4))
    names = st.sampled_from(["back", "beside", "over", "outside"])
    change = st.tuples(names, st.sampled_from(signs), st.none() | places, st.none() | regions)
    return st.lists(change, min_size=1, max_size=8)


async def change_and_compare(changes: list[Change], expected: Callable[[Layered], Emulator]) -> None:
    """Make one change after the other; each time the terminal must show what `expected` does."""
    app = LayeredApp()
    async with app.run_test(size=(40, 10)) as pilot:
        screen = app.screen
        assert isinstance(screen, Layered)
        await pilot.pause()
        for name, sign, place, region in changes:
            patch = screen.query_one(f"#{name}", Patch)
            if sign != patch.sign:
                patch.sign = sign
                patch.refresh()
            if place is not None:
                patch.styles.offset = place
            if region is not None:
                screen._compositor._dirty_regions.add(region)
            await pilot.pause()
            screen._compositor_refresh()
            assert screen.terminal.cells == expected(screen).cells


@settings(max_examples=20, deadline=None)
@given(changes("ab"))
def test_a_part_painted_again_is_what_textual_shows(
    changes: list[Change],
) -> None:
    asyncio.run(change_and_compare(changes, Layered.by_textual))


@settings(max_examples=20, deadline=None)
@example([("back", "日", None, None), ("over", "a", (14, 3), None), ("over", "a", (21, 3), None)])
@example([("beside", "日", None, None), ("over", "本", (28, 1), None), ("over", "a", (25, 2), Region(31, 1, 2, 4))])
@given(changes("ab日本"))
def test_wide_signs_at_the_edges_of_a_repaint_are_whole(
    changes: list[Change],
) -> None:
    asyncio.run(change_and_compare(changes, Layered.from_nothing))


def test_only_widgets_with_a_dirty_line_are_asked_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str | None, Region]] = []
    real = Widget.render_lines

    def render_lines(self: Widget, crop: Region) -> list[Strip]:
        asked.append((self.id, crop))
        return real(self, crop)

    async def run() -> None:
        app = LayeredApp()
        async with app.run_test(size=(40, 10)) as pilot:
            await pilot.pause()
            monkeypatch.setattr(Widget, "render_lines", render_lines)
            app.screen.query_one("#back").refresh(Region(1, 0, 5, 1), Region(1, 7, 5, 1))
            await pilot.pause()
            assert {name for name, _ in asked} == {"back"}
            asked.clear()
            app.screen.query_one("#over").refresh(Region(1, 1, 1, 1))
            await pilot.pause()
            assert asked == [("over", Region(0, 1, 7, 1))]

    asyncio.run(run())

"""What is painted is exactly what differs from what the terminal shows, and it always ends up as it should."""

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip

from tests.terminals.emulator import Emulator
from tui.widgets.tight_painting import Pen, Shown, TightLayout

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


def frame(shown: Shown, content: list[list[tuple[str, Style]]]) -> str:
    """Paint a whole screen."""
    strips = [
        Strip([Segment(text, style) for text, style in line]).adjust_cell_length(COLUMNS, STYLES[0]) for line in content
    ]
    update = TightLayout(_layout(strips), shown)
    return update.render_segments(CONSOLE)


def _layout(strips: list[Strip]):  # type: ignore[no-untyped-def]
    from textual._compositor import LayoutUpdate

    return LayoutUpdate([[strip] for strip in strips], Region(0, 0, COLUMNS, ROWS))


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


def test_neighbours_of_one_style_share_it_and_near_changes_share_a_move() -> None:
    shown = Shown()
    frame(shown, plain("57d 03:12:00", "41d 07:00:10"))
    written = frame(shown, plain("57d 03:11:59", "41d 07:00:09"))
    assert written.count("m") - written.count("d ") == 2  # one style, one reset
    assert written.count("H") == 2


def test_only_the_part_of_a_style_that_changes_is_named() -> None:
    pen = Pen(CONSOLE)
    pen.write(0, 0, [("a", STYLES[0]), ("b", STYLES[2])])
    assert pen.text(False) == "\x1b[1;1H\x1b[38;2;165;169;175;48;2;18;22;28ma\x1b[48;2;39;66;88mb\x1b[0m"


def test_whoever_painted_in_between_all_is_painted_again() -> None:
    shown = Shown()
    first = frame(shown, plain("one", "two"))
    shown.forget()
    assert frame(shown, plain("one", "two")) == first


def test_another_size_is_painted_from_nothing() -> None:
    shown = Shown()
    first = frame(shown, plain("one"))
    shown.begin(Size(80, 24))
    assert frame(shown, plain("one")) == first


def test_a_long_frame_is_marked_where_the_terminal_knows_the_marks_and_a_tick_is_not() -> None:
    shown = Shown()
    shown.is_marked = True
    many = [[("x" * 6, style) for style in STYLES] for _ in range(ROWS)]
    written = frame(shown, many)
    assert written.startswith("\x1b[?2026h")
    assert written.endswith("\x1b[?2026l")
    many[0][0] = ("xxxxxy", STYLES[0])
    assert "2026" not in frame(shown, many)


@settings(max_examples=30, deadline=None)
@given(st.lists(screens, min_size=2, max_size=5))
def test_a_terminal_that_is_told_the_differences_shows_what_one_that_is_told_all_shows(
    frames: list[list[list[tuple[str, Style]]]],
) -> None:
    shown, by_differences = Shown(), emulator()
    for content in frames:
        by_differences.feed(frame(shown, content))
        whole = emulator()
        whole.feed(frame(Shown(), content))
        assert by_differences.cells == whole.cells


def test_colours_are_those_that_the_terminal_has() -> None:
    console = Console(color_system="standard", force_terminal=True)
    assert console._color_system is ColorSystem.STANDARD
    pen = Pen(console)
    pen.write(0, 0, [("a", Style(color="#ff0000"))])
    assert pen.text(False) == "\x1b[1;1H\x1b[31ma\x1b[0m"

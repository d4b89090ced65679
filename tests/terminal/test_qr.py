"""What is drawn is read back by an independent decoder from the cells, and from the bytes a terminal gets."""

import re
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.terminal import scanning
from tests.terminal.scanning import Matrix, Painted, decoded
from tui.terminal.capabilities import Capabilities, detect
from tui.terminal.qr import BLANK, NoColors, QrCode, TooSmall, draw_qr, sgr_lines

LINK = (
    "https://www.facebook.com/v26.0/dialog/oauth?client_id=123456789012345&redirect_uri=http%3A%2F%2Flocalhost%3A8765%2F"
    "&state=Zm9vYmFyYmF6cXV1eA&response_type=code&scope=pages_show_list%2Cinstagram_basic%2Cbusiness_management"
)
SHORT = "https://www.facebook.com/device?user_code=AB12CD34&qr=1"


def terminal(**environ: str) -> Capabilities:
    return detect({"TERM": "xterm-256color", "LANG": "C.UTF-8", **environ}, lambda _: None)


USUAL, ASCII = terminal(), terminal(LANG="C")


def drawn(text: str, columns: int, rows: int, seen: Capabilities = USUAL) -> QrCode:
    code = draw_qr(text, columns, rows, seen)
    assert isinstance(code, QrCode)
    return code


def columns_of(code: QrCode) -> int:
    (columns,) = {sum(len(run.text) for run in line) for line in code.lines}
    return columns


def is_whole(code: QrCode) -> bool:
    """Whether a module is two cells of one row."""
    return all(run.is_dark == run.is_on_dark for line in code.lines for run in line)


def modules_of(code: QrCode) -> Matrix:
    """Return what a camera sees, row by row."""
    cells = [[Painted(sign, run.is_dark, run.is_on_dark) for run in line for sign in run.text] for line in code.lines]
    return scanning.modules_of(cells)


def border_of(code: QrCode) -> int:
    """Return the fewest light modules on any side."""
    modules = modules_of(code)
    turned = [*zip(*modules, strict=True)]
    return min(_light_before(rows) for rows in (modules, modules[::-1], turned, turned[::-1]))


def _light_before(rows: Sequence[Sequence[bool]]) -> int:
    return next(place for place, row in enumerate(rows) if any(row))


@pytest.mark.parametrize("text", [LINK, SHORT])
@pytest.mark.parametrize(("size", "seen"), [((200, 100), USUAL), ((200, 100), ASCII), ((80, 50), USUAL)])
def test_the_link_is_read_back_from_the_cells(text: str, size: tuple[int, int], seen: Capabilities) -> None:
    code = drawn(text, *size, seen)
    assert decoded(modules_of(code)) == text
    assert border_of(code) >= 2


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=300), st.integers(20, 200))
def test_what_is_drawn_fits_and_is_the_code(text: str, columns: int) -> None:
    import segno

    code = draw_qr(text, columns, 50, USUAL)
    if isinstance(code, QrCode):
        assert columns_of(code) <= columns
        assert len(code.lines) <= 50
        assert border_of(code) >= 2
        wanted = [[bool(dark) for dark in row] for row in segno.make(text, error="l", micro=False).matrix]
        modules = modules_of(code)
        top, left = (
            next(i for i, row in enumerate(rows) if any(row)) for rows in (modules, zip(*modules, strict=True))
        )
        assert [row[left : left + len(wanted)] for row in modules[top : top + len(wanted)]] == wanted
    else:
        assert isinstance(code, TooSmall)
        assert code.columns > columns or code.rows > 50


def test_whole_cells_are_taken_where_they_fit() -> None:
    assert is_whole(drawn(SHORT, 120, 39))
    assert not is_whole(drawn(SHORT, 80, 23))


def test_a_smaller_border_is_taken_before_smaller_cells() -> None:
    wide = drawn(SHORT, 200, 100)
    assert border_of(wide) == 4
    narrow = drawn(SHORT, columns_of(wide) - 2, 100)
    assert border_of(narrow) == 2
    assert is_whole(narrow)


def test_the_code_for_a_device_fits_80_columns_by_24_rows() -> None:
    assert isinstance(draw_qr(SHORT, 80, 23, USUAL), QrCode)


@pytest.mark.parametrize("seen", [USUAL, ASCII])
def test_too_small_says_what_it_needs_and_that_is_enough(seen: Capabilities) -> None:
    refused = draw_qr(LINK, 40, 20, seen)
    assert isinstance(refused, TooSmall)
    assert isinstance(draw_qr(LINK, refused.columns, refused.rows, seen), QrCode)
    assert isinstance(draw_qr(LINK, refused.columns - 1, refused.rows, seen), TooSmall)
    assert isinstance(draw_qr(LINK, refused.columns, refused.rows - 1, seen), TooSmall)


def test_a_text_that_no_code_holds_is_said_to_be_too_long() -> None:
    assert draw_qr("x" * 4000, 1000, 1000, USUAL) == TooSmall(0, 0)


def test_without_colors_nothing_is_drawn() -> None:
    assert draw_qr(SHORT, 200, 100, terminal(NO_COLOR="1")) == NoColors(is_asked_for=True)
    assert draw_qr(SHORT, 200, 100, terminal(TERM="dumb")) == NoColors(is_asked_for=False)


def test_ascii_drawing_is_ascii() -> None:
    assert all(map(str.isascii, sgr_lines(drawn(SHORT, 200, 100, ASCII), ASCII)))


def test_a_cell_of_one_color_is_no_glyph() -> None:
    code = drawn(SHORT, 80, 23)
    assert all(set(run.text) == {BLANK} for line in code.lines for run in line if run.is_dark == run.is_on_dark)


@pytest.mark.parametrize("gapped", ["▀", "▄"])
def test_gaps_of_a_font_cut_no_finder_pattern(gapped: str) -> None:
    """Above an upper half or below a lower half the ground shows: at the finder patterns it never cuts dark modules."""
    code = drawn(SHORT, 80, 23)
    modules = modules_of(code)
    side, zone = len(modules[0]) - 4, 2
    cells = [[(sign, run.is_on_dark) for run in line for sign in run.text] for line in code.lines]

    def is_at_finder(x: int, y: int) -> bool:
        x, y = x - zone, y - zone - 1
        return (x < 7 and (y < 7 or y >= side - 7)) or (x >= side - 7 and y < 7)

    cut = []
    for row, line in enumerate(cells):
        for x, (sign, ground) in enumerate(line):
            if sign != gapped:
                continue
            y = 2 * row if sign == "▀" else 2 * row + 1
            neighbor = modules[y + (-1 if sign == "▀" else 1)][x]
            if modules[y][x] and neighbor and not ground and is_at_finder(x, y):
                cut.append((x, y))
    assert not cut


@pytest.mark.parametrize("term", ["xterm", "xterm-256color"])
def test_both_colors_are_set_for_every_cell(term: str) -> None:
    seen = terminal(TERM=term)
    code = drawn(SHORT, 80, 23, seen)
    lines = sgr_lines(code, seen)
    assert len(lines) == len(code.lines)
    for line, wanted in zip(lines, code.lines, strict=True):
        pieces = re.findall(r"\x1b\[([\d;]+)m([^\x1b]+)", line)
        assert "".join(text for _, text in pieces) == "".join(run.text for run in wanted)
        assert all(re.search(r"\b3\d|\b9\d", codes) and re.search(r"\b4\d|\b10\d", codes) for codes, _ in pieces)
        assert line.endswith("\x1b[0m")

"""What is drawn is read back by an independent decoder from the cells."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tui.terminal.qr import QrCode, TooSmall, draw_qr

LINK = (
    "https://www.facebook.com/v26.0/dialog/oauth?client_id=123456789012345&redirect_uri=http%3A%2F%2Flocalhost%3A8765%2F"
    "&state=Zm9vYmFyYmF6cXV1eA&response_type=code&scope=pages_show_list%2Cinstagram_basic%2Cbusiness_management"
)

_DARK = {" ": (0, 0), "▀": (1, 0), "▄": (0, 1), "█": (1, 1)}


def columns_of(code: QrCode) -> int:
    return len(code.lines[0])


def border_of(code: QrCode) -> int:
    """Return the light cells at the left."""
    return min(len(line) - len(line.lstrip()) for line in code.lines)


def decoded(code: QrCode, *, ascii_only: bool = False, inverted: bool = False) -> str:
    """Read the drawn cells with OpenCV's decoder."""
    cv2 = pytest.importorskip("cv2", reason="opencv-python-headless is not installed: no independent decoder")
    numpy = pytest.importorskip("numpy")
    if ascii_only:
        modules = [[int(cell == "#") for cell in line[::2]] for line in code.lines]
    else:
        modules = [[_DARK[cell][half] for cell in line] for line in code.lines for half in (0, 1)]
    dark = numpy.array(modules, dtype=bool) != inverted
    scale = 5
    border = numpy.pad(dark, 4)  # the camera sees the rest of the screen too
    image = numpy.where(numpy.kron(border, numpy.ones((scale, scale))) > 0, 0, 255).astype("uint8")
    return str(cv2.QRCodeDetectorAruco().detectAndDecode(image)[0])


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("inverted", [False, True])
def test_the_link_is_read_back_from_the_cells(ascii_only: bool, inverted: bool) -> None:
    code = draw_qr(LINK, 200, 100, ascii_only=ascii_only, inverted=inverted)
    assert isinstance(code, QrCode)
    assert decoded(code, ascii_only=ascii_only, inverted=inverted) == LINK


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=300))
def test_what_is_drawn_fits_and_is_square(text: str) -> None:
    code = draw_qr(text, 80, 50)
    if isinstance(code, TooSmall):
        assert code.columns > 80 or code.rows > 50
        return
    assert {len(line) for line in code.lines} == {columns_of(code)}
    assert columns_of(code) <= 80
    assert len(code.lines) <= 50
    assert 0 <= 2 * len(code.lines) - columns_of(code) <= 1


def test_a_smaller_border_is_taken_before_giving_up() -> None:
    wide = draw_qr(LINK, 200, 100)
    assert isinstance(wide, QrCode)
    assert border_of(wide) == 4
    narrow = draw_qr(LINK, columns_of(wide) - 4, 100)
    assert isinstance(narrow, QrCode)
    assert border_of(narrow) == 2
    assert decoded(narrow) == LINK


def test_the_border_is_never_lost() -> None:
    for columns in range(40, 100):
        code = draw_qr(LINK, columns, 60)
        if isinstance(code, QrCode):
            assert code.lines[0][0] == " "
            assert {line[0] for line in code.lines} == {" "}


def test_too_small_says_what_it_needs_and_that_is_enough() -> None:
    refused = draw_qr(LINK, 40, 20)
    assert isinstance(refused, TooSmall)
    assert isinstance(draw_qr(LINK, refused.columns, refused.rows), QrCode)
    assert isinstance(draw_qr(LINK, refused.columns - 1, refused.rows), TooSmall)
    assert isinstance(draw_qr(LINK, refused.columns, refused.rows - 1), TooSmall)


def test_a_text_that_no_code_holds_is_said_to_be_too_long() -> None:
    refused = draw_qr("x" * 4000, 1000, 1000)
    assert isinstance(refused, TooSmall)
    assert refused.rows == 0


def test_ascii_drawing_is_ascii() -> None:
    code = draw_qr("https://localhost:8765/go", 200, 100, ascii_only=True)
    assert isinstance(code, QrCode)
    assert all(line.isascii() for line in code.lines)

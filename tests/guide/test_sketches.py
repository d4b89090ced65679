"""The drawn pages: all nine figures of the guide, each in the room there is, with what to press marked and said."""

import re
import tomllib
from pathlib import Path

import pytest

from tui.guide.content import load_guide
from tui.guide.sketches import PRESS, PRESSED, WIDTH, Sketch, sketches_of
from tui.terminal.plain_text import in_ascii
from tui.widgets.ascii_lines import plain

FIGURES: dict[str, str] = tomllib.loads(Path(__file__).with_name("expected.toml").read_text("utf-8"))["figures"]
STEPS = [step.id for step in load_guide().walk()]
SKETCHES = [(step, sketch) for step in STEPS for sketch in sketches_of(step)]
MARKED = re.compile(rf"(\d?){PRESS}([^{PRESSED}]+){PRESSED}")

every_sketch = pytest.mark.parametrize(("step", "sketch"), SKETCHES, ids=lambda value: getattr(value, "title", value))


def marks(sketch: Sketch) -> list[tuple[str, str]]:
    """The order and the text of what is to be pressed or filled in."""
    return [(found[1], found[2].strip()) for line in sketch.lines for found in MARKED.finditer(line)]


def test_every_figure_of_the_guide_has_a_sketch() -> None:
    assert {step: sketches_of(step)[0].title for step in STEPS if sketches_of(step)} == FIGURES
    assert not any(sketches_of(step)[0].date for step in FIGURES)


@every_sketch
def test_a_sketch_is_a_box_of_its_width(step: str, sketch: Sketch) -> None:
    assert {len(line) for line in sketch.lines} == {WIDTH}
    assert {len(plain(line)) for line in sketch.lines} == {WIDTH}
    assert all(line[0] in "┌│├└" and line[-1] in "┐│┤┘" for line in sketch.lines)
    assert "?" not in "".join(map(plain, sketch.lines))


@every_sketch
def test_what_to_press_is_marked_in_order_and_said(step: str, sketch: Sketch) -> None:
    order = [number for number, _ in marks(sketch)]
    assert order
    assert sorted(order) == [str(number) for number in range(1, len(order) + 1)] or order == [""]
    assert sum(line.count(PRESS) for line in sketch.lines) == sum(line.count(PRESSED) for line in sketch.lines)
    assert in_ascii(sketch.words).isascii()


@every_sketch
def test_a_sketch_names_the_buttons_of_its_step(step: str, sketch: Sketch) -> None:
    drawn = " ".join(text for _, text in marks(sketch))
    buttons = load_guide().step(step).buttons
    assert sketch.date or all(button in drawn for button in buttons)
    assert all(button in sketch.words for button in buttons if button in drawn)


@every_sketch
def test_a_page_as_it_is_today_has_a_date_and_a_source(step: str, sketch: Sketch) -> None:
    assert bool(sketch.date) is bool(sketch.source)
    assert not sketch.date or re.fullmatch(r"20\d\d-\d\d", sketch.date)

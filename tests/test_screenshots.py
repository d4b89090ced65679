"""The pictures of the README are what the program shows now, and no secret is in them."""

import pytest

from tests.screenshots import CAST, FOLDER, MOMENTS, Moment, draw, draw_cast


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda moment: moment.name)
def test_a_picture_is_what_the_program_shows_now(moment: Moment) -> None:
    committed = (FOLDER / f"{moment.name}.svg").read_text()
    drawn = draw(moment)
    assert drawn == committed, "python -m tests.screenshots draws them again"
    assert "EAA" not in drawn.replace("&#160;", " ")


def test_the_cast_is_what_the_program_does_now() -> None:
    assert draw_cast() == (FOLDER / f"{CAST}.svg").read_text(), "python -m tests.screenshots draws it again"


def test_every_committed_picture_is_one_of_the_moments() -> None:
    assert {file.stem for file in FOLDER.glob("*.svg")} == {CAST, *(moment.name for moment in MOMENTS)}

"""Every flaw has words, in the same form for every field."""

import pytest

from tui.credentials.flaws import FIELDS, Flaw, FlawKind, Severity, Shape
from tui.credentials.inspection import fix, inspect
from tui.credentials.shapes import _EXPECTED, _OTHER_FAMILIES
from tui.wording.flaws import TITLES, flaw_text, message
from tui.wording.texts import phrases


def test_the_words_are_those_of_the_kinds_of_flaws() -> None:
    assert set(phrases("flaws")) == {*FlawKind, "fields", "elsewhere", "families", "effects"}
    assert set(phrases("flaws", "fields")) == set(FIELDS) == set(TITLES)


@pytest.mark.parametrize("kind", FlawKind)
def test_a_flaw_has_words_in_every_field(kind: FlawKind) -> None:
    for field in FIELDS:
        text = flaw_text(field, Flaw(kind, 2, 5, number=3, shape=Shape.THREADS_TOKEN, other="app_secret"))
        for part in (text.what, text.why, text.hint):
            assert part
            assert "{" not in part
        assert text.why.endswith(".")
        assert message(field, Flaw(kind, 2, 5, shape=Shape.THREADS_TOKEN)).endswith(".")


def test_every_shape_in_a_wrong_field_has_words() -> None:
    assert set(phrases("flaws", "elsewhere")) == set(Shape)
    assert set(phrases("flaws", "families")) == set(_OTHER_FAMILIES) < set(Shape) - {_EXPECTED["token"]}


def test_two_entities_in_a_row_are_both_fixed() -> None:
    text = "EAAB" + "Z" * 60 + "&nbsp;&nbsp;"
    (flaw,) = inspect("token", text)
    assert (flaw.start, flaw.end) == (64, 76)
    assert fix("token", text) == text[:64]


def test_a_callback_that_ends_after_its_host_can_be_right() -> None:
    (flaw,) = inspect("callback_url", "https://matillion.example.com/")
    text = flaw_text("callback_url", flaw)
    assert flaw.severity is Severity.NOTE
    assert "No action" not in text.hint
    assert "Manage OAuth" in text.hint


@pytest.mark.parametrize(("text", "letters"), [("1234abcd5678", 4), ("1a2b3c4d5e6f", 6)])
def test_letters_among_the_digits_of_an_app_id_are_counted(text: str, letters: int) -> None:
    (flaw,) = inspect("app_id", text)
    assert flaw.number == letters
    said = message("app_id", flaw)
    assert f" {letters} letters" in said
    assert text not in said, "it may be a piece of a secret"

"""What holds for every text: nothing raises, nothing clean is touched, every foreign character is found where it is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.credentials.clean_values import ALLOWED, CLEAN, clean_values
from tests.thoroughness import examples
from tui.credentials import FIELDS, Field, as_json, check_lines, describe, inspect, is_clean, mend, mend_one

ANY_CHARACTER = st.one_of(
    st.characters(codec=None, categories=None),
    st.integers(0xD800, 0xDFFF).map(chr),
    st.integers(0, 0x10FFFF).map(chr),
    st.sampled_from(
        list(
            "\x00\t\n\r\x1b \u00a0\u00ad\u200b\u200e\ufeff\u2028\u0301\ufe0f•…“”«»`\"'<>{}|\\^%OoIlАа１²①😀\ufffd\ufffc"
        )
    ),
    st.characters(max_codepoint=0x7F),
)
ANY_TEXT = st.text(ANY_CHARACTER, max_size=80)
FRAGMENTS = st.sampled_from(
    (
        *("App Secret: ", "Bearer ", '"', "'", ",", "%20", "&nbsp;", "\\n", "https://", "x" * 8, "•" * 8, "…"),
        *("1" * 15, "EAAB" + "Z" * 30, "a" * 32, "{", "}", "<b>", "</b>", "\n", "\x1b[0m", "|", "=", "\u200b"),
        *("YOUR_", "\\", "://", "[", "]"),
    )
)
TANGLES = st.lists(st.one_of(FRAGMENTS, ANY_TEXT), max_size=8).map("".join)
EVERY_FIELD = st.sampled_from(FIELDS)


@pytest.mark.parametrize("field", FIELDS)
@settings(max_examples=examples(400), deadline=None)
@given(data=st.data())
def test_a_foreign_character_in_a_clean_value_is_found_once_where_it_stands(field: Field, data: st.DataObject) -> None:
    clean = data.draw(CLEAN[field])
    foreign = data.draw(ANY_CHARACTER.filter(lambda char: char not in ALLOWED[field]))
    at = data.draw(st.integers(0, len(clean)))
    flaws = inspect(field, clean[:at] + foreign + clean[at:])
    found = [(flaw.start, flaw.end, [char.code_point for char in flaw.characters]) for flaw in flaws]
    assert found == [(at, at + 1, [ord(foreign)])]
    assert not is_clean(flaws)


@pytest.mark.parametrize("field", FIELDS)
@settings(max_examples=examples(100), deadline=None)
@given(data=st.data())
def test_a_clean_value_has_no_flaw_and_is_never_changed(field: Field, data: st.DataObject) -> None:
    clean = data.draw(CLEAN[field])
    assert inspect(field, clean) == ()
    assert mend(field, clean) is None


@settings(max_examples=examples(600), deadline=None)
@given(field=EVERY_FIELD, text=st.one_of(ANY_TEXT, TANGLES), context=st.dictionaries(EVERY_FIELD, TANGLES, max_size=3))
def test_no_text_raises_and_every_flaw_lies_inside_it(field: Field, text: str, context: dict[Field, str]) -> None:
    flaws = inspect(field, text, context)
    assert list(flaws) == sorted(flaws, key=lambda flaw: flaw.start)
    for flaw in flaws:
        assert 0 <= flaw.start <= flaw.end <= len(text)
        assert flaw.message.endswith(".")
        assert not flaw.message.endswith("..")
        assert flaw.cause
        assert flaw.effect
        assert "\n" not in describe(field, flaw)
        assert [char.code_point for char in flaw.characters] in (
            [],
            [ord(char) for char in text[flaw.start : flaw.end]][:64],
        )
        mend_one(field, text, flaw, context)


@settings(max_examples=examples(600), deadline=None)
@given(field=EVERY_FIELD, text=TANGLES)
def test_mended_text_is_clean_and_mending_it_again_changes_nothing(field: Field, text: str) -> None:
    mended = mend(field, text)
    if mended is not None:
        assert mended != text
        assert is_clean(inspect(field, mended))
        assert mend(field, mended) is None


@settings(max_examples=examples(400), deadline=None)
@given(field=st.sampled_from(("app_secret", "client_token")), text=TANGLES)
def test_a_mended_secret_has_no_character_that_was_not_read_from_the_text(field: Field, text: str) -> None:
    mended = mend(field, text)
    if mended is not None:
        assert len(mended) <= len(text)


@settings(max_examples=examples(300), deadline=None)
@given(
    data=st.data(),
    field=EVERY_FIELD,
    junk=st.lists(st.sampled_from(" \t\n\u00a0\u200b\ufeff\u200e\u00ad\x00"), min_size=1, max_size=5),
)
def test_what_is_invisible_at_both_ends_and_inside_is_mended_to_the_clean_value(
    data: st.DataObject, field: Field, junk: list[str]
) -> None:
    clean = data.draw(CLEAN[field])
    text = clean
    for char in junk:
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + char + text[at:]
    assert mend(field, text) == clean


@settings(max_examples=examples(300), deadline=None)
@given(field=EVERY_FIELD, text=st.one_of(ANY_TEXT, TANGLES))
def test_a_json_line_is_answered_as_the_rules_say_lone_surrogates_too(field: Field, text: str) -> None:
    line = json.dumps({"field": field, "value": text})
    joined = json.loads(line)["value"]  # JSON joins two neighbouring surrogates to the character they stand for
    answers = list(check_lines([line]))
    assert len(answers) == 1
    assert answers[0].isascii()
    assert json.loads(answers[0]) == as_json(field, joined)


def test_ten_thousand_clean_values_raise_no_false_alarm() -> None:
    alarms = [(field, value) for field, value in clean_values(seed=20260714, count=10_000) if inspect(field, value)]
    assert alarms == []

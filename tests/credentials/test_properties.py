"""What is true for every text: nothing raises, nothing clean is changed, every foreign character is found."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.credentials.clean_values import ALLOWED, CLEAN, clean_values
from tests.thoroughness import examples
from tui.commands.check import answer_line, answer_of
from tui.credentials.flaws import FIELDS, Field, FlawKind, Severity
from tui.credentials.inspection import fix, fix_one, inspect, is_clean
from tui.wording.flaws import flaw_text, message

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
def test_a_foreign_character_is_found_once_at_its_place(field: Field, data: st.DataObject) -> None:
    clean = data.draw(CLEAN[field])
    foreign = data.draw(ANY_CHARACTER.filter(lambda char: char not in ALLOWED[field]))
    at = data.draw(st.integers(0, len(clean)))
    text = clean[:at] + foreign + clean[at:]
    flaws = inspect(field, text)
    found = [(flaw.start, flaw.end, [char.code_point for char in flaw.characters]) for flaw in flaws]
    expected = [[(at, at + 1, [ord(foreign)])]]
    if field == "pasted_redirect" and foreign == "\\":  # a shell's escape makes it an address in another form
        expected.append([(0, len(text), [])])
    assert found in expected
    assert not is_clean(flaws)


@pytest.mark.parametrize("field", FIELDS)
@settings(max_examples=examples(100), deadline=None)
@given(data=st.data())
def test_a_clean_value_has_no_flaw_and_is_not_changed(field: Field, data: st.DataObject) -> None:
    clean = data.draw(CLEAN[field])
    assert inspect(field, clean) == ()
    assert fix(field, clean) is None


@settings(max_examples=examples(600), deadline=None)
@given(field=EVERY_FIELD, text=st.one_of(ANY_TEXT, TANGLES), context=st.dictionaries(EVERY_FIELD, TANGLES, max_size=3))
def test_no_text_raises_and_every_flaw_is_inside_it(field: Field, text: str, context: dict[Field, str]) -> None:
    flaws = inspect(field, text, context)
    assert list(flaws) == sorted(flaws, key=lambda flaw: flaw.start)
    for flaw in flaws:
        assert 0 <= flaw.start <= flaw.end <= len(text)
        text_of_flaw = flaw_text(field, flaw)
        assert message(field, flaw).endswith(".")
        assert not message(field, flaw).endswith("..")
        assert text_of_flaw.why
        assert text_of_flaw.hint
        assert "\n" not in text_of_flaw.what
        assert [char.code_point for char in flaw.characters] in (
            [],
            [ord(char) for char in text[flaw.start : flaw.end]][:64],
        )
        fix_one(field, text, flaw, context)


@settings(max_examples=examples(600), deadline=None)
@given(field=EVERY_FIELD, text=TANGLES)
def test_a_fixed_text_is_clean_and_not_fixed_again(field: Field, text: str) -> None:
    fixed = fix(field, text)
    if fixed is not None:
        assert fixed != text
        assert is_clean(inspect(field, fixed))
        assert fix(field, fixed) is None


@settings(max_examples=examples(400), deadline=None)
@given(field=st.sampled_from(("app_secret", "client_token")), text=TANGLES)
def test_a_fixed_secret_is_not_longer_than_the_text(field: Field, text: str) -> None:
    fixed = fix(field, text)
    if fixed is not None:
        assert len(fixed) <= len(text)


@settings(max_examples=examples(300), deadline=None)
@given(
    data=st.data(),
    field=EVERY_FIELD,
    junk=st.lists(st.sampled_from(" \t\n\u00a0\u200b\ufeff\u200e\u00ad\x00"), min_size=1, max_size=5),
)
def test_invisible_characters_are_removed_everywhere(data: st.DataObject, field: Field, junk: list[str]) -> None:
    clean = data.draw(CLEAN[field])
    text = clean
    for char in junk:
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + char + text[at:]
    assert fix(field, text) == clean


@settings(max_examples=examples(300), deadline=None)
@given(field=EVERY_FIELD, text=st.one_of(ANY_TEXT, TANGLES))
def test_a_json_line_is_answered_with_lone_surrogates_too(field: Field, text: str) -> None:
    line = json.dumps({"field": field, "value": text})
    joined = json.loads(line)["value"]  # JSON joins two neighbouring surrogates to the character they stand for
    answer = answer_line(line)
    assert answer.isascii()
    assert json.loads(answer) == answer_of(field, joined, {})


def test_ten_thousand_clean_values_have_no_flaw() -> None:
    alarms = [(field, value) for field, value in clean_values(seed=20260714, count=10_000) if inspect(field, value)]
    assert alarms == []


@given(
    token=CLEAN["token"].filter(lambda token: token.startswith("EAA") and token.isalnum()),
    behind=st.one_of(st.text("%#&=@$~^/|", min_size=1, max_size=4), st.from_regex(r"\|[0-9]{1,20}", fullmatch=True)),
    blanks=st.sampled_from(("", " ", "\n", "\r\n")),
)
def test_symbols_behind_a_token_block_and_are_removed(token: str, behind: str, blanks: str) -> None:
    flaws = inspect("token", token + behind + blanks)
    assert next(flaw.start for flaw in flaws if flaw.severity is Severity.BLOCKS) == len(token)
    assert fix("token", token + behind + blanks) == token


@pytest.mark.parametrize("text", ["1.000000000000", "12)345678901234", "1.345678901234567"])
def test_a_dot_between_digits_is_no_number_of_a_list(text: str) -> None:
    (flaw,) = inspect("app_id", text)
    assert not text[flaw.start : flaw.end].isdigit()
    assert fix("app_id", "1. 345678901234567") == "345678901234567"


@pytest.mark.parametrize("sign", ["%", "#"])
def test_the_sign_of_zsh_behind_a_token_has_its_own_cause(sign: str) -> None:
    token = "EAAB" + "aZ9" * 40
    (flaw,) = inspect("token", token + sign)
    assert (flaw.kind, flaw.start, flaw.end) == (FlawKind.SHELL_MARK, len(token), len(token) + 1)

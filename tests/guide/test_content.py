"""The guide as data: compared with the facts of the guide, valid, and short enough for 80x24."""

import os
import re
import tomllib
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any, get_args

import pytest

from tui.guide.checks import CHECKS
from tui.guide.content import CopyValue, Step, load_guide

EXPECTED: dict[str, Any] = tomllib.loads(Path(__file__).with_name("expected.toml").read_text(encoding="utf-8"))
GUIDE_TEXT = os.environ.get("IGAUTH_GUIDE_TEXT", "")
"""Where the guide's own text lies; read here, since the tests' home clears every IGAUTH_ variable."""
ROWS: list[dict[str, Any]] = [*EXPECTED["prerequisite"], *EXPECTED["step"]]


def sentences(step: Step) -> list[str]:
    texts = [step.title, *step.what, *step.notes, *step.warnings]
    texts += [f"{field.name}: {field.what}" for field in step.fields]
    texts += [f"{option.name}: {option.what}" for option in step.options]
    return [line.casefold() for line in texts]


def says(lines: Iterable[str], words: list[str]) -> bool:
    return any(all(word in line for word in words) for line in lines)


def test_the_steps_have_the_guides_order_and_numbers() -> None:
    guide = load_guide()
    assert [step.id for step in guide.steps] == [row["id"] for row in ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["id"]))
def test_every_name_and_note_of_the_guide_is_there(row: dict[str, Any]) -> None:
    step = load_guide().step(row["id"])
    assert set(row.get("places", ())) <= set(step.places)
    assert row.get("fields", []) == [field.name for field in step.fields]
    assert set(row.get("options", ())) <= {option.name for option in step.options}
    assert row.get("buttons", []) == list(step.buttons) or row["id"].startswith("P")
    assert set(row.get("copies", ())) <= {copy.value for copy in step.copies}
    lines = sentences(step)
    unsaid = [words for words in row.get("says", []) if not says(lines, words)]
    assert not unsaid


def test_the_notes_contain_the_facts_of_the_guide() -> None:
    lines = [note.casefold() for note in load_guide().notes]
    assert all(says(lines, words) for words in EXPECTED["intro"])


def test_the_sub_steps_are_m1_to_m5_and_a1_to_a5() -> None:
    guide = load_guide()
    below = {step.id: [one.id for one in step.substeps] for step in guide.steps if step.substeps}
    assert below == {"P2": ["M1", "M2", "M3", "M4", "M5"], "11": ["A1", "A2"], "12": ["A3", "A4", "A5"]}
    assert [step.id for step in guide.walk()][:4] == ["P1", "P2", "M1", "M2"]


def test_a_step_is_prose_that_names_its_buttons() -> None:
    for step in load_guide().walk():
        assert 1 <= len(step.what) <= 3, step.id
        assert all(text[-1] == "." for text in step.what), step.id
        said = " ".join((*step.what, *step.notes))
        assert [button for button in step.buttons if button not in said] == [], step.id


def test_only_the_business_account_is_optional() -> None:
    optional = [field.name for step in load_guide().walk() for field in step.fields if field.optional]
    assert optional == ["Business account"]


def test_every_note_on_today_has_a_date_and_a_source() -> None:
    notes = [note for step in load_guide().walk() for note in step.today]
    assert len(notes) >= 12
    assert all(re.fullmatch(r"20\d\d(-\d\d){0,2}", note.date) and note.source for note in notes)
    text = " ".join(note.text for note in notes)
    for topic in ("use case", "config_id", "Facebook Login for Business", "localhost", "Standard access: Ready"):
        assert topic in text, topic


def test_every_check_is_used_by_a_step() -> None:
    used = {name for step in load_guide().walk() for name in step.relevant_checks}
    assert used == set(CHECKS)


def test_every_line_fits_a_small_window() -> None:
    long = [
        line for step in load_guide().walk() for line in (*step.what, *step.notes, *step.warnings) if len(line) > 130
    ]
    assert not long
    assert max(len(step.title) for step in load_guide().walk()) <= 56


def test_a_step_is_found_by_words_of_an_error_message() -> None:
    found = [step.id for step in load_guide().search("url BLOCKED")]
    assert found == ["8", "A3"]
    assert len(load_guide().search("")) == 24
    assert load_guide().search("no such words anywhere") == ()


def test_every_check_value_and_link_is_valid() -> None:
    for step in load_guide().walk():
        assert set(step.relevant_checks) <= set(CHECKS), step.id
        assert {copy.value for copy in step.copies} <= set(get_args(CopyValue)), step.id
        assert step.link == "" or step.link.startswith("https://"), step.id


def test_every_text_has_the_declared_type() -> None:
    def check(value: object) -> None:
        if isinstance(value, dict):
            for each in value.values():
                check(each)
        elif isinstance(value, tuple):
            for each in value:
                check(each)
        else:
            assert isinstance(value, str | bool)

    for step in load_guide().walk():
        check(asdict(step))
        assert step.id
        assert step.title
        assert step.where
        assert step.what


def guide_steps(text: str) -> dict[str, str]:
    """Cut the guide's text into its numbered steps, without the captions of its pictures."""
    parts = re.split(r"(?m)^ {2}(\d{1,2})\. ", text)
    steps = dict(zip(parts[1::2], parts[2::2], strict=True))
    return {
        number: "\n".join(line for line in body.splitlines() if not re.fullmatch(r"\s*[A-Z][\w ]{2,24}", line))
        for number, body in steps.items()
    }


@pytest.mark.skipif(not GUIDE_TEXT, reason="IGAUTH_GUIDE_TEXT does not name the guide's text")
def test_every_name_in_the_guides_text_is_there() -> None:
    theirs = guide_steps(Path(GUIDE_TEXT).read_text(encoding="utf-8"))
    assert list(theirs) == [str(number) for number in range(1, 13)]
    guide = load_guide()
    for number, body in theirs.items():
        step = guide.step(number)
        ours = " ".join([*sentences(step), step.searchable])
        fields = re.findall(r"• ([A-Z][\w ]+?) –", body)
        assert fields == [field.name for field in step.fields if number == "4"]
        flat = " ".join(body.split())
        names = re.findall(
            r"(?<![.•] )(?<!^)\b[A-Z][A-Za-z]+(?: (?:[A-Z][A-Za-z]+|an|app|type|to|your|selected|changes|name|page))*",
            flat,
        )
        names = [re.sub(r"(?: (?:an|app|type|to|your|selected|changes|name|page))+$", "", name) for name in names]
        missing = {name for name in names if name.casefold() not in ours and not name.startswith(("Note", "From"))}
        assert not missing, f"step {number}"


@pytest.mark.skipif(not GUIDE_TEXT, reason="IGAUTH_GUIDE_TEXT does not name the guide's text")
def test_every_expected_name_is_in_the_guides_text() -> None:
    theirs = guide_steps(Path(GUIDE_TEXT).read_text(encoding="utf-8"))
    for row in EXPECTED["step"]:
        flat = " ".join(theirs[row["id"]].split()).casefold()
        named = [*row.get("places", ()), *row.get("fields", ()), *row.get("options", ()), *row.get("buttons", ())]
        assert [name for name in named if name.casefold() not in flat] == [], row["id"]

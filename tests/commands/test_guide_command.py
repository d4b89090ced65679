"""`igauth guide`: the checklist in each form, without secrets."""

import re
from pathlib import Path

from tests.commands.running import UNREACHABLE, Person, inside


def test_guide_prints_three_forms_without_secrets(person: Person) -> None:
    for option in ((), ("--markdown",), ("--json",)):
        done = inside("guide", *option)
        assert done.status == 0, done.err
        assert "Business" in done.out
        assert person.sandbox.world.app_secret not in done.out
    report = inside("guide", "--json").json
    assert report["schema"] == 1
    assert [step["id"] for step in report["steps"]] == ["P1", "P2", *map(str, range(1, 13))]


def test_guide_check_proves_what_can_be_proven(person: Person) -> None:
    person.import_tokens("user_long")
    report_before = inside("guide", "--json").json
    done = inside("guide", "--check", "--json")
    assert done.status == 0, done.err
    assert done.json["counts"]["proven"] > report_before["counts"]["proven"]


def test_guide_check_that_cannot_ask_exits_3(person: Person) -> None:
    person.import_tokens("user_long")
    assert inside("guide", "--check").status == 0
    person.point_at(UNREACHABLE)
    done = inside("guide", "--check", "--json")
    assert done.status == 3, done.err
    assert done.json["counts"]["proven"] > 0, "what was found before is kept"
    assert inside("guide").status == 0


def test_guide_check_that_cannot_ask_matillion_exits_3(person: Person) -> None:
    assert inside("matillion", "--instance", UNREACHABLE).status == 3
    assert inside("guide", "--check").status == 3


def test_each_sketch_is_drawn_in_markdown_and_said_in_text(own_home: Path) -> None:
    text, markdown = inside("guide").out, inside("guide", "--markdown").out
    steps = {step["id"]: step["sketches"] for step in inside("guide", "--json").json["steps"]}
    assert [step for step, sketches in steps.items() if sketches] == ["1", "2", "3", "4", "5", "6", "7", "8", "10"]
    for sketch in (sketch for sketches in steps.values() for sketch in sketches):
        assert sketch["words"] in text
        assert "\n".join(f"      {line}" for line in sketch["lines"]) in markdown


def test_no_place_is_named_twice(own_home: Path) -> None:
    places = [line.partition("Where: ")[2] for line in inside("guide").out.splitlines() if "Where: " in line]
    assert "Facebook" in places
    assert all(len(set(names)) == len(names) for names in (re.split(": | · | > |, then ", place) for place in places))

"""behaviors.toml names every behavior of the reference and the test that holds it: this checks the table."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROWS: list[dict[str, Any]] = tomllib.loads((HERE / "behaviors.toml").read_text(encoding="utf-8"))["behavior"]
NOT_HELD = 8


def functions_in(name: str) -> set[str]:
    tree = ast.parse((HERE / name).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}


@pytest.mark.parametrize("section", range(1, 15))
def test_every_section_of_the_reference_has_rows(section: int) -> None:
    assert [row for row in ROWS if row["section"] == section]


def test_every_row_names_a_test_or_a_reason() -> None:
    known: dict[str, set[str]] = {}
    for row in ROWS:
        assert set(row) in ({"section", "mark", "what", "test"}, {"section", "mark", "what", "not_held"}), row
        assert set(row["mark"].split(",")) & {"D", "C"}
        if "test" in row:
            name, _, test = row["test"].partition("::")
            known.setdefault(name, functions_in(name))
            assert test in known[name], row
        else:
            assert len(row["not_held"]) > 2


def test_no_behavior_is_named_twice() -> None:
    counted = Counter((row["section"], row["what"]) for row in ROWS)
    assert counted.most_common(1)[0][1] == 1


def test_the_number_of_untested_rows_is_known(record_property: Any) -> None:
    missing = [row for row in ROWS if "not_held" in row]
    record_property("behaviors", len(ROWS))
    record_property("not_held", len(missing))
    assert len(missing) == NOT_HELD, f"{len(ROWS)} behaviors, {len(missing)} not held"

"""Every raw string of the corpus: the flaws expected, where, and the mended text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tui.credentials import Field, describe, inspect, mend

CORPUS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "corpus.json").read_text(encoding="ascii"))
CASES = [pytest.param(case, id=f"{number}-{case['field']}") for number, case in enumerate(CORPUS)]


@pytest.mark.parametrize("case", CASES)
def test_a_string_of_the_corpus_has_the_flaws_and_the_mended_text_expected(case: dict[str, Any]) -> None:
    field: Field = case["field"]
    flaws = inspect(field, case["raw"], case.get("context"))
    assert [[flaw.kind, flaw.severity, flaw.start, flaw.end] for flaw in flaws] == case["flaws"]
    assert mend(field, case["raw"], case.get("context")) == case["mended"]


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len({(case["field"], case["raw"], str(case.get("context"))) for case in CORPUS}) >= 600
    assert sum(not case["flaws"] for case in CORPUS) >= 40


@pytest.mark.parametrize("case", [case for case in CASES if case.values[0]["field"] in ("app_secret", "client_token")])  # type: ignore[index]
def test_no_line_about_a_secret_holds_a_piece_of_it(case: dict[str, Any]) -> None:
    for flaw in inspect(case["field"], case["raw"], case.get("context")):
        line = describe(case["field"], flaw)
        pieces = {case["raw"][at : at + 8] for at in range(len(case["raw"]) - 7)}
        hexes = {piece for piece in pieces if all(char in "0123456789abcdef" for char in piece)}
        assert not [piece for piece in hexes if piece in line + flaw.message + flaw.cause + flaw.effect]

"""Every raw string of the corpus: the expected flaws, where they are, and the fixed text."""

import json
from pathlib import Path
from typing import Any

import pytest

from tui.credentials.flaws import Field
from tui.credentials.inspection import fix, inspect
from tui.wording.flaws import flaw_text

CORPUS: list[dict[str, Any]] = json.loads((Path(__file__).parent / "corpus.json").read_text(encoding="ascii"))
CASES = [pytest.param(case, id=f"{number}-{case['field']}") for number, case in enumerate(CORPUS)]
SECRETS = [
    pytest.param(case, id=f"{number}-{case['field']}")
    for number, case in enumerate(CORPUS)
    if case["field"] in ("app_secret", "client_token")
]


@pytest.mark.parametrize("case", CASES)
def test_a_raw_string_has_its_flaws_and_its_fixed_text(case: dict[str, Any]) -> None:
    field: Field = case["field"]
    flaws = inspect(field, case["raw"], case.get("context"))
    assert [[flaw.kind, flaw.severity, flaw.start, flaw.end] for flaw in flaws] == case["flaws"]
    assert fix(field, case["raw"], case.get("context")) == case["fixed"]


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len({(case["field"], case["raw"], str(case.get("context"))) for case in CORPUS}) >= 600
    assert sum(not case["flaws"] for case in CORPUS) >= 40


@pytest.mark.parametrize("case", SECRETS)
def test_no_text_about_a_secret_has_a_piece_of_it(case: dict[str, Any]) -> None:
    pieces = {case["raw"][at : at + 8] for at in range(len(case["raw"]) - 7)}
    hexes = {piece for piece in pieces if all(char in "0123456789abcdef" for char in piece)}
    for flaw in inspect(case["field"], case["raw"], case.get("context")):
        shown = str(flaw_text(case["field"], flaw)) + flaw.quoted
        assert not [piece for piece in hexes if piece in shown]

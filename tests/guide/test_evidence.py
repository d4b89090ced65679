"""Evidence as it is stored: what is written can be read, and what earlier versions wrote too."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.guide.evidence import Code, Evidence, Facts, Finding, evidence_from_row
from tui.matillion.errors import Failure, Problem

NAMES = st.lists(st.text(max_size=20), max_size=3).map(tuple)
FACTS = st.builds(Facts, text=st.text(), reason=st.text(), granted=NAMES, pages=NAMES, posts=st.none() | st.integers())
FINDINGS = st.builds(
    Finding, st.sampled_from(("proven", "contradicted", "unknown")), st.sampled_from(list(Code)), FACTS
)


@given(FINDINGS, st.none() | FINDINGS)
def test_stored_evidence_is_read_back(finding: Finding, later: Finding | None) -> None:
    evidence = Evidence("pages", finding, 77, later)
    assert evidence_from_row(*evidence.as_row()) == evidence


def test_a_failed_matillion_call_is_read_back() -> None:
    facts = Facts(failure=Failure(Problem.TIMEOUT, seconds=10.0))
    evidence = Evidence("matillion_entry", Finding("unknown", Code.MATILLION_FAILED, facts), 77)
    assert evidence_from_row(*evidence.as_row()) == evidence


def test_text_of_an_earlier_version_is_kept_as_it_is() -> None:
    text = "Granted: nothing. Log in again with l."
    stored = evidence_from_row("permissions", "contradicted", text, 77)
    finding = Finding("contradicted", Code.STORED_TEXT, Facts(text=text))
    assert stored == Evidence("permissions", finding, 77)


@pytest.mark.parametrize(
    ("check", "result", "text"),
    [
        ("no_such_check", "proven", "text"),
        ("pages", "no_such_result", "text"),
        ("pages", "proven", '{"code": "no_such_code", "result": "proven"}'),
        ("pages", "proven", '{"code" cut off'),
        ("matillion_runs", "unknown", '{"code": "matillion_failed", "failure": {"problem": "no_such_problem"}}'),
        ("matillion_runs", "unknown", '{"code": "matillion_failed", "failure": {"host": "h"}}'),
    ],
)
def test_evidence_of_a_later_version_is_ignored(check: str, result: str, text: str) -> None:
    assert evidence_from_row(check, result, text, 77) is None


def test_unknown_and_missing_parts_are_skipped() -> None:
    text = '{"code": "pages_listed", "pages": ["Acme"], "later": 1, "later_failure": {"code": "offline"}}'
    finding = Finding("proven", Code.PAGES_LISTED, Facts(pages=("Acme",)))
    assert evidence_from_row("pages", "proven", text, 77) == Evidence("pages", finding, 77)

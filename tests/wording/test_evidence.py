"""Every finding and every failed Matillion call has a text."""

import pytest

from tui.guide.checks import CHECKS
from tui.guide.evidence import Code, Evidence, Facts, Finding
from tui.guide.judging import judge_callback, judge_sent_app_id, judge_sent_callback
from tui.matillion.address import DialogAddress
from tui.matillion.errors import Failure, Problem
from tui.wording.evidence import check_name, evidence_text, finding_text
from tui.wording.surfaces import CommandLine, PlainMenu, Screen, sentences
from tui.wording.text import Action, Do


@pytest.mark.parametrize("code", [code for code in Code if code is not Code.MATILLION_FAILED])
def test_every_code_has_a_text(code: Code) -> None:
    text = finding_text(Finding("unknown", code, Facts(text="old", callback_url="https://m.example/cb")), "acme")
    assert text.what
    for surface in (Screen(), CommandLine(), PlainMenu()):
        assert "{" not in sentences(text, surface)


@pytest.mark.parametrize("problem", Problem)
def test_every_failed_call_has_a_text(problem: Problem) -> None:
    text = finding_text(Finding("unknown", Code.MATILLION_FAILED, Facts(failure=Failure(problem, host="m.example"))))
    assert text.what
    assert "{" not in sentences(text, CommandLine())


def test_every_check_has_a_name() -> None:
    assert all(map(check_name, CHECKS))


def test_evidence_names_the_bound_key() -> None:
    evidence = Evidence("login_done", Finding("unknown", Code.NO_TOKEN), 1)
    assert "press f11" in evidence_text(evidence, Screen({"log_in": "f11"}))
    assert "igauth login --profile acme" in evidence_text(evidence, CommandLine(), "acme")


def test_a_later_failure_is_added() -> None:
    found = Finding("proven", Code.PAGES_LISTED, Facts(pages=("Acme",)))
    evidence = Evidence("pages", found, 1, Finding("unknown", Code.NO_ANSWER, Facts(seconds=5)))
    text = evidence_text(evidence, CommandLine())
    assert text.startswith("1 Page: Acme. ")
    assert "no answer within 5 s" in text


ADDRESS = DialogAddress("1234567890", "https://m.example/cb", (), "v23.0", "", 0)


@pytest.mark.parametrize(
    ("finding", "action"),
    [
        (judge_callback(""), Do.ENTER_CALLBACK),
        (judge_callback("http://m.example/cb"), Do.ENTER_CALLBACK),
        (judge_sent_callback(ADDRESS, ""), Do.ENTER_CALLBACK),
        (judge_sent_app_id(ADDRESS, ""), Do.ADD_PROFILE),
    ],
)
def test_what_is_missing_is_what_is_to_be_entered(finding: Finding, action: Do) -> None:
    text = finding_text(finding, "acme")
    assert text.next == Action(action, "acme")

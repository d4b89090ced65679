"""An app or a person that Meta refuses: one sentence on every surface, said once, with nobody sent to a new login."""

import asyncio
import os
import re
from collections.abc import Callable

import pytest

from tests.commands.running import Done, Person, inside
from tests.facebook.refusals import CASES, Case
from tests.tokens.samples import NOW, a_token
from tui.facebook.errors import FacebookError
from tui.facebook.login_events import DeviceFailed
from tui.facebook.remedies import Subject
from tui.guide.checks import CheckName
from tui.guide.evidence import Code
from tui.guide.judging import judge_error
from tui.sandbox import RunningSandbox
from tui.services import open_services
from tui.services.keeping import Event, detail_of, problem_of
from tui.services.keeping import keep as keep_once
from tui.services.recorder import failure_of
from tui.tokens.automation import NEEDS_PERSON, RunFailure
from tui.tokens.life import known_refusals
from tui.tokens.refusals import RefusedTokens, grouped
from tui.tokens.results import RefreshCode, RefreshResult
from tui.tokens.states import TokenState
from tui.tokens.token import WINDOW, state
from tui.wording.automation import run_failure_text
from tui.wording.evidence import finding_text
from tui.wording.facebook import remedy_words
from tui.wording.failures import failure_text
from tui.wording.login import event_lines
from tui.wording.refresh import refresh_text
from tui.wording.refusals import refused_text
from tui.wording.surfaces import CommandLine, PlainMenu, Screen, Surface, sentences
from tui.wording.text import Action, Do
from tui.wording.token_details import saved_text, summary_facts, token_facts

REFUSED_ALL = ("data-use-checkup", "api-access-disrupted", "api-access-deactivated", "api-access-blocked")
TOKENS = ("user_long", "user_due")
CASE_IDS = pytest.mark.parametrize("case", CASES, ids=lambda case: case.fault)
SURFACES: tuple[Surface, ...] = (Screen(), CommandLine(), PlainMenu())


def _refused(case: Case) -> RefusedTokens:
    (one,) = grouped([(a_token(), case.raised())])
    return one


def _failed(case: Case, surface: Surface, show: Callable[..., list[object]]) -> str:
    token = a_token(failure=failure_of(case.raised(), NOW))
    return " ".join(map(str, show(token, NOW, WINDOW, (), surface, None)))


def _line(error: FacebookError, surface: Surface, retry: Action | None = None) -> str:
    text = failure_text(error, retry=retry)
    assert text is not None
    return sentences(text, surface)


_LOG_IN = Action(Do.NEW_LOGIN, "acme", "prod")
_WAYS: dict[str, Callable[[Case, Surface], str]] = {
    "refresh": lambda case, surface: sentences(
        refresh_text(RefreshResult(a_token(), RefreshCode.REFUSED, cause=case.raised()), NOW), surface
    ),
    "notice": lambda case, surface: sentences(refused_text(_refused(case)), surface),
    "read, verify, plain": lambda case, surface: _line(case.raised("me/accounts"), surface),
    "login": lambda case, surface: _line(case.raised("oauth/access_token"), surface, retry=_LOG_IN),
    "device": lambda case, surface: " ".join(event_lines(DeviceFailed(case.raised()), surface, _LOG_IN)),
    "guide": lambda case, surface: sentences(finding_text(judge_error(case.raised(), "pages")), surface),
    "run": lambda case, surface: sentences(
        run_failure_text(RunFailure(problem_of(case.raised()), ("prod",), detail_of(case.raised()))), surface
    ),
    "panel": lambda case, surface: _failed(case, surface, lambda *facts: list(summary_facts(*facts))),
    "details": lambda case, surface: _failed(case, surface, lambda *facts: list(token_facts(*facts))),
    "saved": lambda case, surface: sentences(
        saved_text(a_token(failure=failure_of(case.raised(), NOW)), NOW, WINDOW), surface
    ),
}


@CASE_IDS
@pytest.mark.parametrize("way", _WAYS)
def test_every_surface_says_the_same_sentence(case: Case, way: str) -> None:
    card = remedy_words(case.remedy)
    for surface in SURFACES:
        said = _WAYS[way](case, surface)
        assert card.what in said
        assert card.hint in said
        assert said.count(card.what) == (2 if way == "details" else 1)  # meaning, and explanation below
        assert f"Who must act: {card.who}." in said or way == "saved"
        assert Do.LOG_IN.phrase not in said
        assert Do.NEW_LOGIN.phrase not in said
        assert Do.CHECK_CREDENTIALS.phrase not in said


@CASE_IDS
@pytest.mark.parametrize("check", ["app_credentials", "login_done", "permissions", "pages", "first_read"])
def test_a_refusal_contradicts_no_step(case: Case, check: CheckName) -> None:
    found = judge_error(case.raised("me/accounts"), check)
    assert (found.result, found.code) == ("unknown", Code.REFUSED)


@CASE_IDS
def test_a_refusal_needs_a_person(case: Case) -> None:
    assert problem_of(case.raised()) in NEEDS_PERSON
    assert not RefreshCode.REFUSED.is_done


@pytest.mark.parametrize("subcode", [459, 490])
def test_a_checkpoint_is_one_sentence_too(subcode: int) -> None:
    error = FacebookError("Error validating access token", code=190, subcode=subcode)
    said = _line(error, CommandLine())
    again = sentences(
        refresh_text(RefreshResult(a_token(), RefreshCode.LOGIN_NEEDED, error.reason), NOW), CommandLine()
    )
    what = "Facebook locked the account (checkpoint). Its owner must first log in at www.facebook.com."
    assert what in said
    assert what in again


def test_forty_tokens_of_an_app_are_one_refusal() -> None:
    blocked, method = CASES[0], CASES[-1]
    tokens = [a_token(name=f"t{number}", subject_id=str(number % 4)) for number in range(40)]
    others = [a_token(name=f"o{number}", profile="other", app_id="99") for number in range(3)]
    apps = grouped((token, blocked.raised()) for token in (*tokens, *others))
    assert [(one.subject, len(one.names)) for one in apps] == [("1234567890", 40), ("99", 3)]
    assert refused_text(apps[0]).what.startswith("40 tokens of acme (App ID 1234567890): ")
    persons = grouped((token, method.raised()) for token in tokens)
    assert [len(one.names) for one in persons] == [10, 10, 10, 10]


@CASE_IDS
def test_an_answer_of_the_same_app_since_ends_a_refusal_of_all(case: Case) -> None:
    met = [a_token(name=name, failure=failure_of(case.raised(), NOW)) for name in ("a", "b")]
    (refused,) = known_refusals(
        [*met, a_token(name="before", inspected_at=NOW), a_token(app_id="99", inspected_at=NOW + 9)]
    )
    assert refused.names == ("a", "b")
    is_over = not known_refusals([*met, a_token(name="since", inspected_at=NOW + 1)])
    assert is_over is (refused.refusal.remedy in REFUSED_ALL)


def test_an_unknown_error_is_quoted_in_full() -> None:
    message = "(#7777) A rule of today was not met. Rule not met. " + "Ask the owner. " * 20
    error = FacebookError(message, code=7777, subcode=88, fbtrace_id="AQt_hJ68vFyb")
    said = _line(error, CommandLine())
    assert f'Facebook (7777/88): "{error.message}" (fbtrace_id AQt_hJ68vFyb)' in said
    result = RefreshResult(a_token(), RefreshCode.COULD_NOT_ASK, error.reason, cause=error)
    again = sentences(refresh_text(result, NOW), CommandLine())
    assert error.message in again
    assert "Could not ask" not in again


# --- the installed program against a Facebook that refuses ----------------------------------------------------------


@pytest.fixture
def person(facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Person:
    """A home with two tokens of one person."""
    made = Person(facebook, monkeypatch)
    made.import_tokens(*TOKENS)
    return made


def _once(done: Done, case: Case) -> None:
    """Check that a command says the sentence once, for both tokens."""
    text = done.out + done.err
    assert text.count(remedy_words(case.remedy).what) == 1, text
    assert re.search(r"2 tokens( refused \(| of )", text), text


@CASE_IDS
def test_commands_say_it_once_and_go_on_when_it_is_lifted(person: Person, case: Case) -> None:
    person.sandbox.fault(case.fault, times=None)
    refreshed = inside("refresh", "--all")
    assert refreshed.status == 1
    _once(refreshed, case)
    as_json = inside("refresh", "--all", "--json")
    assert [(row["result"], row["reason"]) for row in as_json.json["results"]] == [("refused", case.remedy)] * 2
    checked = inside("status", "--check")
    assert checked.status == 3
    _once(checked, case)
    kept = inside("keep")
    assert kept.status == 1
    _once(kept, case)
    looked = inside("status")
    assert looked.status == 1  # user_due is due: the states are as they were
    _once(looked, case)
    monitored = inside("status", "--format", "nagios")
    assert monitored.status == 2
    assert monitored.out.count(remedy_words(case.remedy).what.rstrip(".")) == 1
    report = inside("status", "--json").json
    assert [(row["refusal"], row["subject"], row["names"]) for row in report["refusals"]] == [
        (case.remedy, case.subject, sorted(TOKENS))
    ]
    assert {row["name"]: row["state"] for row in report["tokens"]} == {"user_long": "valid", "user_due": "due"}
    metrics = inside("status", "--format", "prometheus").out
    assert re.search(rf'igauth_refused_tokens{{.*refusal="{case.remedy}".*}} 2\n', metrics)
    person.sandbox.clear_faults()
    lifted = inside("keep")
    assert lifted.status == 0, lifted.err
    assert "user_due: Extended by" in lifted.out
    assert inside("status", "--json").json["refusals"] == []


@CASE_IDS
def test_adding_a_profile_keeps_what_cannot_be_verified(person: Person, case: Case) -> None:
    person.sandbox.fault(case.fault, times=None)
    added = person.add("other", "--verify")
    assert added.status == 3
    assert remedy_words(case.remedy).what in added.err
    assert "igauth add" not in added.err
    assert open_services(os.environ, "command").settings.profile("other") is not None


@CASE_IDS
def test_a_run_names_a_refusal_once(person: Person, case: Case) -> None:
    person.sandbox.fault(case.fault, times=None)
    events: list[Event] = []
    run = asyncio.run(keep_once(open_services(os.environ, "timer"), events.append))
    (failure,) = run.failures
    assert (set(failure.names), failure.detail) == (set(TOKENS), case.remedy)
    assert failure.problem in NEEDS_PERSON
    assert run.exit_status == 1
    (event,) = events
    assert isinstance(event, RefusedTokens)


def test_a_second_factor_for_pages_does_not_stop_extending(person: Person) -> None:
    (case,) = (case for case in CASES if case.fault == "second_factor")
    for name in TOKENS:
        assert inside("forget", name, "--yes").status == 0
    person.sandbox.fault(case.fault, path="/me", times=None)
    person.import_tokens(*TOKENS)
    kept = inside("keep")
    assert kept.status == 1
    _once(kept, case)
    assert "user_due: Extended by" in kept.out
    _once(inside("status"), case)  # a refresh does not ask for Pages: nothing shows that it was lifted
    person.sandbox.clear_faults()
    assert inside("status", "--check").status == 0
    assert remedy_words(case.remedy).what not in inside("status").err


@pytest.mark.parametrize("case", [case for case in CASES if case.subject is Subject.APP], ids=lambda case: case.fault)
def test_a_refused_exchange_leaves_the_token_as_it_was(person: Person, case: Case) -> None:
    person.sandbox.fault(case.fault, path="/oauth", times=None)
    refreshed = inside("refresh", *TOKENS)
    assert refreshed.status == 1
    _once(refreshed, case)
    tokens = open_services(os.environ, "command").tokens()
    assert {state(token, token.inspected_at or 0) for token in tokens} == {TokenState.VALID, TokenState.DUE}

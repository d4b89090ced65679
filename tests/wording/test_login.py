"""Every code of a login has its words."""

from enum import Enum
from typing import get_args

import pytest

from tui.credentials.unwrapping import Removed
from tui.facebook.dialog import RedirectFault, RedirectRefused
from tui.facebook.errors import BodyKind, FacebookError, Fault
from tui.facebook.login_events import ScopesDoubted, Step
from tui.facebook.login_methods import LoginMethod, Suggestion
from tui.facebook.pasted import Refusal
from tui.facebook.permissions import scope_flaws
from tui.services.logins import LoginMethodUnavailable, Unavailable
from tui.tokens.token import Failure
from tui.wording.facebook import facebook_text, remedy_code
from tui.wording.login import event_lines, login_failure
from tui.wording.surfaces import CommandLine, Screen, sentences
from tui.wording.text import Action, Do
from tui.wording.texts import phrases

AGAIN = Action(Do.LOG_IN, "acme", "acme")


@pytest.mark.parametrize(
    ("group", "codes"),
    [("suggestion", Suggestion), ("method", LoginMethod), ("removed", Removed), ("refusal", Refusal)],
)
def test_every_code_has_a_phrase_and_no_phrase_is_unused(group: str, codes: type[Enum]) -> None:
    assert set(phrases("login", group)) == {code.value for code in codes}


def test_every_step_has_a_phrase() -> None:
    assert set(phrases("login", "step")) == set(get_args(Step))


@pytest.mark.parametrize("reason", RedirectFault)
def test_every_refused_redirect_is_explained(reason: RedirectFault) -> None:
    text = login_failure(RedirectRefused(reason), AGAIN)
    assert text.hint
    assert text.next == Action(Do.CHANGE_REDIRECT, AGAIN.profile, AGAIN.token)
    assert "igauth add acme --redirect ADDRESS" in sentences(text, CommandLine())


def test_doubted_scopes_end_with_how_to_change_them() -> None:
    *_, last = event_lines(ScopesDoubted(scope_flaws(["Pages_Show_List"])), CommandLine(), AGAIN)
    assert last == CommandLine().step(Action(Do.CHANGE_SCOPES, AGAIN.profile))
    assert last.endswith("igauth add acme --scope SCOPE")


@pytest.mark.parametrize("reason", Unavailable)
def test_every_unavailable_method_has_a_next_step(reason: Unavailable) -> None:
    text = login_failure(LoginMethodUnavailable(reason, "acme", 8765), AGAIN)
    assert text.next is not None
    assert "acme" in CommandLine().step(text.next)
    assert "{" not in sentences(text, CommandLine())


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize("detail", ["", "example.com", *BodyKind])
def test_every_fault_is_a_sentence(fault: Fault, detail: str) -> None:
    error = FacebookError(fault=fault, host="graph.facebook.com", detail=detail, status=500)
    assert facebook_text(error).what.endswith((".", "HTTPS_PROXY."))
    assert "{" not in facebook_text(error).what


@pytest.mark.parametrize("fault", Fault)
def test_a_stored_failure_has_the_same_remedy(fault: Fault) -> None:
    error = FacebookError(fault=fault, host="graph.facebook.com:443", detail="15", status=500)
    stored = Failure(1, error.code, error.subcode, error.message, cause=error.cause)
    assert remedy_code(stored) == remedy_code(error)


def test_the_changed_key_of_a_new_login_is_named() -> None:
    assert "press f11." in Screen({"log_in": "f11"}).step(AGAIN)

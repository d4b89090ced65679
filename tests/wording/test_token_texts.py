"""What is said of tokens, of refreshes and of what went wrong, for every code."""

from dataclasses import replace

import pytest
from hypothesis import given

from tests.tokens.samples import NOW, a_token, timers, tokens
from tui.facebook.errors import FacebookError
from tui.facebook.pages import Page
from tui.facebook.permissions import GranularScope
from tui.facebook.remedies import RemedyCode
from tui.services.adoption import AdoptionRefused, Refusal
from tui.services.app_ids import MissingCredentials
from tui.tokens.automation import Automation
from tui.tokens.errors import (
    BadName,
    BeingRefreshed,
    NameTaken,
    NoCredentials,
    NoSuchToken,
    NoValue,
    StoreError,
    StoreUnavailable,
)
from tui.tokens.gates import Pause
from tui.tokens.history import HistoryEvent, facts_text
from tui.tokens.results import Reason, RefreshCode, RefreshResult
from tui.tokens.states import STATES
from tui.tokens.token import DAY, WINDOW, Failure, Token, state
from tui.wording.facebook import remedy_words
from tui.wording.history import event_text
from tui.wording.refresh import refresh_line, refresh_text
from tui.wording.surfaces import CommandLine, PlainMenu, Screen, Surface, sentences
from tui.wording.text import Do
from tui.wording.token_details import outlook_text, saved_text, summary_facts, token_facts
from tui.wording.token_errors import token_error
from tui.wording.token_words import reason_text, time_left_until

SURFACES: tuple[Surface, ...] = (Screen(), CommandLine(), PlainMenu())
CAUSES = (
    Pause(NOW + 600),
    Pause(NOW + 600, 96),
    NoCredentials("acme", MissingCredentials("acme", "app_secret")),
    BeingRefreshed("prod", "timer (process 7)"),
    FacebookError("Service unavailable", cause="server"),
    FacebookError("slow down", cause="throttled", regain_minutes=12),
    FacebookError("Error validating client secret.", code=1),
)


def _is_prose(text: str) -> bool:
    return bool(text) and not text[0].islower() and "{" not in text and "None" not in text and "  " not in text


@pytest.mark.parametrize("code", RefreshCode)
@pytest.mark.parametrize("reason", [*Reason, "190/460", "190/999", None])
@pytest.mark.parametrize("moved_at", [None, NOW - 60, NOW - 3 * DAY])
def test_every_result_has_a_text(code: RefreshCode, reason: str | None, moved_at: int | None) -> None:
    token = a_token(expires_at=NOW + DAY, issued_at=None, extended_at=moved_at)
    for cause in (None, *CAUSES):
        result = RefreshResult(token, code, reason, cause=cause)
        for surface in SURFACES:
            assert _is_prose(sentences(refresh_text(result, NOW), surface))


def test_an_extension_is_counted_in_whole_days() -> None:
    result = RefreshResult(a_token(expires_at=NOW + 60 * DAY), RefreshCode.EXTENDED, seconds_gained=60 * DAY - 40)
    assert "60 d" in refresh_text(result, NOW).what


def test_a_result_names_the_bound_key_or_the_command() -> None:
    result = RefreshResult(a_token(), RefreshCode.LOGIN_NEEDED, "190/460")
    assert refresh_text(result, NOW).what == reason_text("190/460")
    assert "f11" in refresh_line(result, NOW, Screen({"log_in": "f11"}))
    assert refresh_line(result, NOW, CommandLine()).endswith("igauth login --profile acme --name prod")


def test_lost_scopes_are_named() -> None:
    lost = (GranularScope("instagram_basic"), GranularScope("pages_show_list", ("1", "2")))
    text = refresh_text(RefreshResult(a_token(), RefreshCode.LOGIN_NEEDED, Reason.SCOPE_LOST, lost_scopes=lost), NOW)
    assert "instagram_basic, pages_show_list for 1 and 2" in text.what


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_has_a_text(refusal: Refusal) -> None:
    error = AdoptionRefused(refusal, "prod", "acme", app_id="1", lost_scopes=(GranularScope("x"),), message="no")
    assert _is_prose(sentences(token_error(error), CommandLine()))


@pytest.mark.parametrize(
    "error",
    [
        NoSuchToken("prod"),
        NameTaken("prod"),
        BadName("a b"),
        NoValue("prod", "the keyring"),
        BeingRefreshed("prod", "timer (process 7)"),
        StoreUnavailable("prod", OSError("The disk is full.")),
    ],
)
def test_every_store_error_has_a_text(error: StoreError) -> None:
    for surface in SURFACES:
        assert _is_prose(sentences(token_error(error), surface))


@given(tokens, timers)
def test_every_outlook_has_a_text(token: Token, timer: Automation | None) -> None:
    text = outlook_text(token, NOW, WINDOW, timer)
    assert _is_prose(sentences(text, CommandLine()))


@given(tokens)
def test_a_saved_token_is_described_in_every_state(token: Token) -> None:
    for failure in (None, Failure(NOW, 190, 460, "The session was invalidated"), Failure(NOW, None, None, "", "", "")):
        text = saved_text(replace(token, failure=failure), NOW, WINDOW)
        assert token.name in text.what
        assert _is_prose(sentences(text, CommandLine()).replace(token.name, "prod"))
        assert (text.next is not None) == (not STATES[state(token, NOW)].works)


@given(tokens)
def test_the_summary_is_part_of_all_facts(token: Token) -> None:
    summary = summary_facts(token, NOW, WINDOW, ("email",), PlainMenu(), None)
    facts = token_facts(token, NOW, WINDOW, ("email",), PlainMenu(), None)
    assert set(summary) <= set(facts)
    assert all(fact.label and fact.text for fact in facts)


def test_the_facts_name_pages_scopes_and_the_last_error() -> None:
    token = a_token(
        scopes=("email",),
        granular_scopes=(GranularScope("instagram_basic", ("1784",)),),
        pages=(Page("5", "Coffee", "1784", "acmecoffee"),),
        failure=Failure(NOW - 60, 190, 460, "The session was invalidated", "Atrace"),
    )
    facts = dict(token_facts(token, NOW, WINDOW, ("email", "pages_show_list"), Screen({"log_in": "f11"}), None))
    assert facts["missing"] == "pages_show_list"
    assert facts["accounts"] == "Coffee (@acmecoffee)"
    assert facts["Page IDs"] == "Coffee 5"
    assert facts["limited to"] == "instagram_basic: 1784"
    assert "(190/460)" in facts["last error"]
    assert "Atrace" in facts["last error"]


def test_the_nearer_end_is_listed_first() -> None:
    near = a_token(data_access_expires_at=NOW + DAY)
    assert [fact.label for fact in summary_facts(near, NOW, WINDOW, (), CommandLine(), None)][:2] == [
        "data access",
        "expires",
    ]


@pytest.mark.parametrize(("verdict", "inspected_at"), [("unknown", None), ("invalid", 1), ("expired", 1)])
def test_only_facebook_can_say_that_a_token_never_expires(verdict: str, inspected_at: int | None) -> None:
    token = a_token(verdict=verdict, inspected_at=inspected_at, expires_at=None)
    assert "never" not in time_left_until(token, NOW)
    assert "never" in time_left_until(a_token(expires_at=None), NOW)


def test_a_history_line_shows_its_facts() -> None:
    def line(result: str, text: str = "") -> str:
        return event_text(HistoryEvent(NOW, "timer", "extend", "prod", "acme", result, text=text))

    assert line("extended", facts_text(expires_at="2027-01-22T12:00:00Z")) == "extended: until 2027-01-22 12:00 UTC"
    assert line("scope_lost", facts_text(lost="a,b:1")).endswith(": a, b:1")
    assert line("login_needed", facts_text(reason="190/460")).endswith(reason_text("190/460"))
    assert line("invalid", facts_text(before="valid")) == "invalid: before: valid"
    assert line("refused", "Some message of Facebook's") == "refused: Some message of Facebook's"


def test_a_history_line_of_an_earlier_version_is_shown() -> None:
    old = HistoryEvent(NOW, "tui", "extend", "prod", "acme", "extended", text="extended by 60 d, until 2027-01-22.")
    assert old.facts == {}
    assert old.text in event_text(old)


def test_no_timer_and_no_next_attempt_without_one() -> None:
    text = outlook_text(a_token(), NOW, WINDOW, None)
    assert text.next is not None
    assert text.next.do is Do.INSTALL_TIMER
    said = sentences(text, Screen())
    assert "igauth schedule install" in said
    assert "ttempt" not in said
    assert "keeps" not in said


def test_a_text_asks_to_log_in_where_only_that_helps() -> None:
    unusable = a_token(verdict="invalid", reason="190/460")
    action = outlook_text(unusable, NOW, WINDOW, None).next
    assert action is not None
    assert (action.do, action.profile, action.token) == (Do.LOG_IN, "acme", "prod")


def test_a_saved_expired_token_is_not_blamed_on_the_app() -> None:
    failure = Failure(NOW, 190, 463, "Error validating access token: Session has expired.")
    expired = Token("acme-uk", "acme", "1", inspected_at=NOW, verdict="expired", reason="190/463", failure=failure)
    text = saved_text(expired, NOW, WINDOW)
    assert remedy_words(RemedyCode("app-token-signature")).what not in text.why
    assert failure.message in text.why


def test_facebooks_own_message_is_not_read_as_facts() -> None:
    refused = HistoryEvent(NOW, "command", "extend", "acme-uk", result="refused", code=1, text="error=invalid_request")
    assert "error=invalid_request" in event_text(refused)
    assert event_text(HistoryEvent(NOW, "command", "extend", "acme-uk", result="extended", text="expires_at=soon"))

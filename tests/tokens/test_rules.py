"""Life, order, plan, policy and proof as pure functions."""

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tokens.samples import NOW, a_token, an_inspection, tokens
from tui.facebook.errors import FacebookError
from tui.facebook.permissions import GranularScope
from tui.sandbox.state import REFRESH_WINDOW
from tui.tokens.extension import gained, inspected, judge, lost_scopes
from tui.tokens.life import life_used, missing_scopes
from tui.tokens.policy import AHEAD, due_names, earliest_attempt, is_due, jitter, plan
from tui.tokens.results import Reason
from tui.tokens.states import STATES, Group, TokenState, is_unusable
from tui.tokens.token import DAY, WINDOW, Token, state

STYLES = Path(__file__).parents[2] / "styles"


def _window_of(_profile: str) -> int:
    return WINDOW


@given(tokens, st.integers(min_value=NOW - 300 * DAY, max_value=NOW + 300 * DAY))
def test_the_used_part_of_a_life_is_a_share_and_never_shrinks(token: Token, now: int) -> None:
    used = life_used(token, now)
    if used is None:
        return
    later = life_used(token, now + DAY)
    assert later is not None
    assert 0.0 <= used <= later <= 1.0


def test_half_a_life_is_half() -> None:
    assert life_used(a_token(), NOW) == 0.5
    assert life_used(a_token(expires_at=None), NOW) is None
    assert life_used(a_token(issued_at=None, obtained_at=0), NOW) is None
    near = a_token(data_access_expires_at=NOW + 9 * DAY)
    assert life_used(near, NOW) == pytest.approx(0.9)


def test_scopes_are_missing_only_after_an_inspection() -> None:
    expected = ("pages_show_list", "instagram_basic")
    assert missing_scopes(a_token(scopes=("instagram_basic",)), expected) == ("pages_show_list",)
    assert missing_scopes(a_token(inspected_at=None), expected) == ()


@given(tokens)
def test_an_unusable_token_is_never_exchanged(token: Token) -> None:
    if state(token, NOW) in ("expired", "invalid"):
        assert plan(token, NOW) == "login_needed"


@given(tokens)
def test_a_token_without_an_end_is_never_exchanged(token: Token) -> None:
    if token.expires_at is None:
        assert plan(token, NOW) != "exchange"


@given(tokens, st.integers(min_value=0, max_value=90 * DAY))
def test_a_due_token_can_be_exchanged_inside_its_window(token: Token, window: int) -> None:
    if token.inspected_at is None or token.inspected_at - NOW >= AHEAD or not is_due(token, NOW, window):
        return
    assert plan(token, NOW, window) == "exchange"
    assert token.expires_at is not None
    assert token.expires_at <= NOW + window


def test_a_token_due_by_data_access_only_is_left_to_a_login() -> None:
    token = a_token(data_access_expires_at=NOW + 5 * DAY)
    assert state(token, NOW) == "due"
    assert plan(token, NOW) == "login_needed"
    assert plan(replace(token, expires_at=None), NOW) == "login_needed"
    assert due_names([token], NOW, _window_of) == []
    assert plan(replace(token, expires_at=NOW + 6 * DAY), NOW) == "exchange"


def test_a_timer_asks_for_one_token_at_most_once_a_day() -> None:
    token = a_token(expires_at=NOW + 5 * DAY, tried_at=NOW - DAY + 10)
    assert not is_due(token, NOW)
    assert is_due(token, NOW + 10)


def test_a_token_that_expires_today_is_tried_within_the_day() -> None:
    token = a_token(expires_at=NOW + 7_200, tried_at=NOW)
    attempt = earliest_attempt(token)
    assert attempt is not None
    assert attempt < NOW + 7_200


def test_unchecked_tokens_are_due_where_wanted() -> None:
    token = a_token(inspected_at=NOW - DAY)
    assert due_names([token], NOW, _window_of) == []
    assert due_names([token], NOW, _window_of, unchecked=DAY) == ["prod"]
    assert due_names([a_token(inspected_at=None)], NOW, _window_of) == ["prod"]


@given(st.text(max_size=20), st.integers(min_value=1, max_value=10_000))
def test_jitter_is_steady_and_inside_its_spread(key: str, spread: int) -> None:
    assert 0 <= jitter(key, spread) < spread
    assert jitter(key, spread) == jitter(key, spread)


def test_jitter_keeps_machines_apart() -> None:
    assert len({jitter(f"app{number}", 3_600) for number in range(50)}) > 40
    assert jitter("app", 0) == 0


LATER = {"expires_at": NOW + 60 * DAY}


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (LATER, None),
        ({"expires_at": None}, None),
        ({}, Reason.SAME_END),
        ({"expires_at": NOW + 30 * DAY + 13}, Reason.SAME_END),
        ({"expires_at": NOW + 29 * DAY}, Reason.EARLIER_END),
        ({**LATER, "app_id": "999"}, Reason.OTHER_APP),
        ({**LATER, "app_id": ""}, Reason.OTHER_APP),
        ({**LATER, "user_id": "78"}, Reason.OTHER_PERSON),
        ({**LATER, "profile_id": "5"}, Reason.OTHER_PERSON),
        ({**LATER, "scopes": ("instagram_basic",)}, Reason.SCOPE_LOST),
        ({**LATER, "scopes": ()}, Reason.SCOPE_LOST),
        ({**LATER, "granular_scopes": (GranularScope("instagram_basic", ("9",)),)}, Reason.SCOPE_LOST),
        ({**LATER, "granular_scopes": (GranularScope("instagram_basic"),)}, None),
        ({**LATER, "granular_scopes": ()}, None),
        ({**LATER, "issued_at": None, "data_access_expires_at": None}, None),
        ({**LATER, "is_valid": False, "error": FacebookError("changed", code=190, subcode=460)}, Reason.NOT_VALID),
    ],
)
def test_proof_needs_app_person_scopes_and_a_later_end(facts: dict[str, object], reason: Reason | None) -> None:
    assert judge(an_inspection(), an_inspection(**facts)) is reason


def test_all_assets_narrowed_to_some_is_a_lost_scope() -> None:
    before = an_inspection(granular_scopes=(GranularScope("instagram_basic"),))
    after = an_inspection(**LATER)
    assert judge(before, after) is Reason.SCOPE_LOST
    assert lost_scopes(before, after) == (GranularScope("instagram_basic"),)


def test_a_server_that_names_no_app_can_still_prove_an_extension() -> None:
    assert judge(an_inspection(app_id=""), an_inspection(app_id="", **LATER)) is None


def test_an_endless_token_is_never_traded_for_one_that_ends() -> None:
    assert judge(an_inspection(expires_at=None), an_inspection()) is Reason.EARLIER_END


def test_seconds_gained_count_from_the_old_end() -> None:
    before, after = a_token(), a_token(expires_at=NOW + 60 * DAY)
    assert gained(before, after) == 30 * DAY
    assert gained(before, a_token(expires_at=None, data_access_expires_at=NOW + 90 * DAY)) == 60 * DAY
    assert gained(before, a_token(expires_at=None)) == 0


def test_an_inspection_sets_all_that_it_tells() -> None:
    seen = an_inspection(expires_at=None, data_access_expires_at=NOW + 80 * DAY, kind="page", profile_id="5")
    token = inspected(a_token(kind="unknown", inspected_at=None, verdict="unknown", failure=None), seen)
    assert (token.kind, token.subject_id, token.expires_at, token.inspected_at) == ("page", "5", None, NOW)
    assert token.scopes == seen.scopes
    assert state(token, NOW) == "valid"


def test_an_answer_of_junk_does_not_wipe_what_was_known() -> None:
    junk = an_inspection(
        is_valid=False, app_id="", kind="unknown", user_id="", issued_at=None, expires_at=None, scopes=(),
        granular_scopes=(), error=FacebookError("Cannot parse access token", code=190),
    )  # fmt: skip
    token = inspected(a_token(scopes=("email",)), junk)
    assert (token.expires_at, token.scopes, token.subject_id) == (NOW + 30 * DAY, ("email",), "77")
    assert (state(token, NOW), token.reason) == ("invalid", "190")
    assert token.failure is not None


@pytest.mark.parametrize(
    ("error", "expires_at", "verdict", "reason"),
    [
        (FacebookError("x", code=190, subcode=463), NOW - 5, "expired", "190/463"),
        (FacebookError("x", code=102, subcode=463), NOW + 5, "expired", "102/463"),
        (FacebookError("x", code=190, subcode=460), NOW + 5, "invalid", "190/460"),
        (FacebookError("x", code=190), NOW - 5, "expired", "190"),
        (None, NOW - 5, "expired", "expires_at"),
        (None, NOW + 5, "invalid", "refused"),
    ],
)
def test_a_bad_token_is_named_by_code_and_subcode(
    error: FacebookError | None, expires_at: int, verdict: str, reason: str
) -> None:
    token = inspected(a_token(), an_inspection(is_valid=False, expires_at=expires_at, error=error))
    assert (token.verdict, token.reason) == (verdict, reason)


@given(tokens, st.integers(min_value=NOW - 300 * DAY, max_value=NOW + 300 * DAY))
def test_only_facebook_calls_a_token_expired(token: Token, now: int) -> None:
    if state(token, now, WINDOW) is TokenState.EXPIRED:
        assert token.verdict in ("expired", "invalid")
    if token.verdict in ("expired", "invalid") and token.inspected_at is not None:
        assert is_unusable(state(token, now, WINDOW))


@given(tokens, st.integers(min_value=NOW - 300 * DAY, max_value=NOW + 300 * DAY))
def test_a_passed_end_alone_refuses_no_exchange(token: Token, now: int) -> None:
    if plan(token, now) == "login_needed" and token.verdict not in ("expired", "invalid"):
        assert token.data_access_expires_at is not None
        assert token.expires_at is None or token.expires_at > now


@given(tokens, st.integers(min_value=NOW - 300 * DAY, max_value=NOW + 300 * DAY))
def test_a_passed_end_is_not_shown_as_time_left(token: Token, now: int) -> None:
    if token.expires_at is not None and token.expires_at <= now and token.inspected_at is not None:
        is_contradicted = token.verdict == "valid" and token.inspected_at >= token.expires_at
        assert state(token, now) is not TokenState.VALID
        assert STATES[state(token, now)].works == is_contradicted, token


def test_every_state_has_its_row() -> None:
    assert set(STATES) == set(TokenState)
    assert all(row.works == (row.group is Group.USABLE) for row in STATES.values())


@pytest.mark.parametrize("state", TokenState)
def test_every_state_has_its_styles(state: TokenState) -> None:
    styles = {path.name: path.read_text() for path in STYLES.iterdir()}
    assert f".token-table--{state} " in styles["shared.tcss"]
    assert f".token-summary--{state} " in styles["tokens.tcss"]
    themes = tomllib.loads(styles["themes.toml"])
    assert f"state-{state}" in themes["readable"]["names"]
    assert f"state-{state}" in themes["names"] | themes["blends"]


def test_the_sandbox_has_the_same_window() -> None:
    assert REFRESH_WINDOW == WINDOW

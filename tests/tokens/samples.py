"""Tokens and inspections for tests of pure rules."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tui.facebook.models import Inspection
from tui.facebook.permissions import GranularScope
from tui.tokens.automation import Automation, Run, RunFailure, RunProblem, TimerKind
from tui.tokens.token import DAY, Token

NOW = 1_795_475_000


def a_token(**facts: Any) -> Token:
    """A valid, inspected user token with 30 days left, unless said otherwise."""
    return Token(
        **{
            "name": "prod",
            "profile": "acme",
            "app_id": "1234567890",
            "kind": "user",
            "subject_id": "77",
            "obtained_at": NOW - 30 * DAY,
            "issued_at": NOW - 30 * DAY,
            "expires_at": NOW + 30 * DAY,
            "inspected_at": NOW - 60,
            "verdict": "valid",
            **facts,
        }
    )


def an_inspection(**facts: Any) -> Inspection:
    """What debug_token says of that token."""
    return Inspection(
        **{
            "at": NOW,
            "is_valid": True,
            "app_id": "1234567890",
            "kind": "user",
            "user_id": "77",
            "issued_at": NOW - 30 * DAY,
            "expires_at": NOW + 30 * DAY,
            "scopes": ("instagram_basic", "pages_show_list"),
            "granular_scopes": (GranularScope("instagram_basic", ("1784",)),),
            **facts,
        }
    )


moments = st.none() | st.integers(min_value=NOW - 200 * DAY, max_value=NOW + 200 * DAY)
names = st.text("abcdefghijklmnopqrstuvwxyzABCXYZ0123456789._-", min_size=1, max_size=12)
tokens = st.builds(
    a_token,
    name=names,
    kind=st.sampled_from(("user", "page", "system_user", "app", "unknown")),
    expires_at=moments,
    data_access_expires_at=moments,
    inspected_at=moments,
    verdict=st.sampled_from(("unknown", "valid", "invalid", "expired")),
    reason=st.sampled_from(("", "190/460")),
    issued_at=moments,
    extended_at=moments,
    tried_at=moments,
    scopes=st.lists(st.sampled_from(("instagram_basic", "email", "x")), unique=True).map(tuple),
)

_recently = st.integers(min_value=NOW - 2 * DAY, max_value=NOW)
_past = _recently | st.integers(min_value=NOW - 90 * DAY, max_value=NOW)
failures = st.builds(
    RunFailure,
    st.sampled_from(RunProblem),
    st.lists(st.sampled_from(("prod", "acme", "x.y", "extended")), unique=True).map(tuple),
    st.sampled_from(("", "190/463", "keyring_silent", "connection_refused", "Locked", "ImportError", "No such file")),
)
runs = st.builds(Run, _past, _past, st.integers(0, 300), st.lists(failures, max_size=4).map(tuple))
timers = st.none() | st.builds(
    Automation,
    st.sampled_from((60, 3_600, DAY)),
    _past,
    st.none() | _past,
    st.sampled_from(TimerKind),
    st.none() | runs,
    st.none() | _past,
    st.none() | _past,
    st.none() | _past | st.integers(NOW, NOW + DAY),
)

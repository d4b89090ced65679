"""Rate limits: what the usage headers say and when calls are refused (graph-api.md section 11)."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import replace

from tui.sandbox.call import GraphCall
from tui.sandbox.clock import DAY, HOUR
from tui.sandbox.errors import GraphError
from tui.sandbox.faults import ERRORS
from tui.sandbox.specs import AppSpec, InstagramSpec
from tui.sandbox.state import State

CALLS_PER_PERSON = 200
CALLS_PER_IMPRESSION = 4800


def app_of(state: State, call: GraphCall) -> AppSpec | None:
    """The app a call counts for."""
    token = state.tokens.get(call.token)
    if token is not None:
        return token.app
    return state.apps.get(call.token.partition("|")[0]) or state.apps.get(call.get("client_id"))


def _limit(state: State, app: AppSpec) -> int:
    return app.hourly_calls or CALLS_PER_PERSON * max(1, len(state.people))


def _hour(state: State, app: AppSpec) -> deque[float]:
    window = state.hour.setdefault(app.id, deque())
    while window and window[0] <= state.clock.now() - HOUR:
        window.popleft()
    return window


def count(state: State, call: GraphCall) -> None:
    """Count the call; raises code 4 when the app's rolling hour is full and the world keeps limits."""
    app = app_of(state, call)
    if app is None or call.path.startswith("oauth/"):
        return
    window = _hour(state, app)
    if app.hourly_calls and len(window) >= app.hourly_calls:
        raise limit_reached()
    window.append(state.clock.now())
    if len(window) > 50_000:
        window.popleft()


def count_account(state: State, call: GraphCall, account: InstagramSpec) -> None:
    """Count the call for the Instagram account; raises code 80002 at 4800 calls an impression and rolling day."""
    call.usage_business, call.usage_type = account.id, "instagram"
    if not account.impressions:
        return
    now = state.clock.now()
    window = state.day.setdefault(account.id, deque())
    while window and window[0] <= now - DAY:
        window.popleft()
    if len(window) >= CALLS_PER_IMPRESSION * account.impressions:
        raise replace(ERRORS["throttle_instagram"])
    window.append(now)


def limit_reached() -> GraphError:
    return GraphError("(#4) Application request limit reached", 4, transient=True)


def headers(state: State, call: GraphCall, *, full: bool = False) -> dict[str, str]:
    """`X-App-Usage` in percent, and the business form for calls on an Instagram account."""
    app = app_of(state, call)
    if app is None:
        return {}
    share = len(_hour(state, app)) * 100 // _limit(state, app)
    percent = 100 if full else min(share, 100 if app.hourly_calls else 95)
    found = {
        "x-app-usage": json.dumps({"call_count": percent, "total_cputime": 0, "total_time": percent // 5}),
    }
    if call.usage_business:
        share = _account_share(state, call.usage_business, percent)
        entry = {
            "type": call.usage_type,
            "call_count": 100 if full else share,
            "total_cputime": 1,
            "total_time": 1,
            "estimated_time_to_regain_access": 27 if full or share >= 100 else 0,
        }
        found["x-business-use-case-usage"] = json.dumps({call.usage_business: [entry]})
    if state.odd_types and call.usage_type == "pages":
        found["x-page-usage"] = found["x-app-usage"]
    return found


def _account_share(state: State, owner: str, otherwise: int) -> int:
    """How much of its day an Instagram account with a limit has used, in percent."""
    account = state.instagram.get(owner)
    if account is None or not account.impressions:
        return otherwise
    return len(state.day.get(owner, ())) * 100 // (CALLS_PER_IMPRESSION * account.impressions)

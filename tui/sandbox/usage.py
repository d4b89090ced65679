"""Rate limits: what the usage headers contain and when calls are refused (graph-api.md section 11)."""

import json
from collections import deque

from tui.sandbox.call import GraphCall
from tui.sandbox.clock import DAY, HOUR
from tui.sandbox.errors import error
from tui.sandbox.specs import AppSpec, InstagramSpec
from tui.sandbox.state import State

CALLS_PER_PERSON = 200
CALLS_PER_IMPRESSION = 4800


def _app_of(state: State, call: GraphCall) -> AppSpec | None:
    """Return the app a call counts for."""
    token = state.tokens.get(call.token)
    if token is not None:
        return token.app
    return state.apps.get(call.token.partition("|")[0]) or state.apps.get(call.get("client_id"))


def _window(state: State, owner: str, length: int) -> deque[float]:
    """Return the times of the calls that count for an app or account, those within the last `length` seconds."""
    window = state.windows.setdefault(owner, deque(maxlen=50_000))
    while window and window[0] <= state.clock.now() - length:
        window.popleft()
    return window


def _add(state: State, owner: str, length: int, limit: int, refusal: str) -> None:
    """Count a call of now; raises the error of that name where the limit is reached (0: there is none)."""
    window = _window(state, owner, length)
    if limit and len(window) >= limit:
        raise error(refusal)
    window.append(state.clock.now())


def count(state: State, call: GraphCall) -> None:
    """Count the call; raises code 4 when the app's rolling hour is full and the world has limits."""
    app = _app_of(state, call)
    if app is not None and not call.path.startswith("oauth/"):
        _add(state, app.id, HOUR, app.hourly_calls, "throttle")


def count_account(state: State, call: GraphCall, account: InstagramSpec) -> None:
    """Count the call for the Instagram account; raises code 80002 at 4800 calls per impression and rolling day."""
    call.usage_business, call.usage_type = account.id, "instagram"
    if account.impressions:
        _add(state, account.id, DAY, CALLS_PER_IMPRESSION * account.impressions, "throttle_instagram")


def headers(state: State, call: GraphCall, fault: str) -> dict[str, str]:
    """Return `X-App-Usage` in percent, and the business form for calls on an Instagram account or a Page.

    `fault`: what the call was made to fail with, empty for none.
    """
    is_full = fault.startswith("throttle_")
    app = _app_of(state, call)
    if app is None:
        return {}
    hourly = app.hourly_calls or CALLS_PER_PERSON * max(1, len(state.people))
    share = min(len(_window(state, app.id, HOUR)) * 100 // hourly, 100 if app.hourly_calls else 95)
    percent = 100 if fault == "throttle" else share
    values = {"x-app-usage": json.dumps({"call_count": percent, "total_cputime": 0, "total_time": percent // 5})}
    if call.usage_business:
        account = state.instagram.get(call.usage_business)
        if account is not None and account.impressions:
            calls = len(state.windows.get(account.id, ()))
            share = calls * 100 // (CALLS_PER_IMPRESSION * account.impressions)
        entry = {
            "type": call.usage_type,
            "call_count": 100 if is_full else share,
            "total_cputime": 1,
            "total_time": 1,
            "estimated_time_to_regain_access": 27 if is_full or share >= 100 else 0,
        }
        values["x-business-use-case-usage"] = json.dumps({call.usage_business: [entry]})
    if state.odd_types and call.usage_type == "pages":
        values["x-page-usage"] = values["x-app-usage"]
    return values

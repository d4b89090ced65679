"""What the Marketing API does otherwise: its versions end sooner, its limits have headers of their own
(graph-api.md sections 1 and 11). Of its objects only the ad account is here."""

from __future__ import annotations

import json
import re
from typing import Any

from tui.sandbox import likeness
from tui.sandbox.access import identify
from tui.sandbox.call import Answer, GraphCall
from tui.sandbox.errors import bad_request, not_authorized, unsupported_get
from tui.sandbox.specs import BusinessSpec
from tui.sandbox.state import State
from tui.sandbox.vocabulary import ADS_UPGRADED, NEWEST

_ACCOUNT = re.compile(r"act_([0-9]+)")
TIER = "development_access"


def is_ad_account(path: str) -> bool:
    return _ACCOUNT.fullmatch(path.split("/")[0]) is not None


def account_number(business: BusinessSpec) -> str:
    """The number of the one ad account that a portfolio has here."""
    return likeness.digits(f"ads:{business.id}", 15, "3")


def answer(state: State, call: GraphCall) -> Answer:
    """`/act_N` and `/act_N/insights`. A call without a version, or with one that ended long ago, is code 2635."""
    warning = _upgrade(call)
    caller = identify(state, call)
    number = call.path.split("/")[0].removeprefix("act_")
    person = caller.token.person if caller.token else None
    business = next((item for item in state.spec.businesses if account_number(item) == number), None)
    if call.method != "GET" or business is None or person is None or person.key not in business.people:
        raise unsupported_get(f"act_{number}", call.method.lower())
    if caller.token is not None and not {"ads_read", "ads_management"} & set(state.scopes_of(caller.token)):
        raise not_authorized()
    edge = call.path.partition("/")[2]
    if edge not in ("", "insights"):
        raise bad_request(f"(#100) Tried accessing nonexisting field ({edge}) on node type (AdAccount)")
    body: dict[str, Any] = {"id": f"act_{number}", "account_id": number}
    usage = {"acc_id_util_pct": 1.33, "reset_time_duration": 0, "ads_api_access_tier": TIER}
    headers = {**warning, "x-ad-account-usage": json.dumps(usage)}
    if edge:
        body = {"data": []}
        throttle = {"app_id_util_pct": 0.5, "acc_id_util_pct": 1.33, "ads_api_access_tier": TIER}
        headers["x-fb-ads-insights-throttle"] = json.dumps(throttle)
    return Answer(body, headers=headers)


def _upgrade(call: GraphCall) -> dict[str, str]:
    """The header of a call that was upgraded by itself. Raises 2635 where that is not done."""
    if call.asked_version not in (NEWEST, *ADS_UPGRADED):
        raise bad_request(
            f"(#2635) You are calling a deprecated version of the Ads API. Please upgrade to the latest version: "
            f"{NEWEST}.",
            2635,
        )
    if call.asked_version == NEWEST:
        return {}
    call.version = NEWEST
    words = f"The call has been auto-upgraded to {NEWEST} as {call.asked_version} will be deprecated."
    return {"x-ad-api-version-warning": words}

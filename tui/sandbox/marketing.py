"""Where the Marketing API differs: its versions end sooner, its limits have headers of their own
(graph-api.md sections 1 and 11). Its only object here is the ad account."""

import json

from tui.sandbox import identifiers
from tui.sandbox.access import identify
from tui.sandbox.call import Answer, GraphCall
from tui.sandbox.errors import error
from tui.sandbox.specs import BusinessSpec
from tui.sandbox.state import State
from tui.sandbox.vocabulary import ADS_UPGRADED, NEWEST

TIER = "development_access"


def account_number(business: BusinessSpec) -> str:
    """Return the number of the one ad account that a portfolio has here."""
    return identifiers.digits(f"ads:{business.id}", 15, "3")


def answer(state: State, call: GraphCall) -> Answer:
    """Answer `/act_N` and `/act_N/insights`. Without a version, or with one long expired: code 2635."""
    headers: dict[str, str] = {}
    if call.version_in_path not in (NEWEST, *ADS_UPGRADED):
        raise error("code_2635")
    if call.version_in_path != NEWEST:
        warning = f"The call has been auto-upgraded to {NEWEST} as {call.version_in_path} will be deprecated."
        headers["x-ad-api-version-warning"] = warning
        call.version = NEWEST
    caller = identify(state, call)
    name, _, edge = call.path.partition("/")
    business = next((item for item in state.spec.businesses if f"act_{account_number(item)}" == name), None)
    token = caller.token
    if call.method != "GET" or business is None or token is None or token.person.key not in business.people:
        raise error("unsupported", id=name, method=call.method.lower())
    if {"ads_read", "ads_management"}.isdisjoint(state.scopes_of(token)):
        raise error("not_authorized")
    if edge not in ("", "insights"):
        raise error("no_field", name=edge, type="AdAccount")
    usage = {"acc_id_util_pct": 1.33, "reset_time_duration": 0, "ads_api_access_tier": TIER}
    headers["x-ad-account-usage"] = json.dumps(usage)
    if not edge:
        return Answer({"id": name, "account_id": name.removeprefix("act_")}, headers=headers)
    throttle = {"app_id_util_pct": 0.5, "acc_id_util_pct": 1.33, "ads_api_access_tier": TIER}
    headers["x-fb-ads-insights-throttle"] = json.dumps(throttle)
    return Answer({"data": []}, headers=headers)

"""What graph-api.md sections 1 and 11 say of the Marketing API."""

from __future__ import annotations

import json

import httpx

from tests.sandbox.asking import Asker
from tui.sandbox.marketing import account_number


def account(ask: Asker, version: str, edge: str = "", token: str = "user_long") -> httpx.Response:
    number = account_number(ask.world.spec.businesses[0])
    return ask.http.get(f"{version}/act_{number}{edge}", params={"access_token": ask.token(token)})


def test_the_newest_version_serves_ad_accounts_without_a_warning(ask: Asker) -> None:
    reply = account(ask, "/v26.0")
    assert reply.json()["id"].startswith("act_")
    assert "x-ad-api-version-warning" not in reply.headers


def test_a_recent_version_is_upgraded_and_says_so(ask: Asker) -> None:
    reply = account(ask, "/v25.0")
    assert reply.headers["x-ad-api-version-warning"] == (
        "The call has been auto-upgraded to v26.0 as v25.0 will be deprecated."
    )
    assert reply.headers["facebook-api-version"] == "v26.0"


def test_an_expired_or_missing_ads_version_is_2635(ask: Asker) -> None:
    for version in ("/v19.0", "/v22.0", ""):
        error = account(ask, version).json()["error"]
        assert (error["code"], error["message"]) == (
            2635,
            "(#2635) You are calling a deprecated version of the Ads API. Please upgrade to the latest version: v26.0.",
        )


def test_ad_accounts_have_usage_headers_of_their_own(ask: Asker) -> None:
    plain, insights = account(ask, "/v26.0"), account(ask, "/v26.0", "/insights")
    assert {"acc_id_util_pct", "reset_time_duration"} <= set(json.loads(plain.headers["x-ad-account-usage"]))
    assert "x-fb-ads-insights-throttle" not in plain.headers
    assert set(json.loads(insights.headers["x-fb-ads-insights-throttle"])) == {
        "app_id_util_pct", "acc_id_util_pct", "ads_api_access_tier",
    }  # fmt: skip


def test_an_ad_account_needs_permission_and_its_portfolio(ask: Asker) -> None:
    assert account(ask, "/v26.0", token="user_missing_scope").json()["error"]["code"] == 200
    assert account(ask, "/v26.0", "/nothing").json()["error"]["code"] == 100
    error = ask.error("act_1", access_token=ask.token("user_long"))
    assert (error["type"], error["error_subcode"]) == ("GraphMethodException", 33)

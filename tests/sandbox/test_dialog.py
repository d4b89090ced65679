"""graph-api.md section 2."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.sandbox.asking import Asker, landed


def refused(reply: httpx.Response, words: str) -> None:
    """An error page: HTML, no redirect, nothing reaches the app."""
    assert "location" not in reply.headers
    assert reply.headers["content-type"].startswith("text/html")
    assert words in unescape(reply.text)


def test_a_get_shows_the_dialog_and_redirects_nobody(ask: Asker) -> None:
    reply = ask.dialog(scope="instagram_basic", as_="dana")
    assert reply.status_code == 200
    assert "instagram_basic" in reply.text
    assert "Continue as Dana Whitfield" in reply.text


def test_allowing_redirects_with_code_state_and_fragment(ask: Asker) -> None:
    reply = ask.dialog(as_="dana", decision="allow", state="a b&c")
    location = reply.headers["location"]
    assert location.startswith(ask.world.redirect_uri + "?code=AQ")
    assert location.endswith("#_=_")
    assert landed(location)["state"] == "a b&c"


def test_state_is_not_enforced(ask: Asker) -> None:
    assert "state" not in ask.allow("dana", state=None)


def test_scopes_are_separated_by_commas_or_spaces(ask: Asker) -> None:
    for scope in ("instagram_basic,ads_read", "instagram_basic ads_read"):
        page = ask.dialog(scope=scope, as_="dana").text
        assert "ads_read" in page
        assert "instagram_basic" in page


def test_a_token_response_is_in_the_fragment(ask: Asker) -> None:
    reply = ask.dialog(as_="dana", decision="allow", response_type="token")
    parts = urlsplit(reply.headers["location"])
    assert parts.query == ""
    found = landed(reply.headers["location"])
    assert set(found) == {"access_token", "data_access_expiration_time", "expires_in", "state"}
    assert 3600 <= int(found["expires_in"]) <= 7200


def test_code_and_token_and_granted_scopes_combine(ask: Asker) -> None:
    both = ask.allow("dana", response_type="code token")
    assert {"code", "access_token"} <= set(both)
    listed = ask.allow("marco", response_type="code,granted_scopes", scope="ads_read")
    assert "ads_read" in listed["granted_scopes"].split(",")
    assert "business_management" in listed["denied_scopes"].split(",")


def test_return_scopes_adds_both_lists(ask: Asker) -> None:
    assert {"granted_scopes", "denied_scopes"} <= set(ask.allow("marco", return_scopes="true"))


def test_declining_is_reported_as_documented(ask: Asker) -> None:
    location = ask.dialog(as_="dana", decision="deny").headers["location"]
    assert landed(location) == {
        "error": "access_denied",
        "error_reason": "user_denied",
        "error_description": "Permissions error.",
        "state": "s1",
    }
    assert "error_description=Permissions+error." in location


def test_declining_in_2026_has_a_code_and_no_period(ask_world: Callable[..., Asker], tmp_path: Path) -> None:
    path = tmp_path / "denial.toml"
    path.write_text(
        '[[apps]]\nkey = "a"\nname = "A"\ndenial = "2026"\n'
        '[[people]]\nkey = "p"\nname = "P"\nroles = { a = "developers" }\n'
    )
    found = landed(ask_world(path).dialog(decision="deny").headers["location"])
    assert (found["error_code"], found["error_description"]) == ("200", "Permissions error")


def test_declining_on_old_servers_names_the_user(ask_world: Callable[..., Asker], tmp_path: Path) -> None:
    path = tmp_path / "denial.toml"
    path.write_text('[[apps]]\nkey = "a"\nname = "A"\ndenial = "old"\n[[people]]\nkey = "p"\nname = "P"\n')
    found = landed(ask_world(path).dialog(decision="deny").headers["location"])
    assert found["error_description"] == "The user denied your request."


@pytest.mark.parametrize("client_id", ["", "9", "{}%20", "{} ", "{}\n"])
def test_a_bad_app_id_never_redirects(ask: Asker, client_id: str) -> None:
    reply = ask.dialog(client_id=client_id.format(ask.world.app_id))
    refused(reply, "Invalid App ID: The provided app ID does not look like a valid app ID.")


def test_the_instagram_products_id_is_no_app_of_this_dialog(ask: Asker) -> None:
    refused(ask.dialog(client_id=ask.world.spec.apps[0].instagram_app_id), "Invalid App ID")


@pytest.mark.parametrize("change", ["{}/", "{}?a=1", "http{}", "https://other.example/oauth/callback"])
def test_any_other_redirect_is_blocked(ask: Asker, change: str) -> None:
    right = ask.world.redirect_uri
    given = "http" + right.removeprefix("https") if change == "http{}" else change.format(right)
    refused(ask.dialog(redirect_uri=given), "URL Blocked: This redirect failed because the redirect URI is not")


def test_only_the_state_parameter_of_a_redirect_is_ignored(ask: Asker) -> None:
    assert ask.dialog(redirect_uri=ask.world.redirect_uri + "?state=x").status_code == 200
    assert "URL Blocked" in ask.dialog(redirect_uri=ask.world.redirect_uri + "?x=state").text


def test_localhost_is_allowed_in_development_mode_only(ask: Asker, ask_world: Callable[..., Asker]) -> None:
    for address in ("http://localhost:8765/", "http://localhost/"):
        assert "URL Blocked" not in ask.dialog(redirect_uri=address).text
        assert "code" in ask.allow("dana", redirect_uri=address)
    live = ask_world("live-app")
    assert "The domain of this URL" in unescape(live.dialog(redirect_uri="http://localhost:8765/").text)


def test_127_0_0_1_is_not_localhost(ask: Asker) -> None:
    refused(ask.dialog(redirect_uri="http://127.0.0.1:8765/"), "URL Blocked")


def test_a_domain_outside_the_apps_domains_cannot_be_loaded(ask_world: Callable[..., Asker]) -> None:
    reply = ask_world("live-app").dialog(redirect_uri="https://other.example/x")
    refused(reply, "Can't Load URL: The domain of this URL isn't included in the app's domains")


def test_one_unavailable_scope_fails_the_dialog(ask: Asker) -> None:
    refused(ask.dialog(scope="instagram_basic,instagram_manage_messages"), "Invalid Scopes: instagram_manage_messages")
    refused(ask.dialog(scope="instagram_basic,no_such_thing"), "Invalid Scopes: no_such_thing")


def test_without_a_role_a_development_app_is_inactive(ask: Asker) -> None:
    reply = ask.dialog(as_="tom", decision="allow")
    refused(reply, "App not active")
    refused(reply, "still in development mode")


def test_a_live_app_with_advanced_access_admits_anyone(ask_world: Callable[..., Asker]) -> None:
    assert "code" in ask_world("live-app").allow("jo", scope="instagram_basic")


def test_the_desktop_address_is_a_page_of_the_dialog_host(ask: Asker) -> None:
    facebook = "https://www.facebook.com/connect/login_success.html"
    assert ask.dialog(redirect_uri=facebook, as_="dana", decision="allow").headers["location"].startswith(facebook)
    here = f"{ask.sandbox.dialog_url}/connect/login_success.html"
    code = ask.allow("dana", redirect_uri=here)["code"]
    assert "Success" in ask.http.get(here).text
    assert ask.redeem(code, redirect_uri=here)["access_token"]


def post(ask: Asker, person: str, scope: str, ticked: list[str], **query: str) -> str:
    """The redirect after a form sent with those boxes ticked."""
    asked = {"client_id": ask.world.app_id, "redirect_uri": ask.world.redirect_uri, "scope": scope, **query}
    form = {"as": person, "decision": "allow", "scopes_shown": "1", "allow": ticked}
    reply = ask.http.post("/v26.0/dialog/oauth", params=asked, data=form)
    assert reply.status_code == 302, reply.text
    return str(reply.headers["location"])


def granted(ask: Asker, location: str) -> set[str]:
    return set(ask.inspect(ask.redeem(landed(location)["code"])["access_token"])["scopes"])


def test_permissions_are_ticked_one_by_one(ask_world: Callable[..., Asker]) -> None:
    ask = ask_world("fresh-app")
    location = post(ask, "lena", "instagram_basic,pages_show_list", ["pages_show_list"])
    assert granted(ask, location) == {"public_profile", "pages_show_list"}


def test_declined_permissions_need_a_rerequest(ask: Asker) -> None:
    shown = ask.dialog(as_="priya", scope="instagram_manage_insights").text
    assert 'name="allow" value="instagram_manage_insights"' not in shown
    again = ask.dialog(as_="priya", scope="instagram_manage_insights", auth_type="rerequest").text
    assert 'name="allow" value="instagram_manage_insights"' in again
    quiet = granted(ask, post(ask, "priya", "instagram_manage_insights", ["instagram_manage_insights"]))
    assert "instagram_manage_insights" not in quiet
    asked = post(ask, "priya", "instagram_manage_insights", ["instagram_manage_insights"], auth_type="rerequest")
    assert "instagram_manage_insights" in granted(ask, asked)


def test_reauthenticate_asks_for_the_password(ask: Asker) -> None:
    shown = ask.dialog(as_="dana", auth_type="reauthenticate", decision="allow")
    assert shown.status_code == 200
    assert 'type="password"' in shown.text
    assert "code" in ask.allow("dana", auth_type="reauthenticate", password="x")


def test_a_business_login_takes_the_scopes_of_its_config(ask_world: Callable[..., Asker]) -> None:
    ask = ask_world("business-login")
    shown = ask.dialog(config_id=ask.world.config_id).text
    assert "instagram_manage_insights" in shown
    assert 'type="checkbox" name="allow"' not in shown
    refused(ask.dialog(config_id="77"), "invalid config_id")


def test_a_business_login_needs_a_real_permission(ask_world: Callable[..., Asker]) -> None:
    refused(ask_world("business-login").dialog(scope="public_profile,email"), "at least one supported permission")


def test_scopes_of_other_tools_can_be_requested(ask: Asker) -> None:
    asked = "ads_management,business_management,instagram_basic,instagram_manage_insights,pages_show_list"
    found = ask.allow("dana", scope=f"{asked},pages_read_engagement", return_scopes="true")
    assert set(asked.split(",")) <= set(found["granted_scopes"].split(","))


def test_scopes_of_the_other_instagram_login_are_invalid(ask: Asker) -> None:
    refused(ask.dialog(scope="instagram_business_basic"), "Invalid Scopes: instagram_business_basic")


def test_instagrams_business_login_sends_a_long_lived_token_too(ask: Asker) -> None:
    extras = '{"setup":{"channel":"IG_API_ONBOARDING"}}'
    found = ask.allow("dana", response_type="token", display="page", extras=extras)
    short, long = ask.inspect(found["access_token"]), ask.inspect(found["long_lived_token"])
    assert "issued_at" not in short
    assert long["expires_at"] - short["expires_at"] > 50 * 86400
    assert "long_lived_token" not in ask.allow("dana", response_type="token")


def test_a_business_login_is_all_or_nothing(ask_world: Callable[..., Asker]) -> None:
    ask = ask_world("business-login")
    location = post(ask, "lena", "", [], config_id=ask.world.config_id)
    assert set(ask.world.spec.apps[0].configs[ask.world.config_id]) <= granted(ask, location)


def test_a_system_user_config_gives_a_token_without_expiry(ask_world: Callable[..., Asker]) -> None:
    ask = ask_world("business-login")
    asked = {"response_type": "code", "override_default_response_type": "true", "config_id": "1200000000000002"}
    token = ask.redeem(ask.allow("lena", **asked)["code"])["access_token"]
    assert (ask.inspect(token)["type"], ask.inspect(token)["expires_at"]) == ("SYSTEM_USER", 0)


def test_a_system_user_code_needs_no_redirect_uri(ask_world: Callable[..., Asker]) -> None:
    ask = ask_world("business-login")
    asked = {"response_type": "code", "override_default_response_type": "true", "config_id": "1200000000000002"}
    code = ask.allow("lena", **asked)["code"]
    assert ask.ok("oauth/access_token", **ask.credentials, code=code)["access_token"]


def test_a_failing_dialog_sends_error_code_and_message(ask: Asker) -> None:
    ask.sandbox.fail_dialog(1349126, "App Not Setup")
    found = ask.allow("dana")
    assert (found["error_code"], found["error_message"], found["state"]) == ("1349126", "App Not Setup", "s1")
    assert "error" not in found
    assert "code" in ask.allow("dana")


def test_a_code_is_opaque_starts_aq_and_is_used_once(ask: Asker) -> None:
    first, second = ask.allow("dana")["code"], ask.allow("dana")["code"]
    assert first != second
    assert first.startswith("AQ")


def test_display_is_ignored(ask: Asker) -> None:
    for display in ("page", "popup", "touch"):
        assert ask.dialog(display=display).status_code == 200


def test_hostile_input_is_escaped_in_the_page(ask_world: Callable[..., Asker], tmp_path: Path) -> None:
    path = tmp_path / "hostile.toml"
    path.write_text(
        '[[apps]]\nkey = "a"\nname = "<script>alert(1)</script> & Co"\n'
        '[[people]]\nkey = "p"\nname = \'"><img src=x onerror=alert(2)>\'\nroles = { a = "developers" }\n'
        '[[pages]]\nkey = "q"\nname = \'</ul><b>bold\'\npeople = ["p"]\n'
    )
    ask = ask_world(path)
    page = ask.dialog(scope="pages_show_list", state="'><script>s</script>").text
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in ask.dialog(scope="<script>x</script>").text


def test_the_page_needs_no_script_and_nothing_from_outside(ask: Asker) -> None:
    reply = ask.dialog(as_="dana", scope="pages_show_list")
    assert "<script" not in reply.text
    assert "src=" not in reply.text
    assert "<link" not in reply.text
    assert "prefers-color-scheme: dark" in reply.text
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")

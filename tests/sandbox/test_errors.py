"""graph-api.md sections 10 to 12: the envelope, headers, unusable tokens, limits and formats."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import httpx
import pytest

from tests.sandbox.asking import Asker
from tui.sandbox import RunningSandbox
from tui.sandbox.clock import pacific


def test_the_envelope_has_its_keys_and_a_trace_of_23(ask: Asker) -> None:
    error = ask.error("me", access_token="junk")
    assert list(error) == ["message", "type", "code", "fbtrace_id"]
    assert re.fullmatch(r"A[A-Za-z0-9_-]{22}", error["fbtrace_id"])


def test_an_errors_headers_are_facebooks(ask: Asker) -> None:
    headers = ask.get("me", access_token="junk").headers
    assert headers["content-type"] == "application/json; charset=UTF-8"
    assert headers["vary"] == "Origin"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cache-control"] == "no-store"
    assert headers["pragma"] == "no-cache"
    assert headers["expires"] == "Sat, 01 Jan 2000 00:00:00 GMT"
    assert headers["strict-transport-security"] == "max-age=15552000; preload"
    assert headers["www-authenticate"] == (
        'OAuth "Facebook Platform" "invalid_token" "Invalid OAuth access token - Cannot parse access token"'
    )
    assert re.fullmatch(r"[A-Za-z0-9]{11}", headers["x-fb-trace-id"])
    assert re.fullmatch(r"\d{10}", headers["x-fb-rev"])
    assert len(headers["x-fb-debug"]) == 88
    assert headers["facebook-api-version"] == "v26.0"
    assert "server" not in headers


def test_a_success_has_an_etag_and_usage(ask: Asker) -> None:
    reply = ask.get("me", access_token=ask.token("user_long"))
    assert reply.headers["cache-control"] == "private, no-cache, no-store, must-revalidate"
    assert set(json.loads(reply.headers["x-app-usage"])) == {"call_count", "total_cputime", "total_time"}
    again = ask.http.get(
        "/v26.0/me",
        params={"access_token": ask.token("user_long")},
        headers={"If-None-Match": reply.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


def test_the_date_header_is_the_sandboxs_time(sandbox: RunningSandbox, ask: Asker) -> None:
    sandbox.clock.set(1_900_000_000)
    dates = ask.get("me").headers.get_list("date")
    assert len(dates) == 1
    assert abs(parsedate_to_datetime(dates[0]).timestamp() - 1_900_000_000) <= 2
    assert "date" in ask.dialog().headers


def test_a_frozen_clock_stands_still_until_advanced(make_sandbox: Callable[..., RunningSandbox]) -> None:
    sandbox = make_sandbox(frozen=True, start_at=1_800_000_000)
    asked = [Asker(sandbox).get("me").headers["date"] for _ in range(2)]
    assert asked[0] == asked[1]
    assert sandbox.clock.now() == 1_800_000_000
    sandbox.clock.advance(61)
    assert sandbox.clock.now() == 1_800_000_061


def test_no_token_on_me_is_2500_invalid_request(ask: Asker) -> None:
    reply = ask.get("me")
    assert reply.status_code == 400
    assert reply.json()["error"]["code"] == 2500
    assert "active access token" in reply.json()["error"]["message"]
    assert '"invalid_request"' in reply.headers["www-authenticate"]


def test_no_token_elsewhere_is_104(ask: Asker) -> None:
    assert ask.triple(ask.world.app_id) == (104, None, "An access token is required to request this resource.")


def test_an_unknown_alias_is_803_and_404(ask: Asker) -> None:
    reply = ask.get("nosuchalias", access_token=ask.token("user_long"))
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, 803)


def test_a_field_list_that_cannot_be_read_is_2500(ask: Asker) -> None:
    assert ask.triple("me", access_token=ask.token("user_long"), fields="id,{")[0] == 2500


def test_an_unknown_field_is_100(ask: Asker) -> None:
    message = "(#100) Tried accessing nonexisting field (shoe_size) on node type (User)"
    assert ask.triple("me", access_token=ask.token("user_long"), fields="shoe_size") == (100, None, message)


@pytest.mark.parametrize(
    ("flaw", "subcode", "words"),
    [
        ("app_removed", 458, "The user has not authorized application"),
        ("checkpoint", 459, "You cannot access the app till you log in to www.facebook.com"),
        ("password_changed", 460, "because the user changed their password or Facebook has changed the session"),
        ("unconfirmed", 464, "are not allowed because the user is not a confirmed user."),
        ("invalidated", 466, "The session was invalidated explicitly using an API call."),
        ("invalidated_plain", None, "The session was invalidated explicitly using an API call."),
        ("logged_out", 467, "The session is invalid because the user logged out."),
        ("blocking_checkpoint", 490, "The user is enrolled in a blocking, logged-in checkpoint"),
    ],
)
def test_each_flaw_has_its_subcode_and_text(ask: Asker, flaw: str, subcode: int | None, words: str) -> None:
    ask.sandbox.revoke("user_long", flaw)
    code, found, message = ask.triple("me", access_token=ask.token("user_long"))
    assert (code, found) == (190, subcode)
    assert message.startswith("Error validating access token: ")
    assert words in message


def test_458_ends_with_the_apps_id(ask: Asker) -> None:
    assert ask.triple("me", access_token=ask.token("user_app_removed"))[2].endswith(f"application {ask.world.app_id}.")


def test_code_102_may_carry_a_session_subcode(ask: Asker) -> None:
    ask.sandbox.revoke("user_long", "session_102")
    assert ask.triple("me", access_token=ask.token("user_long"))[:2] == (102, 460)


def test_463_shows_both_times_in_pacific_form(ask: Asker) -> None:
    message = ask.triple("me", access_token=ask.token("user_expired"))[2]
    stamp = r"[A-Z][a-z]+, \d\d-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d P[SD]T"
    assert re.fullmatch(
        rf"Error validating access token: Session has expired on {stamp}\. The current time is {stamp}\.", message
    )


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (datetime(2026, 6, 13, 12, 0, tzinfo=UTC), "Saturday, 13-Jun-26 05:00:00 PDT"),
        (datetime(2026, 1, 2, 7, 0, tzinfo=UTC), "Thursday, 01-Jan-26 23:00:00 PST"),
        (datetime(2026, 3, 8, 9, 59, 59, tzinfo=UTC), "Sunday, 08-Mar-26 01:59:59 PST"),
        (datetime(2026, 3, 8, 10, 0, tzinfo=UTC), "Sunday, 08-Mar-26 03:00:00 PDT"),
        (datetime(2026, 11, 1, 8, 59, 59, tzinfo=UTC), "Sunday, 01-Nov-26 01:59:59 PDT"),
        (datetime(2026, 11, 1, 9, 0, tzinfo=UTC), "Sunday, 01-Nov-26 01:00:00 PST"),
    ],
)
def test_pacific_time_follows_the_us_rule(at: datetime, text: str) -> None:
    assert pacific(at.timestamp()) == text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("IGAAxyz", "Invalid OAuth access token - Cannot parse access token"),
        ("EAAB" + "x" * 196, "Invalid OAuth access token."),
    ],
)
def test_invalid_tokens_have_texts_of_their_own(ask: Asker, value: str, message: str) -> None:
    assert ask.triple("me", access_token=value) == (190, None, message)


def test_a_truncated_token_could_not_be_decrypted(ask: Asker) -> None:
    cut = ask.token("user_long")[:-7]
    assert ask.triple("me", access_token=cut) == (190, None, "The access token could not be decrypted")


def test_a_malformed_token_is_echoed(ask: Asker) -> None:
    broken = ask.token("user_long") + "\n"
    assert ask.triple("me", access_token=broken)[2] == f"Malformed access token {broken}"


def test_texts_follow_the_locale_and_codes_do_not(ask: Asker) -> None:
    german = ask.error("me", access_token=ask.token("user_expired"), locale="de_DE")
    assert german["message"].startswith("Fehler beim")
    assert (german["code"], german["error_subcode"]) == (190, 463)
    by_header = ask.http.get(
        "/v26.0/me", params={"access_token": ask.token("user_expired")}, headers={"Accept-Language": "ja-JP,en"}
    ).json()["error"]
    assert "期限切れ" in by_header["message"]


@pytest.mark.parametrize("place", ["header", "query", "form"])
def test_a_token_can_be_in_a_header_a_query_or_a_form(ask: Asker, place: str) -> None:
    token, url = ask.token("user_long"), "/v26.0/me"
    if place == "header":
        reply = ask.http.get(url, headers={"Authorization": f"Bearer {token}"})
    elif place == "query":
        reply = ask.http.get(url, params={"access_token": token})
    else:
        reply = ask.http.post(url, data={"access_token": token, "method": "get"})
    assert reply.json()["name"] == "Dana Whitfield"


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("server_error", 500, 1),
        ("unavailable", 500, 2),
        ("throttle", 400, 4),
        ("throttle_user", 400, 17),
        ("throttle_instagram", 400, 80002),
        ("blocked", 400, 200),
        ("disrupted", 400, 200),
        ("disrupted_otherwise", 400, 200),
        ("deactivated", 400, 200),
        ("in_development", 400, 200),
        ("not_active", 400, 200),
        ("method", 400, 100),
        ("second_factor", 400, 415),
        ("unheard_of", 400, 7777),
        ("policy", 400, 368),
        ("code_3", 400, 3),
        ("code_9", 400, 9),
        ("code_12", 400, 12),
        ("code_32", 400, 32),
        ("code_341", 400, 341),
        ("code_412", 400, 412),
        ("code_506", 400, 506),
        ("code_613", 400, 613),
        ("code_1609005", 400, 1609005),
        ("code_2635", 400, 2635),
        ("throttle_ads_insights", 400, 80000),
        ("throttle_pages", 400, 80001),
        ("throttle_ads", 400, 80004),
    ],
)
def test_errors_on_demand(ask: Asker, fault: str, status: int, code: int) -> None:
    ask.sandbox.fault(fault, path="/me")
    reply = ask.get("me", access_token=ask.token("user_long"))
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert ask.get("me", access_token=ask.token("user_long")).status_code == 200


def test_a_second_factor_has_texts_for_users(ask: Asker) -> None:
    ask.sandbox.fault("second_factor")
    error = ask.get("me", access_token=ask.token("user_long")).json()["error"]
    assert (error["error_subcode"], error["is_transient"]) == (2859009, False)
    assert error["error_user_title"] == "Two-factor authentication required"
    assert "business settings" in error["error_user_msg"]


def test_old_servers_have_types_of_their_own(ask: Asker) -> None:
    for fault, name in (("old_api_type", "FacebookApiException"), ("old_token_type", "OAuthAccessTokenException")):
        ask.sandbox.fault(fault)
        assert ask.error("me")["type"] == name


def test_old_servers_have_traces_of_eleven(ask: Asker) -> None:
    ask.sandbox.odd_types()
    assert re.fullmatch(r"[A-Za-z0-9]{11}", ask.error("me")["fbtrace_id"])


def test_the_challenge_names_token_code_or_request(ask: Asker) -> None:
    token, app = ask.token("user_long"), ask.credentials
    asked: list[tuple[str, str, dict[str, str]]] = [
        ("invalid_token", "me", {"access_token": ask.token("user_expired")}),
        ("invalid_token", "debug_token", {"access_token": f"{ask.world.app_id}|wrong", "input_token": token}),
        ("invalid_code", "oauth/access_token", {**app, "redirect_uri": ask.world.redirect_uri, "code": "junk"}),
        ("invalid_request", "oauth/access_token", {**app, "client_secret": "wrong"}),
        ("invalid_request", "oauth/access_token", {}),
        ("invalid_request", "oauth/access_token", app),
        ("invalid_request", "me", {"access_token": token, "appsecret_proof": "0" * 64}),
        ("invalid_request", "1234567890", {"access_token": token}),
        ("invalid_request", "me", {}),
    ]
    for word, path, parameters in asked:
        reply = ask.get(path, **parameters)
        message = reply.json()["error"]["message"]
        assert reply.headers["www-authenticate"] == f'OAuth "Facebook Platform" "{word}" "{message}"', path


def test_an_account_has_4800_calls_per_impression_and_day(ask_world: Callable[..., Asker], tmp_path: Path) -> None:
    path = tmp_path / "limit.toml"
    path.write_text(
        '[[apps]]\nkey = "a"\nname = "A"\n[[people]]\nkey = "p"\nname = "P"\nroles = { a = "developers" }\n'
        '[[pages]]\nkey = "s"\nname = "S"\npeople = ["p"]\ninstagram = "s"\n'
        '[[instagram]]\nkey = "s"\nimpressions = 1\n[[grants]]\nperson = "p"\napp = "a"\n'
        '[[tokens]]\nname = "t"\napp = "a"\nperson = "p"\n'
    )
    ask = ask_world(path)
    account, state = ask.world.spec.instagram[0].id, ask.sandbox.state
    state.windows[account] = deque([state.clock.now()] * 4799)
    last = ask.get(account, access_token=ask.token("t"))
    assert (last.status_code, usage_of(last, account)["call_count"]) == (200, 100)
    full = ask.get(account, access_token=ask.token("t"))
    assert full.json()["error"]["code"] == 80002
    assert usage_of(full, account)["estimated_time_to_regain_access"] > 0
    assert ask.ok("me", access_token=ask.token("t"))
    ask.sandbox.clock.advance(86401)
    assert ask.ok(account, access_token=ask.token("t"))


def usage_of(reply: httpx.Response, owner: str) -> dict[str, int]:
    """The entry of the business-use-case header for that object."""
    [entry] = json.loads(reply.headers["x-business-use-case-usage"])[owner]
    found: dict[str, int] = entry
    return found


def test_a_temporary_error_is_marked_transient(ask: Asker) -> None:
    ask.sandbox.fault("unavailable")
    assert ask.error("me")["is_transient"] is True


def test_a_transient_error_can_look_like_an_unusable_token(ask: Asker) -> None:
    ask.sandbox.fault("transient_190")
    error = ask.error("me", access_token=ask.token("user_long"))
    assert (error["code"], error["error_subcode"], error["is_transient"]) == (190, 460, True)
    assert ask.ok("me", access_token=ask.token("user_long"))


def test_error_data_is_an_object_or_a_string_of_json(ask: Asker) -> None:
    ask.sandbox.fault("error_data", times=2)
    plain = ask.error("me")
    assert isinstance(plain["error_data"], dict)
    assert plain["error_user_title"]
    assert plain["error_user_msg"]
    ask.sandbox.odd_types()
    assert json.loads(ask.error("me")["error_data"]) == plain["error_data"]


def test_190_may_come_with_401(ask: Asker) -> None:
    ask.sandbox.fault("status_401")
    reply = ask.get("me", access_token=ask.token("user_expired"))
    assert (reply.status_code, reply.json()["error"]["error_subcode"]) == (401, 463)


def test_the_hourly_limit_fills_and_rolls_on(ask_world: Callable[..., Asker]) -> None:
    ask = ask_world("throttled")
    token = ask.token("user_long")
    shares = [json.loads(ask.get("me", access_token=token).headers["x-app-usage"])["call_count"] for _ in range(30)]
    assert shares[0] < shares[14] < shares[-1] == 100
    full = ask.get("me", access_token=token)
    assert full.json()["error"]["code"] == 4
    assert full.json()["error"]["message"] == "(#4) Application request limit reached"
    assert "retry-after" not in full.headers
    ask.sandbox.clock.advance(3601)
    assert ask.get("me", access_token=token).status_code == 200


def test_the_secret_check_costs_no_quota(ask_world: Callable[..., Asker]) -> None:
    ask = ask_world("throttled")
    for _ in range(40):
        ask.ok("oauth/access_token", grant_type="client_credentials", **ask.credentials)
    assert ask.ok("me", access_token=ask.token("user_long"))


def test_instagram_calls_carry_business_usage(ask: Asker) -> None:
    account = ask.world.spec.instagram[0].id
    asked = {"access_token": ask.token("user_long"), "metric": "reach"}
    usage = json.loads(ask.get(f"{account}/insights", **asked).headers["x-business-use-case-usage"])
    assert usage[account][0]["type"] == "instagram"
    assert usage[account][0]["estimated_time_to_regain_access"] == 0
    ask.sandbox.fault("throttle_instagram")
    refused = ask.get(f"{account}/insights", **asked)
    full = json.loads(refused.headers["x-business-use-case-usage"])[account][0]
    assert full["estimated_time_to_regain_access"] > 0
    assert full["call_count"] == 100


def test_a_blocked_app_says_api_access_blocked(ask: Asker) -> None:
    ask.sandbox.fault("blocked")
    assert ask.triple("me", access_token=ask.token("user_long"))[2] == "(#200) API access blocked."


def test_shapes_are_facebooks(ask: Asker) -> None:
    assert re.fullmatch(r"[1-9]\d{15}", ask.world.app_id)
    assert re.fullmatch(r"[a-f0-9]{32}", ask.world.app_secret)
    assert re.fullmatch(r"[a-f0-9]{32}", ask.world.client_token)
    tokens = [token.value for token in ask.world.tokens if "|" not in token.value]
    assert all(re.fullmatch(r"EAA[A-Za-z0-9]+ZD", value) and len(value) == 200 for value in tokens)
    assert len({value[:8] for value in tokens}) == 1
    assert all(re.search(r"Z[ABCD]", value) for value in tokens)
    assert all(re.fullmatch(r"17841\d{12}", account.id) for account in ask.world.spec.instagram)


def test_a_world_has_the_same_secrets_each_time(make_sandbox: Callable[..., RunningSandbox]) -> None:
    first, second = make_sandbox().world, make_sandbox().world
    assert (first.app_id, first.app_secret, first.tokens) == (second.app_id, second.app_secret, second.tokens)
    other = make_sandbox("token-due").world
    assert other.app_secret != first.app_secret


def test_old_servers_give_seconds_as_text(ask: Asker) -> None:
    ask.sandbox.odd_types()
    assert ask.exchange(ask.token("user_due"))["expires_in"] == "5183944"


@pytest.mark.parametrize("kind", ["reset", "drop"])
def test_a_fault_breaks_the_connection(ask: Asker, kind: str) -> None:
    ask.sandbox.fault(kind)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        ask.get("me", access_token=ask.token("user_long"))


def test_damaged_answers_are_damaged_as_named(ask: Asker) -> None:
    token = ask.token("user_long")
    for kind in ("truncated", "html", "empty", "redirect", "not_json"):
        ask.sandbox.fault(kind)
    truncated, html, empty, redirect, text = (ask.get("me", access_token=token) for _ in range(5))
    with pytest.raises(json.JSONDecodeError):
        truncated.json()
    assert (html.status_code, html.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert (empty.status_code, empty.content) == (200, b"")
    assert (redirect.status_code, redirect.headers["location"]) == (302, "https://elsewhere.example.com/")
    assert text.headers["content-type"].startswith("text/plain")


def test_an_answer_can_be_delayed(ask: Asker) -> None:
    ask.sandbox.fault("delay", seconds=5)
    with pytest.raises(httpx.ReadTimeout):
        ask.http.get("/v26.0/me", timeout=0.2)


def test_an_answer_lost_after_issuing_leaves_a_token_behind(ask: Asker) -> None:
    before = ask.sandbox.counters()["tokens"]
    ask.sandbox.extension("drop_after_issuing", times=1)
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        ask.exchange(ask.token("user_due"))
    assert ask.sandbox.counters()["tokens"] == before + 1

"""graph-api.md section 5, and what of section 13 concerns Instagram insights."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.sandbox.asking import DAY, Asker, proof

FIELDS = "id,name,access_token,tasks,instagram_business_account{id,username}"


def accounts(ask: Asker, token: str, **more: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = ask.ok("me/accounts", access_token=token, **more)["data"]
    return rows


def account_id(ask: Asker, username: str) -> str:
    return next(item.id for item in ask.world.spec.instagram if item.username == username)


def test_accounts_show_pages_with_tokens_and_instagram(ask: Asker) -> None:
    rows = accounts(ask, ask.token("user_long"), fields=FIELDS)
    assert [row["name"] for row in rows][:2] == ["Acme Coffee Roasters", "Acme Outdoor"]
    assert "MANAGE" in rows[0]["tasks"]  # type: ignore[operator]
    linked = rows[0]["instagram_business_account"]
    assert isinstance(linked, dict)
    assert linked["username"] == "acmecoffee"
    assert linked["id"].startswith("1784")


def test_accounts_without_fields_show_the_usual_ones(ask: Asker) -> None:
    row = accounts(ask, ask.token("user_long"))[0]
    assert {"access_token", "category", "category_list", "name", "id", "tasks"} == set(row)


def test_the_next_page_is_a_link_that_carries_the_token(ask: Asker) -> None:
    first = ask.ok("me/accounts", access_token=ask.token("user_long"), fields="id", limit=2)
    link = first["paging"]["next"]
    query = parse_qs(urlsplit(link).query)
    assert query["access_token"] == [ask.token("user_long")]
    assert query["after"] == [first["paging"]["cursors"]["after"]]
    second = ask.http.get(link).json()
    seen = [row["id"] for row in first["data"] + second["data"]]
    assert len(seen) == len(set(seen)) == 4
    assert "previous" in second["paging"]


def test_the_last_page_has_no_next(ask: Asker) -> None:
    answer = ask.ok("me/accounts", access_token=ask.token("user_long"), limit=100)
    assert "next" not in answer["paging"]


def test_a_link_from_a_header_token_carries_the_token_as_well(ask: Asker) -> None:
    reply = ask.http.get(
        "/v26.0/me/accounts", params={"limit": 1}, headers={"Authorization": f"Bearer {ask.token('user_long')}"}
    )
    assert ask.token("user_long") in reply.json()["paging"]["next"]


def test_a_page_token_from_a_long_lived_token_never_expires(ask: Asker) -> None:
    token = str(accounts(ask, ask.token("user_long"))[0]["access_token"])
    data = ask.inspect(token)
    assert (data["type"], data["expires_at"], data["is_valid"]) == ("PAGE", 0, True)
    assert data["data_access_expires_at"] > 0


def test_a_page_token_of_a_short_lived_token_expires_too(ask: Asker) -> None:
    token = str(accounts(ask, ask.token("user_short"))[0]["access_token"])
    assert ask.inspect(token)["expires_at"] == ask.inspect(ask.token("user_short"))["expires_at"]
    ask.sandbox.clock.advance(3 * 3600)
    assert ask.inspect(token)["error"]["subcode"] == 463


def test_a_changed_password_ends_page_tokens(ask: Asker) -> None:
    token = str(accounts(ask, ask.token("user_long"))[0]["access_token"])
    ask.sandbox.change_password("dana")
    assert ask.inspect(token)["error"]["subcode"] == 460


def test_a_page_without_a_professional_account_has_no_such_field(ask: Asker) -> None:
    rows = accounts(ask, ask.token("user_long"), fields=FIELDS)
    careers = next(row for row in rows if row["name"] == "Careers at Acme")
    assert "instagram_business_account" not in careers


def test_no_page_is_an_empty_list_and_a_success(ask_world: Callable[..., Asker]) -> None:
    ask = ask_world("no-page")
    reply = ask.get("me/accounts", access_token=ask.token("user_long"))
    assert (reply.status_code, reply.json()) == (200, {"data": []})


def test_portfolio_pages_need_business_management(ask_world: Callable[..., Asker]) -> None:
    ask = ask_world("page-in-portfolio")
    assert accounts(ask, ask.token("user_without_business_management")) == []
    assert accounts(ask, ask.token("user_with_business_management"))


def test_pages_left_unticked_in_the_dialog_are_not_listed(ask: Asker) -> None:
    form = {"as": "dana", "decision": "allow", "allow": "pages_show_list", "pages_shown": "1", "page": "outdoor"}
    query = {"client_id": ask.world.app_id, "redirect_uri": ask.world.redirect_uri, "scope": "pages_show_list"}
    reply = ask.http.post("/v26.0/dialog/oauth", params=query, data=form)
    code = parse_qs(urlsplit(reply.headers["location"]).query)["code"][0]
    token = ask.redeem(code)["access_token"]
    assert [row["name"] for row in accounts(ask, token)] == ["Acme Outdoor"]
    scope = next(row for row in ask.inspect(token)["granular_scopes"] if row["scope"] == "pages_show_list")
    assert len(scope["target_ids"]) == 1


def test_businesses_show_owned_and_client_pages_and_accounts(ask_world: Callable[..., Asker]) -> None:
    ask = ask_world("page-in-portfolio")
    wanted = (
        "name,owned_pages{name},client_pages{name},owned_instagram_accounts{username},"
        "client_instagram_accounts{username}"
    )
    answer = ask.ok("me/businesses", access_token=ask.token("user_with_business_management"), fields=wanted)
    row = answer["data"][0]
    assert row["owned_pages"]["data"][0]["name"] == "Vogt Bread"
    assert row["client_pages"]["data"][0]["name"] == "Vogt Flour"
    assert row["owned_instagram_accounts"]["data"][0]["username"] == "vogtbread"
    assert row["client_instagram_accounts"]["data"][0]["username"] == "vogtflour"
    refused = ask.error("me/businesses", access_token=ask.token("user_without_business_management"))
    assert refused["message"] == "(#200) The user hasn't authorized the application to perform this action"


def test_accounts_asked_with_a_page_token_is_a_nonexisting_field(ask: Asker) -> None:
    assert ask.triple("me/accounts", access_token=ask.token("page_never")) == (
        100,
        None,
        "(#100) Tried accessing nonexisting field (accounts) on node type (Page)",
    )


def test_accounts_asked_with_an_app_token_is_2500(ask: Asker) -> None:
    assert ask.triple("me/accounts", access_token=ask.app_token)[0] == 2500


def test_a_page_field_without_its_permission_names_it(ask: Asker) -> None:
    page = str(accounts(ask, ask.token("user_long"))[0]["id"])
    ask.sandbox.drop_scope("dana", "pages_read_engagement")
    error = ask.error(page, access_token=ask.token("user_long"), fields="fan_count")
    assert error["code"] == 100
    assert "'pages_read_engagement'" in error["message"]


def test_an_unknown_object_is_a_graph_method_exception(ask: Asker) -> None:
    error = ask.error("123456789012345", access_token=ask.token("user_long"))
    assert (error["code"], error["error_subcode"], error["type"]) == (100, 33, "GraphMethodException")
    assert error["message"].startswith("Unsupported get request. Object with ID '123456789012345' does not exist")


def test_a_system_user_token_by_api_needs_the_proof(ask: Asker) -> None:
    token = ask.token("user_long")
    path = f"/v26.0/{ask.inspect(token)['user_id']}/access_tokens"
    form = {"access_token": token, "business_app": ask.world.app_id, "scope": "instagram_basic,pages_show_list"}
    assert ask.http.post(path, data=form).json()["error"]["message"].endswith("require an appsecret_proof argument")
    form["appsecret_proof"] = proof(ask.world.app_secret, token)
    never = ask.inspect(ask.http.post(path, data=form).json()["access_token"])
    assert (never["type"], never["expires_at"]) == ("SYSTEM_USER", 0)
    sixty = ask.http.post(path, data={**form, "set_token_expires_in_60_days": "true"}).json()
    assert sixty["expires_in"] == 5183944


def test_portfolio_system_user_tokens_need_the_proof(ask: Asker) -> None:
    token, business = ask.token("user_long"), ask.world.spec.businesses[0].id
    form = {"access_token": token, "scope": "instagram_basic"}
    path = f"/v26.0/{business}/system_user_access_tokens"
    assert "require an appsecret_proof" in ask.http.post(path, data=form).json()["error"]["message"]
    form["appsecret_proof"] = proof(ask.world.app_secret, token)
    assert ask.http.post(path, data=form).json()["access_token"].startswith("EAA")


def test_a_system_users_token_is_a_snapshot(ask: Asker) -> None:
    ask.sandbox.drop_scope("dana", "instagram_basic")
    assert "instagram_basic" in ask.inspect(ask.token("system_user"))["scopes"]


def test_an_instagram_account_shows_profile_media_and_insights(ask: Asker) -> None:
    account, token = account_id(ask, "acmecoffee"), ask.token("user_long")
    profile = ask.ok(account, access_token=token, fields="username,followers_count,media_count,media.limit(3){caption}")
    assert (profile["username"], profile["followers_count"], profile["media_count"]) == ("acmecoffee", 18420, 64)
    assert len(profile["media"]["data"]) == 3
    media = ask.ok(f"{account}/media", access_token=token, fields="id,media_type,timestamp,like_count")
    assert len(media["data"]) == 25
    insights = ask.ok(f"{account}/insights", access_token=token, metric="reach,views", period="day")
    assert [row["name"] for row in insights["data"]] == ["reach", "views"]
    post = ask.ok(f"{media['data'][0]['id']}/insights", access_token=token, metric="reach,likes")
    assert post["data"][0]["values"][0]["value"] >= 0


def test_insights_without_the_permission_is_code_10(ask: Asker) -> None:
    ask.sandbox.drop_scope("dana", "instagram_manage_insights")
    path = f"{account_id(ask, 'acmecoffee')}/insights"
    error = ask.triple(path, access_token=ask.token("user_long"), metric="reach")
    assert error == (10, None, "(#10) Application does not have permission for this action")


def test_insights_of_a_portfolio_page_need_an_ads_scope(ask: Asker) -> None:
    path = f"{account_id(ask, 'acmestudio_ldn')}/insights"
    assert ask.ok(path, access_token=ask.token("user_long"), metric="reach")
    ask.sandbox.drop_scope("dana", "ads_read")
    assert ask.triple(path, access_token=ask.token("user_long"), metric="reach")[0] == 10


@pytest.mark.parametrize("gone", ["impressions", "profile_views", "website_clicks", "video_views"])
def test_one_removed_metric_fails_the_whole_call(ask: Asker, gone: str) -> None:
    path = f"{account_id(ask, 'acmecoffee')}/insights"
    error = ask.error(path, access_token=ask.token("user_long"), metric=f"reach,{gone}")
    assert error["code"] == 100
    assert "must be one of the following values" in error["message"]


def test_small_accounts_have_an_empty_set_and_not_zero(ask_world: Callable[..., Asker], tmp_path: object) -> None:
    ask = ask_world(small_world(tmp_path))
    account = ask.world.spec.instagram[0].id
    answer = ask.ok(f"{account}/insights", access_token=ask.token("t"), metric="follower_count")
    assert answer == {"data": []}
    media = ask.ok(f"{account}/media", access_token=ask.token("t"))["data"][0]["id"]
    few = ask.triple(f"{media}/insights", access_token=ask.token("t"), metric="reach")
    assert few == (10, None, "(#10) Not enough viewers for the media to show insights")


def small_world(folder: object) -> object:
    from pathlib import Path

    path = Path(str(folder)) / "small.toml"
    path.write_text(
        '[[apps]]\nkey = "a"\nname = "A"\n[[people]]\nkey = "p"\nname = "P"\nroles = { a = "developers" }\n'
        '[[pages]]\nkey = "s"\nname = "S"\npeople = ["p"]\ninstagram = "s"\n'
        '[[instagram]]\nkey = "s"\nfollowers = 3\nmedia = 1\n[[grants]]\nperson = "p"\napp = "a"\n'
        '[[tokens]]\nname = "t"\napp = "a"\nperson = "p"\n'
    )
    return path


def test_a_lost_page_role_is_492_for_the_page_token(ask: Asker) -> None:
    token = str(accounts(ask, ask.token("user_long"))[0]["access_token"])
    ask.sandbox.take_role("dana", "coffee")
    assert ask.inspect(token)["error"]["subcode"] == 492
    assert ask.inspect(ask.token("user_long"))["is_valid"]


def test_a_deleted_pages_token_says_so(ask: Asker) -> None:
    ask.sandbox.delete_page("coffee")
    message = "This Page access token belongs to a Page that has been deleted."
    assert ask.triple("me", access_token=ask.token("page_never")) == (190, None, message)


def test_ids_are_strings_of_digits(ask: Asker) -> None:
    row = accounts(ask, ask.token("user_long"), fields=FIELDS)[0]
    assert isinstance(row["id"], str)
    assert row["id"].isdigit()


def test_page_tokens_outlive_their_user_token(ask: Asker) -> None:
    token = str(accounts(ask, ask.token("user_long"))[0]["access_token"])
    ask.sandbox.clock.advance(50 * DAY)
    assert ask.inspect(ask.token("user_long"))["is_valid"] is False
    assert ask.inspect(token)["is_valid"] is True


def test_insights_are_asked_inside_a_field_list_too(ask: Asker) -> None:
    fields = "username,media.limit(2){id,insights.metric(reach,views){name,values}}"
    answer = ask.ok(account_id(ask, "acmecoffee"), access_token=ask.token("user_long"), fields=fields)
    assert [len(post["insights"]["data"]) for post in answer["media"]["data"]] == [2, 2]


DISCOVERY = "business_discovery.username({}){{username,followers_count,media.limit(1){{like_count}}}}"


def test_business_discovery_reads_public_figures(ask: Asker) -> None:
    own, token = account_id(ask, "acmecoffee"), ask.token("user_long")
    reply = ask.get(own, access_token=token, fields=DISCOVERY.format("northwindfoods"))
    found = reply.json()["business_discovery"]
    assert (found["username"], found["followers_count"], len(found["media"]["data"])) == ("northwindfoods", 40122, 1)
    assert "x-business-use-case-usage" not in reply.headers  # it counts for the platform's limit
    assert ask.error(own, access_token=token, fields=DISCOVERY.format("nobody"))["error_user_title"] == (
        "Cannot find User"
    )
    hidden = ask.error(own, access_token=token, fields="business_discovery.username(northwindfoods){insights}")
    assert "nonexisting field (insights)" in hidden["message"]
    ask.sandbox.drop_scope("dana", "instagram_manage_insights")
    assert ask.triple(own, access_token=token, fields=DISCOVERY.format("northwindfoods"))[0] == 10


def test_page_insights_need_read_insights(ask: Asker) -> None:
    page, token = ask.world.spec.pages[0].id, ask.token("user_long")
    rows = ask.ok(f"{page}/insights", access_token=token, metric="page_follows,page_views_total")["data"]
    assert [row["name"] for row in rows] == ["page_follows", "page_views_total"]
    ask.sandbox.drop_scope("dana", "read_insights")
    assert ask.triple(f"{page}/insights", access_token=token, metric="page_follows")[0] == 200


def test_page_impressions_are_gone_with_v26(ask: Asker) -> None:
    asked = {"access_token": ask.token("user_long"), "metric": "page_impressions"}
    path = f"{ask.world.spec.pages[0].id}/insights"
    assert ask.http.get(f"/v25.0/{path}", params=asked).status_code == 200
    gone = ask.http.get(f"/v26.0/{path}", params=asked)
    assert gone.json()["error"]["message"] == "(#100) The value must be a valid insights metric"


def test_a_system_user_token_survives_a_password_change(ask: Asker) -> None:
    ask.sandbox.change_password("dana")
    ask.sandbox.remove_app("dana")
    assert ask.inspect(ask.token("system_user"))["is_valid"]
    assert not ask.inspect(ask.token("page_never"))["is_valid"]


def test_page_calls_with_a_page_token_carry_the_pages_usage(ask: Asker) -> None:
    usage = json.loads(ask.get("me", access_token=ask.token("page_never")).headers["x-business-use-case-usage"])
    [(owner, [entry])] = usage.items()
    assert (owner, entry["type"]) == (ask.world.spec.pages[0].id, "pages")
    ask.sandbox.odd_types()
    old = ask.get("me", access_token=ask.token("page_never")).headers["x-page-usage"]
    assert set(json.loads(old)) == {"call_count", "total_cputime", "total_time"}
    assert "x-page-usage" not in ask.get("me", access_token=ask.token("user_long")).headers

"""graph-api.md section 8."""

from __future__ import annotations

from collections.abc import Callable

from tests.sandbox.asking import Asker
from tui.sandbox.vocabulary import INSTAGRAM_SCOPES


def statuses(ask: Asker, token: str) -> dict[str, str]:
    rows = ask.ok("me/permissions", access_token=token)["data"]
    return {row["permission"]: row["status"] for row in rows}


def test_permissions_are_granted_declined_or_expired(ask_world: Callable[..., Asker]) -> None:
    ask = ask_world("declined-permission")
    found = statuses(ask, ask.token("user_long"))
    assert found["instagram_basic"] == "granted"
    assert found["instagram_manage_insights"] == "declined"
    assert found["read_insights"] == "expired"


def test_permissions_need_no_secret_and_are_read_by_the_app_too(ask: Asker) -> None:
    user = ask.inspect(ask.token("user_long"))["user_id"]
    by_app = ask.ok(f"{user}/permissions", access_token=ask.app_token)
    assert by_app == ask.ok("me/permissions", access_token=ask.token("user_long"))
    assert set(by_app["data"][0]) == {"permission", "status"}


def test_deleting_all_permissions_ends_the_persons_tokens(ask: Asker) -> None:
    reply = ask.http.delete("/v26.0/me/permissions", params={"access_token": ask.token("user_long")})
    assert reply.json() == {"success": True}
    for name in ("user_long", "user_due", "page_never"):
        assert ask.inspect(ask.token(name))["error"]["subcode"] == 458
    assert ask.inspect(ask.token("user_missing_scope"))["is_valid"]
    other = ask.other_app
    assert ask.inspect(ask.other_token, access_token=f"{other.id}|{other.secret}")["is_valid"]


def test_the_documented_body_of_a_deletion_is_the_literal_true(ask: Asker) -> None:
    ask.sandbox.odd_types()
    reply = ask.http.delete("/v26.0/me/permissions", params={"access_token": ask.token("user_long")})
    assert reply.json() is True


def test_accounts_without_pages_show_list_are_an_empty_list(ask: Asker) -> None:
    ask.sandbox.drop_scope("dana", "pages_show_list")
    assert ask.ok("me/accounts", access_token=ask.token("user_long")) == {"data": []}


def test_deleting_one_permission_drops_only_that(ask: Asker) -> None:
    token = ask.token("user_long")
    ask.http.delete("/v26.0/me/permissions/email", params={"access_token": token})
    found = statuses(ask, token)
    assert found["email"] == "declined"
    assert found["instagram_basic"] == "granted"
    assert "email" not in ask.ok("me", access_token=token, fields="id,email")


def test_delete_may_be_a_post_with_a_method_parameter(ask: Asker) -> None:
    ask.post("me/permissions/email", access_token=ask.token("user_long"), method="delete")
    assert statuses(ask, ask.token("user_long"))["email"] == "declined"


def test_a_withdrawn_permission_is_no_longer_a_scope(ask: Asker) -> None:
    token = ask.token("user_long")
    ask.http.delete("/v26.0/me/permissions/instagram_basic", params={"access_token": token})
    data = ask.inspect(token)
    assert data["is_valid"]
    assert "instagram_basic" not in data["scopes"]
    assert "instagram_basic" not in [row["scope"] for row in data["granular_scopes"]]
    assert "pages_show_list" in data["scopes"]


def test_old_servers_list_an_entry_called_installed(ask: Asker) -> None:
    assert "installed" not in statuses(ask, ask.token("user_long"))
    ask.sandbox.odd_types()
    assert statuses(ask, ask.token("user_long"))["installed"] == "granted"


def test_a_permission_unused_for_ninety_days_shows_as_expired(ask: Asker) -> None:
    ask.sandbox.drop_scope("dana", "ads_read", status="expired")
    assert statuses(ask, ask.token("user_long"))["ads_read"] == "expired"


def test_a_missing_scope_is_reported_by_the_call(ask: Asker) -> None:
    ask.sandbox.drop_scope("dana", "instagram_basic")
    account = ask.world.spec.instagram[0].id
    assert ask.triple(account, access_token=ask.token("user_long"), fields="username")[0] == 10


def test_user_missing_scope_lacks_a_connector_scope(ask: Asker) -> None:
    scopes = ask.inspect(ask.token("user_missing_scope"))["scopes"]
    assert set(INSTAGRAM_SCOPES) - set(scopes) == {"instagram_manage_insights"}


def test_granting_more_does_not_change_old_tokens(ask: Asker) -> None:
    before = ask.inspect(ask.token("user_missing_scope"))["scopes"]
    ask.allow("marco", scope="email,business_management", auth_type="rerequest")
    assert ask.inspect(ask.token("user_missing_scope"))["scopes"] == before

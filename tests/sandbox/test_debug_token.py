"""graph-api.md section 6."""

from __future__ import annotations

import pytest

from tests.sandbox.asking import Asker

NOT_OWNER = (
    "(#100) You must provide an app access token, or a user access token that is an owner or developer of the app"
)


def test_a_good_token_shows_every_field_in_its_type(ask: Asker) -> None:
    data = ask.inspect(ask.token("user_long"))
    types = {
        "app_id": str,
        "type": str,
        "application": str,
        "expires_at": int,
        "data_access_expires_at": int,
        "issued_at": int,
        "is_valid": bool,
        "scopes": list,
        "granular_scopes": list,
        "user_id": str,
    }
    assert {name: type(data[name]) for name in types} == types
    assert "error" not in data
    assert data["application"] == ask.world.app_name


@pytest.mark.parametrize(
    ("name", "kind"),
    [("user_long", "USER"), ("page_never", "PAGE"), ("system_user", "SYSTEM_USER"), ("app_token", "APP")],
)
def test_each_kind_has_its_type(ask: Asker, name: str, kind: str) -> None:
    assert ask.inspect(ask.token(name))["type"] == kind


def test_data_access_is_absent_on_system_users_and_apps(ask: Asker) -> None:
    for name in ("system_user", "app_token"):
        assert "data_access_expires_at" not in ask.inspect(ask.token(name))


def test_a_page_token_names_its_page_and_its_person(ask: Asker) -> None:
    data = ask.inspect(ask.token("page_never"))
    assert data["profile_id"] == next(page.id for page in ask.world.spec.pages if page.key == "coffee")
    assert data["user_id"] == ask.inspect(ask.token("user_long"))["user_id"]


def test_only_long_lived_tokens_show_when_they_were_issued(ask: Asker) -> None:
    assert "issued_at" in ask.inspect(ask.token("user_long"))
    assert "issued_at" not in ask.inspect(ask.token("user_short"))


def test_granular_scopes_without_targets_mean_all_assets(ask: Asker) -> None:
    rows = ask.inspect(ask.token("user_long"))["granular_scopes"]
    assert {"scope": "pages_show_list"} in rows


def test_short_tokens_of_a_login_expire_on_a_full_hour(ask: Asker) -> None:
    found = ask.allow("dana", response_type="token")
    assert ask.inspect(found["access_token"])["expires_at"] % 3600 == 0


def test_a_bad_token_is_a_200_with_the_error_inside(ask: Asker) -> None:
    reply = ask.get("debug_token", input_token="junk", access_token=ask.app_token)
    assert reply.status_code == 200
    assert reply.json() == {
        "data": {
            "error": {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"},
            "is_valid": False,
            "scopes": [],
        }
    }


@pytest.mark.parametrize(
    ("name", "subcode"),
    [
        ("user_expired", 463),
        ("user_password_changed", 460),
        ("user_app_removed", 458),
        ("user_checkpoint", 459),
        ("page_role_lost", 492),
    ],
)
def test_an_unusable_token_has_subcode_not_error_subcode(ask: Asker, name: str, subcode: int) -> None:
    data = ask.inspect(ask.token(name))
    assert data["is_valid"] is False
    assert data["error"]["subcode"] == subcode
    assert "error_subcode" not in data["error"]


def test_the_callers_token_can_be_in_a_header_or_form(ask: Asker) -> None:
    token = ask.token("user_long")
    by_header = ask.http.get(
        "/v26.0/debug_token", params={"input_token": token}, headers={"Authorization": f"Bearer {ask.app_token}"}
    )
    by_form = ask.http.post("/v26.0/debug_token", data={"input_token": token, "access_token": ask.app_token})
    assert by_header.json() == by_form.json() == {"data": ask.inspect(token)}


def test_an_issued_app_token_can_inspect(ask: Asker) -> None:
    issued = ask.ok("oauth/access_token", grant_type="client_credentials", **ask.credentials)["access_token"]
    assert ask.inspect(ask.token("user_long"), access_token=issued)["is_valid"]


def test_a_developers_token_can_inspect_tokens_and_itself(ask: Asker) -> None:
    token = ask.token("user_long")
    assert ask.inspect(token, access_token=token)["is_valid"]


@pytest.mark.parametrize("name", ["user_data_access", "page_never"])
def test_a_plain_users_or_pages_token_cannot_inspect(ask: Asker, name: str) -> None:
    result = ask.triple("debug_token", input_token=ask.token("user_long"), access_token=ask.token(name))
    assert result == (100, None, NOT_OWNER)


def test_input_token_is_required(ask: Asker) -> None:
    assert ask.triple("debug_token", access_token=ask.app_token) == (
        100,
        None,
        "(#100) The parameter input_token is required",
    )


def test_a_token_of_another_app_has_no_data_at_all(ask: Asker) -> None:
    other = ask.other_token
    reply = ask.get("debug_token", input_token=other, access_token=ask.app_token)
    assert "data" not in reply.json()
    assert reply.json()["error"]["message"] == "(#100) The App_id in the input_token did not match the Viewing App"


def test_a_wrong_secret_is_190_at_the_top(ask: Asker) -> None:
    result = ask.triple("debug_token", input_token="x", access_token=f"{ask.world.app_id}|{'0' * 32}")
    assert result == (190, None, "Invalid OAuth access token signature.")


def test_an_unknown_app_is_a_system_error(ask: Asker) -> None:
    result = ask.triple("debug_token", input_token="x", access_token=f"99|{'0' * 32}")
    assert result[0] == 101
    assert "system error" in result[2]


def test_metadata_shows_the_auth_type(ask: Asker) -> None:
    found = ask.allow("dana", auth_type="reauthenticate", auth_nonce="n1", password="p")
    data = ask.inspect(ask.redeem(found["code"])["access_token"])
    assert data["metadata"] == {"auth_type": "reauthenticate", "auth_nonce": "n1"}


def test_old_servers_give_ids_as_numbers(ask: Asker) -> None:
    ask.sandbox.odd_types()
    data = ask.inspect(ask.token("page_never"))
    assert [type(data[name]) for name in ("app_id", "user_id", "profile_id")] == [int, int, int]


def test_the_same_person_has_another_id_in_another_app(ask: Asker) -> None:
    other = ask.other_app
    data = ask.inspect(ask.other_token, access_token=f"{other.id}|{other.secret}")
    assert data["user_id"] != ask.inspect(ask.token("user_long"))["user_id"]

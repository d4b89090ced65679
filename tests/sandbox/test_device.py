"""graph-api.md section 9."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.sandbox.asking import DAY, Asker


@pytest.fixture
def device(ask: Asker) -> dict[str, Any]:
    answer: dict[str, Any] = start(ask).json()
    return answer


def start(ask: Asker, token: str | None = None) -> Any:
    given = token or f"{ask.world.app_id}|{ask.world.client_token}"
    return ask.post("device/login", access_token=given, scope="public_profile,pages_show_list")


def poll(ask: Asker, code: str) -> dict[str, Any]:
    token = f"{ask.world.app_id}|{ask.world.client_token}"
    answer: dict[str, Any] = ask.post("device/login_status", access_token=token, code=code).json()
    return answer


def test_a_device_gets_a_code_to_show(device: dict[str, Any]) -> None:
    assert re.fullmatch(r"[0-9a-f]{32}", device["code"])
    assert re.fullmatch(r"[A-Z0-9]{6}", device["user_code"])
    assert (device["expires_in"], device["interval"]) == (420, 5)
    assert device["verification_uri"].endswith("/device")


def test_pending_is_31_with_its_texts(ask: Asker, device: dict[str, Any]) -> None:
    error = poll(ask, device["code"])["error"]
    assert (error["code"], error["error_subcode"]) == (31, 1349174)
    assert error["message"] == "This request requires the user to take a pending action"
    assert error["error_user_title"] == "Device Login Authorization Pending"
    assert error["error_user_msg"] == "User has not yet authorized your application. Continue polling."


def test_polling_too_fast_is_17(ask: Asker, device: dict[str, Any]) -> None:
    poll(ask, device["code"])
    error = poll(ask, device["code"])["error"]
    assert (error["code"], error["error_subcode"]) == (17, 1349172)
    assert "minium interval of 5 seconds" in error["error_user_msg"]
    ask.sandbox.clock.advance(6)
    assert poll(ask, device["code"])["error"]["error_subcode"] == 1349174


def test_a_code_expires(ask: Asker, device: dict[str, Any]) -> None:
    ask.sandbox.clock.advance(421)
    error = poll(ask, device["code"])["error"]
    assert (error["code"], error["error_subcode"]) == (463, 1349152)
    assert error["error_user_title"] == "Activation Code Expired"


def test_declining_is_1349173(ask: Asker, device: dict[str, Any]) -> None:
    ask.sandbox.decline_device(device["user_code"])
    assert poll(ask, device["code"])["error"]["error_subcode"] == 1349173


def test_allowing_on_the_page_gives_a_token(ask: Asker, device: dict[str, Any]) -> None:
    shown = ask.http.get("/device", params={"user_code": device["user_code"], "qr": "1"})
    assert "Acme Insights" in shown.text
    ask.http.post("/device", data={"user_code": device["user_code"].lower(), "as": "dana", "decision": "allow"})
    answer = poll(ask, device["code"])
    assert answer["expires_in"] == 5183944
    data = ask.inspect(answer["access_token"])
    assert data["data_access_expires_at"] == answer["data_access_expiration_time"]
    assert data["data_access_expires_at"] == pytest.approx(ask.sandbox.clock.now() + 90 * DAY, abs=5)
    assert set(data["scopes"]) == {"public_profile", "pages_show_list"}


def test_older_servers_put_a_word_into_the_message(ask: Asker, device: dict[str, Any]) -> None:
    ask.sandbox.odd_types()
    assert poll(ask, device["code"])["error"]["message"] == "authorization_pending"
    assert poll(ask, device["code"])["error"]["message"] == "slow_down"


def test_a_wrong_user_code_is_shown_on_the_page(ask: Asker) -> None:
    assert "not right" in ask.http.post("/device", data={"user_code": "NOSUCH"}).text


def test_the_client_token_is_needed_not_the_secret(ask: Asker) -> None:
    assert start(ask, ask.app_token).json()["error"]["code"] == 190


def test_the_toggle_is_off_unless_the_app_has_it(ask: Asker) -> None:
    other = ask.other_app
    assert start(ask, f"{other.id}|{other.client_token}").json()["error"]["code"] == 3

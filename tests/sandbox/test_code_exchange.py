"""graph-api.md section 3."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.sandbox.asking import Asker

PATH = "oauth/access_token"


@pytest.fixture
def code(ask: Asker) -> str:
    return ask.allow("dana", scope="pages_show_list")["code"]


def wrong(ask: Asker, **changed: Any) -> tuple[int, int | None, str]:
    """The failure of an exchange whose parameters are right but for `changed` (None: left out)."""
    given = {**ask.credentials, "redirect_uri": ask.world.redirect_uri, "code": "AQjunk", **changed}
    return ask.triple(PATH, **{name: value for name, value in given.items() if value is not None})


def test_a_code_gives_a_token_of_about_sixty_days(ask: Asker, code: str) -> None:
    answer = ask.redeem(code)
    assert answer["token_type"] == "bearer"
    assert answer["expires_in"] == 5183944
    assert answer["access_token"].startswith("EAA")


def test_a_code_can_be_posted_as_a_form(ask: Asker, code: str) -> None:
    reply = ask.post(PATH, **ask.credentials, redirect_uri=ask.world.redirect_uri, code=code)
    assert reply.json()["access_token"].startswith("EAA")


def test_expires_in_is_absent_where_the_token_never_ends(ask: Asker, code: str) -> None:
    ask.sandbox.extension("no_expires_in")
    answer = ask.redeem(code)
    assert set(answer) == {"access_token", "token_type"}
    assert ask.inspect(answer["access_token"])["expires_at"] == 0


@pytest.mark.parametrize("secret", [None, "", "0" * 32])
def test_a_wrong_or_missing_secret_is_code_1(ask: Asker, secret: str | None) -> None:
    assert wrong(ask, client_secret=secret) == (1, None, "Error validating client secret.")


@pytest.mark.parametrize("stray", ["{} ", " {}", "{}\n", "{}\u00a0", "\ufeff{}"])
def test_surrounding_spaces_make_the_secret_wrong(ask: Asker, stray: str) -> None:
    assert wrong(ask, client_secret=stray.format(ask.world.app_secret))[0] == 1


def test_the_instagram_products_app_id_is_a_system_error(ask: Asker) -> None:
    spec = ask.world.spec.apps[0]
    expected = (101, None, "Error validating application. Cannot get application info due to a system error.")
    assert wrong(ask, client_id=spec.instagram_app_id) == expected
    assert wrong(ask, client_id="123") == expected


def test_old_servers_fail_on_a_client_id_without_digits(ask: Asker) -> None:
    ask.sandbox.odd_types()
    reply = ask.get("oauth/access_token", client_id="abc")
    assert (reply.status_code, reply.json()["error"]["code"]) == (500, 1)
    assert reply.json()["error"]["message"] == "An unknown error has occurred."


def test_an_unknown_well_formed_app_id_is_invalid(ask: Asker) -> None:
    assert wrong(ask, client_id="1234567890123456") == (
        101,
        None,
        "Error validating application. Invalid application ID.",
    )


def test_a_deleted_and_a_restricted_app_are_101(ask_apps: Asker) -> None:
    deleted = ask_apps.triple(PATH, client_id="1000000000000001", client_secret="x")
    assert deleted == (101, None, "Error validating application. Application has been deleted.")
    restricted = ask_apps.triple(PATH, client_id="1000000000000002", client_secret="x")
    assert restricted[0] == 101
    assert "system error" in restricted[2]


@pytest.fixture
def ask_apps(ask_world: Callable[..., Asker], tmp_path: Any) -> Asker:
    path = tmp_path / "apps.toml"
    path.write_text(
        '[[apps]]\nkey = "a"\nname = "A"\n'
        '[[apps]]\nkey = "gone"\nname = "Gone"\nid = "1000000000000001"\nstatus = "deleted"\n'
        '[[apps]]\nkey = "held"\nname = "Held"\nid = "1000000000000002"\nstatus = "restricted"\n'
    )
    return ask_world(path)


def test_a_missing_client_id_says_so(ask: Asker) -> None:
    assert wrong(ask, client_id=None) == (101, None, "Missing client_id parameter.")


@pytest.mark.parametrize("client_id", ["acme", "3056849584865766 ", "12a"])
def test_a_client_id_that_is_not_a_number_is_invalid(ask: Asker, client_id: str) -> None:
    assert wrong(ask, client_id=client_id)[2] == "Invalid Client ID"


def test_a_missing_redirect_uri_or_unknown_grant_is_191(ask: Asker) -> None:
    missing = (191, None, "Missing redirect_uri parameter.")
    assert wrong(ask, redirect_uri=None) == missing
    assert ask.triple(PATH, **ask.credentials) == missing
    assert ask.triple(PATH, **ask.credentials, grant_type="refresh_token", refresh_token="x") == missing


def test_a_redirect_uri_that_is_not_absolute_is_191(ask: Asker) -> None:
    expected = (191, None, "redirect_uri isn't an absolute URI. Check RFC 3986.")
    assert wrong(ask, redirect_uri="callback") == expected


def test_a_code_expires_with_36007(ask: Asker, code: str) -> None:
    ask.sandbox.clock.advance(601)
    assert wrong(ask, code=code) == (100, 36007, "This authorization code has expired.")


def test_another_redirect_uri_is_36008_even_by_one_slash(ask: Asker, code: str) -> None:
    result = wrong(ask, code=code, redirect_uri=ask.world.redirect_uri + "/")
    assert result[:2] == (100, 36008)
    assert result[2].endswith("identical to the one you used in the OAuth dialog request")


def test_a_code_is_used_once(ask: Asker, code: str) -> None:
    ask.redeem(code)
    assert wrong(ask, code=code) == (100, 36009, "This authorization code has been used.")


@pytest.mark.parametrize("mark", ["#_=_", "%23_%3D_"])
def test_a_code_with_its_fragment_is_invalid(ask: Asker, code: str, mark: str) -> None:
    assert wrong(ask, code=code + mark) == (100, None, "Invalid verification code format.")


def test_checks_run_in_order_id_secret_redirect_code(ask: Asker) -> None:
    assert wrong(ask, client_id="9", client_secret="x", redirect_uri="x", code="x")[0] == 101
    assert wrong(ask, client_secret="x", redirect_uri="x", code="x")[0] == 1
    assert wrong(ask, redirect_uri="x", code="x")[0] == 191
    assert wrong(ask, code="x") == (100, None, "Invalid verification code format.")


def test_code_errors_name_invalid_code_in_www_authenticate(ask: Asker) -> None:
    reply = ask.get(PATH, **ask.credentials, redirect_uri=ask.world.redirect_uri, code="x")
    assert reply.headers["www-authenticate"] == (
        'OAuth "Facebook Platform" "invalid_code" "Invalid verification code format."'
    )


def test_a_script_dialogs_code_needs_no_redirect_uri(ask: Asker) -> None:
    with_one = ask.sandbox.issue_code("dana", redirect_uri=None)
    assert wrong(ask, code=with_one)[:2] == (100, 36008)
    assert wrong(ask, code=with_one, redirect_uri=None, client_secret="x")[0] == 1
    assert ask.ok(PATH, **ask.credentials, code=with_one)["access_token"]


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def test_a_pkce_code_is_redeemed_without_the_secret(ask: Asker) -> None:
    verifier = "v" * 64
    code = ask.allow("dana", code_challenge=challenge(verifier), code_challenge_method="S256")["code"]
    given = {"client_id": ask.world.app_id, "redirect_uri": ask.world.redirect_uri, "code": code}
    assert ask.triple(PATH, **given)[0] == 1
    assert ask.triple(PATH, **given, code_verifier="w" * 64)[0] == 100
    assert ask.ok(PATH, **given, code_verifier=verifier)["access_token"]


@pytest.mark.parametrize("verifier", ["short", "v" * 129, "v" * 42 + "!" * 5])
def test_a_verifier_has_43_to_128_plain_characters(ask: Asker, verifier: str) -> None:
    code = ask.allow("dana", code_challenge=challenge(verifier), code_challenge_method="S256")["code"]
    assert wrong(ask, code=code, code_verifier=verifier)[0] == 100


def test_a_verifier_with_the_secret_is_accepted(ask: Asker, code: str) -> None:
    assert ask.redeem(code, code_verifier="v" * 64)["access_token"]


def test_a_code_of_another_app_is_invalid(ask: Asker) -> None:
    code = ask.sandbox.issue_code("dana", app="northwind")
    assert wrong(ask, code=code)[2] == "Invalid verification code format."

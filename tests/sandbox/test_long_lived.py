"""graph-api.md section 4."""

from __future__ import annotations

import pytest

from tests.sandbox.asking import DAY, Asker

PATH = "oauth/access_token"


def refused(ask: Asker, **changed: str) -> tuple[int, int | None, str]:
    given = {**ask.credentials, "grant_type": "fb_exchange_token", **changed}
    return ask.triple(PATH, **given)


def test_an_exchange_gives_another_token_of_sixty_days(ask: Asker) -> None:
    old = ask.token("user_due")
    answer = ask.exchange(old)
    assert answer["access_token"] != old
    assert (answer["token_type"], answer["expires_in"]) == ("bearer", 5183944)
    now = ask.sandbox.clock.now()
    assert ask.inspect(answer["access_token"])["expires_at"] == pytest.approx(now + 60 * DAY, abs=120)


def test_an_exchange_within_a_day_keeps_the_expiry(ask: Asker) -> None:
    first = ask.exchange(ask.token("user_due"))
    ask.sandbox.clock.advance(3600)
    second = ask.exchange(first["access_token"])
    assert second["access_token"] != first["access_token"]
    assert second["expires_in"] <= first["expires_in"] - 3600
    ends = [ask.inspect(answer["access_token"])["expires_at"] for answer in (first, second)]
    assert ends[0] == ends[1]


def test_an_exchange_after_a_day_renews_again(ask: Asker) -> None:
    first = ask.exchange(ask.token("user_due"))
    ask.sandbox.clock.advance(DAY + 60)
    assert ask.exchange(first["access_token"])["expires_in"] == 5183944


def test_many_exchanges_within_a_day_do_not_add_up_to_a_renewal(ask: Asker) -> None:
    token = ask.exchange(ask.token("user_due"))["access_token"]
    for _hour in range(3):
        ask.sandbox.clock.advance(7 * 3600)
        answer = ask.exchange(token)
        token = answer["access_token"]
    assert answer["expires_in"] < 5183944 - 20 * 3600


def test_exchanges_of_a_day_do_not_delay_the_next_renewal(ask: Asker) -> None:
    token = ask.exchange(ask.token("user_due"))["access_token"]
    gained = []
    for _step in range(4):
        ask.sandbox.clock.advance(7 * 3600)
        answer = ask.exchange(token)
        token = answer["access_token"]
        gained.append(answer["expires_in"] == 5183944)
    assert gained == [False, False, False, True]


def test_a_short_lived_token_becomes_long_lived(ask: Asker) -> None:
    short = ask.token("user_short")
    assert "issued_at" not in ask.inspect(short)
    new = ask.exchange(short)
    assert new["expires_in"] == 5183944
    assert "issued_at" in ask.inspect(new["access_token"])


def test_the_old_token_stays_valid_after_an_exchange(ask: Asker) -> None:
    ask.exchange(ask.token("user_short"))
    assert ask.inspect(ask.token("user_short"))["is_valid"]


def test_an_exchange_does_not_move_data_access(ask: Asker) -> None:
    old = ask.inspect(ask.token("user_due"))["data_access_expires_at"]
    new = ask.exchange(ask.token("user_due"))["access_token"]
    assert ask.inspect(new)["data_access_expires_at"] == old


def test_a_login_moves_data_access_to_ninety_days(ask: Asker) -> None:
    token = ask.redeem(ask.allow("priya", scope="pages_show_list")["code"])["access_token"]
    now = ask.sandbox.clock.now()
    assert ask.inspect(token)["data_access_expires_at"] == pytest.approx(now + 90 * DAY, abs=5)


def test_without_expires_in_a_token_never_expires(ask: Asker) -> None:
    ask.sandbox.extension("no_expires_in", times=1)
    answer = ask.exchange(ask.token("user_due"))
    assert set(answer) == {"access_token", "token_type"}
    data = ask.inspect(answer["access_token"])
    assert data["expires_at"] == 0
    assert data["data_access_expires_at"] > 0


def test_an_expired_token_is_refused_with_463_and_both_dates(ask: Asker) -> None:
    code, subcode, message = refused(ask, fb_exchange_token=ask.token("user_expired"))
    assert (code, subcode) == (190, 463)
    assert message.startswith("Error validating access token: Session has expired on ")
    assert " The current time is " in message


def test_the_parameter_is_named_when_it_is_missing(ask: Asker) -> None:
    assert refused(ask)[2] == "fb_exchange_token parameter not specified"


def test_junk_is_190(ask: Asker) -> None:
    assert refused(ask, fb_exchange_token="junk")[0::2] == (
        190,
        "Invalid OAuth access token - Cannot parse access token",
    )
    assert refused(ask, fb_exchange_token="EAAB" + "x" * 196)[2] == "Invalid OAuth access token."


def test_a_token_of_another_app_is_code_1(ask: Asker) -> None:
    other = ask.other_token
    expected = (1, None, f"The access token does not belong to application {ask.world.app_id}")
    assert refused(ask, fb_exchange_token=other) == expected


def test_the_secret_is_checked_before_the_token(ask: Asker) -> None:
    assert refused(ask, client_secret="x", fb_exchange_token="junk")[0] == 1


def test_expired_data_access_is_493_on_data_only(ask: Asker) -> None:
    token = ask.token("user_data_access")
    assert ask.triple("me", access_token=token)[:2] == (190, 493)
    assert ask.inspect(token)["is_valid"] is True


def test_a_token_that_never_expires_still_has_a_data_access_date(ask: Asker) -> None:
    data = ask.inspect(ask.token("user_never"))
    assert data["expires_at"] == 0
    assert data["data_access_expires_at"] > ask.sandbox.clock.now()


def test_a_mobile_sdk_extends_without_the_secret(ask: Asker) -> None:
    answer = ask.ok(
        PATH, grant_type="fb_extend_sso_token", client_id=ask.world.app_id, access_token=ask.token("user_due")
    )
    assert answer["expires_in"] == 5183944
    assert answer["data_access_expiration_time"] == ask.inspect(ask.token("user_due"))["data_access_expires_at"]


def test_a_client_code_is_redeemed_without_the_secret(ask: Asker) -> None:
    asked = {"redirect_uri": ask.world.redirect_uri, "access_token": ask.token("user_long")}
    code = ask.ok("oauth/client_code", **ask.credentials, **asked)["code"]
    answer = ask.ok(PATH, client_id=ask.world.app_id, redirect_uri=ask.world.redirect_uri, code=code, machine_id="m")
    assert answer["machine_id"]
    assert answer["expires_in"] > 0


def test_some_client_code_failures_are_200_with_an_empty_body(ask: Asker) -> None:
    reply = ask.get(
        "oauth/client_code",
        **ask.credentials,
        redirect_uri=ask.world.redirect_uri,
        access_token=ask.token("user_short"),
    )
    assert (reply.status_code, reply.content) == (200, b"")


def test_a_renewed_system_user_token_keeps_the_old_valid(ask: Asker) -> None:
    old = ask.token("system_user_60d")
    answer = ask.exchange(old, set_token_expires_in_60_days="true")
    assert answer["expires_in"] == 5183944
    assert ask.inspect(old)["is_valid"]


def test_revoke_ends_one_token(ask: Asker) -> None:
    old = ask.token("system_user_60d")
    asked = {"revoke_token": old, "access_token": ask.token("system_user")}
    assert ask.ok("oauth/revoke", **ask.credentials, **asked) == {"success": True}
    assert ask.inspect(old)["is_valid"] is False
    assert ask.inspect(ask.token("system_user"))["is_valid"]


def test_an_expired_system_user_token_cannot_be_renewed(ask: Asker) -> None:
    ask.sandbox.clock.advance(31 * DAY)
    assert refused(ask, fb_exchange_token=ask.token("system_user_60d"))[1] == 463


def test_there_is_no_refresh_token_grant(ask: Asker) -> None:
    answer = ask.exchange(ask.token("user_due"))
    assert "refresh_token" not in answer


MODES = ("same_end", "earlier_end", "other_person", "scope_lost", "zero_expires_in", "text_expires_in", "same_token")


@pytest.mark.parametrize("mode", MODES)
def test_each_exchange_mode_behaves_as_named(ask: Asker, mode: str) -> None:
    old = ask.inspect(ask.token("user_due"))
    ask.sandbox.extension(mode, times=1)
    answer = ask.exchange(ask.token("user_due"))
    new = ask.inspect(answer["access_token"])
    odd = {
        "same_end": new["expires_at"] == old["expires_at"],
        "earlier_end": new["expires_at"] < old["expires_at"],
        "other_person": new["user_id"] != old["user_id"],
        "scope_lost": set(new["scopes"]) < set(old["scopes"]),
        "zero_expires_in": answer["expires_in"] == 0,
        "text_expires_in": answer["expires_in"] == "5183944",
        "same_token": answer["access_token"] == ask.token("user_due"),
    }
    assert odd[mode]
    assert sum(odd.values()) <= 2
    assert ask.exchange(ask.token("user_due"))["expires_in"] == 5183944


def test_a_failure_after_issuing_leaves_a_token_behind(ask: Asker) -> None:
    before = ask.sandbox.counters()["tokens"]
    ask.sandbox.extension("fail_after_issuing", times=1)
    reply = ask.get(PATH, **ask.credentials, grant_type="fb_exchange_token", fb_exchange_token=ask.token("user_due"))
    assert (reply.status_code, reply.json()["error"]["is_transient"]) == (500, True)
    assert ask.sandbox.counters()["tokens"] == before + 1

"""The keeper against the sandbox over real HTTP, with the real vault."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.conftest import MakeSandbox
from tests.tokens.desk import PROFILE, Desk, desk_of
from tui.facebook.errors import FacebookError
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.tokens.errors import NoCredentials, NoSuchToken
from tui.tokens.results import RefreshCode, RefreshResult
from tui.tokens.token import DAY, deadline


async def test_a_valid_token_outside_its_window_is_extended_when_asked(desk: Desk) -> None:
    before = await desk.take("user_long")
    result = await desk.keeper.refresh("user_long")
    after = desk.vault.tokens.token("user_long")
    assert result.result == "extended"
    assert before.expires_at is not None
    assert after.expires_at is not None
    assert result.token.expires_at == after.expires_at
    assert result.seconds_gained == after.expires_at - before.expires_at > 19 * DAY
    assert after.data_access_expires_at == before.data_access_expires_at
    assert deadline(after) == after.expires_at
    assert after.extended_at is not None
    assert after.fingerprint == desk.vault.tokens.value("user_long").fingerprint() != before.fingerprint
    assert desk.is_current_usable("user_long")


async def test_the_older_values_stay_and_the_story_names_both(desk: Desk) -> None:
    before = await desk.take("user_long")
    await desk.keeper.refresh("user_long")
    assert [version.status for version in desk.vault.tokens.versions("user_long")] == ["current", "previous"]
    event = next(event for event in desk.vault.history.events("user_long") if event.action == "extend")
    assert (event.result, event.actor) == ("extended", "command")
    assert event.old_fingerprint == before.fingerprint
    assert event.new_fingerprint == desk.vault.tokens.token("user_long").fingerprint


async def test_a_second_refresh_at_once_changes_nothing(desk: Desk) -> None:
    await desk.take("user_long")
    await desk.keeper.refresh("user_long")
    again = await desk.keeper.refresh("user_long")
    assert (again.result, again.seconds_gained, again.reason) == ("unchanged", 0, "extended_meanwhile")
    assert again.by_this_process
    assert len(desk.sandbox.calls("oauth/access_token")) == 1
    desk.sandbox.clock.advance(3600)
    later = await desk.keeper.refresh("user_long")
    assert (later.result, later.reason) == ("unchanged", "same_end")
    assert desk.is_current_usable("user_long")


async def test_an_extension_by_another_process_is_reported_as_such(desk: Desk, tmp_path: Path) -> None:
    await desk.take("user_long")
    async with desk_of(desk.sandbox, tmp_path) as another:
        await another.keeper.refresh("user_long")
    found = await desk.keeper.refresh("user_long")
    assert (found.result, found.reason) == ("unchanged", "extended_meanwhile")
    assert not found.by_this_process


async def test_a_refresh_right_after_the_own_login_names_no_other_run(desk: Desk) -> None:
    value = Secret(desk.sandbox.world.token("user_short").value)
    await desk.keeper.adopt("mine", PROFILE, value, "browser")
    found = await desk.keeper.refresh("mine")
    assert (found.result, found.reason) == ("unchanged", "extended_meanwhile")
    assert found.by_this_process


async def test_two_refreshes_in_one_process_count_as_its_own(desk: Desk) -> None:
    await desk.take("user_long")
    found = await asyncio.gather(desk.keeper.refresh("user_long"), desk.keeper.refresh("user_long"))
    assert sorted(each.result for each in found) == ["extended", "unchanged"]
    assert all(each.by_this_process for each in found if each.result is RefreshCode.UNCHANGED)


STATE_TABLE = [
    ("user_long", "valid", None, "extended", None),
    ("user_due", "due", None, "extended", None),
    ("user_short", "due", None, "extended", None),
    ("user_expired", "expired", "190/463", "login_needed", "190/463"),
    ("user_never", "valid", None, "never_expires", None),
    ("page_never", "valid", None, "never_expires", None),
    ("system_user", "valid", None, "never_expires", None),
    ("system_user_60d", "valid", None, "extended", None),
    ("app_token", "valid", None, "never_expires", None),
    ("user_password_changed", "invalid", "190/460", "login_needed", "190/460"),
    ("user_app_removed", "invalid", "190/458", "login_needed", "190/458"),
    ("user_checkpoint", "invalid", "190/459", "login_needed", "190/459"),
    ("user_data_access", "invalid", "data_access", "login_needed", "data_access"),
    ("page_role_lost", "invalid", "190/492", "login_needed", "190/492"),
]


@pytest.mark.parametrize(("name", "state", "reason", "result", "why"), STATE_TABLE)
async def test_each_kind_in_each_condition_has_its_state_and_result(
    desk: Desk, name: str, state: str, reason: str | None, result: str, why: str | None
) -> None:
    from tui.tokens.token import reason as reason_of

    token = await desk.take(name)
    assert (desk.state(name), reason_of(token, desk.clock.now())) == (state, reason)
    found = await desk.keeper.refresh(name)
    assert (found.result, found.reason) == (result, why)
    if result != "extended":
        assert desk.sandbox.calls("oauth") == []
        assert found.seconds_gained == 0
        assert len(desk.vault.tokens.versions(name)) == 1


FLAWS = [
    ("app_removed", "190/458"),
    ("password_changed", "190/460"),
    ("checkpoint", "190/459"),
]


@pytest.mark.parametrize(("flaw", "why"), FLAWS)
async def test_what_happens_to_a_living_token_is_named_by_its_subcode(desk: Desk, flaw: str, why: str) -> None:
    await desk.take("user_long")
    desk.sandbox.revoke("user_long", flaw)
    found = await desk.keeper.refresh("user_long")
    assert (found.result, found.reason) == ("login_needed", why)
    assert desk.state("user_long") == "invalid"
    failure = desk.vault.tokens.token("user_long").failure
    assert failure is not None
    assert f"{failure.code}/{failure.subcode}" == why


ODD = [
    ("same_end", "unchanged", "same_end", True),
    ("earlier_end", "unchanged", "earlier_end", True),
    ("other_person", "login_needed", "other_person", True),
    ("scope_lost", "login_needed", "scope_lost", True),
    ("fail_after_issuing", "could_not_ask", "2", False),
    ("drop_after_issuing", "could_not_ask", "unreachable", False),
]


@pytest.mark.parametrize(("mode", "result", "why", "kept"), ODD)
async def test_an_odd_answer_never_takes_the_place_of_a_valid_token(
    desk: Desk, mode: str, result: str, why: str, kept: bool
) -> None:
    before = await desk.take("user_due")
    value = desk.vault.tokens.value("user_due")
    desk.sandbox.extension(mode)
    found = await desk.keeper.refresh("user_due")
    assert (found.result, found.reason) == (result, why)
    after = desk.vault.tokens.token("user_due")
    assert desk.vault.tokens.value("user_due") == value
    assert (after.expires_at, after.verdict, after.fingerprint) == (before.expires_at, "valid", before.fingerprint)
    statuses = [version.status for version in desk.vault.tokens.versions("user_due")]
    assert statuses == (["candidate", "current"] if kept else ["current"])
    assert desk.is_current_usable("user_due")


@pytest.mark.parametrize("mode", ["no_expires_in", "zero_expires_in", "text_expires_in"])
async def test_the_expiry_comes_from_debug_token_not_the_exchange(desk: Desk, mode: str) -> None:
    before = await desk.take("user_due")
    desk.sandbox.extension(mode)
    found = await desk.keeper.refresh("user_due")
    record = desk.sandbox.state.token_named(desk.vault.tokens.value("user_due").reveal())
    after = desk.vault.tokens.token("user_due")
    assert found.result == "extended"
    assert after.expires_at == (record.expires_at or None)
    assert before.expires_at is not None
    assert found.seconds_gained > 0


async def test_old_servers_numbers_and_texts_are_understood(desk: Desk) -> None:
    await desk.take("user_due")
    desk.sandbox.odd_types()
    assert (await desk.keeper.refresh("user_due")).result == "extended"


async def test_a_token_issued_before_a_crash_is_used_first(desk: Desk) -> None:
    token = await desk.take("user_due")
    issued = await desk.graph.exchange_long_lived(desk.app, desk.vault.tokens.value("user_due"))
    desk.vault.tokens.add_issued("user_due", PROFILE, issued.value, at=int(desk.clock.now()) + 1, origin="exchange")
    found = await desk.keeper.refresh("user_due")
    assert found.result == "extended"
    assert desk.sandbox.exchanges("user_due") == 1
    assert desk.vault.tokens.value("user_due") == issued.value
    assert desk.vault.tokens.token("user_due").expires_at != token.expires_at


async def test_an_uninspected_issued_token_is_used_the_next_time(desk: Desk) -> None:
    await desk.take("user_due")
    original = desk.keeper._asker.ask
    calls = 0

    async def second_fails(value: Secret, access: object) -> object:
        nonlocal calls
        calls += 1
        if calls == 2:
            raise FacebookError("Service temporarily unavailable", cause="server", code=2, is_transient=True)
        return await original(value, access)  # type: ignore[arg-type]

    desk.keeper._asker.ask = second_fails  # type: ignore[assignment,method-assign]
    found = await desk.keeper.refresh("user_due")
    assert found.result == "could_not_ask"
    assert [version.status for version in desk.vault.tokens.versions("user_due")] == ["candidate", "current"]
    assert (await desk.keeper.refresh("user_due")).result == "extended"
    assert desk.sandbox.exchanges("user_due") == 1


async def test_wrong_app_credentials_do_not_spoil_the_token(desk: Desk) -> None:
    await desk.take("user_long")
    desk.sandbox.change_secret("f" * 32)
    found = await desk.keeper.refresh("user_long")
    assert found.result == "app_credentials"
    assert desk.state("user_long") == "valid"
    assert desk.sandbox.exchanges("user_long") == 0


async def test_missing_credentials_are_reported_without_a_call(desk: Desk) -> None:
    await desk.take("user_long")
    calls = len(desk.sandbox.calls())

    def missing(profile: str) -> object:
        raise LookupError(f"Profile {profile} has no App Secret.")

    desk.keeper._asker.credentials = missing  # type: ignore[assignment]
    found = await desk.keeper.refresh("user_long")
    assert (found.result, found.reason) == ("app_credentials", "missing")
    assert isinstance(found.cause, NoCredentials)
    assert len(desk.sandbox.calls()) == calls


async def test_a_failed_inspection_keeps_the_state_and_the_failure(desk: Desk) -> None:
    before = await desk.take("user_long")
    desk.sandbox.fault("html", times=None)
    with pytest.raises(FacebookError):
        await desk.keeper.inspect("user_long")
    after = desk.vault.tokens.token("user_long")
    assert (after.verdict, after.inspected_at) == (before.verdict, before.inspected_at)
    assert after.failure is not None
    assert (await desk.keeper.refresh("user_long")).result == "could_not_ask"
    desk.sandbox.clear_faults()
    assert (await desk.keeper.inspect("user_long")).failure is None


async def test_the_same_failure_fills_the_history_once(desk: Desk) -> None:
    await desk.take("user_long")
    desk.sandbox.fault("html", times=None)
    for _ in range(3):
        with pytest.raises(FacebookError):
            await desk.keeper.inspect("user_long")
    assert len([event for event in desk.vault.history.events("user_long") if event.result == "could_not_ask"]) == 1


async def test_ten_refreshes_at_once_make_one_exchange(desk: Desk) -> None:
    await desk.take("user_due")
    found = await asyncio.gather(*(desk.keeper.refresh("user_due") for _ in range(10)))
    assert sorted(result.result for result in found) == ["extended"] + ["unchanged"] * 9
    assert desk.sandbox.exchanges("user_due") == 1
    assert len(desk.sandbox.calls("debug_token")) == 3  # the import's, and before and after the one exchange


async def test_a_60_day_system_user_token_gets_60_more_days(desk: Desk) -> None:
    await desk.take("system_user_60d")
    found = await desk.keeper.refresh("system_user_60d")
    assert found.token.expires_at is not None
    assert found.token.expires_at - desk.clock.now() == pytest.approx(60 * DAY, abs=DAY)


async def test_a_cancelled_refresh_finishes_the_token_it_asked_for(desk: Desk) -> None:
    await desk.take("user_due")
    desk.sandbox.fault("delay", path="debug_token", seconds=1.0, times=None)  # the look at the new token takes long
    task = asyncio.create_task(desk.keeper.refresh("user_due"))
    while not desk.sandbox.calls("oauth"):
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    desk.sandbox.clear_faults()
    versions = desk.vault.tokens.versions("user_due")
    assert versions[0].status == "current"
    assert desk.is_current_usable("user_due")
    assert (await desk.keeper.refresh("user_due")).result == "unchanged"  # the lock is free again


async def test_cancelling_many_leaves_each_extended_or_as_it_was(desk: Desk) -> None:
    names = ("user_long", "user_due", "user_short", "user_missing_scope", "system_user_60d")
    await desk.take(*names)
    before = {name: desk.vault.tokens.value(name) for name in names}
    done: list[RefreshResult] = []
    desk.sandbox.fault("delay", path="oauth/access_token", seconds=0.1, times=None)
    task = asyncio.create_task(desk.keeper.refresh_many(names, done.append))
    while not done:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    for name in names:
        asked = desk.sandbox.exchanges(name)
        assert (desk.vault.tokens.value(name) != before[name]) == bool(asked)
        assert "candidate" not in [version.status for version in desk.vault.tokens.versions(name)]
        assert desk.is_current_usable(name)


async def test_many_are_reported_one_by_one_and_returned_in_order(desk: Desk) -> None:
    names = ("user_expired", "user_long", "user_never", "user_due")
    await desk.take(*names)
    found: list[str] = []
    results = await desk.keeper.refresh_many(names, lambda result: found.append(result.name))
    assert [result.name for result in results] == list(names)
    assert sorted(found) == sorted(names)
    assert [result.result for result in results] == ["login_needed", "extended", "never_expires", "extended"]


async def test_an_unknown_name_stops_many_before_anything_is_done(desk: Desk) -> None:
    await desk.take("user_due")
    calls = len(desk.sandbox.calls())
    with pytest.raises(NoSuchToken):
        await desk.keeper.refresh_many(["user_due", "unknown"])
    assert len(desk.sandbox.calls()) == calls


async def test_the_clock_that_counts_is_facebooks(make_sandbox: MakeSandbox, tmp_path: Path) -> None:
    ahead = make_sandbox()
    ahead.clock.advance(8 * DAY)
    async with desk_of(ahead, tmp_path) as desk:
        await desk.take("user_due")
        assert 8 * DAY - 60 < desk.clock.skew < 8 * DAY + 60
        await desk.keeper.refresh("user_due")
        first = desk.vault.tokens.token("user_due").expires_at
        ahead.clock.advance(2 * DAY)
        found = await desk.keeper.refresh("user_due")
    assert found.result == "extended"
    assert first is not None
    assert found.seconds_gained == pytest.approx(2 * DAY, abs=60)


async def test_a_server_far_ahead_is_not_mistaken_for_a_concurrent_run(
    make_sandbox: MakeSandbox, tmp_path: Path
) -> None:
    ahead = make_sandbox()
    ahead.clock.advance(5 * DAY)
    async with desk_of(ahead, tmp_path) as desk:
        await desk.take("user_due")
        assert (await desk.keeper.refresh("user_due")).result == "extended"
    ahead.clock.advance(2 * DAY)
    async with desk_of(ahead, tmp_path) as fresh_process:
        assert (await fresh_process.keeper.refresh("user_due")).result == "extended"


def test_the_sandbox_has_a_token_for_every_row(sandbox: RunningSandbox) -> None:
    assert {row[0] for row in STATE_TABLE} | {"user_missing_scope"} == {token.name for token in sandbox.world.tokens}

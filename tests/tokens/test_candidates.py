"""A token that was issued and stored is found and used before a person must log in again."""

import pytest

from tests.clocks import MovableClock
from tests.tokens.desk import PROFILE, Desk
from tui.redact import Secret
from tui.tokens.errors import NoValue
from tui.tokens.results import Reason, RefreshCode
from tui.tokens.token import DAY


def keep(desk: Desk, name: str, seeded: str, origin: str = "login", at: int | None = None) -> Secret:
    """Store a token of the world as a candidate of `name`."""
    value = Secret(desk.sandbox.world.token(seeded).value)
    when = int(desk.clock.now()) if at is None else at
    desk.vault.tokens.add_issued(name, PROFILE, value, at=when, origin=origin)
    return value


def wipe_value(desk: Desk, name: str) -> None:
    """Remove the current value, as a damaged page does."""
    (current,) = [one for one in desk.vault.tokens.versions(name) if one.status == "current"]
    desk.vault.database.write("DELETE FROM secret_values WHERE ref = ?", (f"token/{current.id}",))


@pytest.mark.parametrize(
    ("current", "other"), [("user_expired", "user_long"), ("user_password_changed", "user_missing_scope")]
)
async def test_a_refresh_uses_a_candidate_that_works(desk: Desk, current: str, other: str) -> None:
    await desk.take(current)
    value = keep(desk, current, other)
    found = await desk.keeper.refresh(current)
    assert (found.result, found.reason) == (RefreshCode.EXTENDED, Reason.CANDIDATE)
    assert desk.vault.tokens.value(current) == value
    assert desk.state(current) == "valid"
    assert desk.is_current_usable(current)
    assert desk.sandbox.exchanges(current) == 0
    assert desk.vault.history.events(current)[0].action == "adopt"


async def test_a_check_uses_a_candidate_too(desk: Desk) -> None:
    await desk.take("user_expired")
    value = keep(desk, "user_expired", "user_long")
    token = await desk.keeper.inspect("user_expired")
    assert (token.verdict, token.fingerprint) == ("valid", value.fingerprint())
    assert token.pages
    assert token.subject_name


@pytest.mark.parametrize("work", ["inspect", "refresh"])
async def test_a_candidate_takes_the_place_of_a_lost_value(desk: Desk, work: str) -> None:
    await desk.take("user_due")
    value = keep(desk, "user_due", "user_long")
    wipe_value(desk, "user_due")
    await getattr(desk.keeper, work)("user_due")
    assert desk.vault.tokens.value("user_due") == value


async def test_a_lost_value_without_a_candidate_is_still_an_error(desk: Desk) -> None:
    await desk.take("user_due")
    wipe_value(desk, "user_due")
    with pytest.raises(NoValue):
        await desk.keeper.inspect("user_due")
    assert (await desk.keeper.refresh("user_due")).reason == Reason.NO_VALUE


async def test_the_newest_that_works_is_used(desk: Desk) -> None:
    await desk.take("user_expired")
    older = keep(desk, "user_expired", "user_due")
    newer = keep(desk, "user_expired", "user_long")
    keep(desk, "user_expired", "user_password_changed")
    await desk.keeper.refresh("user_expired")
    assert desk.vault.tokens.value("user_expired") == newer
    assert older in [desk.vault.tokens.value_of(one.id) for one in desk.vault.tokens.candidates()]


@pytest.mark.parametrize("other", ["user_missing_scope", "northwind_long", "user_password_changed"])
async def test_another_persons_or_apps_or_no_good_one_is_not_used(desk: Desk, other: str) -> None:
    await desk.take("user_expired")
    before = desk.vault.tokens.value("user_expired")
    foreign = next(token for token in desk.sandbox.state.seeded if token.name == other)
    desk.vault.tokens.add_issued("user_expired", PROFILE, Secret(foreign.value), at=1, origin="login")
    assert (await desk.keeper.refresh("user_expired")).result == RefreshCode.LOGIN_NEEDED
    assert desk.vault.tokens.value("user_expired") == before


async def test_a_usable_token_keeps_its_place(desk: Desk) -> None:
    await desk.take("user_due")
    before = desk.vault.tokens.value("user_due")
    keep(desk, "user_due", "user_long")
    await desk.keeper.inspect("user_due")
    assert desk.vault.tokens.value("user_due") == before


async def test_one_that_does_not_work_is_asked_about_once_a_day(desk: Desk) -> None:
    assert isinstance(desk.clock, MovableClock)
    await desk.take("user_expired")
    keep(desk, "user_expired", "user_password_changed")

    async def calls_of_a_refresh() -> int:
        before = len(desk.sandbox.calls("debug_token"))
        assert (await desk.keeper.refresh("user_expired")).result == RefreshCode.LOGIN_NEEDED
        return len(desk.sandbox.calls("debug_token")) - before

    assert [await calls_of_a_refresh() for _ in range(3)] == [2, 1, 1]
    desk.clock.move_on(DAY + 1, desk.sandbox)
    assert await calls_of_a_refresh() == 2


async def test_an_outage_is_not_held_against_a_candidate(desk: Desk) -> None:
    await desk.take("user_expired")
    value = keep(desk, "user_expired", "user_long")
    ask = desk.keeper._asker.ask
    asked: list[Secret] = []

    async def second_fails(value: Secret, access: object) -> object:
        asked.append(value)
        if len(asked) == 2:
            desk.sandbox.fault("html", times=3)
        return await ask(value, access)  # type: ignore[arg-type]

    desk.keeper._asker.ask = second_fails  # type: ignore[assignment,method-assign]
    assert (await desk.keeper.refresh("user_expired")).result == RefreshCode.LOGIN_NEEDED
    assert len(asked) == 2
    desk.sandbox.clear_faults()
    assert (await desk.keeper.refresh("user_expired")).reason == Reason.CANDIDATE
    assert desk.vault.tokens.value("user_expired") == value


async def test_one_whose_data_access_ends_soon_is_better_than_none(desk: Desk) -> None:
    assert isinstance(desk.clock, MovableClock)
    await desk.take("user_expired")
    value = keep(desk, "user_expired", "user_long")
    record = desk.sandbox.state.token_named(value.reveal())
    record.data_access_expires_at = int(desk.clock.now()) + DAY
    await desk.keeper.refresh("user_expired")
    assert desk.vault.tokens.value("user_expired") == value

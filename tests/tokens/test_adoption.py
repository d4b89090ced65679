"""Imports and logins: what the keeper stores, and beside what."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeSandbox
from tests.tokens.desk import PROFILE, Desk, desk_of
from tui.facebook.errors import FacebookError
from tui.facebook.models import Inspection
from tui.redact import Secret
from tui.services.adoption import AdoptionRefused, Refusal
from tui.services.asker import Access
from tui.tokens.errors import NameTaken
from tui.tokens.token import DAY


async def test_an_import_is_never_exchanged_and_kept_in_any_state(desk: Desk) -> None:
    token = await desk.take("user_short")
    assert (desk.state("user_short"), token.origin) == ("due", "import")
    await desk.take("user_expired", "user_password_changed")
    assert desk.state("user_expired") == "expired"
    assert not [event for event in desk.vault.history.events() if event.action == "extend"]
    assert desk.sandbox.exchanges("user_short") == 0


async def test_an_import_learns_the_person_and_the_pages(desk: Desk) -> None:
    token = await desk.take("user_long")
    assert token.subject_name == "Dana Whitfield"
    assert {page.instagram_username for page in token.pages} >= {"acmecoffee", "acme.outdoor"}
    assert desk.vault.tokens.token("user_long").pages == token.pages


async def test_pages_are_asked_for_once_a_day(make_sandbox: MakeSandbox, tmp_path: Path) -> None:
    sandbox = make_sandbox()
    async with desk_of(sandbox, tmp_path) as desk:
        await desk.take("user_long")
        asked = len(sandbox.calls("me/accounts"))
        await desk.keeper.inspect("user_long")
        assert len(sandbox.calls("me/accounts")) == asked == 1
        sandbox.clock.advance(DAY + 60)
        await desk.keeper.inspect("user_long")
        assert len(sandbox.calls("me/accounts")) == 2


async def test_a_throttled_app_is_not_even_inspected(desk: Desk) -> None:
    await desk.take("user_long")
    desk.sandbox.fault("throttle", path="debug_token")
    with pytest.raises(FacebookError) as first:
        await desk.keeper.inspect("user_long")
    calls = len(desk.sandbox.calls())
    with pytest.raises(FacebookError) as second:
        await desk.keeper.inspect("user_long")
    assert first.value.cause == second.value.cause == "throttled"
    assert len(desk.sandbox.calls()) == calls
    assert desk.state("user_long") == "valid"


async def test_an_import_while_offline_is_stored_as_unknown(desk: Desk) -> None:
    value = desk.sandbox.world.token("user_long").value
    desk.sandbox.stop()
    token = await desk.keeper.adopt("later", PROFILE, Secret(value), "import")
    assert (token.verdict, desk.state("later")) == ("unknown", "unknown")
    assert token.failure is not None
    assert desk.vault.tokens.value("later").reveal() == value


async def test_a_token_of_another_app_is_refused_and_not_stored(desk: Desk) -> None:
    foreign = next(token for token in desk.sandbox.state.seeded if token.name == "northwind_long")
    with pytest.raises(AdoptionRefused) as refused:
        await desk.keeper.adopt("foreign", PROFILE, Secret(foreign.value), "import")
    assert refused.value.refusal is Refusal.OTHER_APP
    assert desk.vault.tokens.names() == ()
    assert desk.vault.tokens.candidates() == ()


async def test_a_taken_name_is_refused_but_an_issued_value_is_not_lost(desk: Desk) -> None:
    await desk.take("user_long")
    other = Secret(desk.sandbox.world.token("user_due").value)
    with pytest.raises(NameTaken):
        await desk.keeper.adopt("user_long", PROFILE, other, "import")
    assert desk.vault.tokens.candidates() == ()
    with pytest.raises(NameTaken):
        await desk.keeper.adopt("user_long", PROFILE, other, "login")
    assert [version.status for version in desk.vault.tokens.versions("user_long")] == ["candidate", "current"]


async def test_a_logins_short_token_is_made_long_at_once(desk: Desk) -> None:
    value = Secret(desk.sandbox.world.token("user_short").value)
    token = await desk.keeper.adopt("fresh", PROFILE, value, "login", 4_000)
    assert token.expires_at is not None
    assert token.expires_at - desk.clock.now() > 50 * DAY
    assert desk.vault.tokens.value("fresh") != value
    assert token.fingerprint == desk.vault.tokens.value("fresh").fingerprint()
    assert desk.vault.tokens.token("fresh").extended_at is not None


async def test_a_new_login_replaces_an_unusable_token(desk: Desk) -> None:
    await desk.take("user_expired")
    value = Secret(desk.sandbox.world.token("user_long").value)
    token = await desk.keeper.adopt("user_expired", PROFILE, value, "login", replace=True)
    assert token.verdict == "valid"
    assert desk.state("user_expired") == "valid"
    assert [version.status for version in desk.vault.tokens.versions("user_expired")] == ["current", "previous"]


@pytest.mark.parametrize(
    ("current", "other", "refusal"),
    [
        ("user_long", "user_missing_scope", Refusal.OTHER_PERSON),
        ("user_long", "user_due", Refusal.EARLIER_END),
        ("user_long", "user_password_changed", Refusal.NOT_KNOWN_TO_WORK),
        ("system_user", "system_user_60d", Refusal.EARLIER_END),
    ],
)
async def test_a_new_login_that_is_no_better_leaves_the_living_token(
    desk: Desk, current: str, other: str, refusal: Refusal
) -> None:
    await desk.take(current)
    before = desk.vault.tokens.value(current)
    value = Secret(desk.sandbox.world.token(other).value)
    with pytest.raises(AdoptionRefused) as refused:
        await desk.keeper.adopt(current, PROFILE, value, "login", replace=True)
    assert refused.value.refusal is refusal
    assert desk.vault.tokens.value(current) == before
    assert "candidate" in [version.status for version in desk.vault.tokens.versions(current)]


def answered_for_every_token(desk: Desk, monkeypatch: pytest.MonkeyPatch, **facts: Any) -> list[list[Secret]]:
    """Have Facebook say so of each token; collect which candidates were stored when it was asked."""
    asker = desk.keeper._asker
    ask = asker.ask
    stored: list[list[Secret]] = []

    async def answer(value: Secret, access: Access) -> Inspection:
        stored.append([desk.vault.tokens.value_of(version.id) for version in desk.vault.tokens.candidates()])
        return dataclasses.replace(await ask(value, access), **facts)

    monkeypatch.setattr(asker, "ask", answer)
    return stored


async def test_without_credentials_a_login_keeps_the_token(desk: Desk) -> None:
    await desk.take("user_due")
    before = desk.vault.tokens.value("user_due")

    def missing(profile: str) -> object:
        raise LookupError(f"Profile {profile} has no App Secret.")

    desk.keeper._asker.credentials = missing  # type: ignore[assignment]
    with pytest.raises(AdoptionRefused) as refused:
        await desk.keeper.adopt("user_due", PROFILE, Secret("EAAnew" + "x" * 40), "login", replace=True)
    assert refused.value.refusal is Refusal.NOT_KNOWN_TO_WORK
    assert desk.vault.tokens.value("user_due") == before


async def test_a_login_with_fewer_scopes_keeps_the_current_token(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    await desk.take("user_due")
    before = desk.vault.tokens.value("user_due")
    answered_for_every_token(desk, monkeypatch, scopes=("pages_show_list",))
    value = Secret(desk.sandbox.world.token("user_long").value)
    with pytest.raises(AdoptionRefused) as refused:
        await desk.keeper.adopt("user_due", PROFILE, value, "login", replace=True)
    assert refused.value.refusal is Refusal.SCOPES_LOST
    assert "instagram_basic" in {lost.scope for lost in refused.value.lost_scopes}
    assert desk.vault.tokens.value("user_due") == before
    assert "candidate" in [version.status for version in desk.vault.tokens.versions("user_due")]


async def test_a_login_token_is_on_disk_before_facebook_is_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    stored = answered_for_every_token(desk, monkeypatch)
    value = Secret(desk.sandbox.world.token("user_long").value)
    await desk.keeper.adopt("fresh", PROFILE, value, "login")
    assert stored[0] == [value]


async def test_a_token_of_another_app_is_not_stored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answered_for_every_token(desk, monkeypatch, app_id="999")
    with pytest.raises(AdoptionRefused) as refused:
        await desk.take("user_long")
    assert refused.value.refusal is Refusal.OTHER_APP
    assert desk.vault.tokens.names() == ()


@pytest.mark.parametrize("mode", ["earlier_end", "other_person", "scope_lost"])
async def test_a_short_login_token_survives_an_odd_extension(desk: Desk, mode: str) -> None:
    value = Secret(desk.sandbox.world.token("user_short").value)
    desk.sandbox.extension(mode)
    await desk.keeper.adopt("fresh", PROFILE, value, "login", 4_000)
    assert desk.vault.tokens.value("fresh") == value
    assert sorted(version.status for version in desk.vault.tokens.versions("fresh")) == ["candidate", "current"]

"""Every check, proven, contradicted and unknown, against a world for each over real HTTP."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlencode

import pytest

from tests.conftest import MakeSandbox
from tui.clock import FrozenClock
from tui.facebook.client import GraphClient
from tui.facebook.models import AppCredentials, Endpoints
from tui.guide.checks import CHECKS, CheckName
from tui.guide.content import load_guide
from tui.guide.evidence import CheckInputs, Checks, Evidence, checks_of, steps_of
from tui.matillion.address import read_dialog_address
from tui.matillion.client import MatillionClient
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.settings import DEFAULT_SCOPES, MatillionTarget


def inputs_of(
    sandbox: RunningSandbox,
    token: str = "user_long",
    *,
    secret: str = "",
    noted_name: str = "",
    sent_callback: str = "",
    sent_scopes: str = "",
    callback: str = "",
    entry: str = "ig_prod",
    project: str = "Social",
    authorised_at: int | None = None,
    password: str = "",
) -> CheckInputs:
    world = sandbox.world
    callback = callback or world.redirect_uri
    dialog = None
    if sent_callback:
        sent = {"client_id": world.app_id, "redirect_uri": sent_callback, "scope": sent_scopes, "state": "s"}
        dialog = read_dialog_address(f"https://www.facebook.com/v21.0/dialog/oauth?{urlencode(sent)}", 1)
    return CheckInputs(
        app_id=world.app_id,
        callback_url=callback,
        scopes=DEFAULT_SCOPES,
        noted_name=noted_name,
        app=AppCredentials(world.app_id, Secret(secret or world.app_secret)),
        token=Secret(world.token(token).value) if token else None,
        dialog=dialog,
        target=MatillionTarget(
            sandbox.matillion_url,
            user=world.matillion_user,
            oauth_entry=entry,
            group="Marketing",
            project=project,
            authorised_at=authorised_at,
        ),
    )


@asynccontextmanager
async def checks_for(sandbox: RunningSandbox, inputs: CheckInputs, timeout: float = 10.0) -> AsyncIterator[Checks]:
    clock = FrozenClock(sandbox.clock.now())
    password = Secret(sandbox.world.matillion_password)
    async with GraphClient(Endpoints(sandbox.graph_url, sandbox.dialog_url), "v26.0", clock) as graph:
        assert inputs.target is not None
        async with MatillionClient(inputs.target, password) as matillion:
            yield Checks(inputs, graph, matillion, clock, timeout=timeout)


async def look(sandbox: RunningSandbox, check: CheckName, inputs: CheckInputs | None = None) -> Evidence:
    async with checks_for(sandbox, inputs or inputs_of(sandbox)) as checks:
        (found,) = await checks.run([check])
    assert found.check == check
    assert abs(found.at - sandbox.clock.now()) < 30
    return found


# --- App ID, App Secret, name ------------------------------------------------------------------------------------


async def test_right_credentials_are_proven(sandbox: RunningSandbox) -> None:
    found = await look(sandbox, "app_credentials")
    assert found.result == "proven"
    assert sandbox.world.app_id in found.seen


async def test_a_secret_with_a_space_behind_it_is_contradicted(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("wrong-secret")
    found = await look(sandbox, "app_credentials", inputs_of(sandbox, secret=sandbox.world.pasted_secret))
    assert found.result == "contradicted"
    assert "Error validating client secret." in found.seen
    assert sandbox.world.app_secret not in found.seen


async def test_a_wrong_secret_contradicts_nothing_but_itself(sandbox: RunningSandbox) -> None:
    inputs = inputs_of(sandbox, secret="0" * 32, noted_name="Acme Insights")
    async with checks_for(sandbox, inputs) as checks:
        found = await checks.run(CHECKS)
    assert [one.check for one in found if one.result == "contradicted"] == ["app_credentials"]


@pytest.mark.parametrize(
    ("noted", "result"), [("Acme Insights", "proven"), ("Acme insight", "contradicted"), ("", "unknown")]
)
async def test_the_apps_own_name_is_compared_with_the_display_name_noted(
    sandbox: RunningSandbox, noted: str, result: str
) -> None:
    found = await look(sandbox, "app_name", inputs_of(sandbox, noted_name=noted))
    assert found.result == result
    assert "Acme Insights" in found.seen


# --- login, permissions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "result", "word"),
    [
        ("user_long", "proven", "valid"),
        ("user_expired", "proven", "190/463"),
        ("page_never", "proven", "page token"),
        ("app_token", "unknown", "no login"),
        ("", "unknown", "Log in with l"),
    ],
)
async def test_a_login_through_the_app_is_seen_on_its_token(
    sandbox: RunningSandbox, token: str, result: str, word: str
) -> None:
    found = await look(sandbox, "login_done", inputs_of(sandbox, token))
    assert (found.result, word in found.seen) == (result, True), found.seen


async def test_a_token_of_another_app_contradicts_the_login(sandbox: RunningSandbox) -> None:
    foreign = next(row for row in sandbox.state.seeded if row.name == "northwind_long")
    inputs = inputs_of(sandbox)
    inputs = CheckInputs(app_id=inputs.app_id, app=inputs.app, token=Secret(foreign.value), target=inputs.target)
    assert (await look(sandbox, "login_done", inputs)).result == "contradicted"


async def test_all_permissions_granted_are_proven(sandbox: RunningSandbox) -> None:
    found = await look(sandbox, "permissions")
    assert found.result == "proven"
    assert all(scope in found.seen for scope in DEFAULT_SCOPES)


async def test_a_declined_permission_is_named(make_sandbox: MakeSandbox) -> None:
    found = await look(make_sandbox("declined-permission"), "permissions")
    assert found.result == "contradicted"
    assert "declined: instagram_manage_insights" in found.seen


async def test_what_matillion_really_asks_for_takes_the_place_of_the_expectation(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("declined-permission")
    inputs = inputs_of(sandbox, sent_callback=sandbox.world.redirect_uri, sent_scopes="instagram_basic,read_insights")
    found = await look(sandbox, "permissions", inputs)
    assert "Matillion asks for" in found.seen
    assert "unused for 90 days: read_insights" in found.seen
    assert "instagram_manage_insights" not in found.seen


async def test_without_any_expectation_the_permissions_are_told_and_nothing_is_claimed(sandbox: RunningSandbox) -> None:
    known = inputs_of(sandbox)
    inputs = CheckInputs(app_id=known.app_id, app=known.app, token=known.token, target=known.target)
    found = await look(sandbox, "permissions", inputs)
    assert found.result == "unknown"
    assert "Granted: " in found.seen


async def test_a_dead_token_leaves_the_permissions_unknown_and_says_why(sandbox: RunningSandbox) -> None:
    found = await look(sandbox, "permissions", inputs_of(sandbox, "user_expired"))
    assert found.result == "unknown"
    assert "190/463" in found.seen


# --- Pages, Instagram, a first read, ads -------------------------------------------------------------------------


async def test_a_page_with_its_account_is_proven_and_read(sandbox: RunningSandbox) -> None:
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        pages, account, read = await checks.run(["pages", "instagram_account", "first_read"])
    assert [one.result for one in (pages, account, read)] == ["proven"] * 3
    assert "Acme Coffee Roasters" in pages.seen
    assert "@acmecoffee on Acme Coffee Roasters" in account.seen
    assert "64 posts" in read.seen


async def test_no_page_is_contradicted_and_the_empty_list_explained(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("no-page")
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        pages, account, read = await checks.run(["pages", "instagram_account", "first_read"])
    assert pages.result == "contradicted"
    assert "empty list and calls that a success" in pages.seen
    assert "no role on it" in pages.seen
    assert (account.result, read.result) == ("unknown", "unknown")


async def test_a_page_of_a_portfolio_without_business_management_is_named_as_that(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("page-in-portfolio")
    inputs = inputs_of(sandbox, "user_without_business_management")
    sandbox.take_role("lena", "flour")
    found = await look(sandbox, "pages", inputs)
    assert found.result == "contradicted"
    assert "business_management is not granted" in found.seen


async def test_a_page_without_an_account_contradicts_the_account_alone(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("page-without-instagram")
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        pages, account, read = await checks.run(["pages", "instagram_account", "first_read"])
    assert (pages.result, account.result, read.result) == ("proven", "contradicted", "unknown")
    assert "No Instagram account is linked to Vogt Bread" in account.seen


async def test_a_read_refused_for_a_missing_permission_is_contradicted(sandbox: RunningSandbox) -> None:
    sandbox.drop_scope("dana", "instagram_manage_insights")
    found = await look(sandbox, "first_read")
    assert found.result == "contradicted"
    assert "does not have permission for this action. Log in again with l" in found.seen


async def test_an_account_that_instagram_basic_would_show_is_not_called_missing(sandbox: RunningSandbox) -> None:
    sandbox.drop_scope("dana", "instagram_basic")
    found = await look(sandbox, "instagram_account")
    assert found.result == "unknown"
    assert "instagram_basic is not granted" in found.seen


async def test_ads_permission_is_wanted_where_the_role_comes_through_a_portfolio(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("page-in-portfolio")
    inputs = inputs_of(sandbox, "user_with_business_management")
    assert (await look(sandbox, "ads_permission", inputs)).result == "proven"
    sandbox.drop_scope("sam", "ads_read")
    found = await look(sandbox, "ads_permission", inputs)
    assert found.result == "contradicted"
    assert "Vogt Bread belongs to the portfolio Vogt Holding" in found.seen
    blind = inputs_of(sandbox, "user_without_business_management")
    assert (await look(sandbox, "ads_permission", blind)).result == "unknown"


# --- the callback ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("callback", "result"),
    [
        ("https://matillion.example.com/oauth/callback", "proven"),
        ("http://matillion.example.com/oauth/callback", "contradicted"),
        ("https://matillion.example.com/oauth/callback#x", "contradicted"),
        ("https://10.0.0.8/oauth/callback", "unknown"),
    ],
)
async def test_the_callbacks_form_is_judged(sandbox: RunningSandbox, callback: str, result: str) -> None:
    found = await look(sandbox, "callback_rules", inputs_of(sandbox, callback=callback))
    assert found.result == result, found.seen


async def test_what_matillion_sends_must_equal_the_profile_to_the_byte(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("wrong-redirect")
    stored = sandbox.world.redirect_uri
    same = await look(sandbox, "callback_match", inputs_of(sandbox, sent_callback=stored))
    assert same.result == "proven"
    assert "v21.0" in same.seen
    other = await look(sandbox, "callback_match", inputs_of(sandbox, sent_callback=stored.rstrip("/")))
    assert other.result == "contradicted"
    assert f"redirect_uri, character {len(stored)}: Matillion leaves out “/”" in other.seen
    assert (await look(sandbox, "callback_match")).result == "unknown"


# --- Matillion ---------------------------------------------------------------------------------------------------


async def test_an_entry_there_is_proven_and_one_missing_is_contradicted(sandbox: RunningSandbox) -> None:
    assert (await look(sandbox, "matillion_entry")).result == "proven"
    missing = await look(sandbox, "matillion_entry", inputs_of(sandbox, entry="IG_prod "))
    assert missing.result == "contradicted"
    assert "“ig_prod” differs in case or blanks only" in missing.seen
    sandbox.matillion(entries=[])
    assert "It lists none at all" in (await look(sandbox, "matillion_entry")).seen


@pytest.mark.parametrize(
    ("mode", "word"),
    [("unauthorized", "API role"), ("html_login", "login page"), ("success_false", "Unauthorized"), ("down", "503")],
)
async def test_a_matillion_that_does_not_answer_leaves_the_entry_unknown(
    sandbox: RunningSandbox, mode: str, word: str
) -> None:
    sandbox.matillion(mode=mode)
    found = await look(sandbox, "matillion_entry")
    assert found.result == "unknown"
    assert word in found.seen


async def test_a_successful_run_proves_matillions_token_unless_it_is_older_than_the_authorisation(
    sandbox: RunningSandbox,
) -> None:
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        assert [one.result for one in await checks.run(["matillion_runs"])] == ["proven"]
        assert checks.runs_seen is not None
        assert checks.runs_seen.worked_at == pytest.approx(sandbox.clock.now() - 6 * 3600, abs=60)
    now = int(sandbox.clock.now())
    found = await look(sandbox, "matillion_runs", inputs_of(sandbox, authorised_at=now))
    assert found.result == "unknown"
    assert "before the last authorisation" in found.seen
    assert (await look(sandbox, "matillion_runs", inputs_of(sandbox, project=""))).result == "unknown"


# --- all together ------------------------------------------------------------------------------------------------


async def test_without_network_everything_is_unknown_offline_and_nothing_hangs(sandbox: RunningSandbox) -> None:
    inputs = inputs_of(sandbox)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        async with GraphClient(Endpoints(address, address), "v26.0", FrozenClock(1000)) as graph:
            matillion = MatillionClient(MatillionTarget(address, user="u"), Secret("matillion-password"))
            async with asyncio.timeout(15):
                found = await Checks(inputs, graph, matillion, FrozenClock(1000)).run(CHECKS)
            await matillion.aclose()
    asked = [one for one in found if not one.check.startswith("callback")]
    assert len(asked) == 11
    assert all(one.result == "unknown" and one.seen.startswith("offline") for one in asked), asked


async def test_a_host_that_never_answers_is_given_up_in_time_and_the_rest_is_still_told(
    sandbox: RunningSandbox,
) -> None:
    sandbox.matillion(mode="slow", delay=30.0)
    began = time.monotonic()
    async with checks_for(sandbox, inputs_of(sandbox), timeout=1.5) as checks:
        found = {one.check: one for one in await checks.run(["matillion_entry", "app_credentials"])}
    assert time.monotonic() - began < 8
    assert found["matillion_entry"].result == "unknown"
    assert "1.5 s" in found["matillion_entry"].seen
    assert found["app_credentials"].result == "proven"


async def test_checks_run_side_by_side_and_ask_each_thing_once(sandbox: RunningSandbox) -> None:
    told: list[CheckName] = []
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        await checks.run(CHECKS, lambda one: told.append(one.check))
    assert sorted(told) == sorted(CHECKS)
    assert len(sandbox.calls("me/accounts")) == 1
    assert len(sandbox.calls("me/permissions")) == 1


async def test_no_check_changes_anything_at_facebook(sandbox: RunningSandbox) -> None:
    people = [token for token in sandbox.world.tokens if token.name.startswith("user_")]

    def lives() -> dict[str, object]:
        return {token.name: sandbox.token(token.value).expires_at for token in people}

    before = lives()
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        await checks.run(CHECKS)
    calls = sandbox.calls()
    assert calls
    assert {call.method for call in calls if "oauth/access_token" not in call.path} == {"GET"}
    assert {path.split()[0] for path in sandbox.state.calls_per_path if "/rest/" in path} == {"GET"}
    assert not sandbox.state.exchanges
    assert lives() == before


async def test_no_evidence_holds_a_secret(sandbox: RunningSandbox) -> None:
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        text = repr(await checks.run(CHECKS))
    assert sandbox.world.app_secret not in text
    assert sandbox.world.matillion_password not in text
    assert not any(token.value in text for token in sandbox.world.tokens)


async def test_a_run_that_is_cancelled_leaves_no_call_behind(sandbox: RunningSandbox) -> None:
    sandbox.matillion(mode="slow", delay=30.0)
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        task = asyncio.create_task(checks.run(["pages", "matillion_entry"]))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        others = [other for other in asyncio.all_tasks() if other is not asyncio.current_task()]
        assert [other for other in others if "Checks" in repr(other.get_coro())] == []


def test_a_step_knows_its_checks_and_a_check_its_steps() -> None:
    guide = load_guide()
    assert checks_of(guide, "10") == ("app_credentials",)
    assert set(checks_of(guide, "12")) == {
        "callback_match",
        "permissions",
        "matillion_runs",
        "pages",
        "instagram_account",
    }
    assert steps_of(guide, "login_done") == ("5", "6", "7", "8")
    assert steps_of(guide, "ads_permission") == ("9",)

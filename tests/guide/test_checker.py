"""Every check with each result, against a sandbox over real HTTP."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from tests.clocks import FrozenClock
from tests.conftest import MakeSandbox
from tui.facebook.client import GraphClient
from tui.facebook.models import AppCredentials, Endpoints
from tui.guide.checker import CheckInputs, Checks
from tui.guide.checks import CHECKS, CheckName
from tui.guide.evidence import Code, Evidence, Facts
from tui.guide.judging import unknown
from tui.matillion.address import read_dialog_address
from tui.matillion.client import MatillionClient
from tui.matillion.errors import Problem
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.settings import MatillionTarget, Profile
from tui.settings.schema import DEFAULT_SCOPES


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
    target = MatillionTarget(
        sandbox.matillion_url,
        user=world.matillion_user,
        oauth_entry=entry,
        group="Marketing",
        project=project,
        authorised_at=authorised_at,
    )
    return CheckInputs(
        Profile("acme", world.app_id, callback, app_name=noted_name, matillion=target),
        app=AppCredentials(world.app_id, Secret(secret or world.app_secret)),
        token=Secret(world.token(token).value) if token else None,
        dialog=dialog,
    )


@asynccontextmanager
async def checks_for(sandbox: RunningSandbox, inputs: CheckInputs, timeout: float = 10.0) -> AsyncIterator[Checks]:
    clock = FrozenClock(sandbox.clock.now())
    password = Secret(sandbox.world.matillion_password)
    async with aclosing(GraphClient(Endpoints(sandbox.graph_url, sandbox.dialog_url), "v26.0", clock)) as graph:
        yield Checks(inputs, graph, MatillionClient(inputs.profile.matillion, password), clock, timeout=timeout)


async def look(sandbox: RunningSandbox, check: CheckName, inputs: CheckInputs | None = None) -> Evidence:
    async with checks_for(sandbox, inputs or inputs_of(sandbox)) as checks:
        (found,) = await checks.run([check])
    assert found.check == check
    assert abs(found.at - sandbox.clock.now()) < 3600
    return found


def outcome(found: Evidence) -> tuple[str, Code]:
    return found.result, found.finding.code


# --- App ID, App Secret, name ------------------------------------------------------------------------------------


async def test_correct_credentials_are_proven(sandbox: RunningSandbox) -> None:
    found = await look(sandbox, "app_credentials")
    assert outcome(found) == ("proven", Code.CREDENTIALS_ACCEPTED)
    assert found.finding.facts == Facts(app_id=sandbox.world.app_id)


async def test_a_secret_with_a_trailing_space_is_contradicted(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("wrong-secret")
    found = await look(sandbox, "app_credentials", inputs_of(sandbox, secret=sandbox.world.pasted_secret))
    assert outcome(found) == ("contradicted", Code.APP_CREDENTIALS_REFUSED)
    assert found.finding.facts.message == "Error validating client secret."


async def test_a_wrong_secret_contradicts_nothing_but_itself(sandbox: RunningSandbox) -> None:
    inputs = inputs_of(sandbox, secret="0" * 32, noted_name="Acme Insights")
    async with checks_for(sandbox, inputs) as checks:
        found = await checks.run(CHECKS)
    assert [one.check for one in found if one.result == "contradicted"] == ["app_credentials"]


@pytest.mark.parametrize(
    ("noted", "code"),
    [
        ("Acme Insights", Code.APP_NAME_MATCHES),
        ("Acme insight", Code.APP_NAME_DIFFERS),
        ("", Code.APP_NAME_NOT_NOTED),
    ],
)
async def test_the_apps_name_is_compared_with_the_noted_name(sandbox: RunningSandbox, noted: str, code: Code) -> None:
    found = await look(sandbox, "app_name", inputs_of(sandbox, noted_name=noted))
    assert found.finding.code == code
    assert found.finding.facts.app_name == "Acme Insights"


# --- login, permissions ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("token", "result", "code", "facts"),
    [
        ("user_long", "proven", Code.LOGIN_VALID, Facts(token_kind="user")),
        ("user_expired", "proven", Code.LOGIN_ENDED, Facts(reason="190/463")),
        ("page_never", "proven", Code.LOGIN_VALID, Facts(token_kind="page")),
        ("app_token", "unknown", Code.LOGIN_NOT_SHOWN, Facts()),
        ("", "unknown", Code.NO_TOKEN, Facts()),
    ],
)
async def test_a_token_shows_whether_someone_logged_in(
    sandbox: RunningSandbox, token: str, result: str, code: Code, facts: Facts
) -> None:
    found = await look(sandbox, "login_done", inputs_of(sandbox, token))
    assert (*outcome(found), found.finding.facts) == (result, code, facts)


async def test_a_token_of_another_app_contradicts_the_login(sandbox: RunningSandbox) -> None:
    foreign = next(row for row in sandbox.state.seeded if row.name == "northwind_long")
    inputs = replace(inputs_of(sandbox), token=Secret(foreign.value))
    assert (await look(sandbox, "login_done", inputs)).result == "contradicted"


async def test_all_permissions_granted_are_proven(sandbox: RunningSandbox) -> None:
    found = await look(sandbox, "permissions")
    assert outcome(found) == ("proven", Code.PERMISSIONS_GRANTED)
    assert found.finding.facts == Facts(granted=DEFAULT_SCOPES)


async def test_a_declined_permission_is_named(make_sandbox: MakeSandbox) -> None:
    found = await look(make_sandbox("declined-permission"), "permissions")
    assert outcome(found) == ("contradicted", Code.PERMISSIONS_MISSING)
    assert found.finding.facts.declined == ("instagram_manage_insights",)


async def test_matillions_permissions_replace_the_profiles(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("declined-permission")
    inputs = inputs_of(sandbox, sent_callback=sandbox.world.redirect_uri, sent_scopes="instagram_basic,read_insights")
    found = await look(sandbox, "permissions", inputs)
    assert found.finding.facts == Facts(granted=("instagram_basic",), unused=("read_insights",), from_matillion=True)


async def test_permissions_without_expectation_are_unknown(sandbox: RunningSandbox) -> None:
    known = inputs_of(sandbox)
    inputs = replace(known, profile=replace(known.profile, scopes=()))
    found = await look(sandbox, "permissions", inputs)
    assert outcome(found) == ("unknown", Code.PERMISSIONS_NOT_EXPECTED)
    assert found.finding.facts.granted


async def test_permissions_of_an_expired_token_are_unknown(sandbox: RunningSandbox) -> None:
    found = await look(sandbox, "permissions", inputs_of(sandbox, "user_expired"))
    assert outcome(found) == ("unknown", Code.TOKEN_REFUSED)
    assert found.finding.facts.reason == "190/463"


# --- Pages, Instagram, a first read, ads -------------------------------------------------------------------------


async def test_a_page_with_its_account_is_proven_and_read(sandbox: RunningSandbox) -> None:
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        pages, account, read = await checks.run(["pages", "instagram_account", "first_read"])
    assert [one.result for one in (pages, account, read)] == ["proven"] * 3
    assert "Acme Coffee Roasters" in pages.finding.facts.pages
    linked = account.finding.facts
    assert ("acmecoffee", "Acme Coffee Roasters") in zip(linked.accounts, linked.pages, strict=True)
    assert read.finding.facts.posts == 64


async def test_an_empty_page_list_is_contradicted(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("no-page")
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        pages, account, read = await checks.run(["pages", "instagram_account", "first_read"])
    assert pages.result == "contradicted"
    assert outcome(account) == ("unknown", Code.ACCOUNT_WITHOUT_PAGE)
    assert outcome(read) == ("unknown", Code.NO_ACCOUNT_TO_READ)


async def test_a_portfolios_page_needs_business_management(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("page-in-portfolio")
    inputs = inputs_of(sandbox, "user_without_business_management")
    sandbox.take_role("lena", "flour")
    found = await look(sandbox, "pages", inputs)
    assert outcome(found) == ("contradicted", Code.NO_PAGE_WITHOUT_BUSINESS_MANAGEMENT)


async def test_a_page_without_account_contradicts_only_the_account(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("page-without-instagram")
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        pages, account, read = await checks.run(["pages", "instagram_account", "first_read"])
    assert (pages.result, account.result, read.result) == ("proven", "contradicted", "unknown")
    assert account.finding.facts == Facts(pages=("Vogt Bread",))


async def test_a_read_without_permission_is_contradicted(sandbox: RunningSandbox) -> None:
    sandbox.drop_scope("dana", "instagram_manage_insights")
    found = await look(sandbox, "first_read")
    assert outcome(found) == ("contradicted", Code.PERMISSION_REFUSED)
    assert "does not have permission for this action" in found.finding.facts.message


async def test_an_account_is_not_visible_without_instagram_basic(sandbox: RunningSandbox) -> None:
    sandbox.drop_scope("dana", "instagram_basic")
    found = await look(sandbox, "instagram_account")
    assert outcome(found) == ("unknown", Code.ACCOUNT_NOT_VISIBLE)


async def test_a_role_through_a_portfolio_needs_ads_permission(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("page-in-portfolio")
    inputs = inputs_of(sandbox, "user_with_business_management")
    assert (await look(sandbox, "ads_permission", inputs)).result == "proven"
    sandbox.drop_scope("sam", "ads_read")
    found = await look(sandbox, "ads_permission", inputs)
    assert outcome(found) == ("contradicted", Code.ADS_MISSING)
    assert found.finding.facts == Facts(pages=("Vogt Bread",), portfolio="Vogt Holding")
    without = inputs_of(sandbox, "user_without_business_management")
    assert outcome(await look(sandbox, "ads_permission", without)) == ("unknown", Code.ADS_NOT_KNOWN)


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
async def test_the_callbacks_format_is_checked(sandbox: RunningSandbox, callback: str, result: str) -> None:
    found = await look(sandbox, "callback_rules", inputs_of(sandbox, callback=callback))
    assert found.result == result, found


async def test_matillion_must_send_exactly_the_profiles_callback(make_sandbox: MakeSandbox) -> None:
    sandbox = make_sandbox("wrong-redirect")
    stored = sandbox.world.redirect_uri
    same = await look(sandbox, "callback_match", inputs_of(sandbox, sent_callback=stored))
    assert outcome(same) == ("proven", Code.DIALOG_MATCHES)
    assert same.finding.facts.version == "v21.0"
    other = await look(sandbox, "callback_match", inputs_of(sandbox, sent_callback=stored.rstrip("/")))
    assert outcome(other) == ("contradicted", Code.DIALOG_DIFFERS)
    facts = other.finding.facts
    assert (facts.callback_url, facts.redirect_uri) == (stored, stored.rstrip("/"))
    assert outcome(await look(sandbox, "callback_match")) == ("unknown", Code.DIALOG_NOT_READ)


# --- Matillion ---------------------------------------------------------------------------------------------------


async def test_a_listed_entry_is_proven_a_missing_one_contradicted(sandbox: RunningSandbox) -> None:
    assert outcome(await look(sandbox, "matillion_entry")) == ("proven", Code.ENTRY_LISTED)
    missing = await look(sandbox, "matillion_entry", inputs_of(sandbox, entry="IG_prod "))
    assert outcome(missing) == ("contradicted", Code.ENTRY_NOT_LISTED)
    assert "ig_prod" in missing.finding.facts.entries
    sandbox.matillion(entries=[])
    assert (await look(sandbox, "matillion_entry")).finding.facts == Facts(entry="ig_prod")


@pytest.mark.parametrize(
    ("mode", "problem"),
    [
        ("unauthorized", Problem.UNAUTHORIZED),
        ("html_login", Problem.WEB_PAGE),
        ("success_false", Problem.UNAUTHORIZED),
        ("down", Problem.SERVER),
    ],
)
async def test_a_failed_matillion_call_leaves_the_entry_unknown(
    sandbox: RunningSandbox, mode: str, problem: Problem
) -> None:
    sandbox.matillion(mode=mode)
    found = await look(sandbox, "matillion_entry")
    assert outcome(found) == ("unknown", Code.MATILLION_FAILED)
    assert found.finding.facts.failure is not None
    assert found.finding.facts.failure.problem == problem


async def test_a_run_since_the_authorization_proves_the_token(sandbox: RunningSandbox) -> None:
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        assert [one.result for one in await checks.run(["matillion_runs"])] == ["proven"]
        assert checks.last_runs is not None
        assert checks.last_runs.worked_at == pytest.approx(sandbox.clock.now() - 6 * 3600, abs=1800)
    now = int(sandbox.clock.now())
    found = await look(sandbox, "matillion_runs", inputs_of(sandbox, authorised_at=now))
    assert outcome(found) == ("unknown", Code.RUNS_TOO_OLD)
    found = await look(sandbox, "matillion_runs", inputs_of(sandbox, project=""))
    assert outcome(found) == ("unknown", Code.NO_MATILLION_PROJECT)


# --- all together ------------------------------------------------------------------------------------------------


async def test_without_network_everything_is_unknown(sandbox: RunningSandbox) -> None:
    inputs = inputs_of(sandbox)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound and not listening: refused at once
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        async with aclosing(GraphClient(Endpoints(address, address), "v26.0", FrozenClock(1000))) as graph:
            target = replace(inputs.profile.matillion, base_url=address)
            matillion = MatillionClient(target, Secret("matillion-password"))
            async with asyncio.timeout(15):
                found = await Checks(inputs, graph, matillion, FrozenClock(1000)).run(CHECKS)
    asked = [one for one in found if one.check not in ("callback_rules", "callback_match", "app_id_match")]
    assert len(asked) == 11
    assert {one.result for one in asked} == {"unknown"}
    assert {one.finding.code for one in asked} == {Code.OFFLINE, Code.MATILLION_FAILED}
    assert not any(one.finding.could_ask for one in asked)


async def test_a_slow_host_times_out_and_other_checks_finish(sandbox: RunningSandbox) -> None:
    sandbox.matillion(mode="slow", delay=30.0)
    began = time.monotonic()
    async with checks_for(sandbox, inputs_of(sandbox), timeout=1.5) as checks:
        found = {one.check: one for one in await checks.run(["matillion_entry", "app_credentials"])}
    assert time.monotonic() - began < 8
    assert found["matillion_entry"].finding == unknown(Code.NO_ANSWER, Facts(seconds=1.5))
    assert found["app_credentials"].result == "proven"


async def test_checks_run_in_parallel_and_make_each_call_once(sandbox: RunningSandbox) -> None:
    reported: list[CheckName] = []
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        await checks.run(CHECKS, lambda one: reported.append(one.check))
    assert sorted(reported) == sorted(CHECKS)
    assert len(sandbox.calls("me/accounts")) == 1
    assert len(sandbox.calls("me/permissions")) == 1


async def test_no_check_changes_anything_at_facebook(sandbox: RunningSandbox) -> None:
    people = [token for token in sandbox.world.tokens if token.name.startswith("user_")]

    def lives() -> dict[str, object]:
        return {token.name: sandbox.state.token_named(token.value).expires_at for token in people}

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


async def test_a_canceled_run_leaves_no_call_running(sandbox: RunningSandbox) -> None:
    sandbox.matillion(mode="slow", delay=30.0)
    async with checks_for(sandbox, inputs_of(sandbox)) as checks:
        task = asyncio.create_task(checks.run(["pages", "matillion_entry"]))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        others = [other for other in asyncio.all_tasks() if other is not asyncio.current_task()]
        assert [other for other in others if "Checks" in repr(other.get_coro())] == []

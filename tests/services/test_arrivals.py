"""A token that a login brought is seen under its name whatever ends igauth right after it arrived."""

import os
import re
from collections.abc import Callable

import pytest

from tui.facebook.login_events import NameProblem, NameReplaced
from tui.facebook.models import Issued
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services import Services, open_services
from tui.services.arrivals import Arrivals
from tui.settings import Profile
from tui.tokens.token import state

SHORT, LONG = Secret("EAAB" + "short7" * 12), Secret("EAAB" + "long42" * 12)


def opened(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setenv("IGAUTH_GRAPH_URL", sandbox.graph_url)
    services = open_services(os.environ, "command", throw_away=True)
    services.profile_store.save(Profile("acme", sandbox.world.app_id), Secret(sandbox.world.app_secret))
    return services


def arrivals(
    services: Services, name: str, on_event: Callable[[NameReplaced], object] = lambda _event: None
) -> Arrivals:
    profile = services.settings.profile("acme")
    assert profile is not None
    return Arrivals(services.vault.tokens, services.clock, profile, name, on_event)


async def test_the_last_token_that_arrived_is_there_as_unknown(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = opened(sandbox, monkeypatch)
    arriving = arrivals(services, "new")
    await arriving.keep(Issued(SHORT, 5_400), is_given=False)
    assert services.vault.tokens.value("new") == SHORT
    await arriving.keep(Issued(LONG, 5_183_944), is_given=False)
    assert services.vault.tokens.value("new") == LONG
    token = services.vault.tokens.token("new")
    assert (state(token, services.clock.now()), token.profile, token.origin) == ("unknown", "acme", "login")
    assert token.expires_at is not None
    await services.close()


async def test_a_usable_token_stays_current_until_the_new_is_proven(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = opened(sandbox, monkeypatch)
    living = Secret(sandbox.world.token("user_long").value)
    await services.keeper.adopt("long", "acme", living, "import")
    await arrivals(services, "long").keep(Issued(SHORT, 5_400), is_given=False)
    assert services.vault.tokens.value("long") == living
    await arrivals(services, "given").keep(Issued(SHORT), is_given=True)
    assert services.vault.tokens.names() == ("long",)
    assert {version.token for version in services.vault.tokens.candidates()} == {"long", "given"}
    await services.close()


async def test_an_unusable_token_is_replaced_at_once(sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    services = opened(sandbox, monkeypatch)
    await services.keeper.adopt("expired", "acme", Secret(sandbox.world.token("user_expired").value), "import")
    arriving = arrivals(services, "expired")
    await arriving.keep(Issued(SHORT, 5_400), is_given=False)
    assert services.vault.tokens.value("expired") == SHORT
    fresh = Secret(sandbox.world.token("user_long").value)
    await arriving.keep(Issued(fresh, 5_183_944), is_given=False)
    adopted = await services.keeper.adopt("expired", "acme", fresh, "login", 5_183_944, replace=True)
    arriving.tidy(adopted)
    fingerprints = [version.fingerprint for version in services.vault.tokens.versions("expired")]
    assert fingerprints.count(fresh.fingerprint()) == 1
    assert SHORT.fingerprint() not in fingerprints
    await services.close()


MADE_UP = re.compile(r"login-\d{4}-\d\d-\d\d(-\d)?")


@pytest.mark.parametrize(
    ("name", "problem"),
    [("Client Two", NameProblem.NOT_A_NAME), ("", NameProblem.NOT_A_NAME), ("long", NameProblem.TAKEN)],
)
async def test_an_impossible_name_loses_no_issued_token(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch, name: str, problem: NameProblem
) -> None:
    services = opened(sandbox, monkeypatch)
    services.profile_store.save(Profile("second", sandbox.world.app_id), Secret(sandbox.world.app_secret))
    living = Secret(sandbox.world.token("user_long").value)
    await services.keeper.adopt("long", "second", living, "import")
    events: list[NameReplaced] = []
    for _ in range(2):  # two logins on one day
        arriving = arrivals(services, name, events.append)
        await arriving.keep(Issued(SHORT, 5_400), is_given=False)
        await arriving.keep(Issued(LONG, 5_183_944), is_given=False)
    assert len({event.name for event in events}) == len(events) == 2
    for event in events:
        assert MADE_UP.fullmatch(event.name)
        assert (event.wanted, event.problem) == (name, problem)
        assert services.vault.tokens.value(event.name) == LONG
        assert services.vault.tokens.token(event.name).profile == "acme"
    assert services.vault.tokens.value("long") == living
    await services.close()

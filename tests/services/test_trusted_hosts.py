"""Secrets go to Meta, to this machine and to the host they were stored for; a changed address carries none away."""

import asyncio
import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.commands.running import inside
from tui.facebook.errors import FacebookError
from tui.matillion.errors import Failure, MatillionError, Problem
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services import Services, open_services
from tui.services.trusted_hosts import note_host, reserved_for
from tui.settings import META_GRAPH_URL, MatillionTarget, Profile
from tui.vault.meta import GRAPH_HOST

TOKEN = "EAAB" + "given1" * 20
ELSEWHERE = "https://graph.elsewhere.invalid"
WITHHELD = Failure(Problem.OTHER_HOST, host="elsewhere.invalid", stored_for="matillion.invalid")


def opened(monkeypatch: pytest.MonkeyPatch, url: str) -> Services:
    monkeypatch.setenv("IGAUTH_GRAPH_URL", url)
    return open_services(os.environ, "command", throw_away=True)


def stored(monkeypatch: pytest.MonkeyPatch, url: str) -> Services:
    services = opened(monkeypatch, url)
    services.profile_store.save(Profile("acme", "1041234567890123"), Secret("0123456789abcdef" * 2))
    return services


@pytest.mark.parametrize(
    ("stored_for", "asked", "is_withheld"),
    [
        (META_GRAPH_URL, ELSEWHERE, True),
        (META_GRAPH_URL, META_GRAPH_URL, False),
        (META_GRAPH_URL, "https://graph.beta.facebook.com", False),
        (META_GRAPH_URL, "https://graph-facebook.com", True),
        (META_GRAPH_URL, "https://graph.facebook.com.elsewhere.invalid", True),
        (META_GRAPH_URL, "http://127.0.0.1:1", False),
        (META_GRAPH_URL, "http://[::1]:1", False),
        (META_GRAPH_URL, "https://127.0.0.1.elsewhere.invalid", True),
        (ELSEWHERE, ELSEWHERE, False),
        (ELSEWHERE, "https://graph.elsewhere.invalid:8443", False),
        (ELSEWHERE, META_GRAPH_URL, False),
        (ELSEWHERE, "https://other.elsewhere.invalid", True),
        ("http://127.0.0.1:1", ELSEWHERE, True),
        ("http://127.0.0.1:1", META_GRAPH_URL, False),
        ("http://127.0.0.1:1", "http://[::1]:1", False),
        (ELSEWHERE, "https://x.graph.elsewhere.invalid", True),
        (ELSEWHERE, "https://Graph.Elsewhere.INVALID", False),
        (META_GRAPH_URL, "https://graph.facebook.com.", False),
    ],
)
def test_secrets_are_not_sent_to_another_host(
    stored_for: str, asked: str, is_withheld: bool, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = stored(monkeypatch, stored_for)
    assert bool(reserved_for(services.vault, replace(services.settings, graph_url=asked))) is is_withheld


@pytest.mark.parametrize(
    ("name", "is_withheld"), [("graph.elsewhere.invalid", False), ("elsewhere.invalid", True), ("", True)]
)
def test_a_trusted_host_is_that_very_name(
    name: str, is_withheld: bool, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = stored(monkeypatch, META_GRAPH_URL)
    settings = replace(services.settings, graph_url=ELSEWHERE, trusted_hosts=(name,))
    assert bool(reserved_for(services.vault, settings)) is is_withheld


async def test_the_guides_checks_send_no_password_to_another_instance(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = stored(monkeypatch, "http://127.0.0.1:9")
    target = MatillionTarget("https://matillion.invalid", user="ann")
    services.matillion.save("acme", target, Secret("Pa55word-of-ann"))
    services.matillion.save("acme", replace(target, base_url="https://elsewhere.invalid"))
    state = await services.guide.check(services.guide.state("acme"), ("matillion_reached",), lambda _: None)
    found = state.evidence["matillion_reached"]
    assert found.finding.facts.failure == WITHHELD
    await services.close()


@pytest.mark.parametrize("noted", ["127.0.0.1", None], ids=["noted", "by an earlier version"])
async def test_a_home_of_this_machine_gives_another_host_nothing(
    noted: str | None, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = stored(monkeypatch, "http://127.0.0.1:1")
    assert services.meta.get(GRAPH_HOST) == "127.0.0.1"
    services.meta.set(GRAPH_HOST, noted)
    await services.close()
    services = opened(monkeypatch, ELSEWHERE)
    for _ in range(2):
        client = await services.client("acme")
        with pytest.raises(FacebookError) as caught:
            await client.check_app(services.credentials("acme"))
        assert (caught.value.cause, caught.value.sent) == ("withheld", False)
        services.profile_store.save(Profile("more", "1041234567890124"), Secret("fedcba9876543210" * 2))
        await services.close()
        services = opened(monkeypatch, ELSEWHERE)
    await services.close()


def test_a_home_of_this_machine_may_turn_to_meta(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(monkeypatch, "http://127.0.0.1:1").vault.close()
    services = opened(monkeypatch, META_GRAPH_URL)
    note_host(services.vault, services.settings)
    assert services.meta.get(GRAPH_HOST) == "graph.facebook.com"
    services.vault.close()


def test_a_home_without_secrets_is_for_any_host(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services = opened(monkeypatch, "http://127.0.0.1:1")
    note_host(services.vault, services.settings)
    services.vault.close()
    services = opened(monkeypatch, ELSEWHERE)
    services.profile_store.save(Profile("acme", "1041234567890123"), client_token=Secret("0123456789abcdef" * 2))
    assert services.meta.get(GRAPH_HOST) == "graph.elsewhere.invalid"
    assert reserved_for(services.vault, services.settings) == ""
    services.vault.close()


async def test_no_call_leaves_for_a_host_that_may_not_have_the_secrets(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stored(monkeypatch, META_GRAPH_URL).close()
    services = opened(monkeypatch, ELSEWHERE)
    client = await services.client("acme")
    with pytest.raises(FacebookError) as caught:
        await client.check_app(services.credentials("acme"))
    assert (caught.value.cause, caught.value.sent) == ("withheld", False)
    assert "graph.facebook.com" in str(caught.value)
    await services.close()


def test_the_commands_say_why_and_a_trusted_host_is_asked(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(monkeypatch, META_GRAPH_URL).vault.close()
    monkeypatch.setenv("IGAUTH_GRAPH_URL", ELSEWHERE)
    refused = inside("import", "mine", "--profile", "acme", stdin=TOKEN)
    assert "the secrets were stored for graph.facebook.com" in inside("doctor").out
    assert "graph.elsewhere.invalid: secrets are for another host" in refused.err + refused.out
    config = own_home / "config.toml"
    config.write_text('trusted_hosts = ["graph.elsewhere.invalid"]\n' + config.read_text())
    asked = inside("import", "other", "--profile", "acme", stdin=TOKEN)
    assert "secrets are for another host" not in asked.err + asked.out
    assert "name not resolved" in asked.err + asked.out  # it was asked, and does not exist
    assert "could not be asked" in asked.err


def test_a_refresh_at_another_host_fails_and_keeps_the_token(
    sandbox: RunningSandbox, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services = opened(monkeypatch, sandbox.graph_url)
    services.profile_store.save(Profile("acme", sandbox.world.app_id), Secret(sandbox.world.app_secret))
    living = Secret(sandbox.world.token("user_long").value)
    asyncio.run(services.keeper.adopt("long", "acme", living, "import"))
    services.vault.meta.set(GRAPH_HOST, "graph.facebook.com")
    services.vault.close()
    monkeypatch.setenv("IGAUTH_GRAPH_URL", ELSEWHERE)
    done = inside("refresh", "long")
    assert done.status == 3, done
    assert "graph.elsewhere.invalid" in done.out + done.err
    services = opened(monkeypatch, sandbox.graph_url)
    assert services.vault.tokens.value("long") == living
    services.vault.close()


async def test_a_matillion_password_goes_only_to_its_instance(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services = stored(monkeypatch, META_GRAPH_URL)
    target = MatillionTarget("https://matillion.invalid", user="ann")
    services.matillion.save("acme", target, Secret("Pa55word"))
    services.matillion.save("acme", replace(target, base_url="https://elsewhere.invalid"))
    with pytest.raises(MatillionError) as caught:
        await services.matillion.test("acme")
    assert caught.value.failure == WITHHELD
    services.matillion.save("acme", services.settings.profile("acme").matillion, Secret("Pa55word"))  # type: ignore[union-attr]
    with pytest.raises(MatillionError) as caught:
        await services.matillion.test("acme")
    assert caught.value.failure.problem == Problem.UNREACHABLE
    await services.close()


async def test_nothing_goes_to_meta_instead_of_an_ignored_host(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stored(monkeypatch, ELSEWHERE)
    monkeypatch.delenv("IGAUTH_GRAPH_URL")
    monkeypatch.delenv("IGAUTH_DIALOG_URL", raising=False)
    config = own_home / "config.toml"
    config.write_text(f'graph_url = "{ELSEWHERE}"\n{config.read_text()}')
    config.chmod(0o666)
    services = open_services(os.environ, "command", throw_away=True)
    assert services.settings.graph_url == META_GRAPH_URL
    assert reserved_for(services.vault, services.settings) == "graph.elsewhere.invalid"
    client = await services.client("acme")
    with pytest.raises(FacebookError) as caught:
        await client.inspect(services.credentials("acme"), Secret(TOKEN))
    assert (caught.value.cause, caught.value.sent) == ("withheld", False)
    await services.close()


async def test_an_ignored_host_leaves_the_known_one_alone(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_home.mkdir(mode=0o700)
    (own_home / "config.toml").write_text(f'graph_url = "{ELSEWHERE}"')
    (own_home / "config.toml").chmod(0o666)
    services = open_services(os.environ, "command", throw_away=True)
    await services.client("acme")
    assert services.meta.get(GRAPH_HOST) is None
    await services.close()

"""What all checks find in each sandbox world, and what the page shows."""

from pathlib import Path

import pytest

from tests.conftest import MakeSandbox
from tests.screens.driving import Person, environment, opened
from tui.sandbox import RunningSandbox
from tui.screens.guide import GuideScreen


async def run_all_checks(person: Person) -> dict[str, str]:
    """Press V and return the result of each check."""
    await person.wait_for(lambda: isinstance(person.screen, GuideScreen) and person.screen._state is not None)
    await person.press("V")

    def is_done() -> bool:
        return len(person.services.guide.state("acme").evidence) >= 12 and not person.app.session.progress

    await person.wait_for(is_done, 60)
    found = person.services.guide.state("acme").evidence
    return {name: evidence.result for name, evidence in found.items()}


async def page_of(person: Person, step: str) -> str:
    assert isinstance(person.screen, GuideScreen)
    person.screen.show_item(step)
    await person.wait_for(lambda: person.screen._current is not None and person.screen._current.id == step)  # type: ignore[attr-defined]
    await person.pilot.pause()
    return person.flat


@pytest.fixture
def world(make_sandbox: MakeSandbox, own_home: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Start a sandbox world for the app."""

    def start(name: str) -> RunningSandbox:
        sandbox = make_sandbox(name)
        for key, value in environment(own_home, sandbox.graph_url).items():
            monkeypatch.setenv(key, value)
        return sandbox

    return start


@pytest.mark.parametrize(
    ("name", "expected", "step", "words"),
    [
        ("default", {"app_credentials": "proven", "pages": "proven", "instagram_account": "proven"}, "P1", "OK."),
        ("no-page", {"app_credentials": "proven", "pages": "contradicted"}, "P1", "not OK."),
        ("page-without-instagram", {"pages": "proven", "instagram_account": "contradicted"}, "P1", "not OK."),
        ("declined-permission", {"permissions": "contradicted"}, "12", "instagram_manage_insights"),
        ("page-in-portfolio", {"pages": "contradicted"}, "P1", "business_management"),
    ],
)
async def test_each_world_has_its_results(  # type: ignore[no-untyped-def]
    world, name: str, expected: dict[str, str], step: str, words: str
) -> None:
    sandbox = world(name)
    usable = [token.name for token in sandbox.world.tokens if token.name.startswith("user") and token.state == "valid"]
    async with opened(sandbox, tokens=usable[:1], start="guide", size=(120, 60)) as person:
        found = await run_all_checks(person)
        assert {check: found[check] for check in expected} == expected
        by_id = person.services.guide.state("acme").statuses
        if "contradicted" in (found["pages"], found["instagram_account"]):
            assert by_id["P1"] == "contradicted"
        assert words in await page_of(person, step)


async def test_a_wrong_secret_contradicts_step_10(world) -> None:  # type: ignore[no-untyped-def]
    sandbox = world("default")

    def spoil(services) -> None:  # type: ignore[no-untyped-def]
        from tui.redact import Secret

        services.vault.profile_secrets.set("app_secret", "acme", Secret("0" * 32))

    async with opened(sandbox, tokens=(), start="guide", size=(120, 60), prepare=spoil) as person:
        found = await run_all_checks(person)
        assert found["app_credentials"] == "contradicted"
        assert person.services.guide.state("acme").statuses["10"] == "contradicted"
        assert "Error validating client secret" in await page_of(person, "10")


async def test_the_first_steps_results_need_no_scrolling(world) -> None:  # type: ignore[no-untyped-def]
    async with opened(world("no-page"), tokens=("user_long",), start="guide", size=(80, 24)) as person:
        await run_all_checks(person)
        assert "not OK." in await page_of(person, "P1")


async def test_without_a_network_steps_can_be_ticked(world) -> None:  # type: ignore[no-untyped-def]
    sandbox = world("default")
    async with opened(sandbox, tokens=(), start="guide", size=(120, 60)) as person:
        sandbox.stop()
        found = await run_all_checks(person)
        local = ("callback_rules", "callback_match", "app_id_match")
        network = {check: result for check, result in found.items() if check not in local}
        assert set(network.values()) == {"unknown"}
        assert "Could not ask Facebook" in " ".join((await page_of(person, "10")).split())
        await person.press("space")
        await person.wait_for(lambda: person.services.guide.state("acme").statuses["10"] == "ticked")

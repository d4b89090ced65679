"""The whole job on a dumb terminal: no control sequence, and the same end state as by the services."""

import asyncio
import os
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.commands.running import Person
from tests.plain.speaking import Speaker, browse, surroundings
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services import Services, open_services
from tui.settings import Profile
from tui.wording.flaws import FIX_QUESTION, fix_preview
from tui.wording.login import page_words

MENU = "(? lists choices): "
PERSON = "dana"


def by_prompts(sandbox: RunningSandbox, home: Path) -> bytes:
    """Do the job by answering questions; return everything that was said."""
    world = sandbox.world
    with Speaker(surroundings(sandbox, home)) as person:
        person.hear(f"igauth {MENU}")
        _credentials(person, sandbox)
        person.say("1", f"Guide {MENU}")
        for step in ("1", "9"):
            person.say(step, f"Step {MENU}")
            assert f"{step} is ticked now" in person.say("x", f"Step {MENU}")
            person.say("b", f"Guide {MENU}")
        person.say("b", f"igauth {MENU}")
        person.say("l", "Name of the new token")
        shown = person.say("mine", "Address the browser ended at")
        link = next(line.strip() for line in shown.splitlines() if "/dialog/oauth?" in line)
        assert "All permissions granted" in person.say(browse(link, PERSON), f"igauth {MENU}")
        person.say("3", f"Tokens {MENU}")
        person.say("import", "Name for the token")
        person.say("older", "Access token")
        person.say(world.token("user_long").value, f"Tokens {MENU}")
        person.say("older", f"Token older {MENU}")
        assert "Extended by" in person.say("r", f"Token older {MENU}")
        person.say("b", f"Tokens {MENU}")
        countdowns = person.say("left", f"Tokens {MENU}")
        assert "older: 59d " in countdowns
        assert "mine: " in countdowns
        assert person.quit() == 0
        assert person.terminal.modes_now == person.terminal.modes_before
        return person.heard


def _credentials(person: Speaker, sandbox: RunningSandbox) -> None:
    world = sandbox.world
    person.say("2", "Name of the new profile")
    person.say("acme", "App ID")
    person.say(world.app_id, "App Secret")
    flawed = person.say(world.app_secret + " ", FIX_QUESTION)
    assert fix_preview("app_secret", f"{world.app_secret} ", world.app_secret) in flawed
    assert "trailing space, SPACE U+0020 after character 32" in flawed
    person.say("", "Callback URL")
    person.say(world.redirect_uri, "client token")
    person.say("no", f"Credentials {MENU}")
    assert world.app_name in person.say("v", f"Credentials {MENU}")
    person.say("b", f"igauth {MENU}")


async def by_services(services: Services, sandbox: RunningSandbox) -> None:
    """Do the same job as the full-screen view does: by asking the services."""
    from tui.facebook.models import AppCredentials

    world = sandbox.world
    profile = Profile("acme", world.app_id, world.redirect_uri)
    services.profile_store.save(profile, Secret(world.app_secret))
    await services.profile_store.verify(AppCredentials(world.app_id, Secret(world.app_secret)), "acme")
    guide = services.guide
    state = await guide.check(guide.state("acme"), ("app_credentials", "app_name"), lambda _: None)
    for step in ("1", "9"):
        state = guide.tick(state, step)
    attempt = await services.logins.open("acme", "mine", lambda _: None, page_words)
    finishing = asyncio.create_task(attempt.finish())
    attempt.login.paste(await asyncio.to_thread(browse, attempt.offer.request.url, PERSON))
    await finishing
    await attempt.login.close()
    await services.keeper.adopt("older", "acme", Secret(world.token("user_long").value), "import")
    await services.keeper.refresh("older")


def end_state(services: Services) -> dict[str, Any]:
    """What is stored in the end, without what differs from one run to the next: values and times."""
    vault = services.vault
    secret = vault.profile_secrets.get("app_secret", "acme")
    return {
        "profiles": services.settings.profiles,
        "secret": secret.reveal() if secret else None,
        "secret_before": vault.profile_secrets.get("app_secret_before", "acme"),
        "progress": {step: (at is not None, note) for step, (at, note) in vault.notes.progress("acme").items()},
        "evidence": sorted((check, result) for check, result, _, _ in vault.notes.evidence("acme")),
        "tokens": {
            token.name: (
                token.profile,
                token.app_id,
                token.kind,
                token.origin,
                token.verdict,
                token.subject_name,
                token.scopes,
                [(page.name, page.instagram_username) for page in token.pages],
                round(((token.expires_at or 0) - services.clock.now()) / 600),
                token.failure,
            )
            for token in vault.tokens.tokens()
        },
        "versions": {
            name: sorted(kept.status for kept in vault.tokens.versions(name)) for name in vault.tokens.names()
        },
        "history": sorted((event.actor, event.token, event.action, event.result) for event in vault.history.events()),
    }


def test_the_whole_job_ends_in_the_same_state_as_by_services(
    make_sandbox: Callable[..., RunningSandbox], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_sandbox(), make_sandbox()
    said = by_prompts(first, tmp_path / "plain")
    assert not [byte for byte in said if byte < 0x20 and byte not in b"\r\n"]
    assert b"\x7f" not in said
    assert first.world.app_secret.encode() not in said
    assert first.world.token("user_long").value.encode() not in said

    for name, value in surroundings(second, tmp_path / "services").items():
        monkeypatch.setenv(name, value)
    wanted = asyncio.run(_wanted(second))
    reached = open_services({**os.environ, "IGAUTH_HOME": str(tmp_path / "plain")}, "tui")
    try:
        assert end_state(reached) == wanted
    finally:
        asyncio.run(reached.close())


async def _wanted(sandbox: RunningSandbox) -> dict[str, Any]:
    services = open_services(os.environ, "tui")
    try:
        await by_services(services, sandbox)
        return end_state(services)
    finally:
        await services.close()


def test_a_returning_browser_ends_the_question(sandbox: RunningSandbox, own_home: Path, person: Person) -> None:
    with Speaker(surroundings(sandbox, own_home)) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("l", "Name of the new token")
        shown = speaker.say("mine", "Address the browser ended at")
        link = next(line.strip() for line in shown.splitlines() if "/dialog/oauth?" in line)
        with urllib.request.urlopen(browse(link, PERSON).partition("#")[0], timeout=20) as page:
            assert page.status == 200
        speaker.hear("\nSaved mine: valid")
        answered = speaker.heard.partition(b"Answer received")[2]
        assert answered.count(b"Address the browser ended at") <= 1, "nothing is asked any more"
        assert "Tokens " in speaker.say("3", f"Tokens {MENU}")
        assert speaker.quit() == 0

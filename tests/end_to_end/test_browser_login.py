"""A real browser walks from the login link through the sandbox's dialog to the listener's page."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.sandbox import chromium
from tui.facebook import login_events
from tui.facebook.login_methods import LoginMethod
from tui.redact import Secret
from tui.sandbox import RunningSandbox
from tui.services import open_services
from tui.settings import Profile
from tui.wording.login import page_words

pytestmark = pytest.mark.skipif(not chromium.FOUND, reason="no Chromium on this machine")


async def test_a_browser_login_returns_to_the_terminal(
    sandbox: RunningSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IGAUTH_GRAPH_URL", sandbox.graph_url)
    monkeypatch.setenv("IGAUTH_DIALOG_URL", sandbox.dialog_url)
    services = open_services(os.environ, "command", throw_away=True)
    world = sandbox.world
    services.profile_store.save(Profile("acme", world.app_id, world.redirect_uri), Secret(world.app_secret))
    events: list[login_events.LoginEvent] = []
    methods = (LoginMethod.BROWSER,)
    attempt = await services.logins.open("acme", "by-browser", events.append, page_words, methods=methods)
    finishing = asyncio.create_task(attempt.finish())
    browser = await asyncio.create_subprocess_exec(
        str(chromium.FOUND),
        *chromium.FLAGS,
        f"--user-data-dir={tmp_path / 'browser'}",
        "--dump-dom",
        f"{attempt.offer.request.url}&as=dana&decision=allow",
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    page, _ = await asyncio.wait_for(browser.communicate(), 90)
    token = await asyncio.wait_for(finishing, 30)
    assert "Back to your terminal" in page.decode()
    assert services.vault.tokens.value("by-browser").reveal() not in page.decode()
    assert token.name == "by-browser"
    assert token.verdict == "valid"
    assert any(isinstance(event, login_events.AnswerTaken) and event.method is LoginMethod.BROWSER for event in events)
    await services.close()

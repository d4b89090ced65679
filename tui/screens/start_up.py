"""What follows the first paint: where secrets are kept, what the vault reports, which reminder is due."""

import asyncio
from typing import Any

from textual.app import App

from tui.services import Services
from tui.session import Session


async def ask_passphrase(app: App[Any], services: Services) -> None:
    """Ask for what opens sealed secrets."""
    from tui.screens.ask_text import AskPassphrase

    passphrase = await app.push_screen_wait(AskPassphrase())
    services.ask_passphrase = lambda: passphrase


async def settle_vault(app: App[Any], session: Session) -> None:
    """Restore what was displaced, and show the vault's notices: a recovery, a keyring that failed."""
    services = session.services
    await asyncio.to_thread(services.restore_displaced)
    if services.notices:
        from tui.wording.surfaces import sentences
        from tui.wording.vault import notice_text

        for notice in services.notices:
            text = sentences(notice_text(notice), session.surface())
            app.notify(text, severity="warning", markup=False, timeout=15)


async def remind(app: App[Any], session: Session) -> None:
    """Remind of Matillion's own tokens that may expire soon."""
    from tui.services.estimates import estimates
    from tui.wording.matillion import reminder
    from tui.wording.surfaces import sentences

    services, now = session.services, session.clock.now()
    for _, found in await asyncio.to_thread(estimates, services.settings.profiles, services.meta, now):
        text = reminder(found)
        if text is not None:
            app.notify(sentences(text, session.surface()), severity="warning", markup=False, timeout=12)

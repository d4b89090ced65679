"""What follows the first paint: where secrets are kept, what the vault reports, which reminder is due."""

import asyncio
from typing import Any

from textual.app import App

from tui.session import Session


def notify_settings(app: App[Any], session: Session) -> None:
    """Change the keys that `config.toml` changes, and show what is wrong in it."""
    settings = session.services.settings
    if settings.keymap:
        from tui.screens.keymap import apply_keymap

        apply_keymap(app, session)
    if settings.unknown_keys:
        from tui.wording.settings import unknown_key

        for key in settings.unknown_keys:
            app.notify(unknown_key(key), severity="warning", markup=False, timeout=15)


async def open_vault(app: App[Any], session: Session) -> None:
    """Ask for what opens sealed secrets, restore what was displaced, and show the vault's notices."""
    services = session.services
    if (await session.find_secret_store()).name == "sealed":
        from tui.screens.questions import AskPassphrase

        passphrase = await app.push_screen_wait(AskPassphrase())
        services.ask_passphrase = lambda: passphrase
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

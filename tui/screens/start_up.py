"""What follows the first paint: where secrets lie, what the vault has to say, which reminder is due."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.app import IgauthApp
    from tui.vault.backends import BackendChoice


async def find_secrets(app: "IgauthApp") -> "BackendChoice":
    """Return where secrets lie, choosing a place where none is chosen yet."""
    vault = app.services.vault
    return await asyncio.to_thread(lambda: vault.backend or vault.choose_backend())


async def ask_passphrase(app: "IgauthApp") -> None:
    """Ask for what opens sealed secrets."""
    from tui.screens.ask_passphrase import AskPassphrase

    passphrase = await app.push_screen_wait(AskPassphrase())
    app.services.ask_passphrase = lambda: passphrase


async def tell_vault(app: "IgauthApp") -> None:
    """Bring home what was displaced, and say what the vault has to say: a recovery, a keyring that failed."""
    vault = app.services.vault
    await asyncio.to_thread(vault.settle)
    for notice in vault.notices:
        app.notify(notice, severity="warning", markup=False, timeout=15)


async def remind(app: "IgauthApp") -> None:
    """Remind of Matillion's own tokens that may expire soon."""
    from tui.services.estimates import estimates
    from tui.wording.matillion import reminder
    from tui.wording.surfaces import Screen, sentences

    for _, found in await asyncio.to_thread(estimates, app.services):
        text = reminder(found)
        if text is not None:
            message = sentences(text, Screen(app.services.settings.keymap))
            app.notify(message, severity="warning", markup=False, timeout=12)

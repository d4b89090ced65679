"""What follows the first paint: where secrets lie, what the vault has to say, which reminder is due."""

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.app import IgauthApp
    from tui.vault.backends import BackendChoice


async def find_secrets(app: "IgauthApp") -> "BackendChoice":
    """Return where secrets lie, choosing a place where none is chosen yet."""
    return await asyncio.to_thread(app.services.secrets.choose)


async def ask_passphrase(app: "IgauthApp") -> None:
    """Ask for what opens sealed secrets."""
    from tui.screens.ask_passphrase import AskPassphrase

    passphrase = await app.push_screen_wait(AskPassphrase())
    app.services.ask_passphrase = lambda: passphrase


async def tell_vault(app: "IgauthApp") -> None:
    """Bring home what was displaced, and say what the vault has to say: a recovery, a keyring that failed."""
    await asyncio.to_thread(app.services.restore_displaced)
    for notice in app.services.notices:
        app.notify(notice, severity="warning", markup=False, timeout=15)


async def remind(app: "IgauthApp") -> None:
    """Say which of Matillion's own authorisations may end soon."""
    from tui.matillion.estimate import reminder_text
    from tui.services.estimates import estimates

    for _, found in await asyncio.to_thread(estimates, app.services):
        text = reminder_text(found)
        if text:
            app.notify(text, severity="warning", markup=False, timeout=12)

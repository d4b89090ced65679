"""What follows the first paint: where secrets are kept, what the vault reports, which reminder is due."""

import asyncio
from typing import TYPE_CHECKING, Any

from textual.app import App

from tui.services import Services

if TYPE_CHECKING:
    from tui.vault.backends import BackendChoice


async def find_secret_store(services: Services) -> "BackendChoice":
    """Return where secrets are kept, choosing a store where none is chosen yet."""
    vault = services.vault
    return await asyncio.to_thread(lambda: vault.backend or vault.choose_backend())


async def ask_passphrase(app: App[Any], services: Services) -> None:
    """Ask for what opens sealed secrets."""
    from tui.screens.ask_passphrase import AskPassphrase

    passphrase = await app.push_screen_wait(AskPassphrase())
    services.ask_passphrase = lambda: passphrase


async def settle_vault(app: App[Any], services: Services) -> None:
    """Restore what was displaced, and show the vault's notices: a recovery, a keyring that failed."""
    await asyncio.to_thread(services.vault.settle)
    for notice in services.vault.notices:
        app.notify(notice, severity="warning", markup=False, timeout=15)


async def remind(app: App[Any], services: Services) -> None:
    """Say which of Matillion's own authorizations may end soon."""
    from tui.matillion.estimate import reminder_text
    from tui.services.estimates import estimates

    for _, found in await asyncio.to_thread(estimates, services):
        text = reminder_text(found)
        if text:
            app.notify(text, severity="warning", markup=False, timeout=12)

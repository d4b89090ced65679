"""Carrying a value out of the program: to the clipboard, to the plain screen, to a browser here."""

import asyncio
from typing import TYPE_CHECKING

from textual.widgets import Input

from tui.actions import key_for
from tui.redact import Secret
from tui.screens.messages import Copyable

if TYPE_CHECKING:
    from tui.app import IgauthApp


async def copy_value(app: "IgauthApp", value: Copyable) -> None:
    """Copy a value and say what became of it; where nothing can be copied, show it plain."""
    fetched = await _fetch(app, value)
    if fetched is None:
        return
    copied = await app.clipboard_desk.copy(app, fetched, plain_key=_key(app, "plain_view"))
    app.notify(
        copied.sentence,
        title=value.label,
        severity="warning" if copied.outcome == "cannot" else "information",
        markup=False,
        timeout=8,
    )
    await asyncio.to_thread(app.note_copy, value.label, copied.outcome)
    if copied.outcome == "cannot":
        await show_plain(app, value)


async def show_plain(app: "IgauthApp", value: Copyable) -> None:
    """Show a value alone, outside the full-screen view."""
    from tui.terminal import plain_view

    fetched = await _fetch(app, value)
    if fetched is not None:
        await plain_view.show_plain(app, fetched)


def _key(app: "IgauthApp", action: str) -> str:
    """Return the key that works where the person is: a letter would be typed in a text field."""
    return key_for(action, isinstance(app.screen.focused, Input), app._keymap)


async def open_link(app: "IgauthApp", link: str, value: Copyable | None) -> None:
    """Open a link in a browser here; where there is none, say what else there is. `value` is what a copy would take."""
    if not link:
        app.notify("There is no link in focus here.", severity="warning", timeout=3)
        return
    import webbrowser

    capabilities = await asyncio.to_thread(app.clipboard_desk.look)
    opened = bool(capabilities.browser) and await asyncio.to_thread(webbrowser.open, link)
    if opened:
        app.notify("Opened in the browser here.", timeout=3)
    else:
        ways = f"{_key(app, 'qr_code')} shows it as QR"
        if value is not None and value.is_link:
            ways = f"{_key(app, 'copy_value')} copies the link, {ways}, {_key(app, 'plain_view')} shows it plain"
        app.notify(f"There is no browser here for {link}. {ways}.", timeout=8, markup=False)


async def _fetch(app: "IgauthApp", value: Copyable) -> Secret | str | None:
    try:
        return await asyncio.to_thread(value.fetch)
    except Exception as error:
        app.notify(str(error), title=value.label, severity="error", markup=False)
        return None

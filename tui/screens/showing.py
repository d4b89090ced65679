"""Gives a value out: to the clipboard, or alone on the terminal's own screen."""

import asyncio
from typing import Any

from textual.app import App
from textual.notifications import SeverityLevel
from textual.widgets import Input

from tui.actions import key_for
from tui.screens.messages import Copyable
from tui.session import Session
from tui.terminal.app_clipboard import TerminalClipboard
from tui.terminal.clipboard import Outcome
from tui.wording.copying import copy_text


async def copy_value(app: App[Any], clipboard: TerminalClipboard, session: Session, value: Copyable) -> None:
    """Copy a value and say what came of it; where nothing can be copied, show it plain."""
    fetched = await asyncio.to_thread(value.fetch)
    if fetched is None:
        return
    in_field = isinstance(app.screen.focused, Input)
    plain_key, copy_key = (key_for(action, in_field, session.keymap) for action in ("plain_view", "copy_value"))
    result = await clipboard.copy(app, fetched)
    severity: SeverityLevel = "warning" if result.outcome is Outcome.CANNOT else "information"
    text = copy_text(result, plain_key, copy_key)
    app.notify(text, title=value.label, severity=severity, markup=False, timeout=8)
    if value.token:
        await asyncio.to_thread(session.services.history.note, "copy", result.outcome, token=value.token)
    if result.outcome is Outcome.CANNOT and not result.waits_for_second:
        await show_plain(app, value, text)


async def show_plain(app: App[Any], value: Copyable, reason: str = "") -> None:
    """Show a value alone, outside the full-screen view; `reason` says why it is shown."""
    from tui.terminal import plain_view

    fetched = await asyncio.to_thread(value.fetch)
    if fetched is not None:
        await plain_view.show_plain(app, fetched, reason)

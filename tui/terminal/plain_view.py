"""A value alone on the terminal's own screen, unbroken from column 0, for selecting by hand.

It works where no clipboard does: in tmux, screen, over SSH, and for a screen reader.
"""

import asyncio
import contextlib
import os
import shutil
import sys
import termios
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from tui.harmless import harmless
from tui.redact import Secret

if TYPE_CHECKING:
    from textual.app import App

LONGEST = 100_000

_OWN_SCREEN, _OTHER_SCREEN = "\x1b[?1049h\x1b[?25l", "\x1b[?1049l\x1b[?25h"
_WIPED = "\x1b[0m\x1b[H\x1b[2J\x1b[3J"

HINT = "Select and copy the text below. Any key goes back to igauth."
PAGE_HINT = "Select the text below, and copy it by a right click. Any key but ^c goes back."
WIPED_HINT = "Select and copy it. Any key goes back and wipes it (scrollback may keep it)."


async def show_plain(app: "App[Any]", value: Secret | str, reason: str = "") -> None:
    """Leave the full screen, print `value`, wait for a key, wipe what was printed and come back.

    `reason` is a sentence that is printed above the hint. It comes back too where it is canceled, as by a login that
    ends and closes its screen; not where the app ends.
    Run it in a worker, never in a message handler: that would keep the app from ending meanwhile.
    """
    from tui.terminal.textual_internals import can_suspend, is_ending

    if app.is_web:
        await _show_on_page(app, lines_of(value, wrapped(reason, app.size.width), PAGE_HINT))
        return
    if not can_suspend(app):
        return
    ended: BaseException | None = None
    # Painting would fill the queue of a writer that is gone, and stop the event loop for good.
    with app.batch_update(), app.suspend():
        try:
            await _print_and_wait(value, reason)
        except BaseException as error:
            if is_ending(app):
                raise
            ended = error  # Textual comes back to the full screen only where nothing is raised in here
    app.refresh(layout=True)
    if ended is not None:
        raise ended


async def _show_on_page(app: "App[Any]", lines: Iterable[str]) -> None:
    """Show lines alone on the page, unbroken from column 0 and with the mouse free to select; wipe them after a key.

    The driver of a page cannot be left: it goes on reading keys, and painting is held back meanwhile.
    """
    from tui.terminal.any_key import AnyKey
    from tui.terminal.textual_internals import switch_mouse, write_raw

    with app.batch_update():
        switch_mouse(app, False)
        write_raw(app, _OTHER_SCREEN + _WIPED + "\r\n".join(lines))
        try:
            await app.push_screen_wait(AnyKey())
        finally:
            write_raw(app, _WIPED + _OWN_SCREEN)
            switch_mouse(app, True)
    app.refresh(layout=True)


async def _print_and_wait(value: Secret | str, reason: str) -> None:
    screen, keyboard = sys.__stderr__, sys.__stdin__
    if screen is None or keyboard is None:
        return
    secret = isinstance(value, Secret)
    columns = shutil.get_terminal_size().columns
    lines = lines_of(value, wrapped(reason, columns))
    with _keys_unechoed(keyboard.fileno()):
        _put(screen, "\r\n".join(lines))
        try:
            await _any_key(keyboard.fileno())
        finally:
            _put(screen, wiping(lines, columns, shutil.get_terminal_size(), thorough=secret))


def wrapped(text: str, columns: int) -> list[str]:
    """Return the lines of a sentence on a terminal of `columns`."""
    import textwrap  # only where something could not be copied

    return textwrap.wrap(text, max(1, columns))


def lines_of(value: Secret | str, reason: Sequence[str] = (), hint: str = "") -> list[str]:
    """Return what is printed: reason and hint, the value between two empty lines, nothing at all before the value."""
    text = value.reveal() if isinstance(value, Secret) else value
    hint = hint or (WIPED_HINT if isinstance(value, Secret) else HINT)
    return [*reason, hint, "", *(harmless(line, LONGEST) for line in text.split("\n")), ""]


def wiping(lines: list[str], columns: int, now: os.terminal_size, *, thorough: bool) -> str:
    """Return the sequence that removes `lines`, printed at `columns`, from a terminal that is `now` so large.

    Row by row: erasing the whole display would make tmux move it into its history. After a change of width it is
    not known whether the terminal wrapped again; a secret (`thorough`) is then searched further up, at the cost of a
    line of what stood there before.
    """
    counts = rows(lines, columns), rows(lines, now.columns)
    count = min(max(counts) if thorough else min(counts), now.lines)
    return "\r\x1b[2K" + "\x1b[1A\x1b[2K" * (count - 1)


def rows(lines: list[str], columns: int) -> int:
    """Return how many rows `lines` fill on a terminal that wraps at `columns`."""
    from rich.cells import cell_len

    width = max(1, columns)
    return sum(max(1, -(-cell_len(line) // width)) for line in lines)


@contextlib.contextmanager
def _keys_unechoed(keyboard: int) -> Iterator[None]:
    """Keys come one by one, are not shown, and none of them is a signal: also ctrl+c just goes back."""
    try:
        before = termios.tcgetattr(keyboard)
    except termios.error:
        yield
        return
    raw = termios.tcgetattr(keyboard)
    raw[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG)
    termios.tcsetattr(keyboard, termios.TCSADRAIN, raw)
    try:
        yield
    finally:
        with contextlib.suppress(termios.error):
            termios.tcsetattr(keyboard, termios.TCSAFLUSH, before)  # the rest of an arrow key's bytes goes too


async def _any_key(keyboard: int) -> None:
    loop = asyncio.get_running_loop()
    pressed = asyncio.Event()
    loop.add_reader(keyboard, pressed.set)
    try:
        await pressed.wait()
    finally:
        loop.remove_reader(keyboard)
    with contextlib.suppress(OSError):
        os.read(keyboard, 1024)


def _put(screen: TextIO, text: str) -> None:
    with contextlib.suppress(OSError):
        screen.write(text)
        screen.flush()

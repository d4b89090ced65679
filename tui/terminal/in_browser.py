"""igauth on a page in a browser: Textual's web driver, which a server such as textual-serve asks for.

The environment is the server's: its terminal, display and tmux are not those of the person at the page.
"""

from collections.abc import Iterable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, TextIO

from tui.terminal.plain_text import is_utf8

if TYPE_CHECKING:
    from textual.app import App

WEB_DRIVER = "textual.drivers.web_driver:WebDriver"

_OWN_SCREEN, _OTHER_SCREEN = "\x1b[?1049h\x1b[?25l", "\x1b[?1049l\x1b[?25h"
_WIPED = "\x1b[0m\x1b[H\x1b[2J\x1b[3J"

_OF_THE_SERVER = (
    *("TMUX", "TMUX_PANE", "STY", "INSIDE_EMACS", "ASCIINEMA_REC", "BROWSER"),
    *("DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"),
    *("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"),
)
"""Variables that lead to the server's terminal, clipboard and browser: nobody at the page sees those."""


def is_in_browser(environ: Mapping[str, str], stdin: TextIO | None = None) -> bool:
    """Tell whether a server asked for Textual's web driver; not where `stdin` is a terminal after all."""
    return environ.get("TEXTUAL_DRIVER") == WEB_DRIVER and not (stdin is not None and stdin.isatty())


def describe_page(environ: MutableMapping[str, str]) -> None:
    """Have `environ` describe the page, which is xterm.js, instead of where the server was started."""
    for name in _OF_THE_SERVER:
        environ.pop(name, None)
    environ["TEXTUAL_DRIVER"] = WEB_DRIVER
    environ["TEXTUAL_COLOR_SYSTEM"] = environ["COLORTERM"] = "truecolor"
    environ["TERM"] = "xterm-256color"
    if not is_utf8(environ):
        environ["LC_ALL"] = "C.UTF-8"


async def show_on_page(app: "App[Any]", lines: Iterable[str]) -> None:
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

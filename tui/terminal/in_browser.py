"""igauth on a page in a browser: Textual's web driver, which a server such as textual-serve asks for.

The environment is the server's: its terminal, display and tmux are not those of the person at the page.
"""

from collections.abc import Mapping, MutableMapping
from typing import TextIO

from tui.terminal.plain_text import is_utf8

WEB_DRIVER = "textual.drivers.web_driver:WebDriver"

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

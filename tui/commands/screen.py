"""`igauth` itself: the full-screen view, where there is a terminal for it."""

import gc
import os
import sys
from collections.abc import Mapping

from tui.process import USAGE, Refused
from tui.terminal.in_browser import describe_page, is_in_browser

_NO = ("", "0", "false", "no", "off")


def open_interactive(is_plain: bool | None) -> int:
    """Open igauth as this terminal needs it: `is_plain` as asked for, None where nothing was asked. Raises Refused."""
    return _open_plain() if chooses_plain(is_plain) else _open_screen()


def chooses_plain(is_plain: bool | None) -> bool:
    """Tell whether plain prompts are wanted here instead of the full screen. Raises Refused where neither is possible.

    On a page in a browser the variables are the server's, and say nothing of the person.
    """
    if not is_plain and is_in_browser(os.environ, sys.stdin):
        return False
    plain = wants_plain(os.environ, is_plain)
    require_terminal("no_terminal_for_plain" if plain else "no_terminal")
    return plain


def prepare_environment() -> None:
    """Make the environment that of the person's terminal; to be called before Textual is imported."""
    from tui.terminal.hardening import forget_debugging

    on_page = is_in_browser(os.environ, sys.stdin)
    forget_debugging(os.environ)
    if on_page:
        describe_page(os.environ)
    elif os.environ.get("STY") and os.environ.get("TERM", "").startswith("screen"):
        # screen 4 makes other colors of 24-bit ones; the variable is that of the terminal around it
        os.environ.pop("COLORTERM", None)


def wants_plain(environ: Mapping[str, str], is_plain: bool | None = None) -> bool:
    """Tell whether plain prompts are wanted: by the option, else by ACCESSIBLE=1, else on a dumb terminal."""
    if is_plain is not None:
        return is_plain
    return environ.get("ACCESSIBLE", "").casefold() not in _NO or environ.get("TERM") == "dumb"


def _open_plain() -> int:
    """Open plain mode, for screen readers and dumb terminals, and return its exit status."""
    from tui.commands.passphrase import passphrase_sources
    from tui.commands.running import run_work
    from tui.plain.main_menu import talk_plainly
    from tui.services import open_services

    services = open_services(os.environ, "tui")
    services.looks_only = True  # where nothing can be stored, the last known states are shown
    services.ask_passphrase = passphrase_sources(services)
    return run_work(services, lambda: talk_plainly(services))


def _open_screen() -> int:
    gc.disable()  # switched on again after the first paint
    prepare_environment()
    from tui.services import open_services

    services = open_services(os.environ, "tui")  # a broken configuration is reported before Textual is loaded
    services.looks_only = True  # where nothing can be stored, the last known states are shown
    from tui.app import run_app

    return run_app(services)


def has_terminal() -> bool:
    """Tell whether a full-screen view can be shown: it reads stdin and paints on stderr (terminal.md section 5)."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def require_terminal(otherwise: str = "no_terminal") -> None:
    """Raise Refused, with the text of the code `otherwise`, where there is no terminal for a person."""
    if not has_terminal():
        from tui.wording.commands import command_text

        raise Refused(command_text("screen", otherwise), USAGE)

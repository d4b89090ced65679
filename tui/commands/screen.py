"""`igauth` itself: the full-screen view, where there is a terminal for it."""

import gc
import os
import sys
from collections.abc import Mapping

USAGE = 64
_NO = ("", "0", "false", "no", "off")


def open_interactive(is_plain: bool | None) -> int:
    """Open igauth as this terminal needs it: `is_plain` as asked for, None where nothing was asked."""
    return open_plain() if wants_plain(os.environ, is_plain) else open_screen()


def wants_plain(environ: Mapping[str, str], is_plain: bool | None = None) -> bool:
    """Tell whether plain prompts are wanted: by the option, else by ACCESSIBLE=1, else on a dumb terminal."""
    if is_plain is not None:
        return is_plain
    return environ.get("ACCESSIBLE", "").casefold() not in _NO or environ.get("TERM") == "dumb"


def open_plain() -> int:
    """Open plain mode, for screen readers and dumb terminals, and return its exit status."""
    if not has_terminal():
        from tui.commands.pipe import say

        say(
            "igauth: plain prompts need a terminal for stdin, stdout and stderr, and there is none here."
            " Use `igauth status` instead; `igauth --help` lists every command."
        )
        return USAGE
    from tui.commands.running import ask_passphrase, run_work
    from tui.plain.main_menu import talk_plainly
    from tui.services import open_services
    from tui.terminal.hardening import harden_process

    services = open_services(os.environ, "tui")
    services.ask_passphrase = ask_passphrase
    harden_process()
    return run_work(services, lambda: talk_plainly(services))


def open_screen() -> int:
    """Open the TUI on the person's home and return its exit status."""
    if not has_terminal():
        from tui.commands.pipe import say

        say(
            "igauth: the full-screen view needs a terminal for stdin, stdout and stderr, and there is none here."
            " Use `igauth status` instead; `igauth --help` lists every command."
        )
        return USAGE
    gc.disable()  # switched on again after the first paint
    from tui.services import open_services

    services = open_services(os.environ, "tui")  # a broken configuration is reported before Textual is loaded
    from tui.terminal.hardening import forget_debugging, harden_process

    forget_debugging(os.environ)
    from tui.app import run_app

    harden_process()
    return run_app(services)


def has_terminal() -> bool:
    """Tell whether a full-screen view can be shown: it reads stdin and paints on stderr (terminal.md section 5)."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def require_terminal() -> None:
    """Raise UsageError where there is no terminal for the full-screen view."""
    if not has_terminal():
        import click

        raise click.UsageError("this needs a terminal for stdin, stdout and stderr. `igauth status` works without one.")

"""The command line: the commands, and how each of them ends.

Nothing but click is imported here: a command's module is loaded when it runs, so that `igauth --help`
and `igauth status` cost what they need and no more.
"""

import contextlib
import gc
import importlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence

_collects = gc.isenabled()
gc.disable()  # nothing that is imported here is garbage
import click  # noqa: E402

from tui import __version__  # noqa: E402
from tui.process import USAGE, Ended, Refused  # noqa: E402

if _collects:
    gc.enable()


COMMANDS: Mapping[str, str] = {
    "demo": "Try igauth with an embedded sandbox; your own data is not used.",
    "add": "Add or change a profile; the App Secret comes from stdin or a hidden prompt.",
    "check": "Check a pasted value, and show how to fix it.",
    "guide": "Print the guide with the state of each step.",
    "matillion": "Set the Matillion ETL instance and test the connection.",
    "login": "Log in without the full-screen view.",
    "import": "Import one token from stdin.",
    "status": "Show the last known state of every token.",
    "refresh": "Extend tokens that can be extended.",
    "forget": "Delete one token.",
    "candidates": "List values that were issued and are not in use; save or wipe one.",
    "token": "Print one token, for a pipe.",
    "deliver": "Deliver tokens to the commands and files that config.toml names.",
    "due": "Exit with 0 only if a refresh has something to do.",
    "keep": "Keep tokens valid without a person: once, as a timer does, or with --loop.",
    "schedule": "Install a timer that keeps tokens valid.",
    "history": "Show what was done to which token, and by whom.",
    "secrets": "Show where secrets are kept, or move them.",
    "backup": "Write everything to one file, sealed with a passphrase.",
    "restore": "Restore a backup into an empty home.",
    "doctor": "Check network, clock, files and terminal, and say what to do.",
    "sandbox": "Serve an embedded Graph API on this machine.",
    "completion": "Print the completion script of a shell.",
    "manual": "Print the manual page.",
}
"""Each command with its line in the help."""
_MODULES = {"import": "tokens", "token": "tokens", "forget": "tokens", "restore": "backup", "watch": "keep"}
"""Module in `tui.commands` of commands that have none of their own."""
_OLD_NAMES = ("watch",)
"""Names that still work and are not listed."""


class LazyGroup(click.Group):
    """Commands by name; a command's module is imported when it runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command. Raises UsageError with the nearest name."""
        if cmd_name not in COMMANDS and cmd_name not in _OLD_NAMES:
            if ctx.resilient_parsing:  # a shell asks for completions
                return None
            from tui.likely import suggestion

            ctx.fail(f"No such command {cmd_name!r}.{suggestion(cmd_name, COMMANDS)}")
        module = importlib.import_module(f"tui.commands.{_MODULES.get(cmd_name, cmd_name)}")
        command = getattr(module, "import_token" if cmd_name == "import" else cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    no_args_is_help=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="igauth", message="%(prog)s %(version)s")
@click.option(
    "--plain/--full-screen",
    "is_plain",
    default=None,
    help="Use numbered lines and prompts, for screen readers and simple terminals"
    " (default: with ACCESSIBLE=1 or TERM=dumb).",
)
@click.option("--log", "log_file", type=click.Path(dir_okay=False), help="Append a log without secrets to this file.")
@click.option("-v", "--verbose", is_flag=True, help="Write the log to stderr.")
@click.pass_context
def igauth(ctx: click.Context, is_plain: bool | None, log_file: str | None, verbose: bool) -> int:
    """Set up the Facebook OAuth of Matillion ETL's Instagram Extract connector, and keep its token valid.

    Without a command it opens the full-screen view. Exit status 64 is a usage or configuration error.
    """
    if log_file or verbose:
        _start_log(ctx, log_file, verbose)
    if ctx.invoked_subcommand is not None:
        return 0
    if verbose:
        raise click.UsageError("--verbose needs a command: the view itself is written to stderr. Use --log FILE.")
    from tui.commands.screen import open_interactive

    return open_interactive(is_plain)


def _start_log(ctx: click.Context, file: str | None, verbose: bool) -> None:
    from tui.log import start_log, stop_log

    try:
        start_log(file, verbose)
    except OSError as error:
        raise click.UsageError(f"The log {file} cannot be written: {error.strerror}.") from None
    ctx.call_on_close(stop_log)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; messages went to stderr, data to stdout."""
    try:
        outcome = igauth.main(arguments, prog_name="igauth", standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:
        return report(error)
    return outcome if isinstance(outcome, int) else 0


def report(error: BaseException) -> int:
    """Write to stderr why the program ends, and return its exit status. Raises Ended again."""
    match error:
        case click.UsageError():
            if error.ctx is None:
                return _say(error.format_message(), USAGE)
            return _say(f"{_sentence(error.format_message())} See: {error.ctx.command_path} --help", USAGE)
        case click.ClickException():
            return _say(error.format_message(), USAGE)
        case Refused():
            return _say(str(error), error.status)
        case KeyboardInterrupt() | click.Abort():
            return 128 + signal.SIGINT
        case BrokenPipeError() | SystemExit() if not isinstance(error, Ended):
            return _close_quietly()  # click exits by itself when the reader of stdout is gone
        case Exception():
            from tui.commands.failure import explain

            return _say(*explain(error))
        case _:
            raise error


def _sentence(message: str) -> str:
    """Return a message of click's, which may have several lines, as one line that another sentence can follow."""
    line = " ".join(message.split())
    return line if line.endswith((".", "?", "!")) else f"{line}."


def _say(message: str, status: int) -> int:
    from tui.commands.pipe import say  # without secrets: click repeats what was typed, maybe a token

    with contextlib.suppress(OSError):
        say(f"igauth: {message}")
    return status


def _close_quietly() -> int:
    """Discard what stdout still holds: its reader is gone."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return 128 + signal.SIGPIPE

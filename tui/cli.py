"""The command line: which commands there are, and how each of them ends.

Nothing but click is imported here: a command's module is loaded when it runs, so that `igauth --help`
and `igauth status` cost what they need and no more.
"""

import gc
import importlib
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

_collects = gc.isenabled()
gc.disable()  # nothing that is imported here is garbage
import click  # noqa: E402

from tui import __version__  # noqa: E402
from tui.process import Ended  # noqa: E402

if _collects:
    gc.enable()

USAGE = 64
"""Exit status of every usage or configuration error (design.md, Commands)."""


class Entry(NamedTuple):
    """Where a command stands, and its line in the help."""

    module: str
    attribute: str
    help: str


COMMANDS: Mapping[str, Entry] = {
    "demo": Entry(
        "tui.commands.demo", "demo", "Try everything against an embedded sandbox; nothing of yours is touched."
    ),
    "add": Entry(
        "tui.commands.add", "add", "Make or change a profile; the App Secret comes from stdin or a hidden prompt."
    ),
    "check": Entry(
        "tui.commands.check", "check", "Say what is wrong with a pasted value, where, and how it is mended."
    ),
    "guide": Entry("tui.commands.guide", "guide", "Print the guide with its state, whole or as a checklist."),
    "matillion": Entry("tui.commands.matillion", "matillion", "Say where Matillion ETL is, and test the connection."),
    "login": Entry("tui.commands.login", "login", "Log in without the full-screen view."),
    "import": Entry("tui.commands.tokens", "import_token", "Take in one token from stdin."),
    "status": Entry("tui.commands.status", "status", "Last known state of every token."),
    "refresh": Entry("tui.commands.refresh", "refresh", "Extend tokens that can be extended."),
    "forget": Entry("tui.commands.forget", "forget", "Wipe one token."),
    "token": Entry("tui.commands.tokens", "token", "Print one bare token, for a pipe."),
    "due": Entry("tui.commands.due", "due", "Exit 0 only when a refresh has something to do."),
    "watch": Entry("tui.commands.watch", "watch", "Stay in the foreground and keep tokens alive."),
    "schedule": Entry("tui.commands.schedule", "schedule", "Let a timer keep tokens alive."),
    "history": Entry("tui.commands.history", "history", "What was done to which token, by whom."),
    "secrets": Entry("tui.commands.secrets", "secrets", "Where secrets are kept; move them elsewhere."),
    "backup": Entry("tui.commands.backup", "backup", "Write everything into one file, sealed with a passphrase."),
    "restore": Entry("tui.commands.backup", "restore", "Bring a backup back into an empty home."),
    "doctor": Entry("tui.commands.doctor", "doctor", "Check network, clock, files, terminal, and say what to do."),
    "sandbox": Entry("tui.commands.sandbox", "sandbox", "Serve an embedded Graph API on this machine."),
    "completion": Entry("tui.commands.completion", "completion", "Print the completion script of a shell."),
    "manual": Entry("tui.commands.manual", "manual", "Print the manual page."),
}


class LazyGroup(click.Group):
    """Commands by name; a command's module is imported when it runs, its help line is known before."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = getattr(importlib.import_module(entry.module), entry.attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that the arguments begin with. Raises UsageError with the nearest name there is."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            from tui.likely import did_you_mean

            ctx.fail(f"No such command {name!r}{did_you_mean(name, COMMANDS) or '.'}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.help) for name, entry in COMMANDS.items()])


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
    help="Numbered lines and prompts, for screen readers and dumb terminals; also by ACCESSIBLE=1 or TERM=dumb.",
)
@click.pass_context
def igauth(ctx: click.Context, is_plain: bool | None) -> int:
    """Set up, and keep alive, the Facebook OAuth behind Matillion ETL's Instagram Extract connector.

    Without a command it opens the full-screen view. Exit status 64 is a usage or configuration error.
    """
    if ctx.invoked_subcommand is not None:
        return 0
    from tui.commands.screen import open_person

    return open_person(is_plain)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; messages went to stderr, data to stdout."""
    try:
        outcome = igauth.main(arguments, prog_name="igauth", standalone_mode=False)
        sys.stdout.flush()
    except BaseException as error:
        return told(error)
    return outcome if isinstance(outcome, int) else 0


def told(error: BaseException) -> int:
    """Say on stderr why what was running could not go on, and return the exit status. Raises Ended again."""
    match error:
        case click.UsageError():
            if error.ctx is None:
                return _say(error.format_message(), USAGE)
            return _say(f"{_sentence(error.format_message())} See: {error.ctx.command_path} --help", USAGE)
        case click.ClickException():
            return _say(error.format_message(), USAGE)
        case KeyboardInterrupt() | click.Abort():
            return 128 + signal.SIGINT
        case BrokenPipeError() | SystemExit() if not isinstance(error, Ended):
            return _close_quietly()  # click exits by itself when nobody reads stdout any more
        case Exception():
            from tui.commands.failure import explain

            return _say(*explain(error))
        case _:
            raise error


def _sentence(message: str) -> str:
    """Return a message of click's, which may be a list of lines, as one line that another sentence can follow."""
    line = " ".join(message.split())
    return line if line.endswith((".", "?", "!")) else f"{line}."


def _say(message: str, status: int) -> int:
    from tui.redact import redact  # click repeats what was typed, and a token may have been typed by mistake

    try:
        click.echo(f"igauth: {redact(message)}", err=True)
    except OSError:
        return status
    return status


def _close_quietly() -> int:
    """Whoever read us went away: say nothing, not even at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return 128 + signal.SIGPIPE

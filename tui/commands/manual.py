"""`igauth manual`: the manual page, made from the declarations of commands, options and keys."""

from collections.abc import Iterable

import click

from tui import __version__
from tui.commands.pipe import put

_ENVIRONMENT = (
    ("IGAUTH_HOME", "Folder for all of igauth's files (default: the platform's folders)."),
    (
        "IGAUTH_GRAPH_URL, IGAUTH_DIALOG_URL",
        "Addresses of the Graph API and the login dialog: https, or http on 127.0.0.1.",
    ),
    ("ACCESSIBLE", "1: numbered lines and prompts instead of the full screen, as with --plain."),
    ("TERM", "dumb: the same. A terminal with sixteen colors keeps its own colors."),
    ("NO_COLOR", "Any value: no color is used."),
    ("LC_ALL, LC_CTYPE, LANG", "With a locale that is not UTF-8, output is plain ASCII."),
    ("ESCDELAY", "Milliseconds to wait after the Escape key; 25 is good for a slow line."),
    ("HTTPS_PROXY, SSL_CERT_FILE", "Proxy, and certificates in addition to the system's trust store."),
)
_FILES = (
    ("config.toml", "Preferences and profiles without secrets, in the platform's configuration folder (0600)."),
    ("igauth.db", "Tokens, progress and history, in the platform's data folder (0600 in 0700)."),
)
_EXITS = (
    ("0", "Done. For status: every token is valid."),
    ("1", "Refused or failed. For status: a token is due."),
    ("2", "For status: a token is expired or invalid."),
    ("3", "Could not ask Facebook. For status also: no token, or one with an unknown state."),
    (
        "64",
        "A usage or configuration error, such as a home that cannot be used or a name that does not exist (token exits"
        " with 1 for that). Nothing is written to stdout.",
    ),
    ("129, 130, 143", "Ended by SIGHUP, SIGINT, SIGTERM."),
)


@click.command()
def manual() -> int:
    """Print the manual page, for `igauth manual | man -l -`."""
    root = click.get_current_context().find_root().command
    assert isinstance(root, click.Group)
    put(manual_page(root))
    return 0


def manual_page(root: click.Group) -> str:
    """Return the manual page of `root` and all its commands in roff."""
    context = click.Context(root, info_name="igauth")
    about, _, more = (root.help or "").partition("\n\n")
    lines = [
        f'.TH IGAUTH 1 "" "igauth {__version__}" "User Commands"',
        *_section("NAME", f"igauth \\- {_escaped(about.rstrip('.'))}"),
        *_section(
            "SYNOPSIS",
            r".B igauth",
            r"[\-\-plain | \-\-full\-screen] [\-\-log FILE]",
            ".br",
            ".B igauth",
            r"[\-\-log FILE] [\-v] \fICOMMAND\fR ...",
        ),
        *_section("DESCRIPTION", _escaped(about), ".PP", _escaped(more)),
        *_options(root, context),
        ".SH COMMANDS",
    ]
    for name in root.list_commands(context):
        command = root.get_command(context, name)
        assert command is not None
        lines += _command(command, context, f"igauth {name}")
    lines += _worlds()
    lines += _keys()
    lines += [".SH EXIT STATUS", *_entries(_EXITS)]
    lines += [".SH ENVIRONMENT", *_entries(_ENVIRONMENT)]
    lines += [".SH FILES", *_entries(_FILES)]
    return "\n".join(lines)


def _command(command: click.Command, parent: click.Context, path: str) -> list[str]:
    context = click.Context(command, info_name=path.rsplit(" ", 1)[-1], parent=parent)
    usage = " ".join(command.collect_usage_pieces(context))
    lines = [f".SS {_escaped(path)} {_escaped(usage)}".rstrip(), _escaped(command.help or "")]
    lines += _options(command, context)
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            lines += _command(below, context, f"{path} {name}")
    return lines


def _options(command: click.Command, context: click.Context) -> list[str]:
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    return _entries(record for record in records if record is not None and record[1] and "--help" not in record[0])


def _worlds() -> list[str]:
    from tui.commands.worlds import summaries

    return [".SH WORLDS", _escaped("The values of --world for demo and sandbox."), *_entries(summaries().items())]


def _keys() -> list[str]:
    from tui.actions import ACTIONS, shown_key

    lines = [".SH KEYS", "In brackets: the name of the action in [keys] of config.toml, to change its key."]
    for scope in dict.fromkeys(action.scope for action in ACTIONS):
        lines.append(f".SS {'Everywhere' if scope == 'everywhere' else f'On {scope.capitalize()}'}")
        lines += _entries(
            (", ".join(shown_key(key) for key in action.all_keys.split(",")), f"{action.help} [{action.id}]")
            for action in ACTIONS
            if action.scope == scope
        )
    return lines


def _section(title: str, *lines: str) -> list[str]:
    return [f".SH {title}", *lines]


def _entries(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [line for term, text in pairs for line in (".TP", f".B {_escaped(term)}", _escaped(text))]


def _escaped(text: str) -> str:
    """Return a text for roff, with its paragraphs and without click's marks."""
    lines = []
    for line in text.replace("\b\n", "").replace("\\", "\\e").replace("-", "\\-").replace("…", "...").splitlines():
        plain = line.strip() or ".PP"
        lines.append(f"\\&{plain}" if plain[0] in ".'" and plain != ".PP" else plain)
    return "\n".join(lines).removesuffix("\n.PP")

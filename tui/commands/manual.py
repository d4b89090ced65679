"""`igauth manual`: the manual page, made from the declarations of commands, options and keys."""

from collections.abc import Iterable

import click

from tui import __version__
from tui.actions import ACTIONS, shown_key
from tui.commands.pipe import put
from tui.commands.worlds import summaries
from tui.wording.app import alt_in_fields
from tui.wording.surfaces import Screen
from tui.wording.texts import phrases


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
        ".SH NAME",
        f"igauth \\- {_escaped(about.rstrip('.'))}",
        ".SH SYNOPSIS",
        ".B igauth",
        r"[\-\-plain | \-\-full\-screen] [\-\-log FILE]",
        ".br",
        ".B igauth",
        r"[\-\-log FILE] [\-v] \fICOMMAND\fR ...",
        ".SH DESCRIPTION",
        _escaped(about),
        ".PP",
        _escaped(more),
        *_options(root, context),
        ".SH COMMANDS",
    ]
    lines += _below(root, context, "igauth")
    lines += [".SH WORLDS", _escaped("The values of --world for demo and sandbox."), *_entries(summaries().items())]
    lines += _keys()
    for title in ("exit_status", "environment", "files"):
        lines += [f".SH {title.replace('_', ' ').upper()}", *_entries(phrases("manual", title).items())]
    return "\n".join(lines)


def _below(group: click.Group, parent: click.Context, path: str) -> list[str]:
    """Return the commands of a group and all below them."""
    lines: list[str] = []
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=parent)
        usage = " ".join(command.collect_usage_pieces(context))
        lines += [f".SS {_escaped(f'{path} {name}')} {_escaped(usage)}".rstrip(), _escaped(command.help or "")]
        lines += _options(command, context)
        if isinstance(command, click.Group):
            lines += _below(command, context, f"{path} {name}")
    return lines


def _options(command: click.Command, context: click.Context) -> list[str]:
    records = [parameter.get_help_record(context) for parameter in command.get_params(context)]
    return _entries(record for record in records if record is not None and record[1] and "--help" not in record[0])


def _keys() -> list[str]:
    lines = [
        ".SH KEYS",
        "In brackets: the name of the action in [keys] of config.toml, to change its key.",
        alt_in_fields(Screen()),
    ]
    for scope in dict.fromkeys(action.scope for action in ACTIONS):
        lines.append(f".SS {'Everywhere' if scope == 'everywhere' else f'On {scope.capitalize()}'}")
        lines += _entries(
            (", ".join(shown_key(key) for key in action.all_keys.split(",")), f"{action.help} [{action.id}]")
            for action in ACTIONS
            if action.scope == scope
        )
    return lines


def _entries(pairs: Iterable[tuple[str, str]]) -> list[str]:
    return [line for term, text in pairs for line in (".TP", f".B {_escaped(term)}", _escaped(text))]


def _escaped(text: str) -> str:
    """Return a text for roff, with its paragraphs and without click's marks."""
    lines = []
    for line in text.replace("\b\n", "").replace("\\", "\\e").replace("-", "\\-").replace("…", "...").splitlines():
        plain = line.strip() or ".PP"
        lines.append(f"\\&{plain}" if plain[0] in ".'" and plain != ".PP" else plain)
    return "\n".join(lines).removesuffix("\n.PP")

"""Every command that a text, the README or a page names exists, with the options that are named."""

import re
from pathlib import Path

import click
import pytest

from tests.commands.running import ROOT
from tui.cli import COMMANDS, igauth

_PRINTED = re.compile(r"(?<=[: `(])igauth ([a-z]+)((?: (?:--?[a-z][a-z-]*|[A-Z][A-Z_]*|\{[a-z_.]+\}|[a-z]+))*)")
_FILES = sorted(
    [*(ROOT / "tui" / "wording").glob("*.toml"), *(ROOT / "tui" / "wording").glob("*.py"), *ROOT.glob("*.md")]
)


def _printed(path: Path) -> list[tuple[str, str]]:
    return [
        (found[1], found[2])
        for found in _PRINTED.finditer(path.read_text("utf-8"))
        if found[1] in COMMANDS or re.match(r" (?:--|\{|[A-Z]{3})", found[2])
    ]


@pytest.mark.parametrize("path", _FILES, ids=lambda path: path.name)
def test_a_named_command_exists_with_its_options(path: Path) -> None:
    context = click.Context(igauth)
    for name, rest in _printed(path):
        command = igauth.get_command(context, name)
        assert command is not None, f"igauth {name}{rest}"
        group = command
        for word in rest.split():
            if isinstance(group, click.Group) and word in group.list_commands(context):
                below = group.get_command(context, word)
                assert below is not None
                group = below
        known = {option for item in (command, group) for param in item.params for option in param.opts}
        named = {word for word in rest.split() if word.startswith("--")}
        assert named <= known | {"--help"}, f"igauth {name}{rest}"


def test_what_was_printed_once_is_seen() -> None:
    assert sum(len(_printed(path)) for path in _FILES) > 60

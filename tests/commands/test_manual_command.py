"""`igauth manual`: the page that ships is made of what the program declares now, and roff takes it."""

import shutil
import subprocess

import click
import pytest

from tests.commands.running import ROOT
from tui.actions import ACTIONS
from tui.cli import COMMANDS, igauth
from tui.commands.manual import manual_page

PAGE = ROOT / "tui" / "igauth.1"


def test_the_manual_page_is_what_the_declarations_say() -> None:
    assert manual_page(igauth) + "\n" == PAGE.read_text(), "run: igauth manual > tui/igauth.1"


def test_the_manual_page_has_every_command_option_and_key() -> None:
    page = PAGE.read_text().replace("\\-", "-")
    context = click.Context(igauth, info_name="igauth")
    for name in COMMANDS:
        command = igauth.get_command(context, name)
        assert command is not None
        assert f".SS igauth {name}" in page
        for option in (found for found in command.params if isinstance(found, click.Option) and not found.hidden):
            assert all(word in page for word in option.opts), (name, option.opts)
    assert all(f"\n{action.help} [{action.id}]\n" in page for action in ACTIONS)


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_groff_formats_the_page_without_warnings() -> None:
    done = subprocess.run(
        ["groff", "-man", "-Tascii", "-ww", "-z", str(PAGE)], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")

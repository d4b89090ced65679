"""A home that cannot be written, a file that cannot be read: the cause and the next step, and nothing lost."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.conftest import IGAUTH
from tests.terminals import PseudoTerminal


def test_a_corrupt_config_is_reported_and_not_changed(shell: dict[str, str]) -> None:
    home = Path(shell["IGAUTH_HOME"])
    subprocess.run([IGAUTH, "status"], env=shell, capture_output=True, check=False)
    from tui.settings import find_home

    file = find_home({"IGAUTH_HOME": str(home)}).config_file
    file.parent.mkdir(parents=True, exist_ok=True)
    text = 'theme = "igauth-dark"\n[profiles.acme\n'
    file.write_text(text)
    with PseudoTerminal([IGAUTH], shell) as terminal:
        assert terminal.wait_exit() == 64
        assert "line 2" in terminal.text
        assert str(file.name) in "".join(terminal.text.split())  # wherever the terminal broke the line
    done = subprocess.run([IGAUTH, "status"], env=shell, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (64, "")
    assert "line 2" in done.stderr
    assert file.read_text() == text


@pytest.mark.skipif(os.getuid() == 0, reason="root may write everywhere, so a read-only home cannot be made")
def test_a_read_only_home_is_reported_with_a_remedy(shell: dict[str, str]) -> None:
    home = Path(shell["IGAUTH_HOME"])
    home.mkdir(mode=0o500)
    with PseudoTerminal([IGAUTH], shell) as terminal:
        assert terminal.wait_exit() != 0
        assert str(home) in terminal.text.replace("\n", "")


def test_a_home_that_is_a_file_is_reported_with_its_path(shell: dict[str, str]) -> None:
    home = Path(shell["IGAUTH_HOME"])
    home.write_text("not a folder")
    with PseudoTerminal([IGAUTH], shell, columns=200) as terminal:
        assert terminal.wait_exit() != 0
        assert "igauth" in terminal.text
        assert "Traceback" not in terminal.text
        assert str(home) in terminal.text.replace("\n", "")
    assert home.read_text() == "not a folder"


def test_without_a_terminal_status_is_suggested(shell: dict[str, str]) -> None:
    done = subprocess.run([IGAUTH], env=shell, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    assert done.stdout == ""
    assert "igauth status" in done.stderr

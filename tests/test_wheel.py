"""The wheel, installed elsewhere, finds its styles and opens."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.terminals import PseudoTerminal

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel alone was installed."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    build = [*pip, "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(ROOT)]
    if subprocess.run([*pip, "show", "-q", "hatchling"], check=False, capture_output=True).returncode:
        pytest.skip("hatchling is not installed, and building elsewhere would need the network")
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = folder.glob("igauth-*.whl")
    target = folder / "site"
    install = [*pip, "install", "-q", "--no-deps", "--no-index", "--target", str(target), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    return target


def test_the_wheel_holds_every_style_sheet_and_no_test(installed: Path) -> None:
    assert {file.name for file in (installed / "tui" / "styles").iterdir()} == {
        file.name for file in (ROOT / "styles").iterdir()
    }
    assert not (installed / "tests").exists()


def test_the_wheel_brings_the_manual_page_where_man_looks(installed: Path) -> None:
    (wheel,) = installed.parent.glob("igauth-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (page,) = (name for name in archive.namelist() if name.endswith("data/share/man/man1/igauth.1"))
        assert archive.read(page) == (ROOT / "tui" / "igauth.1").read_bytes()


def test_the_installed_program_opens_with_its_own_styles(installed: Path, tmp_path: Path) -> None:
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TMUX", "STY")}
    env |= {"PYTHONPATH": str(installed), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    where = "import tui, sys; print(tui.__file__)"
    seen = subprocess.run(
        [sys.executable, "-c", where], env=env, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert str(installed) in seen.stdout
    with PseudoTerminal([sys.executable, "-m", "tui", "demo"], env, cwd=tmp_path) as terminal:
        terminal.wait_for("[1 Guide]", 40)
        terminal.send("3")
        terminal.wait_for("a user token of")
        terminal.send("q")
        assert terminal.wait_exit() == 0

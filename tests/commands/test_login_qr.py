"""`igauth login --qr` on terminals of two sizes: what can be scanned there, and what is said where nothing can."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.commands.running import ROOT, Person
from tests.commands.test_login_command import free_port
from tests.terminal.scanning import decoded, modules_of, painted_on
from tests.terminals.pseudo import PseudoTerminal
from tui.redact import Secret
from tui.services import open_services
from tui.terminal.qr import NoColors
from tui.wording.login import SHORT_LINK_CODE
from tui.wording.terminal import no_qr_code

__all__ = ["free_port"]
pytestmark = pytest.mark.usefixtures("free_port", "person")


@pytest.fixture
def client_token(person: Person, own_home: Path) -> None:
    """Device login is possible."""
    vault = open_services({"IGAUTH_HOME": str(own_home)}, "command").vault
    vault.profile_secrets.set("client_token", "acme", Secret(person.sandbox.world.client_token))
    vault.close()


@contextmanager
def logging_in(
    *options: str, columns: int = 80, rows: int = 24, environ: Mapping[str, str] | None = None
) -> Iterator[PseudoTerminal]:
    command = [sys.executable, "-m", "tui", "login", "--qr", *options]
    surroundings = {**os.environ, "TERM": "xterm", "COLORTERM": "", "LANG": "C.UTF-8", **(environ or {})}
    with PseudoTerminal(command, surroundings, cwd=ROOT, columns=columns, rows=rows) as terminal:
        yield terminal


def scanned(terminal: PseudoTerminal) -> str:
    """Return what a camera reads from the screen as it is now; empty where nothing is read."""
    try:
        return decoded(modules_of(painted_on(terminal.cells)))
    except (AssertionError, IndexError):  # not painted yet, or not whole
        return ""


def reads(terminal: PseudoTerminal, part: str) -> Callable[[], bool]:
    return lambda: part in scanned(terminal)


def test_the_link_is_drawn_where_it_fits() -> None:
    with logging_in("--paste", columns=120, rows=40) as terminal:
        terminal.wait_for(reads(terminal, "/dialog/oauth?"))


@pytest.mark.usefixtures("client_token")
@pytest.mark.parametrize("options", [(), ("--device",)])
def test_at_80x24_the_page_for_devices_is_drawn(options: tuple[str, ...]) -> None:
    with logging_in(*options) as terminal:
        terminal.wait_for(reads(terminal, "user_code="))


def test_without_a_device_code_the_short_link_is_drawn() -> None:
    with logging_in("--browser") as terminal:
        terminal.wait_for(reads(terminal, "http://localhost:"))
        assert SHORT_LINK_CODE in " ".join(terminal.raw.decode().split())


@pytest.mark.parametrize(
    ("environ", "reason"), [({"NO_COLOR": "1"}, NoColors(True)), ({"TERM": "dumb"}, NoColors(False))]
)
def test_without_colors_it_says_what_is_needed(environ: dict[str, str], reason: NoColors) -> None:
    with logging_in("--paste", environ=environ) as terminal:
        terminal.wait_for(lambda: no_qr_code(reason) in " ".join(terminal.raw.decode().split()))


def test_few_rows_hold_no_code_and_that_is_said() -> None:
    with logging_in("--paste", rows=9) as terminal:
        terminal.wait_for("a QR code")
        assert scanned(terminal) == ""

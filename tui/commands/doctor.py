"""`igauth doctor`: everything that can be checked at once, each problem with what to do."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import click

from tui.actions import key_for
from tui.commands.options import passphrase_option
from tui.commands.passphrase import given_passphrase, passphrase_sources
from tui.commands.pipe import put_json, put_text
from tui.commands.running import run_work
from tui.likely import closest
from tui.process import may_leave_core_file
from tui.services import Services
from tui.services.doctor.examination import examine, open_what_can_be
from tui.services.doctor.findings import Code, Finding
from tui.settings import Settings
from tui.terminal.ancestors import ancestors
from tui.terminal.capabilities import detect_all
from tui.terminal.children import run_child
from tui.terminal.taken_keys import taken_keys
from tui.wording.doctor import doctor_line
from tui.wording.terminal import findings, taken_keys_finding

PROGRAM_LIMIT = 8.0
"""Seconds for the program that prints the passphrase; the whole examination has to end in 20."""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--fix", is_flag=True, help="Remove other users' access to igauth's files.")
@click.option("--mend", is_flag=True, hidden=True)
@passphrase_option()
def doctor(as_json: bool, fix: bool, mend: bool) -> int:
    """Check what igauth depends on: home, configuration, vault, secrets, timer, proxy, network, clock, terminal.

    Exit status 1 where something fails; each failure says what to do. A configuration that cannot be read, or a home
    that cannot be used, is such a failure: all that can be checked without it still is. What hangs is a failure too.

    With --json each finding has `check` (what it is about), `level` (ok, warning or failure), `code` (a word for what
    was found), `text` and `cure`. The words of `check` and `code` stay the same; new ones can be added.
    """
    services, troubles = open_what_can_be(os.environ)
    services.ask_passphrase = passphrase_sources(services, given_passphrase(), limit=PROGRAM_LIMIT)
    return run_work(services, lambda: _examine(services, troubles, as_json=as_json, fix=fix or mend))


async def _examine(services: Services, troubles: list[Finding], *, as_json: bool, fix: bool) -> int:
    found = await examine(services, troubles, os.environ, fix=fix)
    keymap, looks = _looks(services.settings, services.home.config_file)
    lines = [_Line(one.check, one.level, one.word, *doctor_line(one)) for one in (*found, *looks, _memory())]
    plain_key = key_for("plain_view", False, keymap)
    lines[-1:-1] = [_Line("terminal", *one) for one in findings(detect_all(os.environ), plain_key)]
    taken = taken_keys(os.environ, run_child, ancestors(os.getpid()))
    lines[-1:-1] = [_Line("keys", *one) for by in taken if (one := taken_keys_finding(by, keymap)) is not None]
    if as_json:
        put_json({"schema": 1, "findings": [{**line._asdict(), "cure": line.cure or None} for line in lines]})
    else:
        for line in lines:
            put_text(f"{line.level:<8} {line.check:<14} {line.text}")
            if line.cure and line.level != "ok":
                put_text(f"{'':<23} -> {line.cure}")
    status = int(any(line.level == "failure" for line in lines))
    if any(one.code is Code.PART_UNFINISHED for one in found):
        sys.stdout.flush()
        os._exit(status)  # what hangs may hold the store, which cannot be closed then
    return status


class _Line(NamedTuple):
    check: str
    level: str
    code: str
    text: str
    cure: str


def _looks(settings: Settings, file: Path) -> tuple[Mapping[str, str], list[Finding]]:
    """Return the changed keys that are bound, and what is wrong with [keys] and the theme; imports Textual for them."""
    keymap, found = settings.keymap, []
    if settings.theme:
        from tui.screens.looks import theme_names

        if settings.theme not in (names := theme_names()):
            facts = {"name": settings.theme, "meant": closest(settings.theme, names)}
            found.append(Finding("theme", "warning", Code.THEME_UNKNOWN, {"path": file, **facts}))
    if keymap:
        from tui.screens.keymap import keymap_problems, usable_keys

        problems = [Finding("keys", "warning", value=problem) for problem in keymap_problems(keymap)]
        found += problems or [Finding("keys", "ok", Code.KEYS_USABLE)]
        keymap = usable_keys(keymap)
    return keymap, found


def _memory() -> Finding:
    if may_leave_core_file():
        return Finding("memory", "warning", Code.CORE_DUMPS)
    return Finding("memory", "ok", Code.NO_CORE_DUMPS)

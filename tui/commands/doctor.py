"""`igauth doctor`: everything that can be checked at once, each problem with what to do."""

import os
from collections.abc import Mapping
from typing import NamedTuple

import click

from tui.actions import key_for
from tui.commands.options import passphrase_option
from tui.commands.passphrase import given_passphrase, passphrase_sources
from tui.commands.pipe import put_json, put_text
from tui.commands.running import run_work
from tui.services import Services
from tui.services.doctor.examination import examine, open_what_can_be
from tui.services.doctor.findings import Code, Finding
from tui.terminal.capabilities import detect_all
from tui.terminal.hardening import harden_process
from tui.wording.doctor import doctor_line
from tui.wording.terminal import findings


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--fix", is_flag=True, help="Remove other users' access to igauth's files.")
@click.option("--mend", is_flag=True, hidden=True)
@passphrase_option()
def doctor(as_json: bool, fix: bool, mend: bool) -> int:
    """Check paths, permissions, vault, secrets, timer, network, trust, clock, changed keys, terminal and clipboard.

    Exit status 1 where something fails; each failure says what to do. A configuration that cannot be read, or a home
    that cannot be used, is such a failure: all that can be checked without it still is.
    """
    services, troubles = open_what_can_be(os.environ)
    services.ask_passphrase = passphrase_sources(services, given_passphrase())
    return run_work(services, lambda: _examine(services, troubles, as_json=as_json, fix=fix or mend))


async def _examine(services: Services, troubles: list[Finding], *, as_json: bool, fix: bool) -> int:
    found = await examine(services, troubles, os.environ, fix=fix)
    keymap, keys = _keys(services.settings.keymap)
    lines = [_Line(one.check, one.level, *doctor_line(one)) for one in (*found, *keys, _memory())]
    plain_key = key_for("plain_view", False, keymap)
    lines[-1:-1] = [_Line("terminal", *one) for one in findings(detect_all(os.environ), plain_key)]
    if as_json:
        put_json({"schema": 1, "findings": [{**line._asdict(), "cure": line.cure or None} for line in lines]})
    else:
        for line in lines:
            put_text(f"{line.level:<8} {line.check:<14} {line.text}")
            if line.cure and line.level != "ok":
                put_text(f"{'':<23} -> {line.cure}")
    return int(any(line.level == "failure" for line in lines))


class _Line(NamedTuple):
    check: str
    level: str
    text: str
    cure: str


def _keys(keymap: Mapping[str, str]) -> tuple[Mapping[str, str], list[Finding]]:
    """Return the changed keys that are bound and what is wrong in [keys]; the check imports Textual."""
    if not keymap:
        return keymap, []
    from tui.screens.keymap import keymap_problems, usable_keys

    found = [Finding("keys", "warning", value=problem) for problem in keymap_problems(keymap)]
    return usable_keys(keymap), found or [Finding("keys", "ok", Code.KEYS_USABLE)]


def _memory() -> Finding:
    is_off = harden_process()
    return Finding("memory", "ok" if is_off else "warning", Code.NO_CORE_DUMPS if is_off else Code.CORE_DUMPS)

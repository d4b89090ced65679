"""`igauth doctor`: everything that can be checked on the spot, each line with its cure."""

import os
from typing import TYPE_CHECKING

import click

from tui.actions import key_for
from tui.commands.pipe import put_json, put_text
from tui.commands.running import ask_passphrase, run_work

if TYPE_CHECKING:
    from tui.services import Services
    from tui.services.doctor import Finding
    from tui.settings import SettingsError

WELL, ILL = 0, 1


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--fix", is_flag=True, help="Remove other users' access to igauth's files.")
@click.option("--mend", is_flag=True, hidden=True)
def doctor(as_json: bool, fix: bool, mend: bool) -> int:
    """Check paths, permissions, vault, secrets, network, trust, clock, changed keys, terminal and clipboard.

    Exit status 1 where something fails; each failure says what to do. A configuration that cannot be read, or a home
    that cannot be used, is such a failure: all that can be checked without it still is.
    """
    from tui.services.root import open_what_can_be

    services, *troubles = open_what_can_be(os.environ, "command")
    services.ask_passphrase = ask_passphrase
    return run_work(services, lambda: _examine(services, *troubles, as_json=as_json, fix=fix or mend))


async def _examine(
    services: "Services",
    unusable: "SettingsError | None",
    unreadable: "SettingsError | None",
    *,
    as_json: bool,
    fix: bool,
) -> int:
    from tui.services.doctor import examine

    found = await examine(services, os.environ, fix=fix, unusable=unusable, unreadable=unreadable)
    findings = [*found, *_keys(services), *_terminal(services), _memory()]
    if as_json:
        put_json({"schema": 1, "findings": [_row(finding) for finding in findings]})
    else:
        for finding in findings:
            text, cure = _words(finding)
            put_text(f"{finding.level:<8} {finding.check:<14} {text}")
            if cure and finding.level != "ok":
                put_text(f"{'':<23} -> {cure}")
    return ILL if any(finding.level == "failure" for finding in findings) else WELL


def _keys(services: "Services") -> "list[Finding]":
    """Name what is wrong in [keys]; only where a key was changed, since what knows the keys brings Textual."""
    from tui.services.doctor import Finding

    if not services.settings.keymap:
        return []
    from tui.screens.keymap import keymap_problems
    from tui.wording.settings import keymap_problem

    cure = "Change that line of [keys] in config.toml; `man igauth` lists every key and the name of what it does."
    found = keymap_problems(services.settings.keymap)
    if not found:
        return [Finding("keys", "ok", "every key changed in config.toml can be used")]
    return [Finding("keys", "warning", keymap_problem(problem), cure) for problem in found]


def _terminal(services: "Services") -> "list[Finding]":
    from tui.services.doctor import Finding
    from tui.terminal.capabilities import detect_all
    from tui.wording.terminal import findings

    plain_key = key_for("plain_view", False, services.settings.keymap)
    return [
        Finding("terminal", found.level, found.text, found.cure)
        for found in findings(detect_all(os.environ), plain_key)
    ]


def _memory() -> "Finding":
    from tui.services.doctor import Finding
    from tui.terminal.hardening import harden_process

    if harden_process().no_core_file:
        return Finding("memory", "ok", "core dumps of igauth are off")
    return Finding("memory", "warning", "core dumps could not be switched off", "Before igauth: ulimit -c 0")


def _row(finding: "Finding") -> dict[str, object]:
    text, cure = _words(finding)
    return {"check": finding.check, "level": finding.level, "text": text, "cure": cure or None}


def _words(finding: "Finding") -> tuple[str, str]:
    if finding.fact is None:
        return finding.text, finding.cure
    from tui.settings.schema import UnknownKey
    from tui.vault.choice import BackendChoice
    from tui.vault.permissions import FileReport
    from tui.wording.failures import failure_text
    from tui.wording.settings import unknown_key
    from tui.wording.surfaces import CommandLine
    from tui.wording.text import Text
    from tui.wording.vault import file_report, notice_text, store_line

    match finding.fact:
        case UnknownKey() as key:
            text = Text(unknown_key(key))
        case BackendChoice() as choice:
            text = Text(store_line(choice))
        case FileReport() as report:
            text = file_report(report)
        case Exception() as error:
            text = failure_text(error) or Text(str(error))
        case notice:
            text = notice_text(notice)
    step = CommandLine().step(text.next) if text.next else ""
    return f"{text.what} {text.why}".rstrip(), " ".join(part for part in (text.hint, step, finding.cure) if part)

"""The programs that config.toml names: whether they can be started, here and by the timer."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from tui.services.doctor.findings import Code, Finding, found
from tui.settings import Home, Settings
from tui.settings.schema import Hooks, declared_keys

_FIRST = 256
"""Bytes of a program in which the kernel looks for its interpreter."""


def program_findings(settings: Settings, home: Home, environ: Mapping[str, str]) -> Iterator[Finding]:
    """Return what is wrong with each program; one finding where all of them can be started."""
    here = environ.get("PATH", os.defpath)
    timer = _path_of_timer(home)
    commands, problems = list(_commands(settings)), 0
    for check, key, command in commands:
        program = command[0]
        problem = problem_of(program, here)
        if problem is None and timer is not None and problem_of(program, timer):
            problem = (Code.PROGRAM_NOT_FOR_TIMER, "")
        if problem is not None:
            problems += 1
            code, detail = problem
            is_mild = code in (Code.PROGRAM_RELATIVE, Code.PROGRAM_NOT_FOR_TIMER)
            yield found(check, "warning" if is_mild else "failure", code, key=key, program=program, detail=detail)
    if commands and not problems:
        yield found("programs", "ok", Code.PROGRAMS_USABLE, programs=len(commands))


def _commands(settings: Settings) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield every command with the check that it belongs to and its key."""
    for name in declared_keys(Hooks):
        if command := getattr(settings.hooks, name):
            yield "hooks", f"hooks.{name}", command
    for destination in settings.deliver:
        if destination.command:
            yield "delivery", "deliver.command", destination.command
    if settings.passphrase_command:
        yield "secrets", "passphrase_command", settings.passphrase_command


def problem_of(program: str, path: str) -> tuple[Code, str] | None:
    """Return why a program cannot be started with these search folders, with a detail; None where it can."""
    if program.startswith("~"):
        return Code.PROGRAM_TILDE, str(Path(program).expanduser()) if program.startswith("~/") else ""
    if "/" not in program:
        file = shutil.which(program, path=path)
        return (Code.PROGRAM_NOT_IN_PATH, "") if file is None else _problem_of_file(file)
    return _problem_of_file(program) or (None if program.startswith("/") else (Code.PROGRAM_RELATIVE, os.getcwd()))


def _problem_of_file(program: str) -> tuple[Code, str] | None:
    try:
        if os.path.isdir(program):
            return Code.PROGRAM_IS_FOLDER, ""
        os.stat(program)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        return Code.PROGRAM_MISSING, getattr(error, "strerror", None) or str(error)
    if not os.access(program, os.X_OK):
        return Code.PROGRAM_NOT_EXECUTABLE, ""
    return _problem_of_script(program)


def _problem_of_script(program: str) -> tuple[Code, str] | None:
    """Return what is wrong with the first line of a script; None for what is none, or cannot be read."""
    try:
        with open(program, "rb") as file:
            start = file.read(_FIRST) if os.path.isfile(program) else b"\0"
    except OSError:
        return None  # a program need not be readable
    if not start.startswith(b"#!"):
        return (Code.PROGRAM_NO_FORMAT, "") if b"\0" not in start else None
    words = start[2:].partition(b"\n")[0].strip(b" \t").split(b" ")
    interpreter = os.fsdecode(words[0])
    return None if os.access(interpreter, os.X_OK) else (Code.PROGRAM_NO_INTERPRETER, ascii(interpreter)[1:-1])


def _path_of_timer(home: Home) -> str | None:
    """Return where the installed timer looks for programs; None without a timer that says so."""
    from tui.timer import environment
    from tui.timer.errors import TimerError
    from tui.vault.errors import VaultError

    try:
        return environment.read(environment.file_of(home)).get("PATH")
    except (TimerError, VaultError):
        return None

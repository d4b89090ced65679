"""Uses igauth in real terminals, and prints a table: `python -m tests.rigs.terminals IGAUTH [WORD...]`.

A word is a terminal, a line (here, ssh, tmux, newer-tmux, screen, mosh) or a scene (copy, logout, keys, paste,
outside); without one of a sort, all of that sort. Exit status 1: somewhere igauth said something else than what was so.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.rigs.terminals_desks import (
    PATIENCE,
    Desk,
    clean_environment,
    open_desk,
    open_terminal,
    wait_for,
)
from tests.rigs.terminals_kinds import TERMINALS, is_installed
from tests.rigs.terminals_lines import LINES, can_run, line, remote_shell, ssh_server
from tests.rigs.terminals_scenes import CLEAR_AFTER, SCENES, Seen
from tests.rigs.terminals_session import PROMPT, Session
from tests.terminals.sshd import LoopbackSshd
from tui.sandbox import RunningSandbox, start_sandbox

AT_ONCE = int(os.environ.get("AT_ONCE", "3"))
"""Rows that are made at the same time: most of their time is waiting."""


class Rig(NamedTuple):
    """What all rows share."""

    igauth: Path
    folder: Path
    server: LoopbackSshd
    facebook: RunningSandbox
    token: str


def main(igauth: str, *words: str) -> int:
    """Print the table; return the exit status."""
    unknown = [word for word in words if word not in (*TERMINALS, *LINES, *SCENES)]
    if unknown:
        print(f"not known: {' '.join(unknown)}; terminals: {' '.join(TERMINALS)}", file=sys.stderr)
        return 64
    chosen = [[name for name in all_ if name in words] or list(all_) for all_ in (TERMINALS, LINES, SCENES)]
    failed = 0
    for name in chosen[0]:
        if not is_installed(name):
            print(f"{name}: not installed, left out", flush=True)
    rows = [(name, way) for name in chosen[0] if is_installed(name) for way in chosen[1] if can_run(way)]
    with prepared(Path(igauth).absolute()) as rig, ThreadPoolExecutor(AT_ONCE) as pool:
        for (name, way), seen in zip(
            rows, pool.map(lambda row: row_of(rig, row[0], row[1], chosen[2]), rows), strict=True
        ):
            print("\n".join(["", f"== {name}, {way}", *map(text_of, seen)]), flush=True)
            failed += sum(bool(one.fault) for one in seen)
    print(f"\nFAILED: {failed}" if failed else "\nAll as it should be")
    return 1 if failed else 0


def row_of(rig: Rig, terminal: str, way: str, scenes: Sequence[str]) -> list[Seen]:
    """Play the scenes of a row, each on a desk of its own; what ends the rig's part in one is a fault."""
    seen: list[Seen] = []
    for scene in scenes:
        try:
            with open_desk(TERMINALS[terminal].desk) as desk:
                seen += play(rig, desk, terminal, way, scene)
        except (TimeoutError, OSError, subprocess.SubprocessError) as error:
            seen.append(Seen(scene, "", "", f"the rig could not go on: {error}"))
    return seen


def text_of(seen: Seen) -> str:
    """Return a line of the table."""
    line = f"{seen.what:22} {seen.truth:28} {seen.said}".rstrip()
    return f"{line}\n    DIFFERS: {seen.fault}" if seen.fault else line


def play(rig: Rig, desk: Desk, terminal: str, name: str, scene: str) -> list[Seen]:
    """Open the terminal with the line, and play the scene."""
    folder = Path(tempfile.mkdtemp(prefix=f"{terminal}-{name}-{scene}-", dir=rig.folder))
    there = line(name, remote_shell(folder, variables(rig)), rig.server, folder)
    session = Session(desk, folder)
    try:
        with open_terminal(terminal, desk, there.run, folder):
            try:
                wait_for_prompt(session, folder / "run.sh" if TERMINALS[terminal].is_typed else None)
                seen = SCENES[scene](session, TERMINALS[terminal], rig.token)
            except (TimeoutError, subprocess.SubprocessError):
                keep(desk, folder)
                raise
            if any(one.fault for one in seen):
                keep(desk, folder)
            return seen
    finally:
        there.leave()


def keep(desk: Desk, folder: Path) -> None:
    """Copy what there is of a scene that failed, where KEEP names a folder."""
    if kept := os.environ.get("KEEP"):
        desk.picture("at-the-end")
        for picture in desk.folder.glob("*.png"):
            shutil.copy(picture, folder)
        shutil.copytree(folder, Path(kept) / folder.name, ignore=shutil.ignore_patterns("browser", "tmux"))


def wait_for_prompt(session: Session, typed: Path | None) -> None:
    """Wait until the shell is there and the terminal has the keyboard; `typed` has to be typed into another shell."""
    if typed is not None:
        wait_for(lambda: _is_there_after_typing(session, typed), PROMPT, PATIENCE * 2)
    session.shows(PROMPT, PATIENCE * 2)
    session.desk.focus()


def _is_there_after_typing(session: Session, typed: Path) -> bool:
    session.desk.focus()
    session.desk.type(f"exec {typed}")
    session.desk.press("Return")
    time.sleep(5)
    return bool(session.written)


def variables(rig: Rig) -> Mapping[str, str]:
    """Return the variables of the shell at the far end."""
    return {
        "PATH": f"{rig.igauth.parent}:{os.environ['PATH']}",
        "PS1": f"{PROMPT} ",
        "LC_ALL": "C.UTF-8",
        "HISTFILE": "",
        "IGAUTH_HOME": str(rig.folder / "home"),
        "IGAUTH_GRAPH_URL": rig.facebook.graph_url,
    }


@contextmanager
def prepared(igauth: Path) -> Iterator[Rig]:
    """Start what all rows share, with one token in a home of its own."""
    folder = Path(tempfile.mkdtemp(prefix="igauth-terminals-"))
    facebook = start_sandbox()
    try:
        with ssh_server(folder / "ssh") as server:
            rig = Rig(igauth, folder, server, facebook, facebook.world.token("user_long").value)
            fill_home(rig)
            yield rig
    finally:
        facebook.stop()
        shutil.rmtree(folder, ignore_errors=True)


def fill_home(rig: Rig) -> None:
    """Save a profile, a token, and a short time for the clipboard."""
    environ = {**clean_environment(), **variables(rig)}

    def run(words: Sequence[str], value: str) -> None:
        subprocess.run([str(rig.igauth), *words], input=value, text=True, env=environ, check=True, capture_output=True)

    run(["add", "acme", "--app-id", rig.facebook.app_id, "--store", "database"], rig.facebook.app_secret)
    run(["import", "user_long", "--profile", "acme"], rig.token)
    settings = rig.folder / "home" / "config.toml"
    settings.write_text(f"clipboard_clear_seconds = {CLEAR_AFTER}\n{settings.read_text()}")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

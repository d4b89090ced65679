"""Runs the installed igauth in every situation, and prints a table: `python -m tests.rigs.network IGAUTH [WORD...]`.

Only the situations whose name has one of the words, where there are any. Exit status 1: some run crashed, took more
than 20 seconds, showed a secret, or did not name what is in the way.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from tests.network.situations import SITUATIONS, Around, Situation, Stage, secrets_of, stage, trust_graph
from tests.rigs.network_screen import Screen
from tests.rigs.network_surroundings import SURROUNDINGS, Missing
from tui.sandbox import RunningSandbox, start_sandbox

CRASHED = 70
_GIVEN_UP = 90
"""Seconds after which a run is ended."""
AT_ONCE = int(os.environ.get("AT_ONCE", "3"))
"""Situations that are run at the same time: most of their time is waiting. Fewer suit a machine that has other work."""
_UNSAID = ("--profile", "acme", "--field")
_TOKENS = ("user_long", "user_due", "system_user_60d")


class Command(NamedTuple):
    """A command line, and which of the sandbox's secrets its stdin gets; `asks`: it asks Facebook."""

    arguments: str
    stdin: str = ""
    asks: bool = True


COMMANDS = (
    Command("refresh --all"),
    Command("keep"),
    Command("doctor"),
    Command("add acme --verify"),
    Command("login --device --profile acme"),
    Command("status", asks=False),
    Command("check --field app_secret", "app_secret", asks=False),
)


IN_A_NEW_HOME = (
    Command("add acme --app-id {app_id}", "app_secret"),
    Command("doctor", asks=False),
    Command("status", asks=False),
)


class Row(NamedTuple):
    """What one run left."""

    situation: str
    command: str
    sentence: str
    status: int
    seconds: float
    faults: tuple[str, ...]

    def __str__(self) -> str:
        shown = f"{self.situation:44} {self.command:20} {self.status:3} {self.seconds:5.1f}  {self.sentence}"
        return "\n".join([shown, *(f"{'':4}FAULT: {fault}" for fault in self.faults)])


class Rig(NamedTuple):
    """The installed program, and what each run starts from."""

    igauth: str
    facts: dict[str, Any]
    secrets: tuple[str, ...]
    home: Path
    """It is copied for each run."""
    folder: Path

    def environ(self, home: Path, more: Mapping[str, str]) -> dict[str, str]:
        """Return the whole environment of a run."""
        kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
        own = {"HOME": str(self.folder / "person"), "LANG": "C.UTF-8", "TERM": "xterm-256color"}
        return {k: v for k, v in {**kept, **own, "IGAUTH_HOME": str(home), **more}.items() if v != "-unset-"}

    def run(
        self, arguments: str, stdin: str, home: Path, more: Mapping[str, str], prefix: Sequence[str] = ()
    ) -> tuple[int, str, str]:
        """Run a command; return its exit status (-9 where it did not end), stdout and stderr."""
        try:
            done = subprocess.run(
                [*prefix, self.igauth, *arguments.split()],
                input=stdin,
                capture_output=True,
                text=True,
                check=False,
                timeout=_GIVEN_UP,
                start_new_session=True,
                env=self.environ(home, more),
                errors="replace",
            )
        except subprocess.TimeoutExpired as late:
            return -9, (late.stdout or b"").decode(), (late.stderr or b"").decode()
        return done.returncode, done.stdout, done.stderr

    def fill(self, home: Path, environ: Mapping[str, str]) -> None:
        """Add a profile and three tokens to a home."""
        steps = [
            (f"add acme --app-id {self.facts['app_id']}", self.facts["app_secret"]),
            ("add acme --client-token", self.facts["client_token"]),
            *((f"import {name} --profile acme", self.values[name]) for name in _TOKENS),
        ]
        for arguments, stdin in steps:
            for _attempt in range(3):  # a keyring can be slow on a busy machine
                status, out, err = self.run(arguments, stdin, home, environ)
                if not status:
                    break
            else:
                raise RuntimeError(f"igauth {arguments}: exit status {status}\n{out}{err}")
        trust_graph(home)

    @property
    def values(self) -> dict[str, str]:
        """The tokens that Facebook knows, by name."""
        return {token["name"]: token["value"] for token in self.facts["tokens"]}

    def copied(self, around: Around) -> Path:
        """Return a home of its own for one run."""
        home = Path(tempfile.mkdtemp(dir=self.folder)) / "home"
        if (source := around.home or self.home).exists():
            shutil.copytree(source, home)
        around.prepare(home)
        return home


def sentence(command: str, out: str, err: str) -> str:
    """Return the line that says the most: doctor's first failure or warning about the network, else the first line."""
    lines = [" ".join(line.split()) for line in (err + out).splitlines() if line.strip()]
    if command == "doctor":
        wanted = [
            line
            for state in ("failure", "warning")
            for line in lines
            if line.startswith(state) and not line.startswith(_USUAL)
        ]
        return (wanted or ["nothing found"])[0]
    said = [line for line in lines if not line.startswith(("Requesting", "STATE", "Saved profile"))] or lines
    return (said or [""])[0]


_USUAL = ("warning timer", "warning secrets Secret store: database", "warning configuration Not Meta's")


def judged(rig: Rig, situation: Situation, command: Command, around: Around) -> Row:
    """Run one command and say what is wrong with how it ended."""
    home = rig.copied(around)
    began = time.monotonic()
    given = rig.facts.get(command.stdin, "")
    arguments = command.arguments.format(app_id=rig.facts["app_id"])
    status, out, err = rig.run(arguments, given, home, around.environ, around.prefix)
    seconds = time.monotonic() - began
    faults = list(of_every_surface(rig, home, out + err, around))
    if status in (CRASHED, -9) or status < 0:
        faults.append(f"exit status {status}")
    if seconds > around.longest:
        faults.append(f"{seconds:.0f} seconds")
    if command.asks:
        faults += _misjudged(situation, command, status, out + err, around)
    shutil.rmtree(home.parent, ignore_errors=True)
    name = " ".join(word for word in command.arguments.split() if word not in _UNSAID)
    return Row(situation.name, name, sentence(command.arguments, out, err), status, seconds, tuple(faults))


def of_every_surface(rig: Rig, home: Path, text: str, around: Around) -> Iterator[str]:
    """Yield what may never happen: a crash, or a secret that is shown or can be read on the way."""
    if "Traceback" in text:
        yield "a traceback"
    if any(path.name.startswith("crash") for path in home.glob("log/*")):
        yield "a crash report"
    if any(secret in text for secret in rig.secrets):
        yield "a secret in the output"
    log = around.log()
    if any(secret in log for secret in rig.secrets):
        yield "a secret in the log of a proxy"


def _misjudged(situation: Situation, command: Command, status: int, text: str, around: Around) -> Iterator[str]:
    name = command.arguments
    if situation.works and name != "doctor" and status != 0 and "login" not in name:
        yield "Facebook can be asked, and was not"
    if situation.works and name == "doctor" and "failure  network" in text:
        yield "doctor finds a fault"
    if not situation.works and status == 0:
        yield "it ends as if Facebook had answered"
    if not situation.works and around.named not in text:
        yield f"{around.named} is not named"


def make_rig(igauth: str, facebook: RunningSandbox, folder: Path) -> Rig:
    """Make the home that each run starts from, with the installed program."""
    facts = json.loads(json.dumps(facebook.describe()))
    rig = Rig(igauth, facts, secrets_of(facebook), folder / "home", folder)
    (folder / "person").mkdir()
    rig.fill(rig.home, {"IGAUTH_GRAPH_URL": facts["graph_url"]})
    return rig


def rows(rig: Rig, situation: Situation, where: Stage) -> list[Row]:
    """Run every command, and every key of the screen, in one situation."""
    try:
        with situation.make(where) as around, ThreadPoolExecutor(len(COMMANDS) + 1) as pool:
            every = IN_A_NEW_HOME if around.is_new else COMMANDS
            logs_in = around.can_log_in and not situation.works  # else it would wait for the person
            commands = [command for command in every if logs_in or "login" not in command.arguments]
            screen = pool.submit(_on_screen, rig, situation, around)
            return [*pool.map(lambda command: judged(rig, situation, command, around), commands), *screen.result()]
    except Missing as missing:
        return [Row(situation.name, "skipped", str(missing), 0, 0, ())]
    except (OSError, RuntimeError) as error:
        return [
            Row(situation.name, "not made", " ".join(str(error).split()), 0, 0, ("the situation could not be made",))
        ]


def _on_screen(rig: Rig, situation: Situation, around: Around) -> list[Row]:
    home = rig.copied(around)
    found = []
    with Screen([*around.prefix, rig.igauth], rig.environ(home, around.environ)) as screen:
        for seen in screen.visit(around.longest):
            faults = [*of_every_surface(rig, home, seen.text, around), *seen.faults]
            found.append(
                Row(situation.name, f"screen {seen.key}", seen.sentence, seen.status, seen.seconds, tuple(faults))
            )
    shutil.rmtree(home.parent, ignore_errors=True)
    return found


@contextmanager
def prepared(igauth: str) -> Iterator[tuple[Rig, Stage]]:
    """Start what everything shares."""
    facebook = start_sandbox(control=True)
    folder = Path(tempfile.mkdtemp(prefix="network-rig-"))
    try:
        rig = make_rig(igauth, facebook, folder)
        with stage(facebook, folder) as where:
            yield rig, replace(where, fill=rig.fill)
    finally:
        facebook.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main(igauth: str, *words: str) -> int:
    """Print the table; return the exit status."""
    chosen = [
        s for s in (*SITUATIONS, *SURROUNDINGS) if not words or any(w.casefold() in s.name.casefold() for w in words)
    ]
    failed = 0
    with prepared(igauth) as (rig, where), ThreadPoolExecutor(AT_ONCE) as pool:
        for found in pool.map(lambda situation: rows(rig, situation, where), chosen):
            for row in found:
                print(row, flush=True)
                failed += bool(row.faults)
    print(f"\n{len(chosen)} situations, {failed} runs with a fault" if failed else "\nAll as it should be")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

"""A person at `igauth --plain` on a dumb terminal: says something, waits for the next question, hears what was said."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import parse_qs, urlsplit

import httpx

from tests.terminals.pseudo import PseudoTerminal
from tui.sandbox import RunningSandbox

ROOT = Path(__file__).resolve().parents[2]


def surroundings(sandbox: RunningSandbox, home: Path) -> dict[str, str]:
    """The variables that point igauth at a sandbox and a home."""
    return {"IGAUTH_HOME": str(home), "IGAUTH_GRAPH_URL": sandbox.graph_url, "IGAUTH_DIALOG_URL": sandbox.dialog_url}


def browse(link: str, person: str) -> str:
    """Do in the dialog what a browser would, and return the address it ends at."""
    page = httpx.get(link, params={**_query(link), "as": person, "decision": "allow"}, trust_env=False, timeout=10)
    assert page.status_code == 302, page.text
    return page.headers["location"]


def _query(link: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}


class Speaker:
    """Starts igauth on a dumb terminal of its own; `with` ends it."""

    def __init__(self, environ: Mapping[str, str], *options: str, term: str = "dumb", columns: int = 200) -> None:
        self.terminal = PseudoTerminal(
            [sys.executable, "-m", "tui", *options],
            {**os.environ, "TERM": term, **environ},
            cwd=ROOT,
            columns=columns,
            rows=50,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.terminal.close()

    @property
    def heard(self) -> bytes:
        """Everything the terminal was sent."""
        return self.terminal.raw

    def hear(self, words: str) -> None:
        """Wait for words anywhere in the output up to now."""
        self.terminal.wait_for(lambda: words.encode() in self.heard)

    def say(self, text: str, until: str) -> str:
        """Answer, wait until `until` was said after it, and return what was said since."""
        before = len(self.heard)
        self.terminal.send(f"{text}\n")
        self.terminal.wait_for(lambda: until.encode() in self.heard[before:])
        return self.heard[before:].decode()

    def quit(self) -> int:
        """Say q and return the exit status."""
        self.terminal.send("q\n")
        return self.terminal.wait_exit()

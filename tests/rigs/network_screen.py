"""The installed igauth on a screen of 80x24 in tmux: a key, and what the screen says of it once it is done."""

import operator
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, Self

KEYS = ("r", "R", "f5", "v", "i", "t")
"""In the order they are pressed, on the screen of tokens."""
_BUSY = re.compile(r"\d+ of \d+ done|[Rr]efreshing |[Aa]sking |Reading |Checking |running \d+ check")
_DETAILS = ("meaning ", "state ")
_NOTING = ("sh", "-c", '"$@"; echo $? >"$0"; exec sleep 600')
"""Writes the exit status to a file and leaves on the screen what was said last."""
_STEP = 0.2
_TMUX = "set -s escape-time 0\nset -g status off\nset -g default-terminal screen-256color\n"


class Seen(NamedTuple):
    """What a key showed: the newest messages as one sentence, the whole text, and what is wrong with it.

    `status`: the exit status, where the program ended.
    """

    key: str
    sentence: str
    text: str
    seconds: float
    status: int
    faults: tuple[str, ...]


class Screen:
    """A program in a tmux of its own, which ends with the block."""

    def __init__(self, argv: Sequence[str], environ: Mapping[str, str]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="network-screen-"))
        (self._folder / "conf").write_text(_TMUX)
        self._status = self._folder / "status"
        self._environ = dict(environ)
        self._tmux(
            "-f",
            str(self._folder / "conf"),
            "-u",
            "new-session",
            "-d",
            "-x",
            "80",
            "-y",
            "24",
            *_NOTING,
            str(self._status),
            *argv,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tmux("kill-server")
        shutil.rmtree(self._folder, ignore_errors=True)

    def visit(self, longest: float) -> Iterator[Seen]:
        """Yield what the start shows, then each key; no key may take longer than `longest` seconds."""
        began = time.monotonic()
        self._wait(lambda text: "Tokens" in text or self._has_ended, longest)
        self._quiet(longest)
        yield self._seen("start", [], began, longest)
        self._tmux("send-keys", "3")
        if self._has_ended or "[3 Tokens]" not in self._wait(lambda text: "[3 Tokens]" in text, 5):
            return
        for key in KEYS:
            before = messages(self._text())
            began = time.monotonic()
            self._tmux("send-keys", key.upper() if key.startswith("f") else key)
            if key == "i":
                self._wait(lambda text: "esc: back" in text and bool(_meaning(text, _DETAILS)), 5)
            else:
                self._wait(partial(_differs, before), 3)
                self._quiet(longest)
                self._wait(lambda text: bool(messages(text)), 1)
            yield self._seen(key, before, began, longest)
            if self._has_ended:
                return
            if key == "i":
                self._tmux("send-keys", "Escape")
                self._wait(lambda text: "[3 Tokens]" in text, 5)
        yield self._verified("guide v", "[1 Guide]", ("1", "End", "Up"), "v", longest)
        yield self._verified("credentials f5", "[2 Credentials]", ("2",), "F5", longest)

    def _verified(self, name: str, shown: str, ways: Sequence[str], key: str, longest: float) -> Seen:
        """Go to a screen, and verify what it shows."""
        self._tmux("send-keys", ways[0])
        self._wait(lambda text: shown in text and not messages(text), 20)  # messages hide what the screen says
        for way in ways[1:]:
            before = self._text()
            self._tmux("send-keys", way)
            self._wait(partial(operator.ne, before), 3)
        before, began = self._text(), time.monotonic()
        self._tmux("send-keys", key)
        self._wait(lambda text: _outcome(text) not in ("", _outcome(before)) or self._has_ended, 5)
        self._quiet(longest)
        return self._seen(name, [], began, longest)

    @property
    def _has_ended(self) -> bool:
        return self._status.exists()

    def _seen(self, key: str, before: list[str], began: float, longest: float) -> Seen:
        text, seconds = self._text(), time.monotonic() - began
        status = self._status.read_text().strip() if self._has_ended else "0"
        sentence = " ".join(_newer(messages(text), before)) if key not in ("start", "i") else ""
        sentence = _outcome(text) or sentence or _meaning(text, _DETAILS if key == "i" else ("meaning ",))
        if self._has_ended:
            sentence = " ".join(text.split())
        faults = [f"still busy after {longest:g} seconds"] if _is_busy(text) and seconds > longest else []
        if not text.strip():
            faults.append("nothing is shown")
        if self._has_ended and (status == "70" or key != "start"):
            faults.append(f"the program ended with {status}")
        return Seen(key, sentence or _footer(text), text, seconds, int(status or -1), tuple(faults))

    def _quiet(self, longest: float) -> None:
        self._wait(lambda text: not _is_busy(text), longest)

    def _wait(self, condition: Callable[[str], bool], longest: float) -> str:
        end = time.monotonic() + longest
        text = self._text()
        while not condition(text) and time.monotonic() < end:
            time.sleep(_STEP)
            text = self._text()
        return text

    def _text(self) -> str:
        return self._tmux("capture-pane", "-p")

    def _tmux(self, *arguments: str) -> str:
        socket = ["tmux", "-S", str(self._folder / "socket")]
        done = subprocess.run([*socket, *arguments], capture_output=True, text=True, check=False, env=self._environ)
        return done.stdout


def _is_busy(text: str) -> bool:
    """Return whether work is running; a page of the guide may have the words for it too."""
    return _BUSY.search(_footer(text) if "[1 Guide]" in text else text) is not None


def _footer(text: str) -> str:
    return " ".join(line.strip() for line in text.rstrip().splitlines()[-2:-1])


def messages(text: str) -> list[str]:
    """Return the lines of the messages over the screen."""
    return [line[1:].strip() for line in text.splitlines() if line.startswith("▌")]


def _outcome(text: str) -> str:
    """Return what the last check said: of the selected step of the guide, or of the values of a profile."""
    lines = text.splitlines()
    if "[1 Guide]" in text:
        page = "\n".join(line.partition("│")[2].strip(" ▁▂▃▄▅▆▇█") for line in lines)
        said = re.search(r"^check +((?:.*\n)+?)(?=[a-z]+ {2,}|more below|\Z)", page, re.MULTILINE)
        return " ".join(said[1].split()) if said else ""
    if "[2 Credentials]" in text:
        last = max((number for number, line in enumerate(lines) if line.startswith(" ▌")), default=len(lines))
        return " ".join(" ".join(lines[last + 1 : -2]).split())
    return ""


def _meaning(text: str, labels: Sequence[str]) -> str:
    lines = [line.strip(" │") for line in text.splitlines()]
    for label in labels:
        for line, following in pairwise(lines):
            if line.startswith(label):
                return f"{line} {following}"
    return ""


def _differs(before: list[str], text: str) -> bool:
    return messages(text) != before or _is_busy(text)


def _newer(said: list[str], before: list[str]) -> list[str]:
    """Return the messages without those of before, of which the oldest have left the screen meanwhile."""
    same = next(count for count in range(len(before), -1, -1) if count == 0 or said[:count] == before[-count:])
    return said[same:] or said

"""A headless Chromium, controlled through a pair of pipes: opens a page and clicks on it."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

FOUND = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), "")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
LIMIT = 60.0


class PageLeft(Exception):
    """The page went away while it was asked: the one that comes is to be asked instead."""


class Chromium:
    """One browser with one page. Close it when done."""

    def __init__(self, folder: Path) -> None:
        command_read, self._command = os.pipe()
        self._answer, answer_write = os.pipe()

        def place() -> None:
            # The browser reads commands from descriptor 3 and answers on 4.
            high = [os.dup(command_read), os.dup(answer_write)]
            os.dup2(high[0], 3)
            os.dup2(high[1], 4)

        self._process = subprocess.Popen(
            [FOUND, *FLAGS, f"--user-data-dir={folder / 'profile'}", "--remote-debugging-pipe", "about:blank"],
            preexec_fn=place,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(command_read)
        os.close(answer_write)
        self._number = 0
        self._left = b""
        self._session = ""
        target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """One command and its result."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._command, json.dumps(message).encode() + b"\0")
        ends = time.monotonic() + LIMIT
        while True:
            answer = self._next(ends)
            if answer.get("id") == self._number:
                if "navigated or closed" in answer.get("error", {}).get("message", ""):
                    raise PageLeft
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result

    def _next(self, ends: float) -> dict[str, Any]:
        while b"\0" not in self._left:
            ready, _, _ = select.select([self._answer], [], [], max(0.0, ends - time.monotonic()))
            assert ready, "the browser does not answer"
            read = os.read(self._answer, 65536)
            assert read, "the browser has gone"
            self._left += read
        raw, _, self._left = self._left.partition(b"\0")
        message: dict[str, Any] = json.loads(raw)
        return message

    def open(self, address: str) -> None:
        self.send("Page.navigate", url=address)

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page; None while there is none."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True)["result"]
        return result.get("value")

    def wait_for(self, expression: str) -> None:
        """Wait until the expression is true in the page."""
        ends = time.monotonic() + LIMIT
        while not self._holds(expression):
            assert time.monotonic() < ends, f"never: {expression}\n{self.ask('document.body.innerText')}"
            select.select([], [], [], 0.02)

    def _holds(self, expression: str) -> bool:
        try:
            return bool(self.ask(f"document.readyState === 'complete' && Boolean({expression})"))
        except PageLeft:
            return False

    def click(self, selector: str) -> None:
        """Press the middle of an element with the mouse, as a person does."""
        self.wait_for(f"document.querySelector({selector!r})")
        where = self.ask(
            f"(() => {{ const e = document.querySelector({selector!r}); e.scrollIntoView({{block: 'center'}});"
            " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=where[0], y=where[1], button="left", clickCount=1)

    def close(self) -> None:
        os.close(self._command)
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        os.close(self._answer)

"""When a copied secret is taken back, and when it is not; with an app whose timers the test sets off."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, cast

from textual.app import App

from tests.terminal.test_clipboard import TOKEN, Tools
from tui.redact import Secret
from tui.terminal.app_clipboard import TerminalClipboard
from tui.terminal.children import Ran
from tui.terminal.routes import osc52
from tui.terminal.textual_internals import write_raw

SSH = {"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.10 22", "TERM": "xterm-256color"}


class Line:
    """A driver that keeps what it has to write."""

    def __init__(self) -> None:
        self.written: list[str] = []

    def write(self, data: str) -> None:
        self.written.append(data)

    def flush(self) -> None:
        """Nothing is held back."""


class Stage:
    """As much of an app as the clipboard needs."""

    def __init__(self) -> None:
        self._driver = Line()
        self.timers: list[tuple[float, Callable[[], object]]] = []
        self.works: list[asyncio.Task[None]] = []

    def set_timer(self, seconds: float, act: Callable[[], object]) -> None:
        self.timers.append((seconds, act))

    def run_worker(self, work: Coroutine[Any, Any, None], **_: object) -> None:
        self.works.append(asyncio.ensure_future(work))

    async def ring(self, number: int) -> None:
        self.timers[number][1]()
        await asyncio.gather(*self.works)

    @property
    def app(self) -> App[Any]:
        return cast("App[Any]", self)


def clipboard(runner: Callable[[Sequence[str], bytes | None], Ran], clear_after: float = 45) -> TerminalClipboard:
    return TerminalClipboard(SSH, clear_after=clear_after, runner=runner, which=lambda _: None)


async def test_a_secret_is_cleared_after_its_time() -> None:
    stage, desk = Stage(), clipboard(Tools())
    copied = await desk.copy(stage.app, Secret(TOKEN))
    assert copied.clears_in == 45
    assert stage.timers[0][0] == 45
    await stage.ring(0)
    assert stage._driver.written == [osc52(TOKEN), osc52("")]
    assert desk.leave() is None


async def test_a_later_copy_is_not_cleared_by_an_earlier_ones_time() -> None:
    stage, desk = Stage(), clipboard(Tools())
    await desk.copy(stage.app, Secret(TOKEN))
    await desk.copy(stage.app, "https://example.test/")
    await stage.ring(0)
    assert stage._driver.written == [osc52(TOKEN), osc52("https://example.test/")]


async def test_the_same_secret_copied_again_has_its_full_time() -> None:
    stage, desk = Stage(), clipboard(Tools())
    await desk.copy(stage.app, Secret(TOKEN))
    await desk.copy(stage.app, Secret(TOKEN))
    await stage.ring(0)
    assert stage._driver.written == [osc52(TOKEN)] * 2
    await stage.ring(1)
    assert stage._driver.written[-1] == osc52("")


async def test_what_is_no_secret_stays_and_zero_seconds_never_clear() -> None:
    stage = Stage()
    copied = await clipboard(Tools()).copy(stage.app, "https://example.test/")
    assert not copied.clears_in
    await clipboard(Tools(), clear_after=0).copy(stage.app, Secret(TOKEN))
    assert stage.timers == []


async def test_the_next_copy_removes_an_earlier_secret_from_tmux() -> None:
    class Tmux(Tools):
        def __call__(self, argv: Sequence[str], feed: bytes | None) -> Ran:
            if argv[1].startswith("show-options"):
                return Ran(0, b"external")
            return super().__call__(argv, feed)

    tools, stage = Tmux(), Stage()
    desk = TerminalClipboard(SSH | {"TMUX": "/tmp/s,1,0"}, runner=tools, which=lambda _: None)
    await desk.copy(stage.app, Secret(TOKEN))
    assert tools.buffers == [TOKEN.encode()]
    await desk.copy(stage.app, "something else")
    assert tools.buffers == [b"something else", b""]


async def test_a_screen_that_is_not_the_apps_is_not_written_to() -> None:
    class Gone:
        def is_alive(self) -> bool:
            return False

    stage, desk = Stage(), clipboard(Tools())
    stage._driver._writer_thread = Gone()  # type: ignore[attr-defined]
    assert not write_raw(stage.app, "anything")
    copied = await desk.copy(stage.app, Secret(TOKEN))
    assert copied.outcome == "cannot"
    assert stage._driver.written == []

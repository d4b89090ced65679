"""When a copied secret is taken back, and when it is not; with an app whose timers the test sets off."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any, cast

import pytest
from textual.app import App

from tests.terminal.test_clipboard import TOKEN, Tools
from tui.redact import Secret
from tui.terminal import app_clipboard
from tui.terminal.app_clipboard import TerminalClipboard
from tui.terminal.capabilities import TmuxSettings, Which, detect
from tui.terminal.children import Ran
from tui.terminal.clipboard import Leaving, Left, OnQuit, Problem
from tui.terminal.input_pieces import Answer, AnswerKind
from tui.terminal.queries import QUERY, TerminalQueries
from tui.terminal.routes import osc52, through_tmux
from tui.terminal.textual_internals import write_raw
from tui.wording.copying import left_text

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
        self.app_focus = True
        self.is_web = False
        self.painted = 0

    def refresh(self, *, layout: bool) -> None:
        self.painted += layout

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
    assert await desk.leave(stage.app) is None


@pytest.mark.parametrize(
    ("term", "has_focus", "again"),
    [("foot", False, True), ("foot", True, False), ("xterm-256color", False, True), ("xterm-kitty", False, False)],
)
async def test_what_was_cleared_without_focus_is_cleared_again(term: str, has_focus: bool, again: bool) -> None:
    stage = Stage()
    desk = TerminalClipboard(SSH | {"TERM": term}, runner=Tools(), which=lambda _: None)
    await desk.copy(stage.app, Secret(TOKEN))
    stage.app_focus = has_focus
    await stage.ring(0)
    for _ in range(2):  # once is enough
        desk.clear_with_focus(stage.app)
    assert stage._driver.written == [osc52(TOKEN), *[osc52("")] * (1 + again)]


async def test_a_new_copy_is_not_cleared_by_the_focus() -> None:
    stage, desk = Stage(), clipboard(Tools())
    await desk.copy(stage.app, Secret(TOKEN))
    stage.app_focus = False
    await stage.ring(0)
    await desk.copy(stage.app, "https://example.test/")
    desk.clear_with_focus(stage.app)
    assert stage._driver.written[-1] == osc52("https://example.test/")


async def test_through_mosh_a_clear_goes_before_each_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_clipboard, "_IN_MOSH", 0.0)
    queries = TerminalQueries()
    stage = Stage()
    queries.ask(partial(write_raw, stage.app), detect(SSH, lambda _: None))
    queries.take(Answer(AnswerKind.SECONDARY, "1;10;0"))
    queries.take(Answer(AnswerKind.PRIMARY, "62"))
    desk = TerminalClipboard(SSH, queries=queries, runner=Tools(), which=lambda _: None)
    assert (await desk.copy(stage.app, Secret(TOKEN))).problem is Problem.UNPROVEN
    for _ in range(2):  # once confirmed, it goes at once
        assert (await desk.copy(stage.app, Secret(TOKEN))).outcome == "sent"
    assert stage._driver.written == [QUERY, *[osc52(""), osc52(TOKEN)] * 2]


async def test_through_mosh_and_tmux_the_clear_goes_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_clipboard, "_IN_MOSH", 0.0)
    tmux = TmuxSettings("on", "on", "xterm", programs=frozenset({"mosh-server"}))
    environ = SSH | {"TMUX": "/tmp/s,1,0", "TERM": "tmux"}
    seen = detect(environ, lambda _: None, tmux)
    monkeypatch.setattr(app_clipboard, "detect_all", lambda *_: seen)
    stage = Stage()
    desk = TerminalClipboard(environ, runner=Tools(), which=lambda _: None)
    for _ in range(2):
        await desk.copy(stage.app, Secret(TOKEN))
    assert stage._driver.written == [through_tmux(osc52("")), through_tmux(osc52(TOKEN))]


async def test_a_recorded_session_needs_a_second_press() -> None:
    stage = Stage()
    desk = TerminalClipboard(SSH | {"ASCIINEMA_REC": "1"}, runner=Tools(), which=lambda _: None)
    assert (await desk.copy(stage.app, Secret(TOKEN))).problem is Problem.RECORDED
    assert (await desk.copy(stage.app, Secret(TOKEN[1:]))).problem is Problem.RECORDED
    assert (await desk.copy(stage.app, Secret(TOKEN))).problem is Problem.RECORDED
    assert stage._driver.written == []
    copied = await desk.copy(stage.app, Secret(TOKEN))
    assert (copied.outcome, copied.clears_in) == ("sent", 45)
    assert (await desk.copy(stage.app, Secret(TOKEN))).problem is Problem.RECORDED


async def test_a_secret_selected_on_the_screen_is_cleared_too() -> None:
    stage, desk = Stage(), clipboard(Tools())
    assert (await desk.copy(stage.app, f"token {TOKEN}")).clears_in == 45


async def test_a_terminal_that_is_not_known_is_painted_whole() -> None:
    stage = Stage()
    await clipboard(Tools()).copy(stage.app, Secret(TOKEN))
    assert stage.painted == 1
    await TerminalClipboard({"TERM": "foot"}, runner=Tools(), which=lambda _: None).copy(stage.app, Secret(TOKEN))
    assert stage.painted == 1


@pytest.mark.parametrize(
    ("on_quit", "written", "leaving"),
    [(OnQuit.NOW, [osc52(TOKEN), osc52("")], Leaving.ASKED), (OnQuit.NEVER, [osc52(TOKEN)], Leaving.STAYS)],
)
async def test_at_the_end_a_secret_is_cleared_as_was_chosen(
    on_quit: OnQuit, written: list[str], leaving: Leaving
) -> None:
    stage = Stage()
    desk = TerminalClipboard(SSH, on_quit=on_quit, runner=Tools(), which=lambda _: None)
    await desk.copy(stage.app, Secret(TOKEN))
    left = await desk.leave(stage.app)
    assert left is not None
    assert left.leaving is leaving
    assert stage._driver.written == written
    assert await desk.leave(stage.app) is None


@pytest.mark.parametrize(
    ("client", "later", "now"),
    [
        (TmuxSettings("on", client_term="xterm"), Leaving.TMUX_LATER, Leaving.TMUX_CLEARED),
        (TmuxSettings("on", client_term="foot"), Leaving.ATTACHED, Leaving.ASKED),
        (TmuxSettings("on", "on", client_term="foot"), Leaving.LOGGED_IN, Leaving.ASKED),
    ],
)
async def test_what_tmux_alone_has_is_in_no_clipboard(
    client: TmuxSettings, later: Leaving, now: Leaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.terminal.clear_later.stay_behind", lambda *_: True)
    monkeypatch.setattr("tui.terminal.clear_later.ends_with_igauth", lambda: False)
    environ = SSH | {"TMUX": "/tmp/s,1,0", "TERM": "tmux"}
    monkeypatch.setattr(app_clipboard, "detect_all", lambda *_: detect(environ, lambda _: None, client))
    for on_quit, leaving in ((OnQuit.LATER, later), (OnQuit.NOW, now)):
        desk = TerminalClipboard(environ, on_quit=on_quit, runner=Tools(), which=lambda _: None)
        await desk.copy(Stage().app, Secret(TOKEN))
        left = await desk.leave(Stage().app)
        assert left is not None
        assert left.leaving is leaving
        assert left_text(left)


def test_every_ending_has_its_words() -> None:
    assert all(left_text(Left(leaving, 42.4)) for leaving in Leaving)


async def test_later_means_as_long_as_the_person_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.terminal.clear_later.stay_behind", lambda *_: True)
    monkeypatch.setattr("tui.terminal.clear_later.ends_with_igauth", lambda: False)

    async def leaving(environ: dict[str, str], runner: Tools, which: Which) -> Leaving:
        desk = TerminalClipboard(environ, runner=runner, which=which)
        await desk.copy(Stage().app, Secret(TOKEN))
        left = await desk.leave(Stage().app)
        assert left is not None
        assert 0 < left.seconds <= 45
        assert f"{left.seconds:.0f} s" in left_text(left)
        return left.leaving

    assert await leaving(SSH, Tools(), lambda _: None) is Leaving.LOGGED_IN
    assert await leaving({"DISPLAY": ":0"}, Tools(), lambda name: name) is Leaving.LATER
    monkeypatch.setattr("tui.terminal.clear_later.stay_behind", lambda *_: False)
    desk = clipboard(Tools())
    await desk.copy(Stage().app, Secret(TOKEN))
    assert await desk.leave(Stage().app) == Left(Leaving.STAYS)


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

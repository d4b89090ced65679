"""Nothing is computed, posted or written for what does not change or is not seen: causes, not times."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual import messages

from tests.bench.homes import fill
from tests.clocks import FrozenClock
from tests.conftest import MakeSandbox
from tests.screens.driving import Person, environment, opened, standing_clock
from tests.terminals.emulator import Emulator
from tests.tokens.test_many import a_crowd, store_all
from tui.sandbox import RunningSandbox
from tui.screens.messages import WorkOnTokens
from tui.services import Services
from tui.services.token_work import Kind
from tui.tokens.states import TokenState
from tui.tokens.token import DAY, Token
from tui.widgets import token_cells
from tui.widgets.token_summary import TokenSummary
from tui.widgets.token_table import TokenTable
from tui.wording.token_words import time_left

MANY = 300


def many(services: Services) -> None:
    """Store tokens that need no check."""
    fill(services.vault, MANY)


@contextmanager
def written(person: Person) -> Iterator[list[str]]:
    """Collect the bytes of each frame, as the driver of a real terminal would get them."""
    frames: list[str] = []

    def display(screen: object, update: object) -> None:
        if update is not None:
            frames.append(update.render_segments(person.app.console))  # type: ignore[attr-defined]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(person.app, "_display", display)
        person.screen.refresh()
        yield frames


def tick(person: Person, clock: FrozenClock) -> None:
    """Let a second pass, now."""
    clock.at += 1
    person.screen.tick(clock.now())  # type: ignore[attr-defined]


async def settled(person: Person) -> None:
    """Wait until the screen has nothing left to paint."""
    for _ in range(3):
        await person.pilot.pause()
    await person.wait_for(lambda: not person.screen._dirty_widgets and not person.screen._repaint_required)
    await person.pilot.pause()


@pytest.fixture
def countdowns(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of tokens whose time left was worked out."""
    asked: list[str] = []

    def counted(token: Token, its_state: TokenState, now: float) -> str:
        asked.append(token.name)
        return time_left(token, its_state, now)

    monkeypatch.setattr(token_cells, "time_left", counted)
    return asked


async def test_a_tick_looks_only_at_the_rows_in_sight(frozen_facebook: RunningSandbox, countdowns: list[str]) -> None:
    async with opened(frozen_facebook, tokens=(), prepare=many, asked=False, clock=standing_clock()) as person:
        await settled(person)
        assert len(person.names) == MANY
        countdowns.clear()
        person.table.tick(person.services.clock.now() + 1)
        assert 0 < len(countdowns) <= person.table.size.height


async def test_a_tick_of_ten_tokens_writes_a_few_hundred_bytes(frozen_facebook: RunningSandbox) -> None:
    def ten(services: Services) -> None:
        fill(services.vault, 10)

    clock = standing_clock()
    async with opened(frozen_facebook, tokens=(), prepare=ten, asked=False, clock=clock) as person:
        with written(person) as frames:
            await settled(person)
            frames.clear()
            tick(person, clock)
            await settled(person)
            text = "".join(frames)
            assert 100 < len(text.encode()) <= 400, text
            frames.clear()
            person.screen.tick(clock.now())  # type: ignore[attr-defined]
            await settled(person)
            assert "".join(frames) == ""


async def test_a_tick_posts_two_messages(frozen_facebook: RunningSandbox) -> None:
    clock = standing_clock()
    async with opened(frozen_facebook, tokens=(), prepare=many, asked=False, clock=clock) as person:
        await settled(person)
        person.messages.clear()
        tick(person, clock)
        await settled(person)
        updates = [message for message in person.messages if isinstance(message, messages.Update)]
        assert {type(message.widget).__name__ for message in updates} <= {"TokenTable", "StatusLine", "TokensScreen"}
        assert len(updates) <= 4
        assert not [message for message in person.messages if isinstance(message, messages.Layout)]


async def test_a_hidden_screen_does_not_tick(frozen_facebook: RunningSandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = standing_clock()
    async with opened(frozen_facebook, tokens=("user_due",), clock=clock) as person:
        await person.go("1", "guide")
        ticks: list[float] = []
        monkeypatch.setattr(TokenTable, "tick", lambda _table, now: ticks.append(now))
        before = person.lines[-2]
        clock.at += 1
        await person.wait_for(lambda: person.lines[-2] != before)  # the guide's own status line counts down
        assert ticks == []


def shown(frames: list[str]) -> list[str]:
    """The rows as a terminal has them that got nothing but these frames."""
    terminal = Emulator(80, 24)
    terminal.feed("\x1b[?7l" + "".join(frames))
    return [line for line in terminal.lines[:8] if "user_" in line]


async def test_the_time_of_the_last_check_changes_by_the_minute(
    frozen_facebook: RunningSandbox,
) -> None:
    clock = standing_clock()
    clock.at += 30
    async with opened(frozen_facebook, tokens=("user_due", "user_long"), clock=clock) as person:
        with written(person) as frames:
            await settled(person)
            assert [row.split()[-1] for row in shown(frames)] == ["<1m", "<1m"]
            assert "checked just now" in person.flat
            for passed, age in ((35, "<1m"), (26, "1m")):  # a minute of the clock, then one since it was asked
                clock.at += passed
                tick(person, clock)
                await settled(person)
                assert [row.split()[-1] for row in shown(frames)] == [age, age]
            clock.at += 60
            tick(person, clock)
            await person.wait_for("checked 2 min ago")


async def test_the_other_end_moves_on_by_itself(frozen_facebook: RunningSandbox) -> None:
    clock = standing_clock()
    async with opened(frozen_facebook, tokens=("user_due",), clock=clock) as person:
        with written(person) as frames:
            await settled(person)
            assert " 81 d " in shown(frames)[0]
            clock.at += DAY
            tick(person, clock)
            await settled(person)
            assert " 80 d " in shown(frames)[0] or " 79 d " in shown(frames)[0]


async def test_the_cursor_and_the_summary_are_painted_in_one_frame(frozen_facebook: RunningSandbox) -> None:
    async with opened(frozen_facebook, tokens=(), prepare=many, asked=False, clock=standing_clock()) as person:
        with written(person) as frames:
            for _ in range(3):
                await settled(person)
                frames.clear()
                await person.press("down")
                summary = person.screen.query_one(TokenSummary)
                await person.wait_for(lambda summary=summary: person.selected in str(summary.render()))  # type: ignore[misc]
                await settled(person)
                painted = [frame for frame in frames if frame]
                assert len(painted) == 1
                assert len(painted[0].encode()) < 1_200


async def test_a_board_that_arrives_as_it_was_writes_nothing(frozen_facebook: RunningSandbox) -> None:
    async with opened(frozen_facebook, tokens=(), prepare=many, asked=False, clock=standing_clock()) as person:
        with written(person) as frames:
            await settled(person)
            frames.clear()
            person.app.reload_board()
            await person.app.workers.wait_for_complete()
            await settled(person)
            assert "".join(frames) == ""


async def test_a_refresh_of_many_reads_the_board_rarely(
    make_sandbox: MakeSandbox, tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox = make_sandbox(a_crowd(tmp_path, 40))
    for name, value in environment(own_home, sandbox.graph_url).items():
        monkeypatch.setenv(name, value)

    def all_of_them(services: Services) -> None:
        store_all(services.vault, sandbox)

    async with opened(sandbox, tokens=(), prepare=all_of_them, asked=False) as person:
        await person.wait_for(lambda: not person.table._busy and person.app.session.board.checked_at is not None)
        names = person.names
        reloads: list[str] = []
        tokens = person.services.tokens

        def counted() -> tuple[Token, ...]:
            reloads.append("read")
            return tokens()

        monkeypatch.setattr(person.services, "tokens", counted)
        person.app.post_message(WorkOnTokens(Kind.REFRESH, tuple(names)))
        await person.wait_for(lambda: all(row.token.extended_at for row in person.app.session.board.rows), 60)
        assert len(reloads) < len(names) * 2 // 3

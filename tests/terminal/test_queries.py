"""What the terminal is asked, and how long a copy waits for its answer."""

import asyncio

import pytest

from tests.terminal.test_capabilities import SSH, nothing
from tui.terminal.capabilities import detect
from tui.terminal.input_pieces import Answer, AnswerKind
from tui.terminal.kinds import Answers
from tui.terminal.queries import ANSWERS_WITHIN, QUERY, TerminalQueries


def asked(environ: dict[str, str]) -> list[str]:
    written: list[str] = []

    def write(text: str) -> bool:
        written.append(text)
        return True

    TerminalQueries().ask(write, detect(environ, nothing))
    return written


def test_the_terminal_that_a_copy_reaches_is_asked() -> None:
    assert asked(SSH | {"TERM": "xterm"}) == [QUERY]
    [wrapped] = asked({"TERM": "screen.xterm", "STY": "1.x"})
    assert wrapped == f"\x1bP{QUERY}\x1b\\"


@pytest.mark.parametrize(
    "environ",
    [{"TERM": "linux"}, {"TERM": "eterm-color"}, {"TERM": "dumb"}, {"TERM": "tmux-256color", "TMUX": "/tmp/s,1,0"}],
)
def test_who_would_paint_the_question_or_is_known_is_not_asked(environ: dict[str, str]) -> None:
    assert asked(environ) == []


async def test_an_answer_is_waited_for_as_long_as_it_may_take() -> None:
    now = 100.0
    queries = TerminalQueries(lambda: now)
    assert await queries.answers() is None
    queries.ask(lambda _: False, detect(SSH | {"TERM": "xterm"}, nothing))
    assert await queries.answers() is None
    queries.ask(lambda _: True, detect(SSH | {"TERM": "xterm"}, nothing))
    waiting = asyncio.ensure_future(queries.answers())
    queries.take(Answer(AnswerKind.SECONDARY, "0;136;0"))
    queries.take(Answer(AnswerKind.VERSION, "PuTTY"))
    await asyncio.sleep(0)
    assert not waiting.done()
    queries.take(Answer(AnswerKind.PRIMARY, "6"))
    assert await waiting == Answers("6", "0;136;0", "PuTTY")


async def test_a_silent_terminal_is_not_waited_for_twice() -> None:
    now = 100.0
    queries = TerminalQueries(lambda: now)
    queries.ask(lambda _: True, detect(SSH | {"TERM": "xterm"}, nothing))
    now += ANSWERS_WITHIN
    assert await queries.answers() == Answers()
    queries.take(Answer(AnswerKind.PRIMARY, "6"))  # a very slow line
    assert await queries.answers() == Answers("6")


async def test_in_screen_the_terminal_of_now_is_asked() -> None:
    written: list[str] = []
    queries = TerminalQueries()

    def write(text: str) -> bool:
        written.append(text)
        return True

    queries.ask(write, detect({"TERM": "screen.xterm", "STY": "1.x"}, nothing))
    queries.take(Answer(AnswerKind.SECONDARY, "1;4000;26"))
    queries.take(Answer(AnswerKind.PRIMARY, "62"))
    waiting = asyncio.ensure_future(queries.answers())
    await asyncio.sleep(0)
    assert len(written) == 2
    assert not waiting.done()
    queries.take(Answer(AnswerKind.PRIMARY, "6"))
    assert await waiting == Answers("6")

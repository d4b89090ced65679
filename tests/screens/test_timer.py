"""What the screens say of the timer and its runs."""

from collections.abc import Callable

import pytest

from tests.screens.driving import NOON, Person, opened, standing_clock
from tui.sandbox import RunningSandbox
from tui.services import Services
from tui.tokens.automation import DAY, Run, RunFailure, RunProblem, TimerKind, TimerState, timer_state
from tui.wording.automation import first_token_advice, timer_line, timer_sign
from tui.wording.surfaces import CommandLine, sentences

SIZES = ((80, 24), (140, 40), (40, 15))
HOUR = 3_600


def _a_home(services: Services) -> None:
    services.throw_away = False  # its vault is open already: no secret goes anywhere else


def _working(services: Services) -> None:
    _a_home(services)
    services.timer.note_installed(TimerKind.CRON)
    services.timer.note_run(Run(NOON - HOUR, NOON - HOUR, 3))


def _failing(services: Services) -> None:
    _a_home(services)
    services.timer.note_installed(TimerKind.SYSTEMD)
    failure = RunFailure(RunProblem.SECRETS, (), "keyring_silent")
    services.timer.note_run(Run(NOON - HOUR, NOON - HOUR, 0, (failure,)))


def _overdue(services: Services) -> None:
    _a_home(services)
    services.timer.note_installed(TimerKind.CRON, DAY)
    services.meta.set("timer/since", str(NOON - 9 * DAY))
    services.timer.note_run(Run(NOON - 4 * DAY, NOON - 4 * DAY, 1))


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    ("prepare", "its_state"),
    [
        (_a_home, TimerState.NONE),
        (_working, TimerState.WORKING),
        (_failing, TimerState.FAILING),
        (_overdue, TimerState.OVERDUE),
    ],
)
async def test_the_tokens_screen_says_whether_the_timer_works(
    frozen_facebook: RunningSandbox, prepare: Callable[[Services], None], its_state: TimerState, size: tuple[int, int]
) -> None:
    async with opened(frozen_facebook, clock=standing_clock(), prepare=prepare, size=size) as person:
        timer = person.app.session.automation
        assert timer_state(timer, NOON) is its_state
        line = timer_line(timer, NOON, size[0] - 2)
        await person.wait_for(lambda: any(shown.strip() == line for shown in person.lines))
        assert len(line) <= size[0] - 2


async def test_the_line_is_worded_again_for_another_width(frozen_facebook: RunningSandbox) -> None:
    async with opened(frozen_facebook, clock=standing_clock(), prepare=_failing, size=(140, 40)) as person:
        await person.wait_for(lambda: _line(person, 138) in person.text)
        await person.pilot.resize_terminal(40, 15)
        await person.wait_for(lambda: _line(person, 38) in person.text)
        assert _line(person, 38) != _line(person, 138)


def _line(person: Person, width: int) -> str:
    return timer_line(person.app.session.automation, NOON, width)


@pytest.mark.parametrize("prepare", [_a_home, _failing, _overdue])
async def test_other_screens_say_that_tokens_are_not_kept(
    frozen_facebook: RunningSandbox, prepare: Callable[[Services], None]
) -> None:
    async with opened(frozen_facebook, clock=standing_clock(), prepare=prepare, start="guide") as person:
        await person.wait_for(timer_sign(person.app.session.timer))


async def test_a_run_that_ends_meanwhile_is_shown(frozen_facebook: RunningSandbox) -> None:
    async with opened(frozen_facebook, clock=standing_clock(), prepare=_failing) as person:
        before = _line(person, 78)
        await person.wait_for(before)
        person.services.timer.note_run(Run(NOON, NOON, 2))
        person.app.reload_board()
        await person.wait_for(lambda: timer_state(person.app.session.automation, NOON) is TimerState.WORKING)
        await person.wait_for(lambda: _line(person, 78) in person.text)
        assert _line(person, 78) != before


async def test_a_demo_asks_for_no_timer(frozen_facebook: RunningSandbox) -> None:
    async with opened(frozen_facebook, clock=standing_clock()) as person:
        await person.rest()
        assert timer_line(None, NOON, 78) not in person.text
        assert timer_sign(TimerState.NONE) not in person.text
        assert "Nothing extends it by itself" in person.flat


async def test_tokens_that_no_timer_extends_need_none(frozen_facebook: RunningSandbox) -> None:
    tokens = ("user_expired",)
    async with opened(frozen_facebook, clock=standing_clock(), prepare=_a_home, tokens=tokens) as person:
        await person.rest()
        assert timer_sign(TimerState.NONE) not in person.text


async def _log_in_with(person: Person, token: str) -> None:
    await person.press("l")
    await person.wait_for("copies this link")
    await person.press("tab")
    await person.paste(person.sandbox.world.token(token).value)
    await person.press("enter")
    await person.wait_for(lambda: "Saved" in person.notices)


async def test_the_first_login_comes_with_the_advice_to_install(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), prepare=_a_home, size=(110, 44)) as person:
        await _log_in_with(person, "user_long")
        await person.wait_for(lambda: sentences(first_token_advice(), CommandLine()) in person.notices)
        await person.wait_for(timer_sign(TimerState.NONE))


@pytest.mark.parametrize("prepare", [None, _working])
async def test_a_login_in_a_demo_or_with_a_timer_says_no_more(
    facebook: RunningSandbox, prepare: Callable[[Services], None] | None
) -> None:
    async with opened(facebook, tokens=(), prepare=prepare, size=(110, 44)) as person:
        await _log_in_with(person, "user_long")
        await person.wait_for(lambda: person.app.current_mode == "tokens" and person.screen.is_current)
        assert first_token_advice().what not in person.notices

"""The state of a home as the one line of a Nagios plugin, which Icinga and NRPE read too. Pure functions."""

from collections.abc import Iterator, Sequence

from tui.harmless import harmless
from tui.matillion.estimate import LIFE_DAYS, WARN_DAY, Estimate
from tui.services.monitored import TIMER_LEVELS, Monitored
from tui.tokens.automation import Automation, RunProblem, TimerState
from tui.tokens.states import STATES, TokenState, is_unusable
from tui.tokens.status import CHECK_FAILED, Entry, WindowOf, worst_first
from tui.wording.counts import counted, listed
from tui.wording.texts import phrase, phrases
from tui.wording.times import countdown, stamp

_LEVELS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
_NAMED = (5, 3, 2, 1, 0)
"""How many names stand after each count: the first of these that keeps the text short enough."""
_REFUSALS = 2
"""Refused apps and persons that are named."""
_LONGEST_TEXT = 900
"""Bytes before the performance data: NRPE hands over 1,023 in its older packets."""
_LONGEST_LINE = 7_999
"""Bytes with the end of the line: above 8,192 Nagios sometimes reads a part only."""


def nagios(report: Monitored, window_of: WindowOf) -> str:
    """Return one line: level, what is wrong with the worst first, and performance data up to a whole item.

    Ranges `n:` warn below n, a single number warns above it; an item without a value is left out.
    """
    head = next(
        line for named in _NAMED if len((line := _head(report.level, _text(report, named))).encode()) <= _LONGEST_TEXT
    )
    items = list(_performance_data(report, window_of))
    line = f"{head} | {' '.join(items)}" if items else head
    if len(line.encode()) < _LONGEST_LINE:
        return line
    note = f", {len(items)} values left out"
    room = _LONGEST_LINE - len(f"{head}{note} |\n".encode())
    fitting: list[str] = []
    for item in items:
        room -= len(item.encode()) + 1
        if room < 0:
            break
        fitting.append(item)
    return f"{head}, {counted(len(items) - len(fitting), 'value')} left out | {' '.join(fitting)}"


def nagios_unknown(reason: str) -> str:
    """Return the line, of exit status 3, where the state cannot be read; `reason` is a sentence."""
    short = reason.encode()[: _LONGEST_TEXT // 2].decode(errors="ignore")
    return _head(CHECK_FAILED, short)


def _head(level: int, text: str) -> str:
    plain = harmless(text).replace("|", "/").replace(";", ",")  # Nagios makes colons of semicolons
    return f"IGAUTH {_LEVELS[level]} - {plain}"


def _text(report: Monitored, named: int) -> str:
    parts = [
        *_token_parts(report, named),
        *_refusal_parts(report, named),
        *_timer_parts(report),
        *_delivery_parts(report, named),
        *_estimate_parts(report, named),
    ]
    return ", ".join(text for _, text in sorted(parts, key=lambda part: worst_first(part[0])))


def _token_parts(report: Monitored, named: int) -> Iterator[tuple[int, str]]:
    if not report.entries:
        yield CHECK_FAILED, "no token is stored"
    if not report.all_asked:
        yield CHECK_FAILED, "not every token could be asked about"
    for state in sorted(TokenState, key=lambda state: -STATES[state].severity):
        names = [entry.token.name for entry in report.entries if entry.state is state]
        if names:
            names_text = "" if state is TokenState.VALID else _in_brackets(names, named)
            yield STATES[state].exit_status, f"{len(names)} {state}{names_text}"
    usable = next((entry for entry in report.entries if STATES[entry.state].works and entry.left), None)
    if usable is not None:
        yield 0, f"next expiry {usable.token.name} in {countdown(usable.left)}"


def _refusal_parts(report: Monitored, named: int) -> Iterator[tuple[int, str]]:
    for one in report.refused[:_REFUSALS]:
        what = phrases("remedies", one.refusal.remedy)["what"].rstrip(".")
        yield (
            report.refusals_level,
            f"{counted(len(one.names), 'token')} refused{_in_brackets(one.names, named)}: {what}",
        )
    if more := report.refused[_REFUSALS:]:
        yield report.refusals_level, counted(len(more), "more refusal")


def _timer_parts(report: Monitored) -> Iterator[tuple[int, str]]:
    level = TIMER_LEVELS[report.timer]
    if report.automation is None:
        yield level, "no timer installed"
    elif report.timer is not TimerState.WORKING:
        yield level, _timer_text(report.automation, report.now)


def _delivery_parts(report: Monitored, named: int) -> Iterator[tuple[int, str]]:
    if report.undelivered:
        names = [f"{token} to {destination}" if token else destination for token, destination in report.undelivered]
        yield report.deliveries_level, f"{len(names)} not delivered{_in_brackets(names, named)}"


def _timer_text(automation: Automation, now: float) -> str:
    texts = []
    missed = automation.missed(now)
    if missed:
        texts.append(f"{counted(missed, 'timer run')} missing (last run {stamp(automation.last_run)})")
    if automation.failing_since is not None:
        failures = automation.run.failures if automation.run is not None else ()
        problems = dict.fromkeys(failure.problem for failure in failures)
        words = [
            phrase("automation", "word", problem) for problem in problems if problem is not RunProblem.LOGIN_NEEDED
        ]
        texts.append(f"timer runs have failed since {stamp(automation.failing_since)}{_in_brackets(words, 3)}")
    return ", ".join(texts)


def _estimate_parts(report: Monitored, named: int) -> Iterator[tuple[int, str]]:
    soonest_first = sorted(report.matillion, key=lambda pair: pair[1].ends_at)
    for level in (2, 1, 0):
        found = [(profile, estimate) for profile, estimate in soonest_first if estimate.level == level]
        if found:
            names = [_estimate_words(profile, estimate) for profile, estimate in found]
            yield level, f"{counted(len(found), 'Matillion token')}{_ESTIMATE_WORDS[level]}{_in_brackets(names, named)}"


_ESTIMATE_WORDS = {
    2: " refused by Facebook",
    1: f" past day {WARN_DAY} of {LIFE_DAYS} by estimate",
    0: " by estimate",
}


def _estimate_words(profile: str, estimate: Estimate) -> str:
    return f"{profile} {estimate.reason}" if estimate.reason else f"{profile} about day {estimate.day}"


def _in_brackets(names: Sequence[str], most: int) -> str:
    return f" ({listed(names, most)})" if names and most else ""


def _performance_data(report: Monitored, window_of: WindowOf) -> Iterator[str]:
    """Yield the items. A colon is in no token's name, so that the labels of timer and estimates are their own."""
    if (automation := report.automation) is not None:
        yield f"'timer:runs_missed'={automation.missed(report.now)};1;;0;"
        if automation.last_run is not None:
            yield f"'timer:last_run_age'={max(0, int(report.now - automation.last_run))}s;;;0;"
    for profile, estimate in report.matillion:
        yield f"'matillion:{profile}'={estimate.day};{WARN_DAY};;1;"
    for entry in report.entries:
        yield from _token_item(entry, window_of)


def _token_item(entry: Entry, window_of: WindowOf) -> Iterator[str]:
    left = 0 if is_unusable(entry.state) else entry.left
    if left is not None and (left or not STATES[entry.state].works):  # else this clock does not show how much
        yield f"'{entry.token.name}'={left}s;{window_of(entry.token.profile) + 1}:;1:;0;"

"""What is said of the timer and of its runs. Times are unix seconds, UTC."""

from typing import TYPE_CHECKING

from tui.tokens.automation import Automation, Run, RunFailure, RunProblem, TimerState, timer_state
from tui.wording.counts import counted, listed
from tui.wording.times import ago, moment_text, span, stamp

if TYPE_CHECKING:  # a look at a timer that works needs neither
    from tui.wording.text import Action, Text

NO_TIMER = "No timer is installed: nothing extends these tokens by itself."
_INSTALL, _CHECK = "igauth schedule install", "igauth doctor"
_REASONS = 2
"""Problems of a run that are shown in one paragraph."""


def timer_what(timer: Automation | None, now: float) -> str:
    """Return when the last run was, how many of its steps failed, and when the next one is."""
    if timer is None:
        return NO_TIMER
    match timer.state(now):
        case TimerState.FAILING:
            return (
                f"Runs of the timer have failed {_since(timer, now)}. {_last_run(timer, now)} {_next_run(timer, now)}"
            )
        case TimerState.MISSED | TimerState.OVERDUE:
            failing = "" if timer.failing_since is None else f" Runs had failed {_since(timer, now)}."
            return f"{_absent(timer, now)} {_last_run(timer, now)}{failing}"
        case _:
            return f"{_last_run(timer, now)} {_next_run(timer, now)}"


def timer_next(timer: Automation | None, now: float) -> "Action | None":
    """Return what to do about the timer; None where it works."""
    from tui.wording.text import Action, Do

    if timer is None:
        return Action(Do.INSTALL_TIMER)
    return None if timer.state(now) is TimerState.WORKING else Action(Do.CHECK_TIMER)


def timer_text(timer: Automation | None, now: float) -> "Text":
    """Return the same with what went wrong in the last run, and what to do where the timer does not work."""
    from tui.wording.text import Text

    failures = timer.failures if timer is not None else ()
    reasons = [run_failure_text(failure) for failure in failures[:_REASONS]]
    why = " ".join(f"{one.what} {one.why}".rstrip() for one in reasons)
    return Text(timer_what(timer, now), why, next=timer_next(timer, now))


def first_token_advice() -> "Text":
    """Return what is said after the first token of a home was saved."""
    from tui.wording.text import Action, Do, Text

    return Text("Nothing extends this token by itself.", next=Action(Do.INSTALL_TIMER))


def timer_sentences(timer: Automation | None, now: float) -> str:
    """Return the same as a paragraph on the command line."""
    if timer is None:  # the same as below, without loading every action: `igauth status` says it
        return f"{NO_TIMER} Install a timer: {_INSTALL}"
    if timer_state(timer, now) is TimerState.WORKING:
        return timer_what(timer, now)  # which tokens need a login is in the table above it
    from tui.wording.surfaces import CommandLine, sentences

    return sentences(timer_text(timer, now), CommandLine())


def timer_line(timer: Automation | None, now: float, width: int) -> str:
    """Return the same as one line of at most `width` cells where that is possible; a sign where something is wrong."""
    lines = _lines(timer, now)
    return next((line for line in lines if len(line) <= width), lines[-1])


def _lines(timer: Automation | None, now: float) -> tuple[str, ...]:
    """Return the line in several lengths, the longest first; the shortest has at most 38 cells."""
    if timer is None:
        return f"! Nothing extends these tokens by itself: {_INSTALL}", f"! no timer: {_INSTALL}"
    last, came = _when(timer, now), f", {run_text(timer.run)}" if timer.run is not None else ""
    missed = timer.missed(now)
    following = moment_text(timer.next_run, now)
    match timer.state(now):
        case TimerState.FAILING:
            since, why = _since(timer, now), _first_problem(timer)
            return (
                f"! timer: runs have failed {since} ({why}). See what is wrong: {_CHECK}",
                f"! timer: failing {since} ({why}): {_CHECK}",
                f"! timer: failing ({why}): {_CHECK}",
                f"! timer: failing: {_CHECK}",
            )
        case TimerState.MISSED | TimerState.OVERDUE:
            runs = f"{counted(missed, 'run')} missing"
            return (
                f"! timer: {last}; {runs} since {following} UTC. See what is wrong: {_CHECK}",
                f"! timer: {last}; {runs}: {_CHECK}",
                f"! {runs}: {_CHECK}",
            )
        case _:
            return (
                f"timer: {last}{came}; next {following} UTC",
                f"timer: {last}; next {following} UTC",
                f"timer: next {following} UTC",
            )


def timer_sign(its_state: TimerState) -> str:
    """Return in a word or two that tokens are not kept valid; empty where they are."""
    return _SIGNS.get(its_state, "")


_SIGNS = {
    TimerState.NONE: "no timer",
    TimerState.FAILING: "timer failing",
    TimerState.MISSED: "timer run missing",
    TimerState.OVERDUE: "timer overdue",
}


def timer_lines(timer: Automation | None, now: float) -> list[str]:
    """Return all that is known of the timer and of its last run: for a command, a line each."""
    from tui.wording.surfaces import CommandLine, sentences
    from tui.wording.text import Action, Do, Text

    if timer is None:
        return [sentences(Text("No timer is installed.", next=Action(Do.INSTALL_TIMER)), CommandLine())]
    lines = [timer_what(timer, now)]
    lines.append(f"{kind_text(timer)}, every {span(timer.every)}, since {stamp(timer.since)}.")
    if timer.run is not None:
        run = timer.run
        lines.append(f"Last run: began {stamp(run.began)}, ended {stamp(run.ended)}: {run_text(run)}.")
        lines += [f"- {sentences(run_failure_text(failure), CommandLine())}" for failure in run.failures]
    if timer.missed(now):
        return [*lines, f"The next run was due {stamp(timer.next_run)}.", absent_hint(timer)]
    return [*lines, f"Next run: {stamp(timer.next_run)}."]


def kind_text(timer: Automation) -> str:
    """Return what starts the runs."""
    from tui.wording.texts import phrase

    return phrase("automation", "kind", timer.kind)


def absent_hint(timer: Automation) -> str:
    """Return where to look when runs do not happen."""
    from tui.wording.texts import phrase

    return phrase("automation", "absent", timer.kind)


def run_text(run: Run) -> str:
    """Return what came of a run, as a phrase: `3 extended, 1 needs a new login`."""
    parts = [f"{run.extended} extended"] if run.extended else []
    logins = sum(len(one.names) or 1 for one in run.failures if one.problem is RunProblem.LOGIN_NEEDED)
    if logins:
        parts.append(f"{logins} need{'s' if logins == 1 else ''} a new login")
    others = sum(one.problem is not RunProblem.LOGIN_NEEDED for one in run.failures)
    if others:
        parts.append(counted(others, "problem"))
    return ", ".join(parts) or "nothing to extend"


def run_failure_text(failure: RunFailure) -> "Text":
    """Return one problem of a run, and what to do."""
    from dataclasses import replace

    from tui.wording.texts import phrases, text_of

    details = phrases("automation", "detail")
    known, why = details.get(failure.detail), ""
    if failure.problem is RunProblem.LOGIN_NEEDED and failure.detail:
        from tui.wording.token_words import reason_text

        known, why = "", reason_text(failure.detail)
    if failure.problem in (RunProblem.APP_REFUSED, RunProblem.PERSON_REFUSED) and failure.detail in phrases("remedies"):
        card = text_of("remedies", failure.detail, {})
        return replace(card, what=f"{listed(failure.names)}: {card.what}" if failure.names else card.what)
    if failure.detail.isdecimal():
        known = f"exit status {failure.detail}"
    facts = {
        "names": listed(failure.names) or "A token",
        "s": "" if len(failure.names) > 1 else "s",
        "about": f" about {listed(failure.names)}" if failure.names else "",
        "of": f" of {listed(failure.names)}" if failure.names else "",
        "because": f": {known}" if known else f" ({failure.detail})" if failure.detail and known is None else "",
    }
    return replace(text_of("automation", failure.problem, facts, "problem"), why=why)


def _first_problem(timer: Automation) -> str:
    """Return in a word or two what went wrong in the last run."""
    from tui.wording.texts import phrase

    failures = timer.run.failures if timer.run is not None else ()
    worst = next((one.problem for one in failures if one.problem is not RunProblem.LOGIN_NEEDED), RunProblem.INTERNAL)
    return phrase("automation", "word", worst)


def _since(timer: Automation, now: float) -> str:
    return "" if timer.failing_since is None else f"since {moment_text(timer.failing_since, now)} UTC"


def _when(timer: Automation, now: float) -> str:
    return "no run yet" if timer.last_run is None else f"last run {ago(now - timer.last_run)}"


def _last_run(timer: Automation, now: float) -> str:
    if timer.last_run is None:
        return "The timer has not run yet."
    came = "its outcome is not known" if timer.run is None else run_text(timer.run)
    return f"The timer's last run was {ago(now - timer.last_run)}: {came}."


def _next_run(timer: Automation, now: float) -> str:
    which = "Its first run" if timer.last_run is None else "The next one"
    return f"{which} is due {moment_text(timer.next_run, now)} UTC."


def _absent(timer: Automation, now: float) -> str:
    missed, due = timer.missed(now), f"{moment_text(timer.next_run, now)} UTC"
    if missed == 1:
        return f"The timer's run that was due {due} is missing."
    return f"{missed} runs of the timer are missing; the first was due {due}."

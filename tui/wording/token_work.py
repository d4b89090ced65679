"""Words for work on tokens: how far it is, and what came of it."""

from collections import Counter
from collections.abc import Iterable, Sequence

from tui.facebook.errors import FacebookError, Fault
from tui.services.token_work import Kind, Progress
from tui.tokens.results import RefreshCode
from tui.wording.counts import counted, listed
from tui.wording.texts import phrase, phrases

ALREADY_BUSY = "A request for this token is already running. Try again when it has finished."
STOPPED = "Stopped. Finished tokens keep their result; the others were not changed."


def progress_text(progress: Progress, stop_key: str) -> str:
    """Return how far a piece of work is; `stop_key` is the key that stops it."""
    if progress.done:
        return f"{progress.done} of {progress.total} done ({stop_key} stops)"
    total = progress.total
    words = phrase("tokens", "work", progress.kind)
    return words.format(tokens=counted(total, "token"), checks=counted(total, "check"))


def refresh_counts(results: Sequence[RefreshCode], asked: int) -> str:
    """Return how many tokens had which result; `asked` counts those that were to be refreshed."""
    words = phrases("tokens", "count")
    counts = [f"{count} {words[code].format(s='s' if count == 1 else '')}" for code, count in Counter(results).items()]
    if asked > len(results):
        counts.append(f"{asked - len(results)} not done")
    return ", ".join(counts) or "Nothing was refreshed."


def asked_counts(answered: int, failed: int, total: int) -> str:
    """Return about how many of several tokens Facebook has answered; empty for one token that failed."""
    if failed == total == 1:
        return ""
    counts = [f"{answered} of {total} checked"]
    counts += [f"{failed} could not be checked"] if failed else []
    counts += [f"{total - answered - failed} not done"] if total > answered + failed else []
    return f"{', '.join(counts)}."


def not_done(names: Sequence[str]) -> str:
    """Return that nothing was done for tokens."""
    return f"Nothing was done for {names[0] if len(names) == 1 else counted(len(names), 'token')}."


def failed_title(kind: Kind) -> str:
    """Return the title of work that igauth could not do to its end."""
    return phrase("tokens", "failed", kind)


def is_given_up(error: object) -> bool:
    """Tell whether Facebook was not asked at all, because its host had been silent in the same run."""
    return isinstance(error, FacebookError) and error.fault is Fault.HOST_SILENT


def rest_not_asked(errors: Iterable[object]) -> str:
    """Return which hosts were given up in a run, and how many tokens were not asked about; empty where none was.

    `errors` are the causes of the tokens that could not be asked about.
    """
    given_up = [error.host for error in errors if isinstance(error, FacebookError) and is_given_up(error)]
    return " ".join(
        f"{host} did not answer several times in a row: {counted(count, 'token')} not asked about."
        for host, count in Counter(given_up).items()
    )


def inspected(names: Sequence[str]) -> str:
    """Return that Facebook has answered about tokens."""
    return f"Facebook has answered about {names[0] if len(names) == 1 else counted(len(names), 'token')}."


def worse(changes: Sequence[tuple[str, str]]) -> str:
    """Return which tokens have a worse state than before: name and state of each."""
    return listed((f"{name} is {state}" for name, state in changes), 3)

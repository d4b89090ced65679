"""Words for work on tokens: how far it is, and what came of it."""

from collections import Counter
from collections.abc import Sequence

from tui.services.token_work import Progress
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
        counts.append(f"{asked - len(results)} not changed")
    return ", ".join(counts) or "Nothing was refreshed."


def inspected(names: Sequence[str]) -> str:
    """Return that Facebook has answered about tokens."""
    return f"Facebook has answered about {names[0] if len(names) == 1 else counted(len(names), 'token')}."


def worse(changes: Sequence[tuple[str, str]]) -> str:
    """Return which tokens have a worse state than before: name and state of each."""
    return listed((f"{name} is {state}" for name, state in changes), 3)

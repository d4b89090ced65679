"""Words for work on tokens: how far it is, and what came of it."""

from collections import Counter
from collections.abc import Sequence
from typing import assert_never

from tui.services.token_work import Kind, Progress
from tui.tokens.results import RefreshCode
from tui.wording.text import counted

ALREADY_BUSY = "A request for this token is already running. Try again when it has finished."
STOPPED = "Stopped. Finished tokens keep their result; the others were not changed."


def progress_text(progress: Progress, stop_key: str) -> str:
    """Return how far a piece of work is; `stop_key` is the key that stops it."""
    if progress.done:
        return f"{progress.done} of {progress.total} done ({stop_key} stops)"
    match progress.kind:
        case Kind.REFRESH:
            return f"refreshing {counted(progress.total, 'token')}"
        case Kind.INSPECT:
            return f"asking Facebook about {counted(progress.total, 'token')}"
        case Kind.READ:
            return f"reading with {counted(progress.total, 'token')}"
        case Kind.CHECK:
            return f"running {counted(progress.total, 'check')}"
        case _:
            assert_never(progress.kind)


_RESULTS = {
    RefreshCode.EXTENDED: "extended",
    RefreshCode.UNCHANGED: "unchanged",
    RefreshCode.NEVER_EXPIRES: "without expiry",
    RefreshCode.LOGIN_NEEDED: "need a new login",
    RefreshCode.APP_CREDENTIALS: "with wrong App ID or App Secret",
    RefreshCode.COULD_NOT_ASK: "could not be checked",
}


def refresh_counts(results: Sequence[RefreshCode], asked: int) -> str:
    """Return how many tokens had which result; `asked` counts those that were to be refreshed."""
    counts = [f"{count} {_RESULTS[result]}" for result, count in Counter(results).items()]
    if asked > len(results):
        counts.append(f"{asked - len(results)} not changed")
    return ", ".join(counts) or "Nothing was refreshed."


def inspected(names: Sequence[str]) -> str:
    """Return that Facebook has answered about tokens."""
    return f"Facebook has answered about {names[0] if len(names) == 1 else counted(len(names), 'token')}."


def worse(changes: Sequence[tuple[str, str]]) -> str:
    """Return which tokens have a worse state than before: name and state of each."""
    shown = ", ".join(f"{name} is {state}" for name, state in changes[:3])
    return f"{shown} and {len(changes) - 3} more" if len(changes) > 3 else shown

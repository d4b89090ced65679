"""Words for hooks that failed."""

from tui.clock import rfc3339
from tui.services.hook_record import HookFailed
from tui.wording.text import Text
from tui.wording.texts import text_of


def hook_failure(failed: HookFailed) -> Text:
    """Return how a hook failed and what to do."""
    number = failed.detail.removeprefix("-")
    status = f"signal {number}" if number != failed.detail else f"status {number}"
    facts = {"event": failed.event, "program": failed.program, "detail": failed.detail, "status": status}
    return text_of("hooks", failed.problem, facts)


def last_hook_failure(failed: HookFailed) -> Text:
    """Return how a hook failed last, with the time and the token."""
    text = hook_failure(failed)
    return Text(f"{text.what.removesuffix('.')} (for {failed.token}, {rfc3339(failed.at)})", hint=text.hint)

"""Words for copies to the clipboard, and texts that are made to be copied."""

from tui.clock import rfc3339
from tui.terminal.capabilities import Capabilities, TmuxSettings
from tui.terminal.clipboard import Copied, Left, Outcome, Problem
from tui.terminal.kinds import MANNERS
from tui.terminal.routes import Way
from tui.tokens.states import TokenState
from tui.tokens.token import Token
from tui.wording.texts import phrase, phrases
from tui.wording.times import countdown, stamp

CURL_LABEL = "curl for a test read (takes the token from the environment)"
MARKDOWN_LABEL = "status line in Markdown (no secret)"

MASKED = "Not copied, because the value is masked."


def curl_command(graph_url: str, version: str, token_name: str) -> str:
    """Return a command that asks the Graph API who a token belongs to; the token is not in it."""
    return (
        f'curl -sS -H "Authorization: Bearer $IGAUTH_TOKEN" "{graph_url}/{version}/me?fields=id,name"'
        f"   # first: export IGAUTH_TOKEN=$(igauth token {token_name})"
    )


def page_token_label(page: str) -> str:
    """Return what a Page token is called where it is copied; `page` is the Page's name."""
    return f"Page token of {page} (requested now)"


def markdown_row(token: Token, state: TokenState, now: float) -> str:
    """Return a token's status as a row of a Markdown table. `now` is unix seconds, UTC."""
    end = token.expires_at
    until = stamp(end, "never" if token.verdict == "valid" else "not known")
    left = until if end is None else countdown(end - now)
    asked = "never asked" if token.inspected_at is None else f"asked {rfc3339(token.inspected_at)}"
    return f"| {token.name} | {state} | {until} | {left} | {asked} |"


def copy_text(result: Copied, plain_key: str, copy_key: str) -> str:
    """Return what came of a copy; `plain_key` is the key that shows the value plain, `copy_key` the one that copies."""
    if result.outcome is Outcome.CANNOT:
        not_yet = " yet" if result.waits_for_second else ""
        return f"Not copied{not_yet}: {_problem(result, copy_key)}"
    tool = next((route.tool for route in result.routes if route.tool is not None), None)
    if result.outcome is Outcome.COPIED and tool is not None:
        text = f"Copied to this machine's clipboard ({tool.name})."
    else:
        text = f"{_sent(result, copy_key)} {plain_key} shows the value."
    return f"{text} {_clearing(result)}" if result.clears_in else text


def left_text(left: Left) -> str:
    """Return what becomes of a secret that is in the clipboard when igauth ends."""
    return phrase("terminal", "leaving", left.leaving).format(seconds=left.seconds)


def _clearing(result: Copied) -> str:
    if not result.is_blind:
        code = "tool" if result.outcome is Outcome.COPIED else "tmux"
    else:
        code = "taken" if result.terminal is not None and MANNERS[result.terminal.kind].is_ready else "unknown"
    return phrase("terminal", "clearing", code).format(seconds=result.clears_in)


def _sent(result: Copied, copy_key: str) -> str:
    ways, terminal = {route.way for route in result.routes}, result.terminal
    tmux = terminal.tmux if terminal is not None else None
    return phrase("terminal", "sent", _sent_code(result, ways, terminal, tmux)).format(
        around=terminal.around if terminal is not None else "", copy_key=copy_key
    )


def _sent_code(result: Copied, ways: set[Way], terminal: Capabilities | None, tmux: TmuxSettings | None) -> str:
    if Way.TMUX_KEPT in ways:
        return "held_back" if result.is_held_back else "tmux_alone"
    if tmux is not None and tmux.inside_another:
        return "nested"
    if Way.TMUX in ways and Way.TMUX_BUFFER in ways:
        return "tmux_passes"
    if Way.TMUX_BUFFER in ways:
        return "tmux"
    if Way.SCREEN in ways:
        return "screen"
    if terminal is None:
        return "unknown"
    if terminal.around != "none":
        return "around"
    return terminal.kind if terminal.kind in phrases("terminal", "sent") else "unknown"


def _problem(result: Copied, copy_key: str) -> str:
    terminal = result.terminal
    name = terminal.term if terminal is not None else ""
    term = (name if name.isascii() and name.isprintable() else "a name that is not shown") or "not set"
    words = phrase("terminal", "problem", result.problem or Problem.WRITE_FAILED)
    names = phrases("terminal", "no_copies")
    if result.problem is Problem.NO_CLIPBOARD and terminal is not None and terminal.kind in names:
        words = names[terminal.kind]
    recorder = terminal.recorder if terminal is not None else ""
    return words.format(length=result.length, longest=result.longest, term=term, recorder=recorder, copy_key=copy_key)

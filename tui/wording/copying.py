"""Words for copies to the clipboard, and texts that are made to be copied."""

from tui.clock import rfc3339
from tui.terminal.clipboard import Copied, Outcome, Problem
from tui.terminal.routes import Way
from tui.tokens.states import TokenState
from tui.tokens.token import Token
from tui.wording.texts import phrase
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


def copy_text(result: Copied, plain_key: str) -> str:
    """Return what came of a copy; `plain_key` is the key that shows the value plain."""
    if result.outcome is Outcome.CANNOT:
        return f"Not copied: {_problem(result)}"
    tool = next((route.tool for route in result.routes if route.tool is not None), None)
    if result.outcome is Outcome.COPIED and tool is not None:
        text = f"Copied to this machine's clipboard ({tool.name})."
    else:
        text = f"{_sent(result)} {plain_key} shows the value."
    return f"{text} The clipboard is cleared in {result.clears_in:g} s." if result.clears_in else text


def _sent(result: Copied) -> str:
    ways, terminal = {route.way for route in result.routes}, result.terminal
    tmux = terminal.tmux if terminal is not None else None
    if Way.TMUX_BUFFER in ways and tmux is not None and tmux.sends_clipboard is False:
        return "Copied to tmux (paste: prefix ]). The terminal around tmux has no clipboard."
    if tmux is not None and tmux.inside_another:
        return "Sent through two multiplexers to your terminal, which often ignores that."
    if Way.TMUX in ways and Way.TMUX_BUFFER in ways:
        return "Copied to tmux (paste: prefix ]). Your terminal may not have taken it."
    if Way.TMUX_BUFFER in ways:
        return "Copied to tmux (paste: prefix ]). Your terminal may not have taken it, or may need shift+insert."
    if Way.SCREEN in ways:
        return "Sent through screen to your terminal, which may ignore it."
    if terminal is not None and terminal.around != "none":
        return f"Sent to your terminal; the {terminal.around} around it often ignores that."
    return "Sent to your terminal, which may ignore it."


def _problem(result: Copied) -> str:
    name = result.terminal.term if result.terminal is not None else ""
    term = (name if name.isascii() and name.isprintable() else "a name that is not shown") or "not set"
    words = phrase("terminal", "problem", result.problem or Problem.WRITE_FAILED)
    return words.format(length=result.length, longest=result.longest, term=term)

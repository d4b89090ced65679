"""Texts that are made to be copied."""

from tui.clock import rfc3339
from tui.tokens.states import TokenState
from tui.tokens.token import Token
from tui.wording.times import countdown, stamp

CURL_LABEL = "curl for a test read (takes the token from the environment)"


def curl_command(graph_url: str, version: str, token_name: str) -> str:
    """Return a command that asks the Graph API who a token belongs to; the token is not in it."""
    return (
        f'curl -sS -H "Authorization: Bearer $IGAUTH_TOKEN" "{graph_url}/{version}/me?fields=id,name"'
        f"   # first: export IGAUTH_TOKEN=$(igauth token {token_name})"
    )


def markdown_row(token: Token, state: TokenState, now: float) -> str:
    """Return a token's status as a row of a Markdown table. `now` is unix seconds, UTC."""
    end = token.expires_at
    left = countdown(None if end is None else end - now)
    until = "never" if end is None else stamp(end)
    return f"| {token.name} | {state} | {until} | {left} | asked {rfc3339(token.inspected_at) or 'never'} |"

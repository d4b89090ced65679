"""What of one token can be copied."""

import asyncio
from functools import partial

from tui.redact import Secret
from tui.screens.messages import Copyable
from tui.services.board import Row
from tui.session import Session

_ASKING = 30.0
"""Seconds that a copy waits for Facebook."""


def token_value(session: Session, name: str) -> Copyable:
    """Return the value of a token."""
    return Copyable(f"token {name}", lambda: session.services.token_store.value(name), token=name)


def copies_of(session: Session, row: Row) -> tuple[Copyable, ...]:
    """Return all that can be copied of a token, and the Page tokens that it gives."""
    from tui.wording.copying import CURL_LABEL, curl_command, markdown_row

    token, services = row.token, session.services
    version = services.settings.version_of(token.profile)
    loop = asyncio.get_running_loop()

    def page_token(page_id: str) -> Secret:
        asked = services.reading.page_token(token.name, page_id)
        return asyncio.run_coroutine_threadsafe(asked, loop).result(_ASKING)

    return (
        token_value(session, token.name),
        Copyable.known(f"App ID {token.app_id}", token.app_id),
        Copyable.known(CURL_LABEL, curl_command(services.settings.graph_url, version, token.name)),
        Copyable.known("status line in Markdown (no secret)", markdown_row(token, row.state, session.clock.now())),
        *(
            Copyable(f"Page token of {page.name} (requested now)", partial(page_token, page.page_id))
            for page in (token.pages if token.kind != "page" else ())[:4]
        ),
    )

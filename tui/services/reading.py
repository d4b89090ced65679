"""A test read: the Instagram account as the connector would read it, with one of the stored tokens."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.facebook.models import InstagramReading
    from tui.redact import Secret
    from tui.services.keeper import Keeper
    from tui.tokens.token import Token
    from tui.vault.tokens_table import TokensTable


class ReadingFault(StrEnum):
    """Why nothing can be read."""

    NO_ACCOUNT = "no_account"
    PAGE_LOST = "page_lost"


@dataclass(eq=False, repr=False)
class NothingToRead(Exception):
    """The token does not reach the Instagram account or Page."""

    reason: ReadingFault
    token: "Token"


class ReadingService:
    """Reads account, media and insights. Nothing is changed at Facebook."""

    def __init__(self, tokens: "TokensTable", keeper: "Keeper") -> None:
        self._tokens = tokens
        self._keeper = keeper

    async def page_token(self, token_name: str, page_id: str) -> "Secret":
        """Return the Page token that a user token gives for one Page, asked for just now and not stored.

        Raises NothingToRead, NoSuchToken, NoValue, NoCredentials and FacebookError.
        """
        token, value, access = await self._keeper.open(token_name)
        for page in await access.graph.pages(access.app, value):
            if page.page_id == page_id:
                return page.token
        raise NothingToRead(ReadingFault.PAGE_LOST, token)

    async def read(self, token_name: str) -> "InstagramReading":
        """Read the first account that the token reaches.

        Raises NothingToRead, NoSuchToken, NoValue, NoCredentials and FacebookError.
        """
        token, value, access = await self._keeper.open(token_name)
        account = await self._account(token)
        if not account:
            raise NothingToRead(ReadingFault.NO_ACCOUNT, token)
        return await access.graph.read_instagram(access.app, value, account)

    async def _account(self, token: "Token") -> str:
        """Return the first Instagram account that a token reaches, asking Facebook where none is known; empty: none."""
        pages = token.pages
        if token.kind == "page":
            every = await asyncio.to_thread(self._tokens.tokens)
            pages = tuple(page for other in every for page in other.pages if page.page_id == token.subject_id)
        elif token.kind != "app" and not any(page.instagram_id for page in pages):
            pages = (await self._keeper.refresh_pages(token.name)).pages
        return next((page.instagram_id for page in pages if page.instagram_id), "")

"""A test read: the Instagram account as the connector would read it, with one of the stored tokens."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tui.tokens.token import PageToken

if TYPE_CHECKING:
    from tui.facebook.client import GraphClient
    from tui.facebook.models import AppCredentials, InstagramReading
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

    def __init__(
        self,
        tokens: "TokensTable",
        keeper: "Keeper",
        credentials: "Callable[[str], AppCredentials]",
        client: "Callable[[str], Awaitable[GraphClient]]",
    ) -> None:
        self._tokens = tokens
        self._keeper = keeper
        self._credentials = credentials
        self._client = client

    async def page_token(self, token_name: str, page_id: str) -> "Secret":
        """Return the Page token that a user token gives for one Page, asked for just now and not stored.

        Raises NothingToRead, NoSuchToken, NoValue, MissingCredentials and FacebookError.
        """
        token, value, app, client = await self._access(token_name)
        for page in await client.pages(app, value):
            if page.page_id == page_id:
                return page.token
        raise NothingToRead(ReadingFault.PAGE_LOST, token)

    async def read(self, token_name: str) -> "InstagramReading":
        """Read the first account that the token reaches.

        Raises NothingToRead, NoSuchToken, NoValue, MissingCredentials and FacebookError.
        """
        token, value, app, client = await self._access(token_name)
        pages = await self._pages(token)
        if not pages:
            raise NothingToRead(ReadingFault.NO_ACCOUNT, token)
        return await client.read_instagram(app, value, pages[0].instagram_id)

    async def _access(self, token_name: str) -> "tuple[Token, Secret, AppCredentials, GraphClient]":
        token = await asyncio.to_thread(self._tokens.token, token_name)
        value = await asyncio.to_thread(self._tokens.value, token_name)
        app = await asyncio.to_thread(self._credentials, token.profile)
        return token, value, app, await self._client(token.profile)

    async def _pages(self, token: "Token") -> tuple[PageToken, ...]:
        """Return the Pages with an Instagram account that a token reaches, asking Facebook where none is known."""
        if token.kind == "page":
            every = await asyncio.to_thread(self._tokens.tokens)
            return _linked(page for other in every for page in other.pages if page.page_id == token.subject_id)
        known = _linked(token.pages)
        if not known and token.kind != "app":
            known = _linked((await self._keeper.refresh_pages(token.name)).pages)
        return known


def _linked(pages: Iterable[PageToken]) -> tuple[PageToken, ...]:
    return tuple(page for page in pages if page.instagram_id)

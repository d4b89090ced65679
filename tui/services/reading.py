"""A test read: the Instagram account as the connector would read it, with one of the stored tokens."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tui.tokens.token import PageToken

if TYPE_CHECKING:
    from tui.facebook.models import InstagramReading
    from tui.redact import Secret
    from tui.services.root import Services
    from tui.tokens.token import Token


class NothingToRead(Exception):
    """The token reaches no Instagram account; the message says why that may be, and the next step."""


class ReadingDesk:
    """Reads account, media and insights. Nothing is changed at Facebook."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    async def accounts(self, token_name: str) -> tuple[PageToken, ...]:
        """Return the Pages with an Instagram account that a token reaches, asking Facebook where none is known.

        Raises NoSuchToken, MissingCredentials and FacebookError.
        """
        token = await asyncio.to_thread(self._services.vault.tokens.token, token_name)
        known = await asyncio.to_thread(self._known, token)
        if not known and token.kind not in ("page", "app"):
            known = _linked((await self._services.keeper.refresh_pages(token_name)).pages)
        return known

    def _known(self, token: "Token") -> tuple[PageToken, ...]:
        if token.kind != "page":
            return _linked(token.pages)
        pages = (page for other in self._services.tokens() for page in other.pages)
        return _linked(page for page in pages if page.page_id == token.subject_id)[:1]

    async def page_token(self, token_name: str, page_id: str) -> "Secret":
        """Return the Page token that a user token gives for one Page, asked for just now and not stored.

        Raises NothingToRead, NoSuchToken, NoValue, MissingCredentials and FacebookError.
        """
        vault = self._services.vault
        token = await asyncio.to_thread(vault.tokens.token, token_name)
        value = await asyncio.to_thread(vault.tokens.value, token_name)
        app = await asyncio.to_thread(self._services.credentials, token.profile)
        client = await self._services.client(token.profile)
        for page in await client.pages(app, value):
            if page.page_id == page_id:
                return page.token
        raise NothingToRead(
            f"Token {token_name} does not reach that Page any more. Inspect it (v), or log in again (l)."
        )

    async def read(self, token_name: str, instagram_id: str = "") -> "InstagramReading":
        """Read one account, the first one reached where none is named.

        Raises NothingToRead, NoSuchToken, NoValue, MissingCredentials and FacebookError.
        """
        if not instagram_id:
            accounts = await self.accounts(token_name)
            if not accounts:
                raise NothingToRead(
                    f"Token {token_name} reaches no Page with an Instagram account. Either no Page was ticked in the"
                    " login dialog, or no professional account is linked to the Page, or the Page belongs to a"
                    " business portfolio and business_management was not granted. The person with the Page must log"
                    " in again (l) and tick it."
                )
            instagram_id = accounts[0].instagram_id
        vault = self._services.vault
        token = await asyncio.to_thread(vault.tokens.token, token_name)
        value = await asyncio.to_thread(vault.tokens.value, token_name)
        app = await asyncio.to_thread(self._services.credentials, token.profile)
        client = await self._services.client(token.profile)
        return await client.read_instagram(app, value, instagram_id)


def _linked(pages: Iterable[PageToken]) -> tuple[PageToken, ...]:
    return tuple(page for page in pages if page.instagram_id)

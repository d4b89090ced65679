"""The Graph API as igauth needs it: one method a question, typed values back, FacebookError for everything else."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import parse_qsl, quote, urlsplit

from tui.clock import Clock
from tui.facebook import answers, models
from tui.facebook.calls import Caller, appsecret_proof
from tui.facebook.errors import FacebookError, Fault, is_pending
from tui.facebook.models import AppCredentials
from tui.facebook.pages import PAGE_FIELDS, Page
from tui.facebook.permissions import Permission
from tui.facebook.remedies import refusal_of
from tui.facebook.transport import Call, Repeat, Transport
from tui.redact import Secret
from tui.settings.reading import check_base_url

T = TypeVar("T")

MOST_PORTIONS = 100
"""Portions of a paged list that are followed: 10,000 Pages."""


class GraphClient:
    """An async client of one Graph API. `timeout` in seconds; `version` such as `v26.0`.

    `reserved_for`: the host that the secrets are for, where it is another one; then nothing is sent.
    Raises SettingsError on creation where the address would let secrets travel in plain text off this machine.
    Every method raises FacebookError and nothing else.
    """

    def __init__(
        self,
        endpoints: models.Endpoints,
        version: str,
        clock: Clock,
        *,
        concurrency: int = 8,
        timeout: float = 15.0,
        reserved_for: str = "",
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._base = check_base_url("The Graph API's address", endpoints.graph_url)
        self.endpoints = endpoints
        self.version = version
        self.clock = clock
        self._transport = Transport(self._base, concurrency=concurrency, timeout=timeout, reserved_for=reserved_for)
        self._caller = Caller(self._transport, clock, sleep=sleep)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    @property
    def served(self) -> models.Served:
        """What the headers of the latest answer said; `served.version` may differ from `version`."""
        return self._caller.served

    # --- the app ----------------------------------------------------------------------------------------------

    async def check_app(self, app: AppCredentials) -> None:
        """Prove App ID and App Secret by asking for an app token, which authorizes nothing (section 7)."""
        await self._issue(app, "safe", grant_type="client_credentials")

    async def app_info(self, app: AppCredentials) -> models.AppInfo:
        """Read the app's own name from its node."""
        node = quote(app.app_id, safe="")
        return answers.read_app_info(await self._ask("app", app, _app_token(app), node, fields="id,name"), app.app_id)

    # --- tokens -----------------------------------------------------------------------------------------------

    async def exchange_code(
        self, app: AppCredentials, code: Secret, redirect_uri: str, code_verifier: Secret | None = None
    ) -> models.Issued:
        """Redeem a login's code (section 3). Sent once and never again: a code works once."""
        proof = {"code_verifier": code_verifier.reveal()} if code_verifier is not None else {}
        return await self._issue(app, "never", redirect_uri=redirect_uri, code=code.reveal(), **proof)

    async def exchange_long_lived(
        self, app: AppCredentials, token: Secret, *, sixty_days: bool = False
    ) -> models.Issued:
        """Exchange a valid token for a long-lived one (section 4); repeated only if it cannot have arrived.

        `sixty_days` asks for 60 days more for a system user's token, which would otherwise never expire.
        """
        life = {"set_token_expires_in_60_days": "true"} if sixty_days else {}
        grant = {"grant_type": "fb_exchange_token", "fb_exchange_token": token.reveal(), **life}
        return await self._issue(app, "unsent", **grant)

    async def inspect(self, app: AppCredentials, token: Secret) -> models.Inspection:
        """Ask what a token is (section 6). An error raised by it is about the app, or its credentials, not the token.

        `debug_token` is GET only, so the token is in the query; the asking app token goes in the header.
        """
        answer = await self._ask("debug_token", app, _app_token(app), input_token=token.reveal())
        seen = answers.read_inspection(answer, int(self.clock.now()))
        if seen.error is not None and refusal_of(seen.error):  # it says nothing of this token
            seen.error.where = "debug_token"
            raise seen.error
        return seen

    async def me(self, app: AppCredentials, token: Secret) -> str:
        """Ask for the name of the person whose token it is."""
        return answers.read_name(await self._ask("me", app, token, fields="id,name"))

    async def permissions(self, app: AppCredentials, token: Secret) -> tuple[Permission, ...]:
        """Ask which permissions the person granted, declined or let expire (section 8)."""
        return answers.read_permissions(await self._ask("me/permissions", app, token, limit="200"))

    async def pages(self, app: AppCredentials, token: Secret) -> tuple[Page, ...]:
        """Ask for every Page of the person, with its Instagram account and token (section 5)."""
        call = self._get("me/accounts", app, token, fields=PAGE_FIELDS, limit="100")
        return await self._all_portions(call, answers.read_pages)

    async def businesses(self, app: AppCredentials, token: Secret) -> tuple[models.Business, ...]:
        """Ask for the person's business portfolios (needs `business_management`, section 5)."""
        call = self._get("me/businesses", app, token, fields=models.BUSINESS_FIELDS, limit="100")
        return await self._all_portions(call, answers.read_businesses)

    async def read_instagram(self, app: AppCredentials, token: Secret, instagram_id: str) -> models.InstagramReading:
        """Read an account, its media and insights as the connector does; too few viewers is no fault (section 10)."""
        node = quote(instagram_id, safe="")
        about = "id,username,media_count,followers_count"
        account = await self._ask("instagram", app, token, node, fields=about)
        listed = "id,media_type,timestamp"
        media = await self._ask("instagram/media", app, token, f"{node}/media", fields=listed, limit="25")
        try:
            path = f"{node}/insights"
            answer = await self._ask("instagram/insights", app, token, path, metric="reach", period="day")
            insights = answers.read_insight_names(answer)
        except FacebookError as error:
            if error.code != 10 or "not enough viewers" not in error.message.casefold():
                raise
            insights = ()
        return answers.read_instagram(account, media, insights)

    # --- device login -----------------------------------------------------------------------------------------

    async def start_device_login(self, app_id: str, client_token: Secret, scopes: tuple[str, ...]) -> models.DeviceCode:
        """Ask for a code to type in at facebook.com/device (section 9)."""
        return answers.read_device_code(
            await self._device("device/login", app_id, client_token, scope=",".join(scopes))
        )

    async def poll_device_login(self, app_id: str, client_token: Secret, code: Secret) -> models.Issued | None:
        """Ask once whether the person has confirmed; None while it is pending (section 9)."""
        where = "device/login_status"
        try:
            answer = await self._device(where, app_id, client_token, code=code.reveal())
        except FacebookError as error:
            if is_pending(error):
                return None
            raise
        return answers.read_issued(answer, where)

    async def _device(self, where: str, app_id: str, client_token: Secret, **fields: str) -> Mapping[str, Any]:
        form = (("access_token", f"{app_id}|{client_token.reveal()}"), *fields.items())
        return await self._caller.ask(Call(where, f"{self.version}/{where}", "POST", form=form, repeat="unsent"))

    # --- shared -----------------------------------------------------------------------------------------------

    async def _issue(self, app: AppCredentials, repeat: Repeat, **fields: str) -> models.Issued:
        pairs = (("client_id", app.app_id), ("client_secret", app.secret.reveal()), *fields.items())
        return answers.read_issued(await self._caller.ask_oauth(self.version, pairs, repeat=repeat))

    async def _ask(
        self, where: str, app: AppCredentials, token: Secret, path: str = "", **query: str
    ) -> Mapping[str, Any]:
        return await self._caller.ask(self._get(where, app, token, path, **query))

    def _get(self, where: str, app: AppCredentials, token: Secret, path: str = "", **query: str) -> Call:
        proven = (*query.items(), ("appsecret_proof", appsecret_proof(app, token)))
        return Call(where, f"{self.version}/{path or where}", query=proven, token=token)

    async def _all_portions(self, call: Call, read: Callable[[Mapping[str, Any]], tuple[T, ...]]) -> tuple[T, ...]:
        found: list[T] = []
        asked: list[Call] = []
        following: Call | None = call
        while following is not None and following not in asked and len(asked) < MOST_PORTIONS:
            asked.append(following)
            answer = await self._caller.ask(following)
            found.extend(read(answer))
            following = self._next_portion(call, answer.get("paging"))
        return tuple(found)

    def _next_portion(self, call: Call, paging: object) -> Call | None:
        """Return the call for what follows: `paging.next` on the same host, port and scheme, else the cursor."""
        if not isinstance(paging, dict) or not isinstance(paging.get("next"), str):
            return None
        try:
            link = urlsplit(paging["next"])
            pairs = parse_qsl(link.query, max_num_fields=100)
        except ValueError:
            link, pairs = urlsplit(""), []
        cursors = paging.get("cursors")
        after = cursors.get("after") if isinstance(cursors, dict) else None
        if f"{link.scheme}://{link.netloc}" == self._base:
            secrets = ("access_token", "appsecret_proof")
            kept = tuple(pair for pair in pairs if pair[0] not in secrets)
            proof = tuple(pair for pair in call.query if pair[0] == "appsecret_proof")
            path = quote(link.path.lstrip("/"), safe="/%._-~")
            return Call(call.where, path, query=(*kept, *proof), token=call.token)
        if isinstance(after, str) and 0 < len(after) < 1_000:
            return Call(call.where, call.path, query=(*call.query, ("after", after)), token=call.token)
        raise FacebookError(fault=Fault.NEXT_PAGE_ELSEWHERE, host=link.netloc, where=call.where)


def _app_token(app: AppCredentials) -> Secret:
    return Secret(f"{app.app_id}|{app.secret.reveal()}")

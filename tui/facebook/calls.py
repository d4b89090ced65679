"""How calls are made: repeated where that is safe, tokens where the server reads them, headers read."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from tui.clock import Clock
from tui.facebook.errors import FacebookError, Fault
from tui.facebook.models import AppCredentials, Served
from tui.facebook.transport import Answer, Call, Pairs, Repeat, Transport, is_header_safe
from tui.facebook.wire import decode, read_time, read_usage, read_version
from tui.redact import Secret

PAUSES = (0.4, 1.2)
"""Seconds before the second and the third attempt of a call that may be repeated."""

CONFIRMING = (1.2, 2.4)
"""Seconds before each question that shows whether a time that surprises goes on; a `Date` has whole seconds."""

LONGEST_BEFORE_REPEATING = 3.0
"""Seconds after which a failed call is not made again: with its time limit, one host holds up nothing over 20 s."""

_LASTING = (
    Fault.NO_CLIENT,
    Fault.PROXY_SETTING,
    Fault.PROXY_LOGIN,
    Fault.PROXY_REDIRECT,
    Fault.NOT_A_PROXY,
)
"""Failures that a second attempt does not change; wrong logins can even lock an account."""

_NO_TOKEN_CODES = (104, 2500)
_NO_TOKEN_TEXTS = ("access token is required", "active access token must be used", "must provide an app access token")


def appsecret_proof(app: AppCredentials, token: Secret) -> str:
    """Return the proof that belongs to `token`: hex HMAC-SHA256 keyed with the App Secret (graph-api.md section 7)."""
    key, message = (value.encode("utf-8", "replace") for value in (app.secret.reveal(), token.reveal()))
    return hmac.new(key, message, hashlib.sha256).hexdigest()


class Caller:
    """Makes calls over one Transport and remembers what their headers say. Times as `clock` has them."""

    def __init__(
        self,
        transport: Transport,
        clock: Clock,
        *,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._transport = transport
        self._clock = clock
        self._sleep = sleep
        self._tokens_in_query = False
        self._oauth_by_get = False
        self._confirming = asyncio.Lock()
        self._is_time_unclear = False
        self.served = Served()

    async def ask(self, call: Call) -> Mapping[str, Any]:
        """Return the JSON object that answers `call`; raises FacebookError once all allowed attempts failed."""
        began = time.monotonic()
        for pause in PAUSES:
            try:
                return await self._attempt(call)
            except FacebookError as error:
                if not _may_repeat(call, error) or time.monotonic() - began > LONGEST_BEFORE_REPEATING:
                    raise
            await self._sleep(pause)
        return await self._attempt(call)

    async def ask_oauth(self, version: str, fields: Pairs, *, repeat: Repeat) -> Mapping[str, Any]:
        """Ask `oauth/access_token` with `fields` in a POST body, so that no secret is in an address.

        Falls back to GET where the server knows no POST there; that answer shows that nothing was redeemed yet.
        """
        where = "oauth/access_token"
        path = f"{version}/{where}"
        by_get = Call(where, path, query=fields, repeat=repeat)
        if not self._oauth_by_get:
            try:
                return await self.ask(replace(by_get, method="POST", query=(), form=fields))
            except FacebookError as error:
                if not _post_unknown(error):
                    raise
            self._oauth_by_get = True
        return await self.ask(by_get)

    async def _attempt(self, call: Call) -> Mapping[str, Any]:
        if call.token is None:
            return await self._send(call)
        if self._tokens_in_query or not is_header_safe(call.token.reveal()):
            return await self._send(_with_token_in_query(call, call.token))
        try:
            return await self._send(call)
        except FacebookError as error:
            if not says_no_token(error):
                raise
            missing = error
        # This server may read tokens from the address only; the base address is https or loopback (settings.py).
        try:
            answer = await self._send(_with_token_in_query(call, call.token))
        except FacebookError as error:
            if says_no_token(error):
                raise missing from None
            self._tokens_in_query = True
            raise
        self._tokens_in_query = True
        return answer

    async def _send(self, call: Call) -> Mapping[str, Any]:
        answer = await self._transport.once(call)
        try:
            value = decode(answer, call.where)
        except FacebookError as error:
            if error.code is not None:  # else it may be a proxy's own page
                self._read_headers(answer)
                await self._settle_time(call)
            raise
        self._read_headers(answer)
        if "access_token" not in value:  # one that was issued is stored before anything else
            await self._settle_time(call)
        return value

    def _read_headers(self, answer: Answer) -> None:
        """Take note of what an answer of Facebook's says beside its body."""
        version = read_version(answer.headers) or self.served.version
        self.served = Served(version, read_usage(answer.headers))
        if (at := read_time(answer.headers)) is not None:
            self._clock.learn(at)

    async def _settle_time(self, call: Call) -> None:
        if self._clock.is_doubted:
            async with self._confirming:
                await self._confirm_time(Call("time", f"{call.path.partition('/')[0]}/"))
        else:
            self._is_time_unclear = False

    async def _confirm_time(self, question: Call) -> None:
        """Ask for the time again, without any secret, until two answers agree; give up where they do not."""
        for pause in CONFIRMING:
            if not self._clock.is_doubted or self._is_time_unclear:
                return
            await self._sleep(pause)
            try:
                answer = await self._transport.once(question)
                decode(answer, question.where)
            except FacebookError as error:
                if error.code is None:
                    continue
            if (at := read_time(answer.headers)) is not None:
                self._clock.learn(at)
        self._is_time_unclear = self._clock.is_doubted


def _may_repeat(call: Call, error: FacebookError) -> bool:
    denied = error.fault is Fault.PROXY_REFUSED and 400 <= (error.status or 0) < 500
    if call.repeat == "never" or error.fault in _LASTING or denied:
        return False
    if call.repeat == "unsent":
        return error.cause == "unreachable" and not error.sent
    if error.cause == "throttled":  # it asks for a pause of minutes; asking on would prolong it
        return False
    return error.cause in ("unreachable", "server") or error.is_transient


def says_no_token(error: FacebookError) -> bool:
    """Return whether the server refused a call because it saw no token."""
    text = error.message.casefold()
    return error.code in _NO_TOKEN_CODES or any(part in text for part in _NO_TOKEN_TEXTS)


def _post_unknown(error: FacebookError) -> bool:
    """Return whether the server did not read the POST at all, so that no code in it can have been redeemed."""
    if error.status in (404, 405, 501) and error.code in (None, 100):
        return True
    text = error.message.casefold()
    return "unsupported post" in text or "missing client_id" in text or "unsupported method" in text


def _with_token_in_query(call: Call, token: Secret) -> Call:
    return replace(call, query=(*call.query, ("access_token", token.reveal())), token=None)

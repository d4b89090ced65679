"""Matillion ETL's REST API v1 as igauth needs it: read only, three questions (matillion.md section 3).

igauth never imports, exports or deletes there: nothing but GET leaves this file.
"""

import asyncio
import json
import logging
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import SplitResult, quote, urlsplit

from tui.harmless import harmless
from tui.matillion import trust
from tui.matillion.errors import MatillionError
from tui.matillion.hosts import is_loopback
from tui.matillion.runs import Run, read_runs
from tui.redact import Secret, redact
from tui.settings import MatillionTarget

if TYPE_CHECKING:
    import httpx

DAY = 86_400
LARGEST_BODY = 4 * 1024 * 1024
"""Bytes read of one answer."""
_REFUSED = "Wrong user or password, or this user has not the API role: Matillion answers both alike."


class MatillionClient:
    """An async client of one instance. `timeout` in seconds, for a whole call.

    `withheld`: why the instance may not have the password; then nothing is sent and every call fails.
    Every method raises MatillionError and nothing else. Redirects are never followed.
    """

    def __init__(
        self, target: MatillionTarget, password: Secret | None, *, timeout: float = 10.0, withheld: str = ""
    ) -> None:
        self.target = target
        self._password = password
        self._timeout = timeout
        self._withheld = withheld
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection; a later call opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def test(self) -> None:
        """Prove that the instance answers and lets this user use the API."""
        await self._get("/rest/v1/")

    async def oauth_entries(self) -> tuple[str, ...]:
        """Return the names of the OAuth entries; rows without a name are left out."""
        return _names(await self._get("/rest/v1/oauth"))

    async def task_runs(self, group: str, project: str, now: float, days: int = 14) -> tuple[Run, ...]:
        """Return what finished in a project within the last `days` before `now`, the latest first.

        The time zone of the server is not known, so the range reaches a day beyond either end.
        """
        first = datetime.fromtimestamp(now - (days + 1) * DAY, UTC)
        last = datetime.fromtimestamp(now + DAY, UTC)
        place = f"group/name/{_part(group)}/project/name/{_part(project)}"
        span = f"date/{first:%Y-%m-%d}/time/{first:%H:%M}/to/date/{last:%Y-%m-%d}/time/{last:%H:%M}"
        return read_runs(await self._get(f"/rest/v1/{place}/task/filter/by/end/range/{span}"))

    # --- one call ---------------------------------------------------------------------------------------------

    async def _get(self, path: str) -> Any:
        import httpx

        parts = self._checked_address()
        try:
            async with asyncio.timeout(self._timeout):
                status, kind, body = await self._send(parts, path)
        except MatillionError as error:
            failure = error
        except (TimeoutError, httpx.TimeoutException):
            failure = self._slow()
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
            failure = await self._network_failure(parts, error)
        else:
            return self._read(status, kind, body)
        raise failure  # outside the handler: httpx's exceptions hold the request, and that the password

    async def _send(self, parts: SplitResult, path: str) -> tuple[int, str, bytes]:
        import httpx

        client = await self._open(parts)
        user, password = self.target.user, self._password
        auth = httpx.BasicAuth(user, password.reveal()) if password is not None else None
        request = client.build_request("GET", f"{_base(self.target.base_url)}{path}")
        response = await client.send(request, auth=auth, stream=True)
        try:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LARGEST_BODY:
                    raise self._unreadable("The answer is far larger than any list of Matillion's.")
        finally:
            await response.aclose()
        return response.status_code, response.headers.get("content-type", ""), bytes(body)

    async def _open(self, parts: SplitResult) -> "httpx.AsyncClient":
        import httpx

        async with self._opening:
            if self._client is None:
                for name in ("httpx", "httpcore"):  # what they log is for nobody here
                    logging.getLogger(name).setLevel(logging.WARNING)
                self._client = httpx.AsyncClient(
                    trust_env=parts.scheme == "https",  # a proxy would carry a password in plain text off this machine
                    verify=await self._context(parts),
                    headers={"Accept": "application/json"},
                    follow_redirects=False,
                    timeout=self._timeout,
                    limits=httpx.Limits(max_connections=4),
                )
            return self._client

    async def _context(self, parts: SplitResult) -> ssl.SSLContext:
        if parts.scheme == "https" and self.target.fingerprint:
            host, port = parts.hostname or "", parts.port or 443
            return await trust.context_with_pin(host, port, self.target.fingerprint, self._timeout)
        if self.target.ca_file:
            return await asyncio.to_thread(trust.context_with_file, self.target.ca_file)
        return await asyncio.to_thread(trust.system_context)

    def _checked_address(self) -> SplitResult:
        try:
            parts = urlsplit(self.target.base_url)
            _ = parts.port
        except ValueError:
            parts = urlsplit("")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise MatillionError(
                "settings",
                "Matillion's address cannot be used.",
                "It must be the instance's base, such as https://matillion.example.com, and hold no user or query.",
                "you",
                "Correct it in the profile's Matillion settings.",
            )
        if parts.scheme == "http" and self._password is not None and not is_loopback(parts.hostname):
            raise MatillionError(
                "unsafe",
                "Nothing was sent to Matillion.",
                "The address is http: the password would cross the network in plain text.",
                "you",
                "Use the https address; for a self-signed certificate give its CA file or fingerprint.",
            )
        if self._withheld and self._password is not None:
            raise MatillionError(
                "unsafe",
                "Nothing was sent to Matillion.",
                self._withheld,
                "you",
                "Take the address back, or enter the password again if the new one may have it.",
            )
        return parts

    # --- what an answer means ---------------------------------------------------------------------------------

    def _read(self, status: int, kind: str, body: bytes) -> Any:
        if 300 <= status < 400:
            raise MatillionError(
                "redirected",
                "Matillion's address redirects elsewhere.",
                "igauth does not follow: the password would go along. A login page or proxy may stand in front.",
                "you",
                "Give the address that answers at /rest/v1/ itself.",
            )
        if status in (401, 403):
            raise _unauthorized(f"Matillion refused the user (HTTP {status}).")
        if _is_page(kind, body):
            raise MatillionError(
                "html",
                "A web page came back instead of data.",
                "A login page or a proxy answered in place of Matillion's API.",
                "you, or who runs the proxy",
                "Open the address with /rest/v1/ in a browser and see who answers there.",
            )
        if status == 404:
            raise MatillionError(
                "missing",
                "Matillion does not know what was asked for (HTTP 404).",
                "The group, the project or the address is spelt otherwise there.",
                "you",
                "Compare the names with Matillion's, letter by letter.",
            )
        if status != 200:
            raise MatillionError(
                "server",
                f"Matillion could not answer (HTTP {status}).",
                "It may be starting, or overloaded." if status >= 500 else "It refused this request.",
                "you" if status < 500 else "the Matillion admin",
                "Try again in some minutes.",
            )
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            raise self._unreadable("It is not JSON.") from None
        if isinstance(answer, Mapping) and answer.get("success") is False:
            said = harmless(redact(str(answer.get("msg", ""))), 200)
            if "unauthorized" in said.casefold():
                raise _unauthorized("Matillion refused the user (success: false, Unauthorized).")
            raise MatillionError(
                "refused", f"Matillion refused: {said or 'no reason given'}.", _REFUSED, "you", "Check user and role."
            )
        return answer

    def _slow(self) -> MatillionError:
        return MatillionError(
            "timeout",
            f"Matillion did not answer within {self._timeout:g} s.",
            "The instance is busy, starting or switched off, or a firewall drops the call.",
            "you",
            "Try again; check that this machine may reach the instance.",
        )

    def _unreadable(self, why: str) -> MatillionError:
        return MatillionError(
            "unreadable",
            "Matillion's answer cannot be read.",
            why,
            "you",
            "Open the address with /rest/v1/oauth in a browser and see what it shows.",
        )

    async def _network_failure(self, parts: SplitResult, error: Exception) -> MatillionError:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, ssl.SSLError):
            cause = cause.__cause__ or cause.__context__
        host = harmless(parts.hostname or "", 200)
        if isinstance(cause, ssl.SSLError):
            return await self._untrusted(parts, cause)
        return MatillionError(
            "unreachable",
            f"Matillion cannot be reached at {host}.",
            "No network, a wrong host or port, or the instance is switched off.",
            "you",
            "Check the address, and whether this machine may reach it.",
        )

    async def _untrusted(self, parts: SplitResult, error: ssl.SSLError) -> MatillionError:
        shown = ""
        try:
            certificate = await trust.presented_certificate(parts.hostname or "", parts.port or 443, self._timeout)
            shown = trust.fingerprint_of(certificate)
        except (OSError, TimeoutError, ValueError):
            pass  # only a help: the failure itself is told either way
        reason = harmless(getattr(error, "verify_message", "") or "the secure connection failed", 200)
        return MatillionError(
            "tls",
            "Matillion's certificate is not trusted; nothing was sent.",
            f"{reason[:1].upper()}{reason[1:]}. Self-signed certificates are usual for Matillion.",
            "you, with the Matillion admin",
            "Give a CA file, or pin the fingerprint once the admin confirmed it" + (f": {shown}." if shown else "."),
            fingerprint=shown,
        )


def _unauthorized(what: str) -> MatillionError:
    return MatillionError(
        "unauthorized",
        what,
        _REFUSED,
        "you, or the Matillion admin",
        "Check user and password; ask for the API role (a user of its own in the Reader group is enough).",
    )


def _is_page(kind: str, body: bytes) -> bool:
    return "html" in kind.lower() or body[:512].lstrip().lower().startswith((b"<!doctype", b"<html"))


def _base(address: str) -> str:
    """Return the base without what people copy along: a last slash, or the API's own path."""
    return address.rstrip("/").removesuffix("/rest/v1").rstrip("/")


def _part(name: str) -> str:
    return quote(name, safe="")


def _names(answer: object) -> tuple[str, ...]:
    """Read names leniently: strings, or objects with `name`, in a list or in the one list of an object."""
    if isinstance(answer, Mapping):
        lists = [value for value in answer.values() if isinstance(value, list)]
        answer = lists[0] if len(lists) == 1 else []
    if not isinstance(answer, list):
        return ()
    rows = (row.get("name") if isinstance(row, Mapping) else row for row in answer)
    return tuple(dict.fromkeys(harmless(row, 200) for row in rows if isinstance(row, str) and row))

"""Matillion ETL's REST API v1 as igauth needs it: read only, three questions (matillion.md section 3).

igauth never imports, exports or deletes there: only GET requests are sent.
"""

import asyncio
import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, quote

from tui.harmless import harmless
from tui.log import log
from tui.matillion import trust
from tui.matillion.errors import Failure, MatillionError, Problem
from tui.matillion.hosts import checked_address, is_loopback
from tui.matillion.runs import LastRuns, last_runs
from tui.network.client import UnusableProxy, open_client, system_context
from tui.network.failures import Journey, NetworkFault, failure_of, is_of_the_network
from tui.redact import Secret, redact
from tui.settings import MatillionTarget

DAY = 86_400
_LONGEST_LOOK = 3.0
"""Seconds for the certificate of a host that was not trusted."""
LARGEST_BODY = 4 * 1024 * 1024
"""Bytes read of one answer."""


class MatillionClient:
    """Asks one instance. `timeout` in seconds, for a whole call; each call has its own connection.

    `stored_for`: the host that the password was stored for, where it is not the target's; every call fails then.
    Every method raises MatillionError and nothing else. Redirects are never followed.
    """

    def __init__(
        self, target: MatillionTarget, password: Secret | None, *, timeout: float = 10.0, stored_for: str = ""
    ) -> None:
        self.target = target
        self._password = password
        self._timeout = timeout
        self._stored_for = stored_for

    async def test(self) -> None:
        """Check that the instance answers and lets this user use the API."""
        await self._get("/rest/v1/")

    async def oauth_entries(self) -> tuple[str, ...]:
        """Return the names of the OAuth entries; rows without a name are left out."""
        return _names(await self._get("/rest/v1/oauth"))

    async def last_runs(self, group: str, project: str, now: float) -> LastRuns:
        """Return what the runs of the last 14 days in a project show about the token that Matillion stores.

        The time zone of the server is not known, so the range is a day longer at either end.
        """
        first = datetime.fromtimestamp(now - 15 * DAY, UTC)
        last = datetime.fromtimestamp(now + DAY, UTC)
        place = f"group/name/{quote(group, safe='')}/project/name/{quote(project, safe='')}"
        span = f"date/{first:%Y-%m-%d}/time/{first:%H:%M}/to/date/{last:%Y-%m-%d}/time/{last:%H:%M}"
        return last_runs(await self._get(f"/rest/v1/{place}/task/filter/by/end/range/{span}"))

    # --- one call ---------------------------------------------------------------------------------------------

    async def _get(self, path: str) -> Any:
        parts, journey = self._checked_address(), Journey(None)
        try:
            async with asyncio.timeout(self._timeout):
                status, kind, body = await self._send(parts, path, journey)
        except MatillionError as error:
            failure = error.failure
        except UnusableProxy as error:
            failure = Failure(Problem.UNREACHABLE, host=_host_of(parts), proxy_problem=error.problem)
        except Exception as error:
            if not is_of_the_network(error, journey):
                raise
            failure = await self._network_failure(parts, error, journey)
        else:
            return _read(status, kind, body)
        raise MatillionError(failure)  # outside the handler: httpx's exceptions hold the request with the password

    async def _send(self, parts: SplitResult, path: str, journey: Journey) -> tuple[int, str, bytes]:
        import httpx

        context, password = await self._context(parts, journey), self._password
        auth = httpx.BasicAuth(self.target.user, password.reveal()) if password is not None else None
        # people copy the address with a last slash, or with the API's own path
        base = self.target.base_url.strip().rstrip("/").removesuffix("/rest/v1").rstrip("/")
        opened = open_client(base, context, timeout=httpx.Timeout(self._timeout), auth=auth)
        journey.route = opened.route
        began = time.monotonic()
        asked = opened.client.stream(
            "GET", f"{base}{path}", headers={"Accept": "application/json"}, extensions={"trace": journey.trace}
        )
        async with opened.client, asked as response:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LARGEST_BODY:
                    raise MatillionError(Failure(Problem.TOO_LARGE))
        milliseconds = (time.monotonic() - began) * 1000
        log("GET %s%s: %d in %.0f ms", parts.netloc.rpartition("@")[2], path, response.status_code, milliseconds)
        return response.status_code, response.headers.get("content-type", ""), bytes(body)

    async def _context(self, parts: SplitResult, journey: Journey) -> ssl.SSLContext:
        if parts.scheme == "https" and self.target.fingerprint:
            return await trust.context_with_pin(_origin(parts), self.target.fingerprint, journey, self._timeout)
        if self.target.ca_file:
            return await asyncio.to_thread(trust.context_with_file, self.target.ca_file)
        return await asyncio.to_thread(system_context)

    def _checked_address(self) -> SplitResult:
        parts = checked_address(self.target.base_url)
        host = parts.hostname or ""
        if self._password is not None and parts.scheme == "http" and not is_loopback(host):
            raise MatillionError(Failure(Problem.PASSWORD_OVER_HTTP))
        if self._password is not None and self._stored_for:
            raise MatillionError(Failure(Problem.OTHER_HOST, host=host, stored_for=self._stored_for))
        return parts

    async def _network_failure(self, parts: SplitResult, error: Exception, journey: Journey) -> Failure:
        found, route = failure_of(error, journey, self._timeout), journey.route
        failure = Failure(
            _PROBLEMS.get(found.fault, Problem.UNREACHABLE),
            host=_host_of(parts),
            status=found.status or 0,
            seconds=self._timeout,
            said=found.detail,
            fault=found.fault,
            via=route.address if route else "",
            proxy_variable=route.variable if route else "",
        )
        if failure.problem is not Problem.UNTRUSTED:
            return failure
        try:
            limit = min(self._timeout, _LONGEST_LOOK)
            certificate = await trust.presented_certificate(_origin(parts), Journey(None), limit)
        except Exception:  # of the network: the failure is reported with or without it
            return failure
        return replace(failure, fingerprint=trust.fingerprint_of(certificate))


_PROBLEMS = {
    NetworkFault.CERTIFICATE: Problem.UNTRUSTED,
    NetworkFault.PROXY_SILENT: Problem.TIMEOUT,
    NetworkFault.CONNECT_TIMEOUT: Problem.TIMEOUT,
    NetworkFault.TLS_TIMEOUT: Problem.TIMEOUT,
    NetworkFault.ANSWER_TIMEOUT: Problem.TIMEOUT,
}


def _host_of(parts: SplitResult) -> str:
    return harmless(parts.hostname or "", 200)


def _origin(parts: SplitResult) -> str:
    """Return the address of the host alone."""
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _read(status: int, kind: str, body: bytes) -> Any:
    """Return the JSON of an answer. Raises MatillionError."""
    if 300 <= status < 400:
        raise MatillionError(Failure(Problem.REDIRECTED, status=status))
    if status in (401, 403):
        raise MatillionError(Failure(Problem.UNAUTHORIZED, status=status))
    if "html" in kind.lower() or body[:512].lstrip().lower().startswith((b"<!doctype", b"<html")):
        raise MatillionError(Failure(Problem.WEB_PAGE, status=status))
    if status != 200:
        problem = Problem.NOT_FOUND if status == 404 else Problem.SERVER if status >= 500 else Problem.HTTP_STATUS
        raise MatillionError(Failure(problem, status=status))
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise MatillionError(Failure(Problem.NOT_JSON)) from None
    if isinstance(answer, Mapping) and answer.get("success") is False:
        said = harmless(redact(str(answer.get("msg", ""))), 200)
        problem = Problem.UNAUTHORIZED if "unauthorized" in said.casefold() else Problem.REFUSED
        raise MatillionError(Failure(problem, said=said))
    return answer


def _names(answer: object) -> tuple[str, ...]:
    """Read names leniently: strings, or objects with `name`, in a list or in the one list of an object.

    Raises MatillionError for an object without any list.
    """
    if isinstance(answer, Mapping):
        lists = [value for value in answer.values() if isinstance(value, list)]
        if not lists:
            raise MatillionError(Failure(Problem.NOT_MATILLION))
        answer = lists[0] if len(lists) == 1 else []
    if not isinstance(answer, list):
        return ()
    rows = (row.get("name") if isinstance(row, Mapping) else row for row in answer)
    return tuple(dict.fromkeys(harmless(row, 200) for row in rows if isinstance(row, str) and row))

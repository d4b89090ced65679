"""Whether the Graph API answers as one, in which version, and what its clock says."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TYPE_CHECKING

from tui.clock import Clock
from tui.services.doctor.findings import Code, Finding, found

if TYPE_CHECKING:
    from tui.facebook.transport import Answer, Transport
    from tui.settings import Profile, Settings

TIMEOUT = 11.0
"""Seconds for the call; within the time of the whole examination."""
_NEXT_SECOND = 1.1
"""Seconds to wait: two answers of the same second do not show that its clock goes on."""


async def network_findings(settings: "Settings", profile: "Profile | None") -> AsyncIterator[Finding]:
    """Ask the Graph API what it refuses to anybody without a token, by the way that all calls take.

    What counts is the answer: a page or another service that answers instead is a failure. Nothing secret is sent.
    """
    from tui.facebook.errors import FacebookError
    from tui.facebook.probe import question, require_refusal
    from tui.facebook.transport import Transport
    from tui.facebook.wire import read_version

    version = settings.version_of(profile.name if profile is not None else "")
    transport = Transport(settings.graph_url, timeout=TIMEOUT)
    try:
        began = time.monotonic()
        answer = await transport.once(question(version))
        milliseconds = round((time.monotonic() - began) * 1000)
        require_refusal(answer, transport.host)
        code = Code.HOST_ANSWERS_WITHOUT_TLS if settings.graph_url.startswith("http:") else Code.HOST_ANSWERS
        yield found("network", "ok", code, url=settings.graph_url, milliseconds=milliseconds)
        if (served := read_version(answer.headers)) and served != version:
            yield found("version", "warning", Code.OTHER_VERSION, asked=version, served=served)
        yield await _clock(transport, answer, version)
    except FacebookError as error:
        # Facebook itself has answered, and the way to it is free
        yield Finding("network", "warning" if error.fbtrace_id else "failure", value=error)
    finally:
        await transport.aclose()


async def _clock(transport: "Transport", answer: "Answer", version: str) -> Finding:
    """Compare this machine's clock with the server's: another time counts once two answers agree, as for all calls."""
    from tui.facebook.errors import FacebookError
    from tui.facebook.probe import question
    from tui.facebook.wire import read_time

    clock = Clock()
    if (server_time := read_time(answer.headers)) is None:
        return Finding("clock", "warning", Code.NO_DATE)
    clock.learn(server_time)
    if clock.is_doubted:
        await asyncio.sleep(_NEXT_SECOND)
        with suppress(FacebookError):
            second = read_time((await transport.once(question(version))).headers)
            if second is not None:
                clock.learn(second)
    if clock.is_doubted:
        return Finding("clock", "warning", Code.CLOCK_DOUBTED)
    seconds = round(max(1, abs(clock.skew or server_time - clock.machine_time())))
    if not clock.skew:
        return found("clock", "ok", Code.CLOCK_RIGHT, seconds=seconds)
    return found("clock", "warning", Code.CLOCK_BEHIND if clock.skew > 0 else Code.CLOCK_AHEAD, seconds=seconds)

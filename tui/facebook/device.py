"""Login by a code typed in at facebook.com/device: asking until it is confirmed, declined or over (section 9)."""

import asyncio
from collections.abc import Awaitable, Callable

from tui.facebook.client import GraphClient
from tui.facebook.errors import FacebookError, is_slow_down, is_throttled
from tui.facebook.models import DeviceCode, Issued
from tui.redact import Secret

_SLOWER = 5
"""Seconds added to the pause when Facebook says it was asked too often (RFC 8628 section 3.5)."""
_LONGEST_PAUSE = 60
_FAULTS_BORNE = 8


async def wait_for_device(
    client: GraphClient,
    app_id: str,
    client_token: Secret,
    device: DeviceCode,
    *,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    on_pause: Callable[[int], object] | None = None,
) -> Issued:
    """Ask every `device.interval` seconds until the person has confirmed; return the token.

    Asks slower when told so or when throttled, and bears some failures to reach Facebook in a row. Raises
    FacebookError once the code was declined or is over, or Facebook cannot be reached any more.
    """
    pause, waited, faults = device.interval, 0, 0
    while True:
        await sleep(pause)
        waited += pause
        try:
            issued = await client.poll_device_login(app_id, client_token, device.code)
        except FacebookError as error:
            if is_slow_down(error) or is_throttled(error):
                pause = min(pause + _SLOWER, _LONGEST_PAUSE)
                if on_pause is not None:
                    on_pause(pause)
            elif not error.inconclusive:
                raise
            else:
                faults += 1
                if faults > _FAULTS_BORNE:
                    raise
        else:
            faults = 0
            if issued is not None:
                return issued
        if waited >= device.expires_in:
            raise FacebookError(
                "The code was not confirmed in time. Log in again for a new one.",
                code=463,
                subcode=1349152,
                where="device/login_status",
            )

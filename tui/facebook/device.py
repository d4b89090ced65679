"""Login by a code entered at facebook.com/device: asking until it is confirmed, declined or expired (section 9)."""

import asyncio
from collections.abc import Awaitable, Callable

from tui.facebook.client import GraphClient
from tui.facebook.errors import FacebookError, is_slow_down
from tui.facebook.models import DeviceCode, Issued
from tui.redact import Secret

_SLOWER = 5
"""Seconds added to the pause when Facebook says it was asked too often (RFC 8628 section 3.5)."""
_LONGEST_PAUSE = 60
_FAULTS_TOLERATED = 8


async def wait_for_device(
    client: GraphClient,
    app_id: str,
    client_token: Secret,
    device: DeviceCode,
    *,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> Issued:
    """Ask every `device.interval` seconds until the person has confirmed; return the token.

    Asks more slowly when Facebook requests it or throttles, and tolerates some failures to reach Facebook in a row.
    Raises FacebookError once the code was declined or has expired, or Facebook cannot be reached any more.
    """
    pause, waited, faults = device.interval, 0, 0
    while True:
        await sleep(pause)
        waited += pause
        try:
            if (issued := await client.poll_device_login(app_id, client_token, device.code)) is not None:
                return issued
            faults = 0
        except FacebookError as error:
            if is_slow_down(error) or error.cause == "throttled":
                pause = min(pause + _SLOWER, _LONGEST_PAUSE)
            elif error.inconclusive and faults < _FAULTS_TOLERATED:
                faults += 1
            else:
                raise
        if waited >= device.expires_in:
            raise FacebookError("code_expired", code=463, subcode=1349152, where="device/login_status")

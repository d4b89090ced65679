"""What a signal does to a command, whatever it is doing just then."""

import asyncio
import os
import signal
from typing import Any

import pytest

from tui.commands.running import run_work


class Services:
    """Services whose closing is met by a signal."""

    clients = ()

    async def close(self) -> None:
        """Close, as far as the signal lets it."""
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(10)


@pytest.mark.parametrize("is_signaled", [False, True])
def test_a_signal_while_closing_gives_its_exit_status(is_signaled: bool) -> None:
    before = signal.getsignal(signal.SIGTERM)
    services: Any = Services()

    async def work() -> int:
        if is_signaled:
            os.kill(os.getpid(), signal.SIGTERM)
            await asyncio.sleep(10)
        return 1

    assert run_work(services, work) == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before

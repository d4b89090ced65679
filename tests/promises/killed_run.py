"""An unattended run that is killed: `python -m tests.promises.killed_run AT ANSWERS`. Not a test itself.

AT: its time, unix seconds, UTC. ANSWERS: after how many answers of Facebook it is killed, before it has looked at the
last; where it asks less often, it is killed before it stores its outcome.
"""

import asyncio
import os
import signal
import sys

import httpx

from tests.clocks import FrozenClock
from tui.services.keeping import keep
from tui.services.root import Services
from tui.services.timer_record import TimerRecord
from tui.settings import SettingsStore, find_home

answers = 0
send = httpx.AsyncClient.send


async def send_and_kill(client: httpx.AsyncClient, request: httpx.Request) -> httpx.Response:
    """Ask, and be killed once the answer is there."""
    global answers
    response = await send(client, request)
    answers += 1
    if answers == int(sys.argv[2]):
        kill_itself()
    return response


def kill_itself(*_arguments: object, **_options: object) -> None:
    """Let nothing be cleaned up."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    setattr(httpx.AsyncClient, "send", send_and_kill)  # noqa: B010 - mypy forbids assigning to a method
    setattr(TimerRecord, "note_run", kill_itself)  # noqa: B010
    services = Services(SettingsStore(find_home(os.environ), os.environ), FrozenClock(float(sys.argv[1])), "timer")
    asyncio.run(keep(services, lambda _event: None))

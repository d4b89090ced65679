"""A client that talks to a stub, with a clock that keeps what it hears."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from tests.clocks import FrozenClock
from tests.facebook.stub import Stub
from tui.facebook.client import GraphClient
from tui.facebook.models import AppCredentials, Endpoints
from tui.redact import Secret

APP = AppCredentials("123456789012345", Secret("0123456789abcdef0123456789abcdef"))
TOKEN = Secret("EAA" + "Qx7" * 40 + "ZDZD")
ISSUED = {"access_token": "EAAnew" + "B" * 60, "token_type": "bearer", "expires_in": 5183944}


class Pauses:
    """Replaces sleep and records the pauses."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


class LearningClock(FrozenClock):
    """Keeps what the server's clock said."""

    heard: float = 0.0

    def learn(self, server_time: float) -> None:
        self.heard = server_time


@asynccontextmanager
async def talking_to(stub: Stub, **options: float) -> AsyncIterator[GraphClient]:
    async with aclosing(
        GraphClient(
            Endpoints(stub.url),
            "v26.0",
            LearningClock(1_700_000_000),
            timeout=options.get("timeout", 5),
            sleep=Pauses(),
        )
    ) as client:
        yield client

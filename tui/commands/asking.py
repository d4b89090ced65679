"""Asks Facebook about many tokens side by side, and says on stderr where that failed."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from tui.commands.pipe import say

if TYPE_CHECKING:
    from tui.services import Services

ALL_ASKED, SOME_NOT_ASKED = 0, 1


def say_problem(text: str) -> None:
    """Write a problem to stderr."""
    say(f"igauth: {text}")


async def ask_all(services: "Services", names: list[str], report: Callable[[str], None] = say_problem) -> int:
    """Inspect tokens, at most as many at once as the settings say; return 1 where one could not be asked about.

    The same failure of many tokens goes to `report` once. A token that could not be asked about keeps its last state.
    """
    from tui.commands.failure import explain
    from tui.facebook.errors import FacebookError
    from tui.tokens.errors import NoCredentials, StoreError

    failures: dict[str, list[str]] = {}
    slots = asyncio.Semaphore(services.settings.max_concurrency)
    throttled: list[str] = []

    async def ask(name: str) -> None:
        async with slots:
            if throttled:
                failures.setdefault(throttled[0], []).append(name)
                return
            try:
                await services.keeper.inspect(name)
            except FacebookError as error:
                failures.setdefault(explain(error)[0], []).append(name)
                if error.cause == "throttled":
                    throttled.append(explain(error)[0])
            except (StoreError, NoCredentials) as error:
                failures.setdefault(explain(error)[0], []).append(name)

    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(ask(name))
    for message, affected in failures.items():
        affected.sort()
        named = ", ".join(affected[:5]) + (f" and {len(affected) - 5} more" if len(affected) > 5 else "")
        report(f"could not ask about {named}: {message}")
    return SOME_NOT_ASKED if failures else ALL_ASKED

"""Asks Facebook about many tokens side by side, and says on stderr where that failed."""

import asyncio
from collections.abc import Callable

from tui.commands.failure import explain
from tui.facebook.errors import FacebookError
from tui.services import Services
from tui.tokens.errors import NoCredentials, StoreError


async def ask_all(services: Services, names: list[str], report: Callable[[str], None]) -> bool:
    """Inspect tokens, at most as many at once as the settings say; tell whether all could be asked about.

    The same failure of many tokens goes to `report` once. A token that could not be asked about keeps its last state.
    """
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
            except (FacebookError, StoreError, NoCredentials) as error:
                message = explain(error)[0]
                failures.setdefault(message, []).append(name)
                if isinstance(error, FacebookError) and error.cause == "throttled":
                    throttled.append(message)

    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(ask(name))
    for message, affected in failures.items():
        affected.sort()
        named = ", ".join(affected[:5]) + (f" and {len(affected) - 5} more" if len(affected) > 5 else "")
        report(f"could not ask about {named}: {message}")
    return not failures

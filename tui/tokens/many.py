"""Refreshes many tokens: some at once, within what Facebook allows."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from tui.tokens.gates import Gates
from tui.tokens.results import Reason, RefreshCode, RefreshResult
from tui.tokens.token import Token


async def refresh_each(
    tokens: Sequence[Token],
    one: Callable[[Token], Awaitable[RefreshResult]],
    on_result: Callable[[RefreshResult], None],
    gates: Gates,
    concurrency: int,
) -> list[RefreshResult]:
    """Run `one` for each token through its app's gate, `concurrency` at once; results in the order of `tokens`.

    An exception of `one` ends the others at their next safe point and is raised.
    """
    gates.begin()
    found: list[RefreshResult | None] = [None] * len(tokens)
    waiting = iter(enumerate(tokens))

    async def worker() -> None:
        for index, token in waiting:
            pause = await gates.enter(token.app_id)
            if pause is not None:
                result = RefreshResult(token, RefreshCode.COULD_NOT_ASK, Reason.THROTTLED, cause=pause)
            else:
                try:
                    result = await one(token)
                finally:
                    gates.leave(token.app_id)
            found[index] = result
            on_result(result)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(max(1, concurrency), len(tokens))):
                group.create_task(worker())
    except BaseExceptionGroup as failures:
        first: BaseException = failures
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
    return [result for result in found if result is not None]

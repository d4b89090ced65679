"""Running work that must not be left half done: to its end although cancelled, or many pieces until one fails."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from typing import Any, TypeVar

Item = TypeVar("Item")
Value = TypeVar("Value")


async def finish(work: Coroutine[Any, Any, Value], *, undo: Callable[[], object] | None = None) -> Value:
    """Run `work` to its end even when cancelled meanwhile; the cancellation is raised afterwards.

    `undo` is called where the work succeeded but its result is lost to a cancellation.
    """
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            if task.cancelled():
                raise
            cancelled = error
        except Exception:  # noqa: S110 - the task holds it; raised below
            pass
    if cancelled is None:
        return task.result()
    if undo is not None and not task.cancelled() and task.exception() is None:
        undo()
    raise cancelled


async def each(items: Sequence[Item], at_once: int, work: Callable[[Item], Coroutine[Any, Any, Value]]) -> list[Value]:
    """Do the work for every item, begun in their order and at most so many at once; return what each returned.

    What one raises is raised when the others were cancelled and have ended.
    """
    slots = asyncio.Semaphore(at_once)

    async def one(item: Item) -> Value:
        async with slots:
            return await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(item)) for item in items]
    except BaseExceptionGroup as failures:
        first: BaseException = failures
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
    return [task.result() for task in tasks]

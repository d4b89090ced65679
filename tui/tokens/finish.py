"""Finishing what must not be left half done when the task around it is cancelled."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

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

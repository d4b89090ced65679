"""Looks up names in threads that nothing waits for: a name server that is silent takes half a minute and more."""

import asyncio
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import Any

from tui.threads import in_thread


class _Executor(ThreadPoolExecutor):
    """What asyncio runs blocking calls in; at the end it waits for all of them but those that look up a name."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> "Future[Any]":
        if fn is not socket.getaddrinfo:
            return super().submit(fn, *args, **kwargs)
        return in_thread(partial(fn, *args, **kwargs), "name lookup")


def leave_lookups_behind() -> None:
    """Let the running event loop end while a name is still looked up; without a running loop nothing is done."""
    with suppress(RuntimeError):
        loop = asyncio.get_running_loop()
        if not isinstance(getattr(loop, "_default_executor", None), _Executor):
            loop.set_default_executor(_Executor())

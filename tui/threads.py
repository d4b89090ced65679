"""Threads that nothing waits for: what hangs in one cannot be ended, and must not keep the program from ending."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def in_thread(call: Callable[[], T], name: str) -> "Future[T]":
    """Start a call in a thread that is left alone where it hangs."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()  # a running one takes its result also when nobody wants it any more

    def run() -> None:
        try:
            future.set_result(call())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, name=name, daemon=True).start()
    return future

#!/usr/bin/env bash
# Textual 8.2.8, Python 3.11: a time limit on waiting for a worker ends the worker, and the TimeoutError never comes.
#
# Input: `async with asyncio.timeout(0.1): await worker.wait()`, where the work takes longer. Seen:
#                         raised             state        worker.is_cancelled    worker.result afterwards
#     async worker        WorkerCancelled    CANCELLED    False                  None; its work was broken off
#     thread worker       WorkerCancelled    CANCELLED    False                  None; its thread runs to its end
# `except TimeoutError` around it is never reached: wait() hands the cancellation of the one who waits on to the worker,
# and turns it into WorkerCancelled, an ordinary Exception. So in a task that is itself canceled while it waits,
# the cancellation is lost, and the task goes on: task.cancelled() is False. A thread cannot even notice:
# `cancelled_event` is not set, and what it returns is thrown away.
# What helps: `asyncio.shield(worker.wait())`. With it TimeoutError is raised, the worker runs on, and its result comes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check textual==8.2.8
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import threading

from textual.app import App
from textual.worker import Worker, WorkerCancelled, WorkerState


async def limited(waiting) -> str:
    try:
        async with asyncio.timeout(0.1):
            await waiting
    except Exception as error:
        return type(error).__name__
    return "nothing"


def facts(worker: Worker) -> tuple:
    return worker.state, worker.is_cancelled, worker.cancelled_event.is_set(), worker.result


async def main() -> None:
    app = App()
    async with app.run_test():
        lost = (WorkerState.CANCELLED, False, False, None)

        gate = asyncio.Event()

        async def work() -> str:
            await gate.wait()
            return "done"

        broken_off = app.run_worker(work())
        raised = await limited(broken_off.wait())
        print("async worker: ", raised, facts(broken_off))
        assert (raised, facts(broken_off)) == ("WorkerCancelled", lost)

        may_end, ended = threading.Event(), threading.Event()

        def work_in_thread() -> str:
            may_end.wait(30)
            ended.set()
            return "done"

        threaded = app.run_worker(work_in_thread, thread=True)
        raised = await limited(threaded.wait())
        may_end.set()
        assert await asyncio.to_thread(ended.wait, 30)
        print("thread worker:", raised, facts(threaded))
        assert (raised, facts(threaded)) == ("WorkerCancelled", lost)

        waiting = asyncio.create_task(app.run_worker(work()).wait())
        await asyncio.sleep(0.1)
        waiting.cancel()
        await asyncio.wait([waiting])
        print("a canceled task that waits:", waiting.cancelled(), repr(waiting.exception()))
        assert not waiting.cancelled() and isinstance(waiting.exception(), WorkerCancelled)

        shielded = app.run_worker(work())
        raised = await limited(asyncio.shield(shielded.wait()))
        gate.set()
        result = await shielded.wait()
        print("with shield():", raised, result)
        assert (raised, result) == ("TimeoutError", "done")


asyncio.run(main())
PYTHON
echo "as described"

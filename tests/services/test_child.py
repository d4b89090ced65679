"""Commands of the person's: what cannot be ended holds nothing up."""

import asyncio
import os
import signal

import pytest

from tui.redact import Secret
from tui.services.child import Ended, run_child


@pytest.mark.parametrize("value", [None, Secret("EAA" * 20)])
async def test_what_another_user_runs_is_not_waited_for(value: Secret | None, monkeypatch: pytest.MonkeyPatch) -> None:
    end, groups = os.killpg, list[int]()

    def refuse(group: int, number: int) -> None:
        groups.append(group)
        raise PermissionError

    monkeypatch.setattr(os, "killpg", refuse)  # as for a command that sudo started
    try:
        assert await run_child(["sleep", "600"], {}, 0.01, value) == Ended(None)
    finally:
        for group in groups:
            end(group, signal.SIGKILL)
            while os.path.exists(f"/proc/{group}"):  # reaped: the loop has heard of it
                await asyncio.sleep(0.01)

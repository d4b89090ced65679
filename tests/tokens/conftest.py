"""One desk on the default world."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

import tui.tokens.gates
from tests.tokens.desk import Desk, desk_of
from tui.sandbox import RunningSandbox


@pytest.fixture(autouse=True)
def first_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine too the first refresh shows what the others cost."""
    monkeypatch.setattr(tui.tokens.gates, "ALONE", 3_600)


@pytest.fixture
async def desk(sandbox: RunningSandbox, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_of(sandbox, tmp_path) as made:
        yield made

"""One desk on the default world."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.tokens.desk import Desk, desk_of
from tui.sandbox import RunningSandbox


@pytest.fixture
async def desk(sandbox: RunningSandbox, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_of(sandbox, tmp_path) as made:
        yield made

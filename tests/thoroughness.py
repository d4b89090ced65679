"""How much is tried: by default what fits into minutes, with IGAUTH_TESTS=thorough everything."""

import os
from collections.abc import Sequence
from typing import TypeVar

THOROUGH = os.environ.get("IGAUTH_TESTS") == "thorough"

Case = TypeVar("Case")


def examples(thorough: int) -> int:
    """Return how many examples hypothesis tries: `thorough`, or a fifth of it."""
    return thorough if THOROUGH else max(20, thorough // 5)


def pairs(ways: Sequence[Case], moments: Sequence[Case], each: int = 2) -> list[tuple[Case, Case]]:
    """Return every way with every moment, or a part with each way and each moment: one pair in `each`."""
    return [
        (way, moment)
        for row, way in enumerate(ways)
        for column, moment in enumerate(moments)
        if THOROUGH or (row + column) % each == 0
    ]

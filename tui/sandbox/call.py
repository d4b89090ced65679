"""One Graph API request, taken apart."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


def page_size(text: str) -> int:
    """How many rows `limit` asks for: 1 to 100, 25 where it says nothing usable."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        return 25
    return max(1, min(100, int(text)))


def listed(text: str) -> list[str]:
    """A list parameter: parted by commas, or a JSON array as Meta's own SDK sends it."""
    text = text.strip()
    if text.startswith("["):
        try:
            return [str(item) for item in json.loads(text)]
        except (ValueError, RecursionError):
            return [text]
    return [item.strip() for item in text.split(",") if item.strip()]


@dataclass(slots=True)
class GraphCall:
    """`path`: without version and slashes at the ends. `parameters`: query, then body over it."""

    method: str
    path: str
    version: str  # the one that serves
    asked_version: str  # the one in the path; empty: none
    parameters: dict[str, str]
    base_url: str
    locale: str = ""
    bearer: str = ""
    now: float = 0.0
    usage_business: str = ""  # the object whose business-use-case limit the call counts for, and which limit
    usage_type: str = "instagram"
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str:
        return self.parameters.get(name, "")

    @property
    def token(self) -> str:
        """The access token: a parameter before the Authorization header."""
        return self.parameters.get("access_token") or self.bearer

    def limit(self) -> int:
        return page_size(self.get("limit"))


@dataclass(slots=True)
class Answer:
    """A Graph answer before it becomes bytes. `body` None: an empty body."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)

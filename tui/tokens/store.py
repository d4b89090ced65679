"""The values that Facebook issued for a token, as versions."""

from dataclasses import dataclass
from typing import Literal

VersionStatus = Literal["candidate", "current", "previous"]
"""`candidate`: issued by Facebook and stored, but not proven yet (or never was)."""

KEPT_VERSIONS = 3
"""How many proven versions of a token stay: the current one and those before it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One value that Facebook issued for a token, without the value. `at`: when it was stored, unix seconds, UTC."""

    id: str
    token: str
    profile: str
    status: VersionStatus
    at: int
    origin: str
    fingerprint: str

"""The checks that can prove or contradict a step: their names, what each looks at, and what one found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeGuard

CheckName = Literal[
    "app_credentials",
    "app_name",
    "callback_rules",
    "callback_match",
    "login_done",
    "permissions",
    "pages",
    "instagram_account",
    "first_read",
    "ads_permission",
    "matillion_reached",
    "matillion_entry",
    "matillion_runs",
]

CHECKS: Mapping[CheckName, str] = {
    "app_credentials": "App ID and App Secret",
    "app_name": "the app's own name",
    "callback_rules": "the callback's form",
    "callback_match": "what Matillion sends to Facebook",
    "login_done": "a login through this app",
    "permissions": "permissions granted",
    "pages": "Pages within reach",
    "instagram_account": "Instagram account on a Page",
    "first_read": "a first read of the account",
    "ads_permission": "ads permission",
    "matillion_reached": "Matillion answers",
    "matillion_entry": "the entry in Matillion",
    "matillion_runs": "the last runs in Matillion",
}
"""Every check and what it looks at, in a few words."""


def is_check(name: str) -> TypeGuard[CheckName]:
    """Tell whether a check of that name exists."""
    return name in CHECKS


Result = Literal["proven", "contradicted", "unknown"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one check found at `at` (unix seconds, UTC). `seen` says what was seen, why, and what to do next.

    `could_ask` is False where nothing was seen at all: no network, no answer, a token that ended.
    """

    check: CheckName
    result: Result
    seen: str
    at: int
    could_ask: bool = True

"""What is wrong with a pasted credential, where, and how to fix it: pure functions."""

from tui.credentials.flaws import FIELDS, SECRETS, Context, Field, Flaw, FlawKind, Severity, Side, is_clean
from tui.credentials.inspection import fix, fix_one, grouped, inspect, is_like_a_secret

__all__ = [
    "FIELDS",
    "SECRETS",
    "Context",
    "Field",
    "Flaw",
    "FlawKind",
    "Severity",
    "Side",
    "fix",
    "fix_one",
    "grouped",
    "inspect",
    "is_clean",
    "is_like_a_secret",
]

"""What is wrong with a pasted credential, where it stands, and how it is mended: pure functions."""

from tui.credentials.inspection import describe, inspect, is_like_a_secret, mend, mend_one
from tui.credentials.model import FIELDS, TITLES, Character, Field, Flaw, Severity, is_clean
from tui.credentials.report import as_json, check_lines

__all__ = [
    "FIELDS",
    "TITLES",
    "Character",
    "Field",
    "Flaw",
    "Severity",
    "as_json",
    "check_lines",
    "describe",
    "inspect",
    "is_clean",
    "is_like_a_secret",
    "mend",
    "mend_one",
]

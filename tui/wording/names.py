"""Words for a text that cannot be the name of a profile or a token."""

from tui.names import LONGEST, suggested_name

RULE = f"A name has 1 to {LONGEST} letters, digits, dots, dashes or underscores."


def not_a_name(text: str) -> str:
    """Return the rule, and the name that is meant where one is clear."""
    meant = suggested_name(text)
    return f"{RULE} Try {meant}." if meant else RULE

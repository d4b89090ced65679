"""Words for a text that cannot be the name of a profile or a token."""

from collections.abc import Container

from tui.names import LONGEST, is_name, suggested_name

RULE = f"A name has 1 to {LONGEST} letters, digits, dots, dashes or underscores."

SECRET_IN_A_NAME = "This looks like a secret, which is no name: names are shown everywhere. Remove it."  # noqa: S105 - a text


def name_complaint(text: str, taken: Container[str] = ()) -> str:
    """Return why a typed name cannot be used; empty where it can."""
    if not is_name(text) or is_secret(text):
        return not_a_name(text)
    return f"{text} is taken. Choose another name." if text in taken else ""


def meant_name(text: str) -> str:
    """Return the name to offer in place of a text that cannot be one; empty where there is none."""
    return "" if is_name(text) or is_secret(text) else suggested_name(text)


def not_a_name(text: str) -> str:
    """Return the rule, and the most similar name where there is one; of a secret nothing is shown."""
    if is_secret(text):
        return SECRET_IN_A_NAME
    meant = suggested_name(text)
    return f"{RULE} Try {meant}." if meant else RULE


def is_secret(text: str) -> bool:
    """Tell whether a text typed as a name holds a secret, also right behind other characters."""
    from tui.credentials.inspection import holds_a_secret  # only where a name is typed

    return holds_a_secret(text)

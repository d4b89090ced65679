"""What commands say that no other surface says: what they did, what they need, why they refuse."""

from tui.wording.texts import phrase


def command_text(command: str, code: str, **facts: object) -> str:
    """Return a sentence or two of a command's, with facts in place of the names in braces. Raises KeyError."""
    return phrase("commands", command, code).format_map(facts)

"""OSC 8: a link that is one link however the terminal wraps it. tmux 3.3a and screen 4.9 drop it (the text stays)."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.text import Text


def hyperlink(address: str, label: str) -> str:
    """Return `label` as a link to `address` for a plain line of output; the label alone where that is unsafe."""
    if not is_safe(address):
        return label
    return f"\x1b]8;;{address}\x1b\\{label}\x1b]8;;\x1b\\"


def link_text(address: str, label: str) -> "Text":
    """Return `label` as Rich text that carries the link as a span: Textual sends no OSC 8 for a base style."""
    from rich.style import Style
    from rich.text import Text

    text = Text(label)
    if is_safe(address):
        text.stylize(Style(link=address), 0, len(label))
    return text


def is_safe(address: str) -> bool:
    """Whether `address` is a web address in plain ASCII, so that nothing in it can end the sequence early."""
    return address.startswith(("https://", "http://")) and all("!" <= character <= "~" for character in address)

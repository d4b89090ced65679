"""The few signs the screens use, in Unicode and in ASCII; state is always a sign and a word."""

from dataclasses import dataclass, field

from tui.terminal.plain_text import SIGNS
from tui.tokens.states import STATES, TokenState


@dataclass(frozen=True, slots=True)
class Glyphs:
    """One set of signs, each a single cell wide."""

    states: dict[TokenState, str]
    full: str
    empty: str
    rule: str
    dot: str
    estimate: str
    ellipsis: str
    notices: dict[str, str]
    """What a notice begins with, by its severity."""
    plain: dict[int, str] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """Return a text of ours with its few signs in this set."""
        return text.translate(self.plain) if self.plain else text


UNICODE = Glyphs(
    states={state: row.glyph for state, row in STATES.items()},
    full="━",
    empty="─",
    rule="─",
    dot="·",
    estimate="~",
    ellipsis="…",
    notices={"information": "", "warning": "! ", "error": "× "},
)
ASCII = Glyphs(
    states={state: row.ascii_glyph for state, row in STATES.items()},
    full="#",
    empty="-",
    rule="-",
    dot="-",
    estimate="~",
    ellipsis="~",
    notices={"information": "", "warning": "! ", "error": "x "},
    plain=str.maketrans(dict(SIGNS)),
)

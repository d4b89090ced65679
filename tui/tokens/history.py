"""One line of the history: what was done to a token, by whom, and what came of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Actor = Literal["tui", "command", "timer"]

_FACT = r"(\w+)=(\S+)"
_FACTS = r"\w+=\S+(?: \w+=\S+)*"


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """Something that happened to a token or profile. Never holds a token's value, only fingerprints.

    `at` is unix seconds, UTC. `action` is a short word such as `login`, `import`, `inspect`, `extend`, `delete`;
    `result` is what came of it, such as `extended` or `could_not_ask`. `code`, `subcode` and `fbtrace_id` are
    Facebook's, where it gave any. `text` is Facebook's own message, or facts (see `facts_text`).
    """

    at: int
    actor: Actor
    action: str
    token: str = ""
    profile: str = ""
    result: str = ""
    code: int | None = None
    subcode: int | None = None
    fbtrace_id: str = ""
    old_fingerprint: str = ""
    new_fingerprint: str = ""
    text: str = ""

    @property
    def facts(self) -> Mapping[str, str]:
        """The facts in `text`; none where it holds Facebook's message, or a sentence of an earlier igauth."""
        return dict(re.findall(_FACT, self.text)) if self.code is None and re.fullmatch(_FACTS, self.text) else {}


def facts_text(**facts: str | None) -> str:
    """Return facts as the text of a history line, as in `expires_at=2027-01-22T12:00:00Z`. Values have no spaces."""
    return " ".join(f"{name}={value}" for name, value in facts.items() if value)

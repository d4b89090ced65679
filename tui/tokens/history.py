"""One line of a token's story: what was done to it, by whom, and what came of it."""

from dataclasses import dataclass
from typing import Literal

Actor = Literal["tui", "command", "timer"]


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    """Something that happened to a token or profile. Never holds a value: only fingerprints and harmless text.

    `at` is unix seconds, UTC. `action` is a short word such as `login`, `import`, `inspect`, `extend`, `delete`;
    `result` is what came of it, such as `extended` or `could_not_ask`. `code`, `subcode` and `fbtrace_id` are
    Facebook's, where it gave any.
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


def told_once(event: HistoryEvent) -> str:
    """Return what came of it and the text about it, without saying either twice or naming the token again."""
    text = event.text.removeprefix(f"{event.token}: ") if event.token else event.text
    word = event.result.replace("_", " ")
    if text.lower().startswith(word.lower()):
        return text
    return f"{event.result}  {text}".strip()

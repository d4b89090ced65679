"""Facebook's error envelope, and the errors the sandbox answers with (`texts.toml`)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

TEXTS: dict[str, Any] = tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))


@dataclass(slots=True)
class GraphError(Exception):
    """One error answer of the Graph API. `facts`: what the braces in its texts stand for."""

    name: str
    message: str
    code: int
    subcode: int | None = None
    type: str = "OAuthException"
    status: int = 400
    kind: str = ""  # the second quoted word of WWW-Authenticate; empty: it follows from the code
    transient: bool | None = None
    title: str = ""
    user_message: str = ""
    old_message: str = ""
    extra: dict[str, object] = field(default_factory=dict)
    facts: Mapping[str, object] = field(default_factory=dict)

    def in_language(self, locale: str) -> "GraphError":
        """Return the same error with its texts in that language, where Facebook translates it."""
        translations = TEXTS["translations"].get(locale.replace("_", "-").split("-")[0].lower(), {})
        texts = translations.get(self.name, {})
        return replace(self, **{part: text.format_map(self.facts) for part, text in texts.items()})

    def body(self, trace_id: str) -> dict[str, object]:
        """Return the envelope, keys in Facebook's own order."""
        facts = {
            "message": self.message,
            "type": self.type,
            "code": self.code,
            "error_subcode": self.subcode,
            "is_transient": self.transient,
            "error_user_title": self.title or None,
            "error_user_msg": self.user_message or None,
            **self.extra,
            "fbtrace_id": trace_id,
        }
        return {"error": {name: value for name, value in facts.items() if value is not None}}


FLAWS: Mapping[str, Any] = TEXTS["flaws"]
ON_DEMAND: Mapping[str, Any] = TEXTS["on_demand"]
ERRORS = {**FLAWS, **ON_DEMAND, **TEXTS["errors"]}


def error(name: str, /, **facts: object) -> GraphError:
    """Return the error of that name, with the facts in its texts."""
    known = GraphError(name, facts=facts, **ERRORS[name])
    known.message = known.message.format_map(facts)
    known.user_message = known.user_message.format_map(facts)
    return known

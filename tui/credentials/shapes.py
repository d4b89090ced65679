"""What a value looks like: one that belongs in another field, a placeholder, or a secret."""

import re
from collections.abc import Mapping

from tui.credentials.flaws import FIELDS, Context, Field, Flaw, FlawKind, Severity, Shape
from tui.credentials.pieces import Scanned

_TOKENS: Mapping[Shape, str] = {
    Shape.APP_TOKEN: r"[0-9]{8,20}\|[0-9A-Za-z_-]{20,}",
    Shape.TOKEN: r"EAA[A-Za-z0-9]{17,}",
    Shape.INSTAGRAM_TOKEN: r"IG(?:AA|Q)[A-Za-z0-9_-]{12,}",
    Shape.THREADS_TOKEN: r"TH(?:\||A)[0-9A-Za-z_|-]{20,}",
}
_SHAPES: Mapping[Shape, re.Pattern[str]] = {
    **{shape: re.compile(pattern) for shape, pattern in _TOKENS.items()},
    Shape.CODE: re.compile(r"AQ[A-Za-z0-9_-]{30,}(?:#_=_)?"),
    Shape.ADDRESS: re.compile(r"https?:/{1,2}[^\s]+", re.IGNORECASE),
    Shape.HEX: re.compile(r"[0-9a-fA-F]{32}"),
    Shape.APP_ID: re.compile(r"[0-9]{10,18}"),
}
_EXPECTED: Mapping[Field, Shape] = dict.fromkeys(FIELDS, Shape.ADDRESS) | {
    "app_id": Shape.APP_ID,
    "app_secret": Shape.HEX,
    "client_token": Shape.HEX,
    "token": Shape.TOKEN,
}
_OTHER_FAMILIES = (Shape.INSTAGRAM_TOKEN, Shape.THREADS_TOKEN, Shape.APP_TOKEN)
_KEPT_WHOLE = (Shape.APP_TOKEN, Shape.THREADS_TOKEN, Shape.ADDRESS)

_PLACEHOLDER = re.compile(
    r"[\"'`]?(?:\$?\{\{?\s*[A-Za-z][\w .-]*\}?\}|<[A-Za-z][\w .-]*>|\[[A-Za-z][\w .-]*\]|%[A-Za-z_]+%"
    r"|\$[A-Za-z]{0,24}[G-Zg-z_]\w{0,40}"
    r"|(?:YOUR|MY|INSERT|ENTER|PASTE|ADD|PUT|REPLACE)[ _-][\w -]*"
    r"|(?:FACEBOOK|META|FB|INSTAGRAM)?[ _-]?(?:APP|CLIENT|ACCESS)"
    r"[ _-]?(?:ID|SECRET|TOKEN|KEY)(?:[ _-]?HERE)?|[xX]{3,}|x{4,8}(?:-x{4,12})+|\?{2,}|_{3,}"
    r"|[-–—]+|\(?empty\)?|n\.a\.?|0x0"
    r"|(?:user|page)[ _-]access[ _-]token|token|bearer|redacted"
    r"|null|none|nil|undefined|nan|n/?a|todo|tbd|fixme|example|placeholder|change[ _-]?me|secret|password|test)[\"'`]?"
    r"|(?:EAA|IG)[A-Z]{0,4}[xX]{4,}[A-Z]{0,4}|\[hidden\]|\[redacted\]",
    re.IGNORECASE,
)
_LONGEST_PLACEHOLDER = 80
SECRET = re.compile(
    r"(?<![0-9A-Za-z/._-])(?=[0-9]*[a-fA-F])[0-9a-fA-F]{32,}(?![0-9A-Za-z])"
    rf"|(?<![0-9A-Za-z])(?:{'|'.join(_TOKENS.values())})(?![0-9A-Za-z])"
)

SECRET_WITHIN = re.compile(
    rf"(?=[0-9A-Fa-f]*[0-9])(?=[0-9A-Fa-f]*[A-Fa-f])[0-9A-Fa-f]{{32}}|(?:{'|'.join(_TOKENS.values())})"
)
"""The same with anything right beside it, as where it was pasted behind a name."""


def is_placeholder(text: str, start: int, end: int) -> bool:
    """Tell whether `text[start:end]` is a word in place of a value: `YOUR_APP_SECRET`, `null`, `xxxx`."""
    return end - start <= _LONGEST_PLACEHOLDER and bool(_PLACEHOLDER.fullmatch(text, start, end))


def shape_of(value: str) -> Shape | None:
    """Return what `value` looks like."""
    return next((shape for shape, pattern in _SHAPES.items() if pattern.fullmatch(value)), None)


def is_kept_whole(text: str) -> bool:
    """Tell whether `text` looks like a value whose first part could be mistaken for a label."""
    return shape_of(text.strip()) in _KEPT_WHOLE


def misplaced(field: Field, found: Scanned, context: Context) -> Flaw | None:
    """Return a flaw when the value found looks like something that belongs in another field than `field`."""
    value = "".join(map(found.text.__getitem__, found.visible))
    shape = shape_of(value)
    if shape is None or shape is _EXPECTED[field] or (field == "app_id" and value.isdigit()):
        return None
    other: Field = "app_secret" if field == "app_id" else "app_id"
    kind = FlawKind.WRONG_FIELD
    if field == "token" and shape in _OTHER_FAMILIES:
        kind = FlawKind.WRONG_FAMILY
    elif field in ("app_id", "app_secret") and shape is _EXPECTED[other]:
        is_swapped = shape_of(context.get(other, "").strip()) is _EXPECTED[field]
        kind = FlawKind.SWAPPED if is_swapped else kind
    return Flaw(kind, found.start, found.end, shape=shape)


def same_as_another(value: str, field: Field, start: int, end: int, context: Context) -> list[Flaw]:
    """Return a flaw when another field holds the same secret: one of the two is in the wrong field."""
    other: Field = "client_token" if field == "app_secret" else "app_secret"
    if not value or context.get(other, "").strip().lower() != value:
        return []
    return [Flaw(FlawKind.SAME_AS_OTHER_FIELD, start, end, severity=Severity.SUSPICIOUS, other=other)]

"""The Secret type, and the filter on everything that leaves the program as text."""

import re
from functools import cache
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"

_SHORTEST_REGISTERED = 8
"""A shorter value would blank out ordinary words wherever it happens to occur."""

_SHAPES = (
    r"(?P<key>(?:access_token|input_token|fb_exchange_token|client_secret|appsecret_proof|code|code_verifier"
    r"|app_secret|client_token|password|passphrase)(?:=|%3D|\"\s*:\s*\"|'\s*:\s*'))(?P<value>[^&\s\"'<>]+)"
    r"|(?P<bearer>Bearer\s+)[^\s\"']{8,}"
    r"|(?P<basic>Basic\s+)(?=\S*[0-9=])[A-Za-z0-9+/]{11,}={0,2}"
    r"|EAA[A-Za-z0-9]{16,}"
    r"|\bIG(?:AA|QV)[A-Za-z0-9_-]{16,}"
    r"|\b[0-9]{5,}(?:\||%7C)[0-9A-Za-z_-]{16,}"
    r"|\b[0-9a-f]{32}\b"
)

_known: set[str] = set()


class Secret:
    """A value that shows itself only through `reveal`.

    Its repr, str, format, pickle and copy are masked, so it can be part of a dataclass, a log record or a
    traceback's locals without leaking. Creating one registers the value with `redact`.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        if len(value) >= _SHORTEST_REGISTERED:
            # as it is, and as an address or a form carries it
            _known.update((value, quote(value, safe="", errors="replace"), quote_plus(value, errors="replace")))

    def reveal(self) -> str:
        """Return the value itself. The only way to it."""
        return self._value

    def masked(self) -> str:
        """Return what may be shown: the length and, where enough stays hidden, the last four characters."""
        if not self._value:
            return "(empty)"
        ending = f"…{self._value[-4:]}" if len(self._value) >= 16 and self._value[-4:].isalnum() else "…"
        return f"{ending} ({len(self._value)} characters)"

    def fingerprint(self) -> str:
        """Return twelve hex digits that tell two values apart without giving either away."""
        import hashlib  # loads OpenSSL, which a look at the state does without

        return hashlib.sha256(self._value.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def __bool__(self) -> bool:
        return bool(self._value)

    def __len__(self) -> int:
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        import hmac

        return hmac.compare_digest(
            self._value.encode("utf-8", "surrogatepass"), other._value.encode("utf-8", "surrogatepass")
        )

    def __hash__(self) -> int:
        return hash(self.fingerprint())

    def __repr__(self) -> str:
        return f"Secret({HIDDEN})"

    def __str__(self) -> str:
        return HIDDEN

    def __format__(self, format_spec: str) -> str:
        return format(HIDDEN, format_spec)

    def __getstate__(self) -> str:
        return HIDDEN  # object's own, since Python 3.11, gives the slots with their values

    def __reduce__(self) -> tuple[type["Secret"], tuple[str]]:
        return Secret, (HIDDEN,)


def redact(text: str) -> str:
    """Return `text` with every known secret, and everything shaped like one, replaced by `[hidden]`.

    Never raises. Known values are those that a live or former `Secret` held in this process.
    """
    for value in sorted(_known, key=len, reverse=True):
        if value in text:
            text = text.replace(value, HIDDEN)
    return _shapes().sub(_hide, text)


@cache
def _shapes() -> re.Pattern[str]:
    return re.compile(_SHAPES, re.IGNORECASE)  # dear, and not needed before the first paint


def _hide(match: re.Match[str]) -> str:
    return (match["key"] or match["bearer"] or match["basic"] or "") + HIDDEN

"""Everything that can go wrong with a call to Matillion ETL, as one exception type."""

from typing import Literal

Kind = Literal[
    "unsafe", "unreachable", "timeout", "tls", "pin", "unauthorized", "missing", "html", "redirected", "refused",
    "server", "unreadable", "settings",
]  # fmt: skip
"""`pin`: another certificate than the pinned one; `refused`: a 200 that says success: false."""


class MatillionError(Exception):
    """A call gave no usable answer. All texts are harmless and hold no secret.

    `what` happened, `why`, `who` must act, and `next_step`; `fingerprint` is that of the certificate that was
    presented (sha256, hex), where that helps.
    """

    def __init__(self, kind: Kind, what: str, why: str, who: str, next_step: str, *, fingerprint: str = "") -> None:
        super().__init__(f"{what} {why} {next_step}")
        self.kind: Kind = kind
        self.what = what
        self.why = why
        self.who = who
        self.next_step = next_step
        self.fingerprint = fingerprint

    @property
    def offline(self) -> bool:
        """Whether nothing answered at all."""
        return self.kind in ("unreachable", "timeout")

    @property
    def could_not_ask(self) -> bool:
        """Whether the instance gave no answer of its own: asking later may bring one."""
        return self.offline or self.kind == "server"

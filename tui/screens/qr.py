"""A link as a QR code, as large as the terminal allows."""

from textual.app import ComposeResult
from textual.widgets import Static

from tui.screens.dialog import Dialog
from tui.screens.messages import Link
from tui.session import Session
from tui.terminal.qr import QrCode, TooSmall, draw_qr
from tui.wording.app import BACK
from tui.wording.terminal import qr_too_small

_SHORTEST = 12
"""Cells of an address that still say something."""
_SCHEME = "https://"


class QrScreen(Dialog[None]):
    """Drawn again when the terminal changes its size; the shorter link takes the place of one that does not fit."""

    def __init__(self, session: Session, link: Link) -> None:
        super().__init__()
        self._session = session
        self._link = link

    def compose(self) -> ComposeResult:
        """Lay out the code and a line below."""
        yield Static("", id="qr", markup=False)
        yield Static(BACK, id="qr-caption", markup=False)

    def on_resize(self) -> None:
        """Draw it, in the size there is now."""
        code, caption = self._fitting()
        shown = self.query_one("#qr", Static)
        shown.set_class(isinstance(code, TooSmall), "-too-small")
        shown.update(qr_too_small(code) if isinstance(code, TooSmall) else "\n".join(code.lines))
        self.query_one("#qr-caption", Static).update(caption)

    def _fitting(self) -> tuple[QrCode | TooSmall, str]:
        """Return the link's code, or that of the shorter link, which has its code beside it (never alone)."""
        code = self._coded(self._link.url)
        if isinstance(code, TooSmall) and self._link.shorter:
            shorter = self._coded(self._link.shorter)
            if isinstance(shorter, QrCode):
                return shorter, self._link.caption
        return code, self._what_it_is()

    def _what_it_is(self) -> str:
        """Return the caption: what the code holds, as much of the address as there is room for, and the way back."""
        before, behind = f"{self._link.name}: ", f" ({BACK})"
        room = self.size.width - len(before) - len(behind)
        address = self._link.url.removeprefix(_SCHEME)
        if room < _SHORTEST:
            return f"{self._link.name}{behind}"
        return f"{before}{address if len(address) <= room else address[: room - 1] + '…'}{behind}"

    def _coded(self, link: str) -> QrCode | TooSmall:
        ascii_only = self._session.capabilities.ascii_only
        return draw_qr(link, self.size.width, self.size.height - 1, ascii_only=ascii_only)

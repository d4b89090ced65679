"""A link as a QR code, as large as the terminal allows."""

from dataclasses import replace

from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from tui.screens.dialog import Dialog
from tui.screens.messages import Link
from tui.session import Session
from tui.terminal.qr import QrCode, Run, TooSmall, Undrawn, draw_qr
from tui.wording.app import BACK
from tui.wording.terminal import no_qr_code

_SHORTEST = 12
"""Cells of an address that still say something."""
_SCHEME = "https://"


class QrPicture(Static):
    """The cells of a code. No style of a theme takes part: dark is black and light is white, whatever is around."""

    COMPONENT_CLASSES = {  # noqa: RUF012 - Textual's own type
        "qr--dark",
        "qr--light",
        "qr--dark-on-light",
        "qr--light-on-dark",
    }

    def draw(self, code: QrCode) -> None:
        """Show a code."""
        self.update(Content("\n").join(Content.assemble(*map(self._styled, line)) for line in code.lines))

    def _styled(self, run: Run) -> Content:
        ink = "dark" if run.is_dark else "light"
        behind = "" if run.is_dark == run.is_on_dark else "-on-dark" if run.is_on_dark else "-on-light"
        return Content.styled(run.text, self.get_visual_style(f"qr--{ink}{behind}"))


class QrScreen(Dialog[None]):
    """Drawn again when the terminal changes its size; the shorter link takes the place of one that does not fit."""

    def __init__(self, session: Session, link: Link) -> None:
        super().__init__()
        self._session = session
        self._link = link

    def compose(self) -> ComposeResult:
        """Lay out the code and a line below."""
        yield QrPicture("", id="qr", markup=False)
        yield Static(BACK, id="qr-caption", markup=False)

    def on_resize(self) -> None:
        """Draw it, in the size there is now."""
        code, caption = self._fitting()
        picture = self.query_one("#qr", QrPicture)
        picture.set_class(not isinstance(code, QrCode), "-no-code")
        if isinstance(code, QrCode):
            picture.draw(code)
        else:
            picture.update(no_qr_code(code))
        line = self.query_one("#qr-caption", Static)
        line.display = bool(caption)
        line.update(caption)

    def _fitting(self) -> tuple[QrCode | Undrawn, str]:
        """Return the link's code, or that of the shorter link, which has its code beside it (never alone).

        The link's own code takes the caption's row where it needs it.
        """
        height, caption = self.size.height, self._what_it_is()
        for rows, below in ((height - 1, caption), (height, "")):
            code = self._coded(self._link.url, rows)
            if isinstance(code, QrCode):
                return code, below
        if isinstance(code, TooSmall) and self._link.shorter:
            code = self._coded(self._link.shorter, height - 1)
            if isinstance(code, QrCode):
                return code, self._link.caption
            if isinstance(code, TooSmall):
                code = replace(code, rows=code.rows + 1)
        return code, caption

    def _what_it_is(self) -> str:
        """Return the caption: what the code holds, as much of the address as there is room for, and the way back."""
        before, behind = f"{self._link.name}: ", f" ({BACK})"
        room = self.size.width - len(before) - len(behind)
        address = self._link.url.removeprefix(_SCHEME)
        if room < _SHORTEST:
            return f"{self._link.name}{behind}"
        return f"{before}{address if len(address) <= room else address[: room - 1] + '…'}{behind}"

    def _coded(self, link: str, rows: int) -> QrCode | Undrawn:
        return draw_qr(link, self.size.width, rows, self._session.capabilities)

"""`igauth login --qr`: the link as a QR code on stderr, or a shorter link where that does not fit the terminal."""

import contextlib
import os
import shutil

import click

from tui.commands.pipe import say
from tui.facebook.login_events import DeviceFailed, LoginEvent
from tui.facebook.models import DeviceCode
from tui.services.logins import Attempt
from tui.terminal.capabilities import detect
from tui.terminal.qr import QrCode, TooSmall, Undrawn, draw_qr, sgr_lines
from tui.wording.login import SHORT_LINK_CODE
from tui.wording.terminal import no_qr_code

_STDERR = 2


class LoginQr:
    """Draws one code: of the link, else of the page for other devices once Facebook has given its code, else of the
    short local link.
    """

    def __init__(self) -> None:
        self._terminal = detect(os.environ, shutil.which)
        self._waits_for_device = False
        self._short_link = ""
        self._refusal: Undrawn = TooSmall(0, 0)

    def introduce(self, attempt: Attempt, *, has_link: bool) -> None:
        """Draw the link's code where there is a link and its code fits."""
        offer = attempt.offer
        if has_link:
            code = self._coded(offer.request.url)
            if not isinstance(code, TooSmall):
                self._show(code)
                return
            self._refusal = code
            self._short_link = offer.short_link if offer.port is not None else ""
        self._waits_for_device = attempt.login.has_device
        if not self._waits_for_device:
            self._draw_short_link()

    def on_event(self, event: LoginEvent) -> None:
        """Draw the page for other devices, or what is left where there is no code for it."""
        if not self._waits_for_device or not isinstance(event, DeviceCode | DeviceFailed):
            return
        self._waits_for_device = False
        if isinstance(event, DeviceCode):
            self._show(self._coded(event.link))
        else:
            self._draw_short_link()

    def _draw_short_link(self) -> None:
        if self._short_link:
            say(SHORT_LINK_CODE)
            self._show(self._coded(self._short_link))
        else:
            self._show(self._refusal)

    def _coded(self, link: str) -> QrCode | Undrawn:
        columns, rows = _room()
        return draw_qr(link, columns, rows - 1, self._terminal)  # the last row is the cursor's

    def _show(self, code: QrCode | Undrawn) -> None:
        if isinstance(code, QrCode):
            click.echo("\n".join(sgr_lines(code, self._terminal)), err=True, color=True)
        else:
            say(no_qr_code(code))


def _room() -> tuple[int, int]:
    """Return columns and rows of the terminal that stderr is; of a usual one where it is none."""
    with contextlib.suppress(OSError):
        size = os.get_terminal_size(_STDERR)
        if size.columns and size.lines:
            return size
    return shutil.get_terminal_size()

"""The login methods, and which of them fits this machine best."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from tui.facebook.dialog import LoginRequest

_HERE = ("127.0.0.1", "::1", "localhost")


class LoginMethod(StrEnum):
    """How the answer of a login reaches igauth."""

    BROWSER = "browser"
    """Facebook redirects a browser to the listener here, directly or through `ssh -L`."""
    PASTE = "paste"
    DEVICE = "device"
    TOKEN = "token"  # noqa: S105 - a token that exists, instead of a login


class Suggestion(StrEnum):
    """The method to show first, and the reason."""

    BROWSER_HERE = "browser_here"
    PASTE_OVER_SSH = "paste_over_ssh"
    DEVICE_CODE = "device_code"
    PASTE_LIVE_APP = "paste_live_app"
    PASTE_NO_BROWSER = "paste_no_browser"
    PASTE_ON_PAGE = "paste_on_page"


def suggest(
    environ: Mapping[str, str], *, has_browser: bool, has_listener: bool, has_device: bool, on_page: bool = False
) -> Suggestion:
    """Return the method to show first; the others stay available. sshd sets the variables that are read here.

    `on_page`: igauth itself is shown by a browser, which need not be on this machine.
    """
    over_ssh = any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))
    if not has_listener:
        return Suggestion.DEVICE_CODE if has_device else Suggestion.PASTE_LIVE_APP
    if on_page:
        return Suggestion.PASTE_ON_PAGE
    if over_ssh:
        return Suggestion.PASTE_OVER_SSH
    return Suggestion.BROWSER_HERE if has_browser else Suggestion.PASTE_NO_BROWSER


@dataclass(frozen=True, slots=True)
class LoginOffer:
    """What a person needs to answer one login attempt. `deadline` in unix seconds, UTC."""

    request: LoginRequest
    profile: str
    app_name: str
    token_name: str
    deadline: float
    port: int | None
    """The port of localhost that is listened on; None where there is no listener."""

    @property
    def forwards(self) -> tuple[str, ...]:
        """`HOST:PORT` of what a browser elsewhere must reach: the listener, and a dialog that is on this machine."""
        dialog = urlsplit(self.request.url)
        return (
            *((f"localhost:{self.port}",) if self.port is not None else ()),
            *((dialog.netloc,) if dialog.hostname in _HERE and dialog.port is not None else ()),
        )

    @property
    def short_link(self) -> str:
        """The local address that leads to the dialog; the attempt's code in it keeps other users out."""
        return f"http://localhost:{self.port}/go/{self.request.short_code}"

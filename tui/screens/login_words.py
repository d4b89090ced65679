"""What the login screen says: what to do first, and the other doors. Pure functions."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from tui.facebook import login_events as told
from tui.facebook.doors import propose, surroundings
from tui.terminal.ssh_hint import ssh_hint

if TYPE_CHECKING:
    from tui.services.logins import Attempt


def left_text(seconds: float) -> str:
    """Return the time left of an attempt: `14:32 left`, `over`."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d} left" if whole > 0 else "over"


def first_text(attempt: "Attempt", environ: Mapping[str, str], has_browser: bool, *, can_use_device: bool) -> str:
    """Return what to do first, and why this door is proposed."""
    seen = surroundings(
        environ,
        local_browser=has_browser,
        listener_possible=attempt.port is not None,
        device_possible=can_use_device,
    )
    return propose(seen).why


def keys_text(has_browser: bool) -> str:
    """Return what can be done with the link from inside a field."""
    here = ", ^o opens it in the browser here" if has_browser else ""
    return f"^y copies this link, ^g QR, ^l plain{here}."


def others_text(attempt: "Attempt", device: told.DeviceCodeShown | None, environ: Mapping[str, str]) -> str:
    """Return the doors that are open beside the first."""
    lines = []
    if device is not None:
        lines.append(f"Any device: open {device.url} and type {device.user_code}")
    if attempt.port is not None:
        hint = ssh_hint(environ, attempt.port)
        lines.append("Or by itself: where the browser is, run")
        lines.append(f"  {hint.command}" + (f"  (or by the name {hint.other_host})" if hint.other_host else ""))
        lines.append(f"  and open  {attempt.short_link}  there.")
    else:
        lines.append(f"Needs {attempt.request.redirect_uri} among the app's Valid OAuth Redirect URIs.")
    return "\n".join(lines)


def device_caption(device: told.DeviceCodeShown) -> str:
    """Return what stands under the QR code of a device's address: not the link above it, and what to compare."""
    where = device.url.removeprefix("https://").removeprefix("www.")
    return f"{where}, not the link: compare {device.user_code}. escape goes back"


def device_link(device: told.DeviceCodeShown) -> str:
    """Return the address with the code in it, for a QR code (graph-api.md section 9)."""
    return f"{device.url}?user_code={device.user_code}&qr=1" if "?" not in device.url else device.url

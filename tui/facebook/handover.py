"""The text for a colleague who has the browser: what to open, what to click, what to send back. No secret in it."""

from datetime import UTC, datetime

from tui.facebook.dialog import LoginRequest
from tui.facebook.permissions import purpose


def handover_text(request: LoginRequest, app_name: str = "", deadline: float | None = None) -> str:
    """Return plain text with the link alone on its line, unbroken. `deadline` in unix seconds, UTC.

    The link carries the attempt's `state`, which is of use only together with the code that Facebook gives the
    colleague; App Secret, client token and code verifier are not in it.
    """
    app = f"the app “{app_name}”" if app_name else "our Facebook app"
    until = ""
    if deadline is not None:
        until = (
            f"Please do it before {datetime.fromtimestamp(deadline, UTC):%d %b %Y %H:%M} UTC; then the link is over.\n"
        )
    local = request.redirect_uri.startswith("http://localhost")
    ending = (
        "4. The browser then shows a page that cannot be opened (localhost). That is expected."
        if local
        else "4. The browser then shows a page that says Success."
    )
    asked = "".join(f"   - {scope}: {purpose(scope)}\n" for scope in request.scopes)
    return (
        f"Facebook login for {app}, attempt {request.short_code}\n"
        f"\n"
        f"1. Open this link in a browser where you are logged in to Facebook (the whole line):\n"
        f"\n"
        f"{request.url}\n"
        f"\n"
        f"2. Choose the Facebook Page and the Instagram account; leave every box ticked.\n"
        f"{asked}"
        f"3. Confirm to the last page.\n"
        f"{ending}\n"
        f"5. Copy the whole address from the address bar at once and send it back to me, with the attempt's name\n"
        f"   {request.short_code}. It is valid for a few minutes and works once. Send it as plain text, best in a\n"
        f"   private message: programs that open links for a preview use it up.\n"
        f"\n"
        f"{until}"
        f"If Facebook shows an error instead, send me its words; nothing else is needed.\n"
    )

"""Words for logging in: the methods, every event, every refusal, and the text for a colleague."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import assert_never

from tui.facebook import login_events as events
from tui.facebook.dialog import RedirectFault, RedirectRefused
from tui.facebook.login import LoginOver
from tui.facebook.login_methods import LoginMethod, LoginOffer, Suggestion
from tui.facebook.models import Page
from tui.facebook.pasted import AnswerRefused, Refusal
from tui.facebook.unwrapping import Removed
from tui.services.logins import LoginMethodUnavailable, Unavailable
from tui.wording.facebook import facebook_text
from tui.wording.remedies import remedy_words
from tui.wording.surfaces import Screen, Surface, sentences
from tui.wording.text import Action, Do, Text

PURPOSES: Mapping[str, str] = {
    "instagram_basic": "profile and media of the Instagram account; nothing works without it",
    "instagram_manage_insights": "figures of the account, its media and stories, and business discovery",
    "pages_show_list": "the list of your Pages, used to find the Instagram account",
    "pages_read_engagement": "the Page itself and its link to the Instagram account",
    "business_management": "Pages and accounts that belong to a business portfolio",
    "ads_read": "insights where your role on the Page comes through Business Manager",
    "ads_management": "insights where your role on the Page comes through Business Manager",
    "read_insights": "figures of the Facebook Page itself",
    "public_profile": "your name; granted automatically",
    "email": "your e-mail address; not needed",
}

_SUGGESTIONS: Mapping[Suggestion, str] = {
    Suggestion.BROWSER_HERE: "A browser is on this machine: open this link in it and confirm. The rest is automatic.",
    Suggestion.PASTE_OVER_SSH: (
        "You are on SSH: open this link in your own browser, confirm, and paste the address it ends at, even if that"
        " page does not load."
    ),
    Suggestion.DEVICE_CODE: (
        "The app allows device login: enter the code below on any device. Nothing has to be pasted back."
    ),
    Suggestion.PASTE_LIVE_APP: (
        "The app is live, so Facebook sends the answer to its own page: open this link, confirm, and paste that"
        " page's address."
    ),
    Suggestion.PASTE_NO_BROWSER: (
        "No browser was found here: open this link elsewhere, confirm, and paste the address it ends at, even if that"
        " page does not load."
    ),
}

_METHODS: Mapping[LoginMethod, str] = {
    LoginMethod.BROWSER: "from the browser",
    LoginMethod.PASTE: "pasted address",
    LoginMethod.DEVICE: "device code",
    LoginMethod.TOKEN: "existing token",
}

_REMOVED: Mapping[Removed, str] = {
    Removed.LINE_BREAKS: "line breaks",
    Removed.SPACES: "spaces",
    Removed.BORDERS: "box borders",
    Removed.LINE_PREFIXES: "quote marks",
    Removed.INVISIBLE: "invisible characters",
    Removed.ESCAPES: "terminal escapes",
    Removed.HTML: "HTML's &amp;",
    Removed.BACKSLASHES: "backslashes",
    Removed.CARETS: "carets",
    Removed.MAIL_ENCODING: "e-mail encoding",
    Removed.VIEW_SOURCE: "view-source:",
    Removed.FRAGMENT: "#_=_",
    Removed.SAFE_LINKS: "Outlook's Safe Links",
    Removed.LINK_REWRITER: "a link rewriter's address",
    Removed.OTHER_TEXT: "text around it",
    Removed.QUOTES: "quotes or brackets",
}

_STEPS: Mapping[events.Step, str] = {
    "extend": "The token was not extended",
    "inspect": "The token was not verified",
    "permissions": "The permissions were not read",
    "pages": "The Pages were not read",
}

ANOTHER_WAY = "You can still log in another way."


# --- the introduction -----------------------------------------------------------------------------------------------


def suggestion_text(suggestion: Suggestion) -> str:
    """Return what to do first, and why."""
    return _SUGGESTIONS[suggestion]


def left_text(seconds: float) -> str:
    """Return the time left of an attempt: `14:32 left`, `over`."""
    whole = int(seconds)
    return f"{whole // 60}:{whole % 60:02d} left" if whole > 0 else "over"


def redirect_lines(offer: LoginOffer, ssh_command: str, other_host: str) -> list[str]:
    """Return how the answer arrives automatically, or which redirect address the app must allow."""
    if offer.port is None:
        return [f"Needs {offer.request.redirect_uri} among the app's Valid OAuth Redirect URIs."]
    return [
        "Automatic: on the computer with the browser, run",
        f"  {ssh_command}" + (f"  (or by the name {other_host})" if other_host else ""),
        f"  and open  {offer.short_link}  there.",
    ]


def device_line(device: events.DeviceCodeShown) -> str:
    """Return where the code for another device is entered."""
    return f"On any device, open {device.url} and enter the code {device.user_code}"


def device_caption(device: events.DeviceCodeShown) -> str:
    """Return what is below the QR code of a device's address: that it is not the link, and what to compare."""
    place = device.url.removeprefix("https://").removeprefix("www.")
    return f"{place}, not the link: compare {device.user_code}"


def link_keys(surface: Screen, has_browser: bool) -> str:
    """Return what can be done with the link, with the keys that work inside a field."""
    here = f", {surface.key('open_link')} opens it in the browser here" if has_browser else ""
    copy, qr, plain = (surface.key(action) for action in ("copy_value", "qr_code", "plain_view"))
    return f"{copy} copies this link, {qr} QR, {plain} plain{here}."


def purpose(permission: str) -> str:
    """Return what a permission is for, as a phrase."""
    return PURPOSES.get(permission, "not known to igauth; see Meta's Permissions Reference")


def handover_text(offer: LoginOffer) -> str:
    """Return the text for a colleague who has the browser, with the link unbroken on a line of its own.

    The link carries the attempt's `state`, which is of use only together with the code that Facebook gives the
    colleague; App Secret, client token and code verifier are not in it.
    """
    request = offer.request
    app = f"the app “{offer.app_name}”" if offer.app_name else "our Facebook app"
    is_local = request.redirect_uri.startswith("http://localhost")
    ending = "that cannot be opened (localhost). That is expected." if is_local else "that says Success."
    scopes = "".join(f"   - {scope}: {purpose(scope)}\n" for scope in request.scopes)
    return (
        f"Facebook login for {app}, attempt {request.short_code}\n"
        f"\n"
        f"1. Open this link in a browser where you are logged in to Facebook (the whole line):\n"
        f"\n"
        f"{request.url}\n"
        f"\n"
        f"2. Choose the Facebook Page and the Instagram account; leave every box ticked.\n"
        f"{scopes}"
        f"3. Confirm to the last page.\n"
        f"4. The browser then shows a page {ending}\n"
        f"5. Copy the full address from the address bar at once and send it back to me, with the attempt's name\n"
        f"   {request.short_code}. It is valid for a few minutes and works once. Send it as plain text, preferably in\n"
        f"   a private message: programs that open links for a preview use it up.\n"
        f"\n"
        f"Please do it before {datetime.fromtimestamp(offer.deadline, UTC):%d %b %Y %H:%M} UTC; then the link"
        f" expires.\n"
        f"If Facebook shows an error instead, send me its text.\n"
    )


def app_mode_text(is_development: bool) -> str:
    """Return where Facebook sends the answer, after the app mode was switched."""
    if is_development:
        return "Development mode: Facebook sends the answer to localhost."
    return "Live app: Facebook sends the answer to its own page, which must be among the redirect URIs."


# --- what happens ---------------------------------------------------------------------------------------------------


def event_lines(event: events.LoginEvent, surface: Surface, again: Action) -> list[str]:
    """Return one line for each thing an event reports. `again`: how a declined permission is requested again."""
    match event:
        case events.DeviceCodeShown():
            return [device_line(event)]
        case events.ForeignRequest():
            return [f"Ignored {_counted(event.count, 'request')} that did not come from this login."]
        case events.Declined():
            return [f"{_declined(event, surface)} {ANOTHER_WAY}"]
        case events.MethodFailed():
            return [f"No code for other devices. {sentences(facebook_text(event.error), surface)} {ANOTHER_WAY}"]
        case events.AnswerTaken():
            removed = ", ".join(_REMOVED[part] for part in event.removed)
            taken_off = f" Removed: {removed}." if removed else ""
            return [f"Answer received ({_METHODS[event.method]}).{taken_off} Requesting the token."]
        case events.TokenStored():
            return ["Saved the long-lived token." if event.extended else "Saved the token."]
        case events.Inspected():
            verdict = "valid" if event.inspection.is_valid else "not valid"
            return [f"Facebook: {verdict}, {event.inspection.kind.replace('_', ' ')} token."]
        case events.PermissionsRead():
            step = surface.step(again)
            return [f"Not granted: {name} ({purpose(name)}). {step}" for name in event.missing] or [
                "All permissions granted."
            ]
        case events.PagesRead():
            linked = [page for page in event.pages if page.instagram_id]
            accounts = [_account(page) for page in linked]
            return [f"{_counted(len(event.pages), 'Page')}; Instagram: {', '.join(accounts) or 'none linked'}."]
        case events.StepFailed():
            return [f"{_STEPS[event.step]}. {sentences(facebook_text(event.error), surface)}"]
        case _:
            assert_never(event)


def _account(page: Page) -> str:
    return f"@{page.instagram_username}" if page.instagram_username else page.instagram_id


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _declined(event: events.Declined, surface: Surface) -> str:
    remedy = remedy_words(event.remedy)
    said = f'Facebook: "{event.message}".' if event.message else ""
    return " ".join(filter(None, (remedy.what, said, remedy.why, remedy.advice(surface))))


# --- refusals -------------------------------------------------------------------------------------------------------


_REFUSALS: Mapping[Refusal, str] = {
    Refusal.EMPTY: "Nothing was pasted. Paste the address the browser ended at.",
    Refusal.TOO_LONG: "The text is too long ({seen} characters). Paste only the address.",
    Refusal.NO_ANSWER: "No code found. When the login has finished, copy the full address (with code= and state=).",
    Refusal.DIALOG: (
        "This is the address of Facebook's login page. Open it in a browser, confirm, and paste the address the browser"
        " ends at."
    ),
    Refusal.WRONG_HOST: (
        "This is the address of another server ({seen}); this login comes back to {expected}. Open the link shown here"
        " and paste the address it ends at."
    ),
    Refusal.NO_STATE: "The address has no state; it may be cut off. Paste the full address.",
    Refusal.WRONG_STATE: (
        "This address answers another login ({seen}), not this one ({expected}). Open the link shown here and paste the"
        " address it ends at."
    ),
    Refusal.DECLINED: "Facebook declined.",
    Refusal.AMBIGUOUS: "The text holds more than one code, or more text follows the code. Paste only the address.",
    Refusal.DAMAGED: (
        "A part of the address is missing or changed. Copy all of it again in one piece; in a wider window it is not"
        " wrapped."
    ),
    Refusal.APP_SECRET: "This looks like an App Secret or client token, not like a code.",
    Refusal.ALREADY_ANSWERED: "This login already has its answer. Wait for its token.",
}


def refusal_text(refused: AnswerRefused, surface: Surface) -> str:
    """Return why a pasted text is not accepted, and what to paste instead."""
    if refused.declined is not None:
        return _declined(refused.declined, surface)
    text = _REFUSALS[refused.reason].format(seen=refused.seen or "unknown", expected=refused.expected)
    if refused.reason is Refusal.APP_SECRET:
        text += f" {surface.step(Action(Do.CHECK_CREDENTIALS))}"
    return text


def login_failure(error: LoginOver | RedirectRefused | LoginMethodUnavailable, again: Action) -> Text:
    """Return why a login could not be opened, or ended without a token. `again` opens a new one."""
    if isinstance(error, RedirectRefused):
        return _REDIRECTS[error.reason]
    if isinstance(error, LoginOver):
        if error.reason == "deadline":
            return Text("The login was not finished in time.", next=again)
        return Text("The login was canceled; nothing was changed.")
    paste = Action(Do.PASTE_ADDRESS, error.profile)
    match error.reason:
        case Unavailable.NO_CLIENT_TOKEN:
            return Text(
                f"Profile {error.profile} has no client token, which device login needs.",
                hint="Copy it from App settings > Advanced > Security in Meta's console.",
                next=Action(Do.ADD_CLIENT_TOKEN, error.profile),
            )
        case Unavailable.PORT_IN_USE:
            return Text(f"Port {error.port} on localhost is in use; no browser can come back.", next=paste)
        case Unavailable.NO_LOCAL_REDIRECT:
            why = "Facebook redirects to localhost only while the app is in development mode."
            return Text("No browser can come back here.", why, next=paste)
        case _:
            assert_never(error.reason)


_EMPTY = "Leave the redirect empty to have it chosen."
_REDIRECTS: Mapping[RedirectFault, Text] = {
    RedirectFault.MATILLION_CALLBACK: Text(
        "The redirect is Matillion's callback: its server would receive the code of our login.",
        hint=f"{_EMPTY} Or set http://localhost:8765/ or Meta's login_success.html.",
    ),
    RedirectFault.LOOPBACK_NUMBER: Text(
        "Meta compares the redirect as text and accepts only localhost.", hint="Write http://localhost:PORT/ instead."
    ),
    RedirectFault.OTHER_SERVER: Text(
        "The redirect of our own login must be http://localhost:PORT/ or Meta's login_success.html.",
        "Any other server would receive the code.",
        hint=_EMPTY,
    ),
}

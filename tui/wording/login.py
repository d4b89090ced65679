"""Words for logging in: the methods, every event, every refusal, and the text for a colleague."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import assert_never

from tui.credentials.flaws import Flaw, Severity, is_fixable
from tui.facebook import login_events as events
from tui.facebook.dialog import RedirectRefused
from tui.facebook.landing import Page
from tui.facebook.login import LoginOver
from tui.facebook.login_methods import LoginMethod, LoginOffer, Suggestion
from tui.facebook.models import DeviceCode
from tui.facebook.pasted import AnswerRefused, Refusal
from tui.services.login_targets import LoginTarget, NotByLogin
from tui.services.logins import LoginMethodUnavailable
from tui.settings import Profile
from tui.terminal.ssh_hint import SshHint
from tui.tokens.token import Token
from tui.wording.counts import counted
from tui.wording.facebook import advice, facebook_text, remedy_words
from tui.wording.flaws import message
from tui.wording.scopes import scope_flaw
from tui.wording.surfaces import Screen, Surface, sentences
from tui.wording.text import Action, Do, Text
from tui.wording.texts import phrase, phrases, text_of
from tui.wording.token_words import kind_text

ANOTHER_WAY = "You can still log in another way."
ANSWER_LABEL = "Paste the address the browser ended at, then enter"
ANSWER_SHORT = "Address the browser ended at, enter"
TOKEN_LABEL = "Or a token you already have, then enter"  # noqa: S105 - a label
TOKEN_SHORT = "Or a token you have, enter"  # noqa: S105 - a label
NOT_OPENED = "The login cannot be opened."
NAME_QUESTION = "Name of the token"
NEW_NAME_QUESTION = "Name of the new token"
WHICH_PROFILE = "Log in for which profile?"
WHICH_TOKEN = "Log in for which token?"  # noqa: S105 - a question
RENEWS_VALID = "This token is still valid. A login renews its access to data for 90 days; the name stays."
_ELSEWHERE = "on the computer with the browser, run"
HAND_OVER_LABEL = "text for a colleague who has the browser (no secret)"
HAND_OVER_QUESTION = "Write the text for a colleague to"


def new_name_question(profile: str) -> str:
    """Return the question for the name of a new token, with its profile."""
    return f"{NEW_NAME_QUESTION} (profile {profile})"


# --- the introduction -----------------------------------------------------------------------------------------------


def suggestion_text(suggestion: Suggestion) -> str:
    """Return what to do first, and why."""
    return phrase("login", "suggestion", suggestion)


def target_line(target: LoginTarget, profile: Profile | None) -> str:
    """Return which token of which profile and app a login is for."""
    of_app = ""
    if profile is not None:
        of_app = f", app {profile.app_name}" if profile.app_name else f", App ID {profile.app_id}"
    token = "Renew token" if target.renews else "New token"
    return f"{token} {target.token} (profile {target.profile}{of_app})."


def target_choice(target: LoginTarget) -> str:
    """Return a target as one of a list."""
    return target.token if target.renews else "a new token"


def not_by_login(error: NotByLogin) -> Text:
    """Return that a login cannot renew a token of this kind, and what it can do."""
    token = error.token
    what = f"A login brings a user token, and {token.name} is not one ({kind_text(token)})."
    return Text(what, next=Action(Do.LOG_IN_NEW, token.profile))


def of_other_profile(token: Token) -> Text:
    """Return that a name is taken by a token of another profile, and how that one is renewed."""
    what = f"A token named {token.name} already exists in profile {token.profile}."
    return Text(what, hint="Choose another name.", next=Action(Do.LOG_IN, token.profile, token.name))


def heading(target: str, offer: LoginOffer, now: float, *, is_narrow: bool) -> str:
    """Return what an attempt is for and how long it can be answered: `acme: PZKQ, 14:32 left.` on a narrow screen."""
    whole, name, code = int(offer.deadline - now), offer.token_name, offer.request.short_code
    left = f"{whole // 60}:{whole % 60:02d} left" if whole > 0 else "over"
    return f"{name}: {code}, {left}." if is_narrow else f"{target} Attempt {code}, {left}."


def redirect_lines(offer: LoginOffer, hint: SshHint) -> list[str]:
    """Return how the answer arrives automatically, or which redirect address the app must allow."""
    command = f"  {hint.command}" + (f"  (or by the name {hint.other_host})" if hint.other_host else "")
    if offer.port is None:
        reach = [_ELSEWHERE.capitalize(), command] if offer.forwards else []
        return [*reach, f"Needs {offer.request.redirect_uri} among the app's Valid OAuth Redirect URIs."]
    return [f"Automatic: {_ELSEWHERE}", command, f"  and open  {offer.short_link}  there."]


def device_line(device: DeviceCode) -> str:
    """Return where the code for another device is entered."""
    return f"On any device, open {device.url} and enter the code {device.user_code}"


def device_caption(device: DeviceCode, surface: Screen) -> str:
    """Return what is below the QR code of a device's address: it is not the link, what to compare, the way back."""
    place = device.url.removeprefix("https://").removeprefix("www.")
    return f"{place}, not the link: compare {device.user_code}. Press {surface.key('leave')} to go back"


SHORT_LINK_CODE = "The QR code has the short link. It opens only on this computer, or where the ssh -L line runs."


def short_link_caption(surface: Screen) -> str:
    """Return what is below the QR code of the short link: where it opens, and the way back."""
    return f"short link, only for this computer or behind ssh -L. Press {surface.key('leave')} to go back"


def link_keys(surface: Screen, has_browser: bool) -> str:
    """Return what can be done with the link, with the keys that work inside a field."""
    here = f", {surface.key('open_link')} opens it in the browser here" if has_browser else ""
    copy, qr, plain = (surface.key(action) for action in ("copy_value", "qr_code", "plain_view"))
    return f"{copy} copies this link, {qr} QR, {plain} plain{here}."


def purpose(permission: str) -> str:
    """Return what a permission is for, as a phrase."""
    return phrases("login", "permission").get(permission, "not known to igauth; see Meta's Permissions Reference")


def handover_text(offer: LoginOffer) -> str:
    """Return the text for a colleague who has the browser, with the link unbroken on a line of its own.

    The link carries the attempt's `state`, which is of use only together with the code that Facebook gives the
    colleague; App Secret, client token and code verifier are not in it.
    """
    request = offer.request
    is_local = request.redirect_uri.startswith("http://localhost")
    return phrase("login", "hand_over", "text").format(
        app=f"the app “{offer.app_name}”" if offer.app_name else "our Facebook app",
        code=request.short_code,
        url=request.url,
        scopes="".join(f"   - {scope}: {purpose(scope)}\n" for scope in request.scopes),
        ending=phrase("login", "hand_over", "local" if is_local else "page_of_meta"),
        deadline=datetime.fromtimestamp(offer.deadline, UTC),
    )


def hand_over_file(offer: LoginOffer) -> str:
    """Return the file name that is offered for the text for a colleague."""
    return f"igauth-login-{offer.request.short_code}.txt"


def written(path: Path) -> str:
    """Return where the text for a colleague was written, and who can read it."""
    return f"Wrote {path}, readable only by you (0600); it contains no secret."


def to_continue(surface: Screen) -> str:
    """Return which key leaves a login that has ended."""
    return f"Press {surface.key('leave')} to continue."


def shortcuts_active(surface: Screen) -> str:
    """Return that the field was left, and which key leaves the login."""
    return f"Shortcut keys are active. Press {surface.key('leave')} again to leave the login."


def app_mode_text(is_development: bool) -> str:
    """Return where Facebook sends the answer, after the app mode was switched."""
    return phrase("login", "app_mode", "development" if is_development else "live")


def page_words(page: Page) -> tuple[str, str]:
    """Return title and text of a page in the browser."""
    texts = phrases("login", "page_text")
    return phrase("login", "page_title", page), texts.get(page, texts["other"])


# --- what happens ---------------------------------------------------------------------------------------------------


def event_lines(event: events.LoginEvent, surface: Surface, again: Action) -> list[str]:
    """Return one line for each thing an event reports. `again`: how a declined permission is requested again."""
    match event:
        case DeviceCode():
            return [device_line(event)]
        case events.ForeignRequest():
            return [f"Ignored {counted(event.count, 'request')} that did not come from this login."]
        case events.Declined():
            return [f"{_declined(event, surface)} {ANOTHER_WAY}"]
        case events.DeviceFailed():
            return [f"No code for other devices. {sentences(facebook_text(event.error), surface)} {ANOTHER_WAY}"]
        case events.AnswerTaken():
            removed = ", ".join(phrase("login", "removed", part) for part in event.removed)
            taken_off = f" Removed: {removed}." if removed else ""
            then = "" if event.method is LoginMethod.TOKEN else " Requesting the token."
            return [f"Answer received ({phrase('login', 'method', event.method)}).{taken_off}{then}"]
        case events.TokenStored():
            return ["Saved the long-lived token." if event.extended else "Saved the token."]
        case events.NameReplaced():
            facts = {"name": event.name, "wanted": event.wanted}
            return [phrase("login", "name_replaced", event.problem).format(**facts)]
        case events.RenewsValid():
            return [RENEWS_VALID]
        case events.ScopesDoubted():
            return [*map(scope_flaw, event.flaws), surface.step(Action(Do.CHANGE_SCOPES, again.profile))]
        case events.Inspected():
            verdict = "valid" if event.inspection.is_valid else "not valid"
            kind = event.inspection.kind.replace("_", " ")
            return [f"Facebook: {verdict}{f', {kind} token' if kind != 'unknown' else ''}."]
        case events.PermissionsRead():
            step = surface.step(again)
            return [f"Not granted: {name} ({purpose(name)}). {step}" for name in event.missing] or [
                "All permissions granted."
            ]
        case events.PagesRead():
            accounts = [
                f"@{page.instagram_username}" if page.instagram_username else page.instagram_id
                for page in event.pages
                if page.instagram_id
            ]
            return [f"{counted(len(event.pages), 'Page')}; Instagram: {', '.join(accounts) or 'none linked'}."]
        case events.StepFailed():
            return [f"{phrase('login', 'step', event.step)}. {sentences(facebook_text(event.error), surface)}"]
        case _:
            assert_never(event)


def _declined(event: events.Declined, surface: Surface) -> str:
    remedy = remedy_words(event.remedy)
    said = f'Facebook: "{event.message}".' if event.message else ""
    return " ".join(filter(None, (remedy.what, said, remedy.why, advice(remedy, surface))))


# --- refusals -------------------------------------------------------------------------------------------------------


def refusal_text(refused: AnswerRefused, surface: Surface) -> str:
    """Return why a pasted text is not accepted, and what to paste instead."""
    if refused.declined is not None:
        return _declined(refused.declined, surface)
    text = phrase("login", "refusal", refused.reason).format(seen=refused.seen or "unknown", expected=refused.expected)
    if refused.reason is Refusal.APP_SECRET:
        text += f" {surface.step(Action(Do.CHECK_CREDENTIALS))}"
    return text


def refused_answer(refused: AnswerRefused, surface: Surface) -> str:
    """Return that a pasted address is refused, and why."""
    return f"Refused: {refusal_text(refused, surface)}"


def flawed_token(flaws: Collection[Flaw], surface: Screen) -> str:
    """Return why a typed token is not used yet, and which keys fix it or use it all the same."""
    reasons = " ".join(dict.fromkeys(message("token", flaw) for flaw in flaws if flaw.severity is not Severity.NOTE))
    fix = f"{surface.key('fix_flaws')} fixes, enter" if is_fixable(flaws) else "Enter"
    return f"Not used yet. {reasons} {fix} again uses it as it is."


def login_failure(error: LoginOver | RedirectRefused | LoginMethodUnavailable, again: Action) -> Text:
    """Return why a login could not be opened, or ended without a token. `again` opens a new one."""
    if isinstance(error, LoginMethodUnavailable):
        facts = {"profile": error.profile, "port": error.port}
        return text_of("login", error.reason, facts, "failure", replace(again, profile=error.profile))
    return text_of("login", error.reason, {}, "failure", again)

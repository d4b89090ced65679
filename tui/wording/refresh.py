"""What came of refreshing a token."""

import math
from typing import assert_never

from tui.facebook.errors import FacebookError
from tui.tokens.errors import NoCredentials, StoreError
from tui.tokens.gates import Pause
from tui.tokens.results import Reason, RefreshCode, RefreshResult
from tui.tokens.token import DAY
from tui.wording.facebook import quoted
from tui.wording.failures import failure_text
from tui.wording.surfaces import Surface, sentences
from tui.wording.text import Action, Do, Text
from tui.wording.times import ago, span, stamp
from tui.wording.token_words import reason_text


def refresh_text(result: RefreshResult, now: float) -> Text:
    """Return what came of it at `now` (unix seconds, UTC), and what to do where somebody must act."""
    token, access = result.token, result.token.data_access_expires_at
    match result.result:
        case RefreshCode.EXTENDED if token.expires_at is None:
            return Text("No longer expires." + (f" Data access until {stamp(access)}." if access else ""))
        case RefreshCode.EXTENDED:
            # whole days, to the nearest: the answer's own delay must not make 60 days 59
            gain = result.seconds_gained
            days = f"{round(gain / DAY)} d" if gain >= DAY else span(gain)
            return Text(f"Extended by {days}, until {stamp(token.expires_at)}.")
        case RefreshCode.UNCHANGED:
            return _unchanged(result, now)
        case RefreshCode.NEVER_EXPIRES:
            text = "Never expires, so there is nothing to extend."
            return Text(text + (f" Data access until {stamp(access)}." if access else ""))
        case RefreshCode.LOGIN_NEEDED:
            why = reason_text(result.reason or "", result.lost_scopes)
            return Text(why, next=Action(Do.LOG_IN, token.profile, token.name))
        case RefreshCode.APP_CREDENTIALS:
            check = Action(Do.CHECK_CREDENTIALS, token.profile)
            if isinstance(result.cause, FacebookError):
                what, why = f"App ID or App Secret of profile {token.profile} does not work.", quoted(result.cause)
            else:
                what, why = cause_text(result.cause, now), ""
            return Text(what, why, hint="The token is unchanged.", next=check)
        case RefreshCode.COULD_NOT_ASK:
            return Text("Could not ask Facebook.", cause_text(result.cause, now), hint="The token is unchanged.")
        case _:
            assert_never(result.result)


def refresh_line(result: RefreshResult, now: float, surface: Surface) -> str:
    """Return the text as one line that names the token."""
    return f"{result.name}: {sentences(refresh_text(result, now), surface)}"


def _unchanged(result: RefreshResult, now: float) -> Text:
    moved_at = result.token.extended_at or result.token.issued_at
    if result.reason == Reason.EXTENDED_MEANWHILE:
        by = "" if result.by_this_process else " by another run of igauth"
        return Text(f"No change: already extended {ago(now - (moved_at or now))}{by}.")
    if result.reason == Reason.EARLIER_END:
        return Text("No change: Facebook answered with a token that expires earlier, so the current one stays.")
    if moved_at is None:
        return Text("No change: Facebook answered, but the expiry did not move.")
    if now - moved_at < DAY:
        return Text(f"No change: it was extended within the last day. Try again after {stamp(moved_at + DAY)}.")
    what = f"No change: Facebook answered, but the expiry did not move. It last moved {ago(now - moved_at)}."
    return Text(what, hint="Try again tomorrow.")


def pause_text(pause: Pause, now: float) -> str:
    """Return why an app is not asked now, and until when."""
    wait = span(math.ceil(max(1.0, pause.until - now) / 60) * 60)  # not a moment too soon
    if pause.percent is None:
        return f"Facebook limits this app's requests at the moment. Try again in {wait}."
    return (
        f"{pause.percent} % of this hour's request allowance is used; igauth leaves the rest so that Facebook does not"
        f" limit the app. Try again in {wait}."
    )


def cause_text(cause: FacebookError | StoreError | NoCredentials | Pause | None, now: float) -> str:
    """Return in a sentence or two what kept Facebook from being asked; empty where that is not known."""
    match cause:
        case None:
            return ""
        case Pause():
            return pause_text(cause, now)
        case FacebookError(cause="throttled"):
            return pause_text(Pause(now + (cause.regain_minutes or 60) * 60), now)
        case _:
            text = failure_text(cause) or Text(str(cause))
            return f"{text.what} {text.hint}".rstrip()

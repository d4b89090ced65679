"""What came of refreshing a token."""

import math
from collections.abc import Iterable, Sequence

from tui.facebook.errors import FacebookError, means_app_limit
from tui.tokens.errors import NoCredentials, StoreError
from tui.tokens.gates import Pause
from tui.tokens.results import Reason, RefreshCode, RefreshResult
from tui.tokens.token import DAY
from tui.wording import token_work
from tui.wording.facebook import facebook_text, quoted
from tui.wording.failures import bug_sentence, failure_text
from tui.wording.surfaces import Surface, sentences
from tui.wording.text import Action, Do, Text
from tui.wording.texts import text_of
from tui.wording.times import ago, span, stamp
from tui.wording.token_words import reason_text


def refresh_text(result: RefreshResult, now: float) -> Text:
    """Return what came of it at `now` (unix seconds, UTC), and what to do where somebody must act."""
    token, gain, cause = result.token, result.seconds_gained, result.cause
    if result.result is RefreshCode.REFUSED and isinstance(cause, FacebookError):
        return facebook_text(cause)
    moved_at = token.extended_at or token.issued_at or now
    access = token.data_access_expires_at
    facts = {
        # whole days, to the nearest: the answer's own delay must not make 60 days 59
        "gain": f"{round(gain / DAY)} d" if gain >= DAY else span(gain),
        "until": stamp(token.expires_at),
        "data_access": f" Data access until {stamp(access)}." if access else "",
        "moved": ago(now - moved_at),
        "again": stamp(moved_at + DAY),
        "by": "" if result.by_this_process else " by another run of igauth",
        "reason": reason_text(result.reason or "", result.lost_scopes),
        "profile": token.profile,
        "cause": cause_text(cause, now),
        "said": quoted(cause) if isinstance(cause, FacebookError) else "",
    }
    return text_of("refresh", _case(result, now), facts, retry=Action(Do.LOG_IN, token.profile, token.name))


def _case(result: RefreshResult, now: float) -> str:
    """Return the code of the text: that of the result, or of a case of it."""
    moved_at = result.token.extended_at or result.token.issued_at
    match result.result:
        case RefreshCode.EXTENDED if result.reason == Reason.CANDIDATE:
            return Reason.CANDIDATE
        case RefreshCode.EXTENDED if result.token.expires_at is None:
            return "no_longer_expires"
        case RefreshCode.UNCHANGED if result.reason in (Reason.EXTENDED_MEANWHILE, Reason.EARLIER_END):
            return result.reason
        case RefreshCode.UNCHANGED if moved_at is not None:
            return "extended_today" if now - moved_at < DAY else "not_moved"
        case RefreshCode.APP_CREDENTIALS if isinstance(result.cause, FacebookError):
            return "app_credentials_refused"
        case RefreshCode.COULD_NOT_ASK if isinstance(result.cause, FacebookError) and result.cause.cause == "facebook":
            return "answered_with_error"
        case code:
            return code


def first_failure(results: Iterable[RefreshResult]) -> RefreshResult | None:
    """Return the first result that somebody must act on, before any that was not even tried; None: all is done."""
    failed = [result for result in results if not result.result.is_done]
    failed.sort(key=lambda result: token_work.is_given_up(result.cause))
    return failed[0] if failed else None


def result_counts(results: Sequence[RefreshResult], asked: int) -> str:
    """Return how many tokens had which result, without those that were not asked about; `asked` counts all."""
    tried = [result.result for result in results if not token_work.is_given_up(result.cause)]
    return token_work.refresh_counts(tried, asked - len(results) + len(tried))


def rest_not_asked(results: Iterable[RefreshResult]) -> str:
    """Return which hosts were given up, and how many tokens were not asked about; empty where none was."""
    return token_work.rest_not_asked(result.cause for result in results)


def bug_in(causes: Iterable[object]) -> Exception | None:
    """Return the first fault of igauth's own among what kept tokens from being refreshed or asked about."""
    return next((one for one in causes if isinstance(one, Exception) and failure_text(one) is None), None)


def refresh_line(result: RefreshResult, now: float, surface: Surface) -> str:
    """Return the text as one line that names the token."""
    return f"{result.name}: {sentences(refresh_text(result, now), surface)}"


def pause_text(pause: Pause, now: float) -> str:
    """Return why an app is not asked now, and until when."""
    wait = math.ceil(max(1.0, pause.until - now) / 60) * 60  # not a moment too soon
    again = f"Try again in {span(wait)} ({stamp(now + wait)})."
    if pause.percent is None:
        return f"Facebook limits this app's requests at the moment. {again}"
    return (
        f"{pause.percent} % of this hour's request allowance is used; igauth leaves the rest so that Facebook does not"
        f" limit the app. {again}"
    )


def cause_text(cause: FacebookError | StoreError | NoCredentials | Pause | None, now: float) -> str:
    """Return in a sentence or two what kept Facebook from being asked; empty where that is not known."""
    match cause:
        case None:
            return ""
        case Pause():
            return pause_text(cause, now)
        case FacebookError() if means_app_limit(cause):
            return pause_text(Pause(now + (cause.regain_minutes or 60) * 60), now)
        case _:
            text = failure_text(cause) or Text(bug_sentence(cause))
            return f"{text.what} {text.hint}".rstrip()

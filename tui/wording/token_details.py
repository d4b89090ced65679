"""What is known of a token: its facts, its outlook, and why it needs a new login."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple, assert_never

from tui.facebook.pages import Page
from tui.tokens.forecast import Outlook, forecast
from tui.tokens.life import missing_scopes
from tui.tokens.states import STATES, TokenState
from tui.tokens.token import Failure, Token, deadline, nearer_clock, reason, state
from tui.wording.surfaces import Surface, sentences
from tui.wording.text import Action, Do, Text
from tui.wording.times import ago, day_text, moment_text, span, stamp
from tui.wording.token_words import described, kind_text, numbers, reason_text, reason_word, time_left_until

if TYPE_CHECKING:  # the first paint needs none of them
    from tui.tokens.automation import Automation
    from tui.tokens.history import HistoryEvent
    from tui.tokens.store import Version

_NO_CREDENTIALS = "App ID or App Secret of the profile were missing."


class Fact(NamedTuple):
    """One fact with its label."""

    label: str
    text: str


def headline(token: Token, now: float, window: int) -> str:
    """Return state, reason and time left in one line."""
    return f"{token.name}: {_state_text(token, now, window)}, {time_left_until(token, now)}"


def row_line(token: Token, its_state: TokenState, now: float) -> str:
    """Return a token in one line of a list."""
    what = described(token, token.subject_name or token.subject_id)
    return f"{token.name}: {its_state}, {what}, {time_left_until(token, now)}"


def summary_facts(
    token: Token, now: float, window: int, expected: Sequence[str], surface: Surface, timer: "Automation | None"
) -> list[Fact]:
    """Return what matters most: both ends, the outlook, the last error, and what the token reaches or lacks."""
    ends = [
        Fact("expires", _end(token.expires_at, token, now, "never")),
        Fact("data access", _end(token.data_access_expires_at, token, now, "no end")),
    ]
    if nearer_clock(token) == "data_access":
        ends.reverse()
    facts = ends
    failure = token.failure
    is_said = failure is not None and (numbers(failure.code, failure.subcode) == token.reason or _is_refusal(failure))
    if not is_said:  # else its meaning says it too
        facts.append(Fact("outlook", sentences(outlook_text(token, now, window, timer), surface)))
    if failure is not None:
        facts += _failure_facts(token, failure, now, surface)
    if missing := missing_scopes(token, expected):
        facts.append(Fact("missing", ", ".join(missing)))
    if token.pages:
        facts.append(Fact("accounts", ", ".join(map(_account, token.pages))))
    return [*facts, Fact("origin", f"{token.origin or 'not known'}, saved {stamp(token.obtained_at)}")]


def token_facts(
    token: Token, now: float, window: int, expected: Sequence[str], surface: Surface, timer: "Automation | None"
) -> list[Fact]:
    """Return all that is known of a token except its value."""
    checked = "never" if token.inspected_at is None else f"{stamp(token.inspected_at)}, {ago(now - token.inspected_at)}"
    facts = [
        Fact("state", _state_text(token, now, window)),
        Fact("checked", checked),
        Fact("kind", "not known" if token.kind == "unknown" else kind_text(token)),
        Fact("subject", f"{token.subject_name} {token.subject_id}".strip() or "not known"),
        Fact("profile", token.profile + (f" (App ID {token.app_id})" if token.app_id else "")),
        *summary_facts(token, now, window, expected, surface, timer),
        Fact("issued", stamp(token.issued_at, "not reported by Facebook")),
        Fact("extended", stamp(token.extended_at, "not by igauth yet")),
        Fact("scopes", ", ".join(token.scopes) or "none known"),
    ]
    facts += [
        Fact("limited to", f"{grant.scope}: {', '.join(grant.target_ids)}")
        for grant in token.granular_scopes
        if grant.target_ids
    ]
    if token.pages:
        rule = "never expire, but end with a password change, a lost role or a removed app"
        facts += [
            Fact("Page IDs", ", ".join(f"{page.name} {page.page_id}" for page in token.pages)),
            Fact("Page tokens", rule),
        ]
    if token.failure is not None and token.failure.cause:
        from tui.wording.facebook import remedy_code, remedy_words

        remedy = remedy_words(remedy_code(token.failure))
        facts.append(Fact("explanation", f"{remedy.what} {remedy.why}".rstrip()))
    return facts


def version_lines(versions: "Iterable[Version]") -> list[str]:
    """Return the values that are stored for a token, newest first, by fingerprint."""
    return [f"{version.fingerprint}: {version.status}, saved {stamp(version.at)}" for version in versions]


def candidate_line(version: "Version") -> str:
    """Return a value that is not in use in one line: its id, for which token and profile, where it comes from."""
    of_profile = f"profile {version.profile}" if version.profile else "profile not known"
    saved = f"saved {stamp(version.at)}" if version.at else "saved at an unknown time"
    return f"{version.id}  {version.token}  {of_profile}, {version.origin}, {saved}  {version.fingerprint}".rstrip()


def history_lines(events: "Iterable[HistoryEvent]") -> list[str]:
    """Return the history of one token, newest first."""
    from tui.wording.history import event_line

    return [event_line(event, stamp(event.at)) for event in events]


def outlook_text(token: Token, now: float, window: int, timer: "Automation | None") -> Text:
    """Return what the timer does for the token, and what is left to a person; `timer` None: there is none."""
    ahead = forecast(token, now, window, timer)
    log_in = Action(Do.LOG_IN, token.profile, token.name)
    until = "" if ahead.until is None else day_text(ahead.until, now)
    next_attempt = "" if ahead.next_attempt is None else f"Next attempt {moment_text(ahead.next_attempt, now)} UTC."
    match ahead.outlook:
        case Outlook.UNKNOWN:
            return Text("Not known yet.", next=Action(Do.INSPECT, token.profile, token.name))
        case Outlook.NOT_ASKED_SINCE:
            asked = stamp(token.inspected_at)
            what = f"Reached its end on {stamp(ahead.until)}, and Facebook was not asked since {asked}."
            return Text(what, "It called the token valid then.", next=Action(Do.INSPECT, token.profile, token.name))
        case Outlook.CLOCK_AHEAD:
            ahead_by = span((token.inspected_at or 0) - (token.expires_at or 0))
            what = (
                f"The clock is wrong: Facebook called the token valid {ahead_by} after its end by this machine's clock."
            )
            from tui.wording.texts import phrase  # hardly ever

            return Text(what, hint=phrase("doctor", "clock_ahead", "hint"))
        case Outlook.UNUSABLE:
            return Text(reason_text(reason(token, now) or "refused"), next=log_in)
        case Outlook.APP_TOKEN:
            return Text("Works as long as the App Secret; there is nothing to extend.")
        case Outlook.NEVER_EXPIRES:
            why = "A password change, a lost role or a removed app still ends it."
            return Text("Never expires, so there is nothing to extend.", why)
        case Outlook.DATA_ACCESS_ONLY:
            return Text(
                f"Never expires, but data access ends on {until}, 90 days after the last login. Log in again by then."
            )
        case Outlook.DATA_ACCESS_FIRST:
            why = "Extending it does not change that. Log in again by then."
            return Text(f"Works until {until}, when data access ends, 90 days after the last login.", why)
        case Outlook.NO_TIMER:
            return Text(f"Nothing extends it by itself: it expires on {until}.", next=Action(Do.INSTALL_TIMER))
        case Outlook.TIMER_FAILS:
            return Text(f"The timer does not extend it now: it expires on {until}.", next=Action(Do.CHECK_TIMER))
        case Outlook.NO_RUN_IN_TIME:
            what = f"The timer does not run before it expires on {stamp(ahead.until)}."
            return Text(what, next=Action(Do.REFRESH, token=token.name))
        case Outlook.NOT_EXTENDED:
            what = f"The last attempt, {ago(now - (token.tried_at or now))}, did not extend it."
            return Text(what, f"Unless the next one does, it expires on {until}. {next_attempt}")
        case Outlook.EXTENDABLE if ahead.until is None:
            return Text("The timer keeps this token valid.", next_attempt)
        case Outlook.EXTENDABLE:
            why = f"Then data access ends, 90 days after the last login: log in again. {next_attempt}"
            return Text(f"The timer keeps this token valid until {until}.", why)
        case _:
            assert_never(ahead.outlook)


def saved_text(token: Token, now: float, window: int, same_value: Sequence[str] = ()) -> Text:
    """Return what a token is that was saved just now; `same_value` names other tokens with its value."""
    from tui.wording.texts import text_of  # the first paint saves none

    group, end = STATES[state(token, now, window)].group, deadline(token)
    facts = {
        "name": token.name,
        "state": _state_text(token, now, window),
        "until": "never expires" if end is None else f"until {stamp(end)}",
        "why": _failure_meaning(token.failure),
    }
    text = text_of("tokens", group.name.lower(), facts, "saved", Action(Do.LOG_IN, token.profile, token.name))
    if not same_value:
        return text
    return replace(text, what=f"{text.what} It has the same value as {', '.join(same_value)}.")


def _state_text(token: Token, now: float, window: int) -> str:
    why = reason_word(reason(token, now))
    return f"{state(token, now, window)}{f' ({why})' if why else ''}"


def _failure_facts(token: Token, failure: Failure, now: float, surface: Surface) -> list[Fact]:
    if not failure.cause:
        return [Fact("last error", f"{ago(now - failure.at)}: {_NO_CREDENTIALS}")]
    from tui.wording.facebook import advice, quoted, remedy_code, remedy_title, remedy_words  # only after a failure

    remedy = remedy_code(failure)
    todo = advice(remedy_words(remedy, Action(Do.REFRESH, token.profile, token.name)), surface)
    said = quoted(failure) if failure.cause == "facebook" else failure.message
    meaning = remedy_words(remedy).what if _is_refusal(failure) else f"{remedy_title(remedy)}."
    # the meaning first: a short panel cuts off what follows
    return [
        Fact("meaning", f"{meaning} {todo}"),
        Fact("last error", f"{ago(now - failure.at)}: {said} {failure.fbtrace_id}".rstrip()),
    ]


def _is_refusal(failure: Failure) -> bool:
    from tui.facebook.remedies import refusal_of  # only after a failure

    return refusal_of(failure) is not None


def _failure_meaning(failure: Failure | None) -> str:
    """Return why asking failed."""
    if failure is None or not failure.cause:
        return "" if failure is None else _NO_CREDENTIALS
    from tui.wording.facebook import facebook_text

    text = facebook_text(failure)
    return " ".join(filter(None, (text.what, text.why, text.hint)))


def _account(page: Page) -> str:
    instagram = page.instagram_username or page.instagram_id
    return f"{page.name} (@{instagram})" if instagram else page.name


def _end(end: int | None, token: Token, now: float, none: str) -> str:
    if end is None:
        return "not known" if token.inspected_at is None else none
    return f"{stamp(end)} ({span(end - now) if end > now else 'passed'})"

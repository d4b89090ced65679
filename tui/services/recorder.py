"""Writes what the keeper did into the history. Blocking, as the store is: call it off the event loop."""

from dataclasses import dataclass, replace

from tui.clock import Clock, rfc3339
from tui.facebook.errors import FacebookError
from tui.facebook.permissions import GranularScope
from tui.redact import Secret
from tui.tokens.history import Actor, HistoryEvent, facts_text
from tui.tokens.results import RefreshCode, RefreshResult
from tui.tokens.token import Failure, Token, state
from tui.vault.tokens_table import TokensTable


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records what was done to tokens, by whom and with what result; fingerprints, never values."""

    store: TokensTable
    clock: Clock
    actor: Actor

    def inspected(self, before: Token, after: Token, window: float) -> None:
        """Record an inspection that changed the state or the scopes, and the first one."""
        now = self.clock.now()
        was, is_now = state(before, now, window), state(after, now, window)
        if before.inspected_at is not None and was == is_now and before.scopes == after.scopes:
            return
        failure = after.failure if after.failure and not after.failure.where else None  # one about the token itself
        text = failure.message if failure else facts_text(before=was)
        self.store.record(_numbered(self._event(after, "inspect", is_now, text), failure))

    def failed(self, token: Token, error: FacebookError, action: str, issued: Secret | None = None) -> Token:
        """Set the failure beside the token's last state, store and return it; a repeated one is recorded once."""
        failure = failure_of(error, int(self.clock.now()))
        known = token.failure
        token = replace(token, failure=failure)
        self.store.update_token(token)
        facts = (failure.code, failure.subcode, failure.message)
        is_repeated = known is not None and (known.code, known.subcode, known.message) == facts
        if action != "inspect" or not is_repeated:
            result = "could_not_ask" if error.inconclusive else "refused"
            mark = issued.fingerprint() if issued else ""
            event = replace(self._event(token, action, result, error.message), new_fingerprint=mark)
            self.store.record(_numbered(event, failure))
        return token

    def adopted(self, token: Token, action: str) -> None:
        """Record a new token as Facebook described it."""
        text = token.failure.message if token.failure is not None else ""
        self.store.record(replace(self._event(token, action, token.verdict, text), new_fingerprint=token.fingerprint))

    def exchanged(self, result: RefreshResult, old: Secret, new: Secret) -> None:
        """Record an exchange that Facebook answered: extended, or what spoke against the new token."""
        token = result.token
        if result.result is RefreshCode.EXTENDED:
            text = facts_text(
                expires_at=rfc3339(token.expires_at),
                data_access_expires_at=rfc3339(token.data_access_expires_at) if token.expires_at is None else None,
                seconds_gained=str(result.seconds_gained),
            )
        else:
            text = facts_text(lost=",".join(map(_scope, result.lost_scopes)))
        event = self._event(token, "extend", result.reason or result.result, text)
        event = replace(event, old_fingerprint=old.fingerprint(), new_fingerprint=new.fingerprint())
        self.store.record(event)

    def refused(self, result: RefreshResult) -> None:
        """Record a refresh that could not help, once while it is repeated."""
        token = result.token
        newest = next(iter(self.store.history(token.name, limit=1)), None)
        if newest is None or (newest.actor, newest.action, newest.result) != (self.actor, "refresh", result.result):
            self.store.record(self._event(token, "refresh", result.result, facts_text(reason=result.reason)))

    def _event(self, token: Token, action: str, result: str, text: str) -> HistoryEvent:
        return HistoryEvent(
            int(self.clock.now()), self.actor, action, token.name, token.profile, str(result), text=text
        )


def _numbered(event: HistoryEvent, cause: Failure | None) -> HistoryEvent:
    """Return the event with Facebook's numbers for what caused it."""
    if cause is None:
        return event
    return replace(event, code=cause.code, subcode=cause.subcode, fbtrace_id=cause.fbtrace_id)


def failure_of(error: FacebookError, at: int) -> Failure:
    """Return what is kept of an error beside the token; `at` in unix seconds, UTC."""
    return Failure(at, error.code, error.subcode, error.message, error.fbtrace_id, error.cause, error.where)


def _scope(scope: GranularScope) -> str:
    return scope.scope + "".join(f":{target}" for target in scope.target_ids)

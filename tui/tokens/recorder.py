"""Writes what the keeper did into the history. Blocking, as the store is: call it off the event loop."""

from dataclasses import dataclass, replace

from tui.clock import Clock, rfc3339
from tui.facebook.errors import FacebookError
from tui.redact import Secret
from tui.tokens.history import Actor, HistoryEvent, facts_text
from tui.tokens.results import RefreshCode, RefreshResult
from tui.tokens.store import TokenStore
from tui.tokens.token import Failure, GranularScope, Token, state


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records what was done to tokens, by whom and with what result; fingerprints, never values."""

    store: TokenStore
    clock: Clock
    actor: Actor

    def inspected(self, before: Token, after: Token, window: float) -> None:
        """Record an inspection that changed the state or the scopes, and the first one."""
        now = self.clock.now()
        was, is_now = state(before, now, window), state(after, now, window)
        if before.inspected_at is not None and was == is_now and before.scopes == after.scopes:
            return
        failure = after.failure
        text = failure.message if failure else facts_text(before=was)
        self._write(after, "inspect", is_now, cause=failure, text=text)

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
            self._write(token, action, result, cause=failure, new=issued, text=error.message)
        return token

    def adopted(self, token: Token, action: str, value: Secret) -> None:
        """Record a new token as Facebook described it."""
        text = token.failure.message if token.failure is not None else ""
        self._write(token, action, token.verdict, new=value, text=text)

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
        self._write(token, "extend", result.reason or result.result, old=old, new=new, text=text)

    def refused(self, result: RefreshResult) -> None:
        """Record a refresh that could not help, once while it is repeated."""
        token = result.token
        newest = next(iter(self.store.history(token.name, limit=1)), None)
        if newest is None or (newest.actor, newest.action, newest.result) != (self.actor, "refresh", result.result):
            self._write(token, "refresh", result.result, text=facts_text(reason=result.reason))

    def _write(
        self,
        token: Token,
        action: str,
        result: str,
        *,
        cause: Failure | None = None,
        old: Secret | None = None,
        new: Secret | None = None,
        text: str = "",
    ) -> None:
        self.store.record(
            HistoryEvent(
                at=int(self.clock.now()),
                actor=self.actor,
                action=action,
                token=token.name,
                profile=token.profile,
                result=str(result),
                code=cause.code if cause else None,
                subcode=cause.subcode if cause else None,
                fbtrace_id=cause.fbtrace_id if cause else "",
                old_fingerprint=old.fingerprint() if old else "",
                new_fingerprint=new.fingerprint() if new else "",
                text=text,
            )
        )


def failure_of(error: FacebookError, at: int) -> Failure:
    """Return what is kept of an error beside the token; `at` in unix seconds, UTC."""
    return Failure(at, error.code, error.subcode, error.message, error.fbtrace_id, error.cause, error.where)


def _scope(scope: GranularScope) -> str:
    return scope.scope + "".join(f":{target}" for target in scope.target_ids)

"""Writes the keeper's lines into the history. Blocking, as the store is: call it off the event loop."""

from dataclasses import replace

from tui.clock import Clock
from tui.facebook.errors import FacebookError
from tui.redact import Secret
from tui.tokens.history import Actor, HistoryEvent
from tui.tokens.results import RefreshResult
from tui.tokens.store import TokenStore
from tui.tokens.token import Failure, Token, state


class Diary:
    """Records what was done to tokens, by whom and with what result; fingerprints, never values."""

    def __init__(self, store: TokenStore, clock: Clock, actor: Actor) -> None:
        self._store = store
        self._clock = clock
        self._actor: Actor = actor

    def looked(self, before: Token, after: Token, window: float) -> None:
        """Record an inspection, if it changed something that a person would want to know."""
        now = self._clock.now()
        was, is_now = state(before, now, window), state(after, now, window)
        if before.inspected_at is not None and was == is_now and before.scopes == after.scopes:
            return
        failure = after.failure
        text = failure.message if failure else f"{is_now}, {was} before"
        self._write(
            after,
            "inspect",
            is_now,
            code=failure.code if failure else None,
            subcode=failure.subcode if failure else None,
            text=text,
        )

    def failed(self, token: Token, error: FacebookError, action: str, issued: Secret | None = None) -> Token:
        """Set the failure beside the token's last state, store and return it; the same one twice is told once."""
        failure = failure_of(error, int(self._clock.now()))
        known = token.failure
        token = replace(token, failure=failure)
        self._store.update_token(token)
        repeated = known is not None and (known.code, known.subcode, known.message) == (
            failure.code,
            failure.subcode,
            failure.message,
        )
        if action != "inspect" or not repeated:
            self._write(
                token,
                action,
                "could_not_ask" if error.inconclusive else "refused",
                code=error.code,
                subcode=error.subcode,
                fbtrace_id=error.fbtrace_id,
                new=issued,
                text=error.message,
            )
        return token

    def done(
        self, token: Token, action: str, result: str, text: str, *, old: Secret | None = None, new: Secret | None = None
    ) -> None:
        """Record something that Facebook answered."""
        self._write(token, action, result, old=old, new=new, text=text.removeprefix(f"{token.name}: "))

    def refused(self, token: Token, result: RefreshResult) -> RefreshResult:
        """Record a refresh that nothing was asked for, as only a login helps; return `result`. Repeated, told once."""
        newest = next(iter(self._store.history(token.name, limit=1)), None)
        told = None if newest is None else (newest.actor, newest.action, newest.result)
        if told != (self._actor, "refresh", result.result):
            self.done(token, "refresh", result.result, result.sentence.removesuffix(" Log in with l."))
        return result

    def _write(
        self,
        token: Token,
        action: str,
        result: str,
        *,
        code: int | None = None,
        subcode: int | None = None,
        fbtrace_id: str = "",
        old: Secret | None = None,
        new: Secret | None = None,
        text: str = "",
    ) -> None:
        self._store.record(
            HistoryEvent(
                at=int(self._clock.now()),
                actor=self._actor,
                action=action,
                token=token.name,
                profile=token.profile,
                result=result,
                code=code,
                subcode=subcode,
                fbtrace_id=fbtrace_id,
                old_fingerprint=old.fingerprint() if old else "",
                new_fingerprint=new.fingerprint() if new else "",
                text=text,
            )
        )


def failure_of(error: FacebookError, at: int) -> Failure:
    """Return what is kept of an error beside the token; `at` in unix seconds, UTC."""
    return Failure(at, error.code, error.subcode, error.message, error.fbtrace_id, error.cause)

"""One extension: exchange, store, inspect the result, and make it current only when it is proven."""

import asyncio
from dataclasses import replace

from tui.facebook.errors import FacebookError, is_throttled, means_app_credentials, means_new_login, means_wrong_app
from tui.facebook.models import Inspection
from tui.redact import Secret
from tui.tokens import results
from tui.tokens.asker import Access, Asker
from tui.tokens.countdown import span
from tui.tokens.extension import Proof, gained, inspected, judge, refused
from tui.tokens.results import RefreshResult, full_stop
from tui.tokens.store import StoreError
from tui.tokens.token import Token


class Extender:
    """Extends tokens. The current one is only ever replaced by one that was proven better."""

    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._store = asker.store
        self._clock = asker.clock
        self._diary = asker.diary

    async def extend(self, token: Token, value: Secret, before: Inspection, access: Access) -> RefreshResult:
        """Exchange the token whose inspection `before` is, prove the answer, and tell what came of it."""
        try:
            left_over = await asyncio.to_thread(self._left_over, token)
            version, fresh_value = left_over or await self._asker.exchange(
                token.name, token.profile, value, access, token.kind
            )
        except FacebookError as error:
            token = await asyncio.to_thread(self._diary.failed, refused(token, error), error, "extend")
            return self._refused(token, error)
        if message := self._asker.gates.closed(access.app.app_id):  # the next refresh proves what was issued
            return results.could_not_ask(token, "throttled", message)
        try:
            after = await self._asker.ask(fresh_value, access)
        except FacebookError as error:
            token = await asyncio.to_thread(self._diary.failed, token, error, "extend", fresh_value)
            return failed_look(token, error, self._clock.now())
        proof = judge(before, after)
        if proof.proven:
            return await asyncio.to_thread(self._promote, token, value, version, fresh_value, after)
        return await asyncio.to_thread(self._keep_old, token, value, fresh_value, proof)

    def _promote(
        self, token: Token, value: Secret, version: str, fresh_value: Secret, after: Inspection
    ) -> RefreshResult:
        now = int(self._clock.now())
        fresh = replace(
            inspected(replace(token, issued_at=None), after),
            obtained_at=now,
            extended_at=now,
            tried_at=now,
            fingerprint=fresh_value.fingerprint(),
        )
        self._store.make_current(token.name, version, fresh)
        self._asker.own.add(fresh.fingerprint)
        result = results.extended(token, fresh, gained(token, fresh))
        self._diary.done(fresh, "extend", "extended", result.sentence, old=value, new=fresh_value)
        return result

    def _keep_old(self, token: Token, value: Secret, fresh_value: Secret, proof: Proof) -> RefreshResult:
        now = self._clock.now()
        token = replace(token, tried_at=int(now))
        self._store.update_token(token)
        result = results.from_proof(token, proof, now)
        self._diary.done(token, "extend", proof.outcome, result.sentence, old=value, new=fresh_value)
        return result

    def _left_over(self, token: Token) -> tuple[str, Secret] | None:
        """Return a token that was issued but never judged, as after a crash: it is proven instead of a new one."""
        answered = max(token.extended_at or 0, token.tried_at or 0)
        for version in self._store.versions(token.name):
            if version.status == "candidate" and version.origin == "exchange" and version.at > answered:
                try:
                    return version.id, self._store.value_of(version.id)
                except StoreError:
                    continue
        return None

    def _refused(self, token: Token, error: FacebookError) -> RefreshResult:
        if error.inconclusive:
            return _could_not_ask(token, error)
        if means_app_credentials(error):
            return results.app_credentials(token, error.reason, error.message)
        if means_new_login(error) or means_wrong_app(error):
            why = "wrong_app" if means_wrong_app(error) else error.reason
            return results.login_needed(token, self._clock.now(), why)
        return _could_not_ask(token, error)


def failed_look(token: Token, error: FacebookError, now: float) -> RefreshResult:
    """Return the result where `debug_token` answered with an error of its own (graph-api.md section 6)."""
    if means_wrong_app(error):
        return results.login_needed(token, now, "wrong_app")
    if means_app_credentials(error):
        return results.app_credentials(token, error.reason, error.message)
    return _could_not_ask(token, error)


def _could_not_ask(token: Token, error: FacebookError) -> RefreshResult:
    message = full_stop(error.message)
    if is_throttled(error):
        wait = span(error.regain_minutes * 60) if error.regain_minutes else "about an hour"
        message += f" It throttles this app; try again in {wait}."
    return results.could_not_ask(token, error.reason, message)

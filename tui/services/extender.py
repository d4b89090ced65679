"""One extension: exchange, store, inspect the result, and make it current only when it is proven better."""

import asyncio
from dataclasses import replace

from tui.facebook.errors import FacebookError, means_app_credentials, means_new_login, means_wrong_app
from tui.facebook.models import Inspection
from tui.facebook.remedies import refusal_of
from tui.redact import Secret
from tui.services.asker import Access, Asker, IssuedVersion
from tui.tokens.errors import StoreError
from tui.tokens.extension import extended, gained, judge, lost_scopes, refused
from tui.tokens.gates import Pause
from tui.tokens.results import Reason, RefreshCode, RefreshResult
from tui.tokens.token import Token
from tui.vault.tokens_table import TokensTable


async def extend(asker: Asker, token: Token, value: Secret, before: Inspection, access: Access) -> RefreshResult:
    """Exchange the token whose inspection is `before`, inspect the new one, and return the result."""
    try:
        left_over = await asyncio.to_thread(_left_over, asker.store, token)
        issued = left_over or await asker.exchange(token, value, access)
    except FacebookError as error:
        token = await asyncio.to_thread(asker.recorder.failed, refused(token, error), error, "extend")
        if means_new_login(error) and not means_wrong_app(error):
            return RefreshResult(token, RefreshCode.LOGIN_NEEDED, error.reason)
        return failed_inspection(token, error)
    if pause := asker.gates.pause(access.app.app_id):  # the next refresh inspects what was issued
        return paused(token, pause)
    try:
        after = await asker.ask(issued.value, access)
    except FacebookError as error:
        token = await asyncio.to_thread(asker.recorder.failed, token, error, "extend", issued.value)
        return failed_inspection(token, error)
    return await asyncio.to_thread(_settle, asker, token, value, issued, before, after)


def _settle(
    asker: Asker, token: Token, value: Secret, issued: IssuedVersion, before: Inspection, after: Inspection
) -> RefreshResult:
    """Make the new token current where it is proven better; else keep the old one."""
    now = int(asker.clock.now())
    reason = judge(before, after)
    if reason is None:
        fresh = extended(token, after, issued.value.fingerprint(), now)
        asker.store.make_current(token.name, issued.id, fresh)
        asker.own.add(fresh.fingerprint)
        result = RefreshResult(fresh, RefreshCode.EXTENDED, seconds_gained=gained(token, fresh))
    else:
        token = replace(token, tried_at=now)
        asker.store.update_token(token)
        is_fresh = reason in (Reason.SAME_END, Reason.EARLIER_END)
        code = RefreshCode.UNCHANGED if is_fresh else RefreshCode.LOGIN_NEEDED
        lost = lost_scopes(before, after) if reason is Reason.SCOPE_LOST else ()
        result = RefreshResult(token, code, reason, lost_scopes=lost)
    asker.recorder.exchanged(result, value, issued.value)
    return result


def _left_over(store: TokensTable, token: Token) -> IssuedVersion | None:
    """Return a token that was issued but never inspected, as after a crash: it is used before a new one."""
    answered = max(token.extended_at or 0, token.tried_at or 0)
    for version in store.versions(token.name):
        if version.status == "candidate" and version.origin == "exchange" and version.at > answered:
            try:
                return IssuedVersion(version.id, store.value_of(version.id))
            except StoreError:
                continue
    return None


def failed_inspection(token: Token, error: FacebookError) -> RefreshResult:
    """Return the result where Facebook answered with an error of its own (graph-api.md section 6)."""
    if means_wrong_app(error):
        return RefreshResult(token, RefreshCode.LOGIN_NEEDED, Reason.WRONG_APP)
    if refusal := refusal_of(error):
        return RefreshResult(token, RefreshCode.REFUSED, refusal.remedy, cause=error)
    code = RefreshCode.APP_CREDENTIALS if means_app_credentials(error) else RefreshCode.COULD_NOT_ASK
    return RefreshResult(token, code, error.reason, cause=error)


def paused(token: Token, pause: Pause) -> RefreshResult:
    """Return the result where the app must not be asked now."""
    return RefreshResult(token, RefreshCode.COULD_NOT_ASK, Reason.THROTTLED, cause=pause)

"""What the callback, the pasted dialog address and Matillion's answers prove or contradict. Pure functions."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from tui.credentials import inspect
from tui.guide.evidence import Code, Facts, Finding
from tui.guide.judging import contradicted, proven, unknown
from tui.matillion.address import DialogAddress
from tui.matillion.differences import compare
from tui.matillion.hosts import is_loopback
from tui.matillion.runs import LastRuns


def judge_callback(callback_url: str, matillion_url: str = "") -> Finding:
    """Judge whether the callback has the format that Facebook requires."""
    if not callback_url:
        return unknown(Code.NO_CALLBACK)
    facts = Facts(callback_url=callback_url, matillion_url=matillion_url)
    severities = {flaw.severity for flaw in inspect("callback_url", callback_url)}
    if "blocks" in severities:
        return contradicted(Code.CALLBACK_FLAWED, facts)
    return unknown(Code.CALLBACK_SUSPICIOUS, facts) if "suspicious" in severities else proven(Code.CALLBACK_OK, facts)


def judge_dialog(address: DialogAddress | None, app_id: str, callback_url: str) -> Finding:
    """Judge whether Matillion sends exactly the App ID and callback of the profile."""
    if address is None:
        return unknown(Code.DIALOG_NOT_READ)
    if not app_id or not callback_url:
        return unknown(Code.DIALOG_NOT_COMPARABLE)
    facts = Facts(
        app_id=app_id,
        callback_url=callback_url,
        client_id=address.client_id,
        redirect_uri=address.redirect_uri,
        scopes=address.scopes,
        version=address.version,
    )
    differs = any(compared.differences for compared in compare(address, app_id, callback_url))
    return contradicted(Code.DIALOG_DIFFERS, facts) if differs else proven(Code.DIALOG_MATCHES, facts)


def judge_reached(base_url: str) -> Finding:
    """Return that the instance answers, and whether over http from another machine."""
    parts = urlsplit(base_url)
    is_plain = parts.scheme == "http" and not is_loopback(parts.hostname or "")
    return proven(Code.MATILLION_ANSWERS_OVER_HTTP if is_plain else Code.MATILLION_ANSWERS)


def judge_entries(names: Iterable[str], entry: str) -> Finding:
    """Judge whether the OAuth entry is listed under its name. Whether it is Configured cannot be read."""
    facts = Facts(entry=entry, entries=tuple(names))
    if not entry:
        return unknown(Code.ENTRY_NOT_NAMED, facts)
    return proven(Code.ENTRY_LISTED, facts) if entry in facts.entries else contradicted(Code.ENTRY_NOT_LISTED, facts)


def judge_runs(runs: LastRuns, authorized_at: int | None) -> Finding:
    """Judge what the runs since the last authorization (unix seconds) show about Matillion's own token."""
    worked_at, failed_at = runs.since(authorized_at or 0)
    if failed_at is not None:
        return contradicted(Code.RUN_REFUSED, Facts(at=failed_at, reason=runs.reason, message=runs.message))
    if worked_at is not None:
        return proven(Code.RUN_SUCCEEDED, Facts(at=worked_at, job=runs.job))
    is_old = runs.worked_at is not None or runs.failed_at is not None
    return unknown(Code.RUNS_TOO_OLD if is_old else Code.NO_RUNS)

"""What the callback, the pasted dialog address and Matillion's answers prove or contradict. Pure functions."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urlsplit

from tui.credentials import inspect
from tui.guide.judging import Finding, not_asked, unknown
from tui.matillion.address import DialogAddress
from tui.matillion.callback import callback_warnings
from tui.matillion.differences import compare
from tui.matillion.errors import MatillionError
from tui.matillion.hosts import is_loopback
from tui.matillion.runs import Seen


def judge_callback(callback_url: str, matillion_url: str = "") -> Finding:
    """Tell whether the callback is built as Facebook demands; oddities are told but contradict nothing."""
    if not callback_url:
        return unknown("No callback yet. Copy it in Manage OAuth (M2) and paste it into Credentials (2).")
    flaws = inspect("callback_url", callback_url)
    blocking = [flaw for flaw in flaws if flaw.severity == "blocks"]
    if blocking:
        told = "; ".join(dict.fromkeys(flaw.kind.replace("_", " ") for flaw in blocking))
        return Finding("contradicted", f"The callback cannot be right: {told}. Fix it on Credentials (2).")
    odd = [flaw.kind.replace("_", " ") for flaw in flaws if flaw.severity == "suspicious"]
    if odd:
        return unknown(f"The callback may be wrong: {'; '.join(dict.fromkeys(odd))}. Look at Credentials (2).")
    cautions = " ".join(warning.text for warning in callback_warnings(callback_url, matillion_url))
    return Finding("proven", f"Built as Facebook demands: {callback_url}." + (f" But: {cautions}" if cautions else ""))


def judge_dialog(address: DialogAddress | None, app_id: str, callback_url: str) -> Finding:
    """Tell whether Matillion sends exactly the App ID and callback of the profile."""
    if address is None:
        return unknown("Not looked at yet. In step 12 (A3) paste the address of the page that Matillion opens.")
    if not app_id or not callback_url:
        return unknown("The profile has no App ID or no callback to compare with. Enter both on Credentials (2).")
    found = compare(address, app_id, callback_url)
    if found:
        told = ". ".join(difference.sentence for difference in found[:6])
        mend = "Mend step A2" if all(difference.name == "client_id" for difference in found) else "Mend M2 and step 8"
        return Finding("contradicted", f"{told}. {mend}, then paste the address of a newly opened page.")
    asks = f" It asks for {', '.join(address.scopes)}." if address.scopes else ""
    version = f" Graph version {address.version}." if address.version else ""
    return Finding("proven", f"Matillion sends this App ID and this callback, equal to the byte.{asks}{version}")


def judge_reached(base_url: str) -> Finding:
    """Tell that the instance answers; over http elsewhere than on this machine with a word of caution."""
    parts = urlsplit(base_url)
    plain = parts.scheme == "http" and not is_loopback(parts.hostname or "")
    caution = " Its address is http, though: Facebook accepts an https callback only." if plain else ""
    return Finding("proven", f"Matillion answers and lets this user in.{caution}")


def judge_matillion_error(error: MatillionError) -> Finding:
    """Return why nothing was learned: a failure to ask says nothing of the guide's steps."""
    return not_asked(f"{'offline. ' if error.kind == 'unreachable' else ''}{error}")


def judge_entries(names: Iterable[str], entry: str) -> Finding:
    """Tell whether the OAuth entry is listed under its name. Whether it is Configured cannot be read."""
    every = list(names)
    there = f"Matillion lists {', '.join(every[:6])}{' and others' if len(every) > 6 else ''}." if every else ""
    if not entry:
        return unknown(f"Tell igauth the entry's name to look for. {there}".strip())
    if entry in every:
        return Finding("proven", f"Matillion lists {entry}. Whether it is Configured cannot be read from outside.")
    close = next((name for name in every if name.strip().casefold() == entry.strip().casefold()), "")
    hint = f" “{close}” differs in case or blanks only." if close else ""
    return Finding(
        "contradicted",
        f"Matillion lists no entry named {entry}.{hint} {there or 'It lists none at all.'} Create it (M3, M4), or"
        " correct the name in igauth.",
    )


def judge_runs(seen: Seen, authorised_at: int | None) -> Finding:
    """Tell what the last runs show of Matillion's own token, since it was last authorised (unix seconds)."""
    since = authorised_at or 0
    worked = seen.worked_at if seen.worked_at is not None and seen.worked_at >= since else None
    failed = seen.failed_at if seen.failed_at is not None and seen.failed_at >= since else None
    if failed is not None and seen.fault is not None and (worked is None or failed >= worked):
        return Finding(
            "contradicted",
            f"A run at {_moment(failed)} was refused ({seen.fault.reason}): {seen.fault.message} Authorise the entry"
            " again: steps 11 and 12.",
        )
    if worked is not None:
        return Finding("proven", f"An Instagram run of job {seen.job} succeeded at {_moment(worked)}.")
    if seen.worked_at is not None or seen.failed_at is not None:
        return unknown("The last Instagram run ended before the last authorisation. Run the job, then look again.")
    return unknown("No finished run of an Instagram component in the last days says anything. Run the job once.")


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"

"""What the answers of Facebook and Matillion, and what a person entered, prove or contradict. Pure functions."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from tui.credentials.inspection import inspect
from tui.facebook.errors import FacebookError, means_app_credentials, means_new_login, means_wrong_app
from tui.facebook.models import AppInfo, Business, Inspection, InstagramReading
from tui.facebook.pages import Page
from tui.facebook.permissions import Permission
from tui.facebook.remedies import refusal_of
from tui.guide.checks import CheckName
from tui.guide.evidence import Code, Facts, Finding
from tui.matillion.address import DialogAddress
from tui.matillion.differences import differences
from tui.matillion.hosts import is_loopback
from tui.matillion.runs import LastRuns

ADS = ("ads_read", "ads_management")
_BY_PERMISSION: tuple[CheckName, ...] = ("permissions", "pages", "first_read")


def proven(code: Code, facts: Facts = Facts()) -> Finding:  # noqa: B008 - frozen
    """Return that the check's subject is as it must be."""
    return Finding("proven", code, facts)


def contradicted(code: Code, facts: Facts = Facts()) -> Finding:  # noqa: B008 - frozen
    """Return that the check's subject is not as it must be."""
    return Finding("contradicted", code, facts)


def unknown(code: Code, facts: Facts = Facts()) -> Finding:  # noqa: B008 - frozen
    """Return that the check's subject is not known."""
    return Finding("unknown", code, facts)


def judge_error(error: FacebookError, check: CheckName) -> Finding:
    """Return the finding for a failed call; it contradicts only the check that is about this error."""
    refusal = refusal_of(error)
    facts = Facts(
        remedy=refusal.remedy if refusal else "",
        reason=error.reason,
        message="" if error.fault else error.message,
        fault=error.fault.name if error.fault else "",
        host=error.host,
        detail=error.detail,
        status=error.status or 0,
        via=error.via,
        proxy_variable=error.proxy_variable,
        proxy_problem=error.proxy_problem,
    )
    if error.inconclusive:
        return unknown(Code.OFFLINE if error.cause == "unreachable" else Code.COULD_NOT_ASK, facts)
    if refusal:
        return unknown(Code.REFUSED, facts)
    if means_app_credentials(error):
        judge = contradicted if check == "app_credentials" else unknown
        return judge(Code.APP_CREDENTIALS_REFUSED, facts)
    if means_wrong_app(error):
        judge = contradicted if check == "login_done" else unknown
        return judge(Code.TOKEN_OF_OTHER_APP, facts)
    if means_new_login(error):
        return unknown(Code.TOKEN_REFUSED, facts)
    if check in _BY_PERMISSION and _lacks_permission(error):
        return contradicted(Code.PERMISSION_REFUSED, facts)
    return unknown(Code.FACEBOOK_ERROR, facts)


def _lacks_permission(error: FacebookError) -> bool:
    """Return whether a permission is missing: codes 3, 10, 200-299, one kind of 100 (graph-api.md sections 5, 10)."""
    code = error.code or 0
    return code in (3, 10) or 200 <= code < 300 or (code == 100 and "permission" in error.message.casefold())


def judge_app_name(info: AppInfo, noted_name: str) -> Finding:
    """Compare the app's own name with the Display name noted in step 4."""
    noted = noted_name.strip()
    if not noted:
        return unknown(Code.APP_NAME_NOT_NOTED, Facts(app_name=info.name))
    if info.name == noted:
        return proven(Code.APP_NAME_MATCHES, Facts(app_name=info.name))
    return contradicted(Code.APP_NAME_DIFFERS, Facts(app_name=info.name, noted_name=noted))


def judge_login(inspection: Inspection, app_id: str) -> Finding:
    """Judge whether the token shows that someone completed a login through this app."""
    if inspection.app_id and inspection.app_id != app_id:
        return contradicted(Code.LOGIN_OF_OTHER_APP, Facts(token_app_id=inspection.app_id, app_id=app_id))
    if not inspection.app_id or inspection.kind not in ("user", "page", "system_user"):
        return unknown(Code.LOGIN_NOT_SHOWN)
    if inspection.is_valid:
        return proven(Code.LOGIN_VALID, Facts(token_kind=inspection.kind))
    subcode = inspection.error.subcode if inspection.error else None
    return proven(Code.LOGIN_ENDED, Facts(reason="190" if subcode is None else f"190/{subcode}"))


def judge_permissions(permissions: Iterable[Permission], expected: Sequence[str], *, from_matillion: bool) -> Finding:
    """Compare the permissions with the expected ones."""
    by_name = {permission.name: permission.status for permission in permissions}
    if not expected:
        held = tuple(name for name, status in by_name.items() if status == "granted")
        return unknown(Code.PERMISSIONS_NOT_EXPECTED, Facts(granted=held))

    def with_status(wanted: str) -> tuple[str, ...]:
        return tuple(scope for scope in expected if by_name.get(scope, "missing") == wanted)

    facts = Facts(
        granted=with_status("granted"),
        declined=with_status("declined"),
        unused=with_status("expired"),
        missing=with_status("missing"),
        from_matillion=from_matillion,
    )
    if facts.declined or facts.unused or facts.missing:
        return contradicted(Code.PERMISSIONS_MISSING, facts)
    return proven(Code.PERMISSIONS_GRANTED, facts)


def judge_pages(pages: Sequence[Page], granted: frozenset[str] | None, businesses: Sequence[Business]) -> Finding:
    """Judge whether a Page is listed. `granted` None: the permissions are not known."""
    if pages:
        return proven(Code.PAGES_LISTED, Facts(pages=tuple(page.name for page in pages)))
    held = tuple(name for business in businesses for name in business.page_names)
    if held:
        return contradicted(Code.PAGE_IN_PORTFOLIO, Facts(pages=held))
    if granted is None:
        return contradicted(Code.NO_PAGE)
    if "business_management" in granted:
        return contradicted(Code.NO_PAGE_WITH_BUSINESS_MANAGEMENT)
    return contradicted(Code.NO_PAGE_WITHOUT_BUSINESS_MANAGEMENT)


def judge_instagram(pages: Sequence[Page], granted: frozenset[str] | None) -> Finding:
    """Judge whether an Instagram account is linked to a Page. `granted` None: the permissions are not known.

    Facebook leaves the account out where `instagram_basic` is not granted, so its absence then shows nothing.
    """
    linked = [page for page in pages if page.instagram_id]
    if linked:
        accounts = tuple(page.instagram_username or page.instagram_id for page in linked)
        return proven(Code.ACCOUNT_LINKED, Facts(pages=tuple(page.name for page in linked), accounts=accounts))
    if not pages:
        return unknown(Code.ACCOUNT_WITHOUT_PAGE)
    if granted is not None and "instagram_basic" not in granted:
        return unknown(Code.ACCOUNT_NOT_VISIBLE)
    return contradicted(Code.ACCOUNT_NOT_LINKED, Facts(pages=tuple(page.name for page in pages)))


def judge_reading(reading: InstagramReading) -> Finding:
    """Return what a first read of the account returned."""
    facts = Facts(
        accounts=(reading.username,),
        posts=reading.media_count,
        posts_read=reading.media_read,
        followers=reading.followers_count,
        insights=tuple(reading.insights),
    )
    return proven(Code.ACCOUNT_READ, facts)


def judge_ads(granted: frozenset[str], pages: Sequence[Page], businesses: Sequence[Business]) -> Finding:
    """Judge whether the ads permission of step 9 is granted where it is needed (graph-api.md section 8)."""
    held = tuple(name for name in ADS if name in granted)
    if held:
        return proven(Code.ADS_GRANTED, Facts(granted=held))
    if "business_management" not in granted:
        return unknown(Code.ADS_NOT_KNOWN)
    listed = {page.name for page in pages}
    for business in businesses:
        names = tuple(name for name in business.page_names if name in listed)
        if names:
            return contradicted(Code.ADS_MISSING, Facts(pages=names, portfolio=business.name))
    return unknown(Code.ADS_NOT_NEEDED)


# --- callback and Matillion ------------------------------------------------------------------------------------


def judge_callback(callback_url: str, matillion_url: str = "") -> Finding:
    """Judge whether the callback has the format that Facebook requires."""
    if not callback_url:
        return unknown(Code.NO_CALLBACK)
    facts = Facts(callback_url=callback_url, matillion_url=matillion_url)
    severities = {flaw.severity for flaw in inspect("callback_url", callback_url)}
    if "blocks" in severities:
        return contradicted(Code.CALLBACK_FLAWED, facts)
    return unknown(Code.CALLBACK_SUSPICIOUS, facts) if "suspicious" in severities else proven(Code.CALLBACK_OK, facts)


def judge_sent_callback(address: DialogAddress | None, callback_url: str) -> Finding:
    """Judge whether Matillion sends exactly the profile's callback."""
    if address is None:
        return unknown(Code.DIALOG_NOT_READ)
    if not callback_url:
        return unknown(Code.NO_CALLBACK)
    facts = Facts(
        callback_url=callback_url, redirect_uri=address.redirect_uri, scopes=address.scopes, version=address.version
    )
    if differences(callback_url, address.redirect_uri):
        return contradicted(Code.DIALOG_DIFFERS, facts)
    return proven(Code.DIALOG_MATCHES, facts)


def judge_sent_app_id(address: DialogAddress | None, app_id: str) -> Finding:
    """Judge whether Matillion sends exactly the profile's App ID."""
    if address is None:
        return unknown(Code.DIALOG_NOT_READ)
    if not app_id:
        return unknown(Code.NO_CREDENTIALS)
    facts = Facts(app_id=app_id, client_id=address.client_id)
    if differences(app_id, address.client_id):
        return contradicted(Code.DIALOG_DIFFERS, facts)
    return proven(Code.APP_ID_MATCHES, facts)


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

"""What Facebook's answers prove or contradict. Pure functions; every text says what was seen and what to do next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tui.facebook.errors import FacebookError, means_app_credentials, means_new_login, means_wrong_app
from tui.facebook.models import AppInfo, Business, Inspection, InstagramReading, Page, Permission
from tui.guide.checks import CheckName, Result

ADS = ("ads_read", "ads_management")
_MOST_NAMES = 4
_BY_PERMISSION: tuple[CheckName, ...] = ("permissions", "pages", "first_read")
_EMPTY_LIST = (
    "Facebook answers with an empty list and calls that a success. Either no Page was ticked at login, or you have no"
    " role on it, or a business portfolio owns it"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A result and what was seen, before it has a time."""

    result: Result
    seen: str
    could_ask: bool = True


def not_asked(seen: str) -> Finding:
    """Return that nothing could be looked at, and why: what was seen before stands."""
    return Finding("unknown", seen, could_ask=False)


def unknown(seen: str) -> Finding:
    """Return that what was looked at tells nothing, and why."""
    return Finding("unknown", seen)


def judge_error(error: FacebookError, check: CheckName) -> Finding:
    """Return what a failed call says; only what speaks of the check's own matter contradicts it."""
    said = error.message if error.message.endswith((".", "!", "?")) else f"{error.message}."
    if error.cause == "unreachable":
        return not_asked(f"offline. {said}")
    if error.inconclusive:
        return not_asked(f"Facebook could not be asked. {said}")
    if means_app_credentials(error):
        return Finding(
            "contradicted" if check == "app_credentials" else "unknown",
            f"Facebook refuses App ID or App Secret ({error.reason}): {said} Look at Credentials (2);"
            " step 10 says where to copy them.",
            could_ask=check == "app_credentials",
        )
    if means_wrong_app(error):
        return Finding(
            "contradicted" if check == "login_done" else "unknown",
            f"The token belongs to another app ({error.reason}): {said} Log in through this app with l.",
            could_ask=check == "login_done",
        )
    if means_new_login(error):
        return not_asked(f"The token is no longer valid ({error.reason}): {said} Log in again with l, then v.")
    if check in _BY_PERMISSION and _lacks_permission(error):
        return Finding(
            "contradicted",
            f"A permission is missing ({error.reason}): {said} Log in again with l and allow all.",
        )
    return not_asked(f"Facebook answered with an error ({error.reason}): {said} Press v to look again.")


def _lacks_permission(error: FacebookError) -> bool:
    """Tell permission errors from others: codes 3, 10, 200-299, and one face of 100 (graph-api.md sections 5, 10)."""
    code = error.code or 0
    return code in (3, 10) or 200 <= code < 300 or (code == 100 and "permission" in error.message.casefold())


def judge_app_name(info: AppInfo, noted: str) -> Finding:
    """Compare the app's own name with the Display name noted in step 4."""
    if not noted.strip():
        return unknown(f"Facebook calls the app “{info.name}”. Note the Display name at step 4 to compare.")
    if info.name == noted.strip():
        return Finding("proven", f"Facebook calls the app “{info.name}”, as noted in step 4.")
    return Finding(
        "contradicted",
        f"Facebook calls the app “{info.name}”, step 4 notes “{noted.strip()}”. These may be credentials of another"
        " app: compare on the Apps page, or correct the note.",
    )


def judge_login(inspection: Inspection, app_id: str) -> Finding:
    """Tell whether the token shows that someone completed a login through this app."""
    if inspection.app_id and inspection.app_id != app_id:
        return Finding(
            "contradicted",
            f"The token was issued by app {inspection.app_id}, not by {app_id}. Log in through this app with l.",
        )
    if not inspection.app_id or inspection.kind not in ("user", "page", "system_user"):
        return unknown("The token kept here shows no login of a person through this app. Log in with l.")
    if inspection.is_valid:
        return Finding("proven", f"A {inspection.kind.replace('_', ' ')} token issued through this app is valid.")
    code = inspection.error.subcode if inspection.error and inspection.error.subcode is not None else "?"
    return Finding(
        "proven",
        f"A login through this app was completed; its token has ended since (190/{code}). Log in again with l.",
    )


def judge_permissions(permissions: Iterable[Permission], expected: Sequence[str], whose: str) -> Finding:
    """Name what is granted, declined, run out and missing among the `expected`; `whose` expectation it is."""
    if not expected:
        held = ", ".join(permission.name for permission in permissions if permission.status == "granted")
        return unknown(f"Granted: {held or 'nothing'}. What to expect is not known: paste the address of step 12 (A3).")
    by_name = {permission.name: permission.status for permission in permissions}
    lacking = [
        (title, [scope for scope in expected if by_name.get(scope, "missing") == status])
        for status, title in (("declined", "declined"), ("expired", "unused for 90 days"), ("missing", "missing"))
    ]
    granted = [scope for scope in expected if by_name.get(scope) == "granted"]
    told = "; ".join(f"{title}: {', '.join(scopes)}" for title, scopes in lacking if scopes)
    if not told:
        return Finding("proven", f"Granted, all that {whose}: {', '.join(granted)}.")
    have = f" Granted: {', '.join(granted)}." if granted else ""
    return Finding(
        "contradicted",
        f"Of what {whose}: {told}.{have} Add it to the app's use case if it is not there, then log in again with l"
        " and allow it; a declined permission is only offered when asked for again.",
    )


def judge_pages(pages: Sequence[Page], granted: frozenset[str] | None, businesses: Sequence[Business]) -> Finding:
    """Tell whether a Page is within reach; explains the empty list. `granted` None: permissions are not known."""
    if pages:
        return Finding(
            "proven", f"{_counted(len(pages), 'Page')} within reach: {_listed(page.name for page in pages)}."
        )
    held = [name for business in businesses for name in business.page_names]
    if held:
        return Finding(
            "contradicted",
            f"No Page is listed, yet a business portfolio of yours holds {_listed(held)}. Log in again with l and"
            " tick the Page; in the portfolio give yourself full control of it.",
        )
    if granted is not None and "business_management" in granted:
        way = "; business_management is granted, so look at the first two. Log in again with l and tick the Page."
    elif granted is not None:
        way = " while business_management is not granted. Log in again with l, tick the Page, and for a portfolio's"
        way += " Page ask for business_management too."
    else:
        way = " and business_management was not granted. Log in again with l and tick the Page."
    return Finding("contradicted", f"No Page within reach. {_EMPTY_LIST}{way}")


def judge_instagram(pages: Sequence[Page], granted: frozenset[str] | None) -> Finding:
    """Tell whether an Instagram business account is linked to a Page. `granted` None: permissions are not known.

    Facebook leaves the account out where `instagram_basic` is not granted, so its absence then says nothing.
    """
    linked = [page for page in pages if page.instagram_id]
    if linked:
        names = (f"@{page.instagram_username or page.instagram_id} on {page.name}" for page in linked)
        return Finding("proven", f"Linked: {_listed(names)}.")
    if not pages:
        return unknown("No Page within reach, so nothing can be seen of an Instagram account. First mend the Page.")
    if granted is not None and "instagram_basic" not in granted:
        return unknown(
            "instagram_basic is not granted, and without it Facebook names no Instagram account. Log in again with l"
            " and allow it."
        )
    return Finding(
        "contradicted",
        f"No Instagram account is linked to {_listed(page.name for page in pages)}. Make the account a Business or"
        " Creator account, link it in the Page's settings, and tick it at login.",
    )


def judge_reading(reading: InstagramReading) -> Finding:
    """Tell what a first read of the account brought."""
    parts = [f"{reading.media_count} posts" if reading.media_count is not None else "", f"{reading.media_read} read"]
    if reading.followers_count is not None:
        parts.append(f"{reading.followers_count} followers")
    if reading.insights:
        parts.append(f"insights: {', '.join(reading.insights)}")
    return Finding("proven", f"@{reading.username} was read: {', '.join(filter(None, parts))}.")


def judge_ads(granted: frozenset[str], pages: Sequence[Page], businesses: Sequence[Business]) -> Finding:
    """Tell whether the ads permission that step 9 is for is there, where it is needed (graph-api.md section 8)."""
    held = [name for name in ADS if name in granted]
    if held:
        return Finding("proven", f"Granted: {', '.join(held)}.")
    if "business_management" not in granted:
        return unknown(
            "Neither ads_read nor ads_management is granted. They are needed only where your role on the Page comes"
            " through a business portfolio; without business_management that cannot be seen."
        )
    reached = {page.name for page in pages}
    for business in businesses:
        names = [name for name in business.page_names if name in reached]
        if names:
            return Finding(
                "contradicted",
                f"{_listed(names)} belongs to the portfolio {business.name}, and neither ads_read nor ads_management"
                " is granted: insights will be refused. Do step 9, add ads_read to the use case, log in with l.",
            )
    return unknown("No Page of yours is held by a business portfolio, so no ads permission is needed to read.")


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - _MOST_NAMES
    return ", ".join(every[:_MOST_NAMES]) + (f" and {more} more" if more > 0 else "")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

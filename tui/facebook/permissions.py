"""What each permission is for, and which are missing (graph-api.md section 8)."""

from collections.abc import Iterable, Mapping

from tui.facebook.models import Permission

PURPOSES: Mapping[str, str] = {
    "instagram_basic": "profile and media of the Instagram account; nothing works without it",
    "instagram_manage_insights": "figures of the account, its media and stories, and business discovery",
    "pages_show_list": "the list of your Pages, by which the Instagram account is found",
    "pages_read_engagement": "the Page itself and its link to the Instagram account",
    "business_management": "Pages and accounts that belong to a business portfolio",
    "ads_read": "insights where your role on the Page comes through Business Manager",
    "ads_management": "insights where your role on the Page comes through Business Manager",
    "read_insights": "figures of the Facebook Page itself",
    "public_profile": "your name; granted by itself",
    "email": "your e-mail address; not needed",
}

_AUTOMATIC = frozenset({"public_profile", "email"})


def purpose(permission: str) -> str:
    """Return what a permission is for, in half a sentence."""
    return PURPOSES.get(permission, "not known to igauth; see Meta's Permissions Reference")


def missing(granted: Iterable[Permission], wanted: Iterable[str]) -> tuple[str, ...]:
    """Return the wanted permissions that were not granted, in the order they were wanted."""
    have = {permission.name for permission in granted if permission.status == "granted"}
    return tuple(name for name in dict.fromkeys(wanted) if name not in have and name not in _AUTOMATIC)


def declined(permissions: Iterable[Permission]) -> tuple[str, ...]:
    """Return what the person refused or let lapse: only a login with `rerequest` offers it again."""
    return tuple(permission.name for permission in permissions if permission.status != "granted")

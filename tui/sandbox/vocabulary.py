"""Names the sandbox knows: permissions, Graph versions, Page tasks (graph-api.md sections 1, 5 and 8)."""

from __future__ import annotations

from datetime import UTC, datetime

AUTOMATIC = ("public_profile", "email")
INSTAGRAM_SCOPES = ("instagram_basic", "instagram_manage_insights", "pages_show_list", "pages_read_engagement")
EVERYTHING = (*AUTOMATIC, *INSTAGRAM_SCOPES, "business_management", "ads_read", "read_insights")

# What an app of a world has been given unless its file says otherwise; `ads_management` is what other tools ask for.
APP_PERMISSIONS = (*EVERYTHING, "ads_management")

PERMISSIONS = frozenset(
    (
        *APP_PERMISSIONS,
        "openid",
        "instagram_content_publish",
        "instagram_manage_comments",
        "instagram_manage_messages",
        "pages_manage_ads",
        "pages_manage_metadata",
        "pages_manage_posts",
        "pages_messaging",
        "pages_read_user_content",
        "catalog_management",
        "user_friends",
    )
)

ROLES = ("administrators", "developers", "testers", "insights users")

ALL_TASKS = ("ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE")

ASSET_SCOPES = {
    "pages_show_list": "page",
    "pages_read_engagement": "page",
    "read_insights": "page",
    "instagram_basic": "instagram",
    "instagram_manage_insights": "instagram",
    "business_management": "business",
}


def _at(year: int, month: int, day: int) -> float:
    return datetime(year, month, day, tzinfo=UTC).timestamp()


# Version -> the unix second it stops being served. None: no end is known.
VERSION_ENDS: dict[str, float | None] = {
    "v21.0": _at(2027, 1, 21),
    "v22.0": _at(2027, 5, 20),
    "v23.0": _at(2027, 10, 8),
    "v24.0": _at(2028, 2, 18),
    "v25.0": _at(2028, 7, 29),
    "v26.0": None,
}
NEWEST = "v26.0"
# Versions that the Marketing API answers with the newest one, and says so; older ones it refuses.
ADS_UPGRADED = ("v23.0", "v24.0", "v25.0")


def oldest_usable(now: float) -> str:
    """The oldest version still served at `now`."""
    return next(name for name, end in VERSION_ENDS.items() if end is None or now < end)


def version_served(asked: str, default: str, now: float) -> str:
    """Which version answers a call that asked for `asked` (empty: none in the path).

    An expired version is served by the oldest usable one without any error; one that cannot exist, by the newest.
    """
    oldest = oldest_usable(now)
    if not asked:
        asked = default or oldest
    if asked in VERSION_ENDS:
        end = VERSION_ENDS[asked]
        return asked if end is None or now < end else oldest
    return oldest if float(asked[1:]) < float(oldest[1:]) else NEWEST

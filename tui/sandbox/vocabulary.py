"""Permissions, Page tasks and Graph versions (graph-api.md sections 1, 5 and 8)."""

from datetime import UTC, datetime

AUTOMATIC = ("public_profile", "email")
INSTAGRAM_SCOPES = ("instagram_basic", "instagram_manage_insights", "pages_show_list", "pages_read_engagement")
EVERYTHING = (*AUTOMATIC, *INSTAGRAM_SCOPES, "business_management", "ads_read", "read_insights")

# An app's permissions unless its world's file lists others; `ads_management` is what other tools ask for.
APP_PERMISSIONS = (*EVERYTHING, "ads_management")

ALL_TASKS = ("ANALYZE", "ADVERTISE", "MESSAGING", "MODERATE", "CREATE_CONTENT", "MANAGE")

ASSET_SCOPES = {
    "pages_show_list": "page",
    "pages_read_engagement": "page",
    "read_insights": "page",
    "instagram_basic": "instagram",
    "instagram_manage_insights": "instagram",
    "business_management": "business",
}


# Version -> the first day on which it is not served; empty: not known.
VERSION_ENDS = {
    "v21.0": "2027-01-21",
    "v22.0": "2027-05-20",
    "v23.0": "2027-10-08",
    "v24.0": "2028-02-18",
    "v25.0": "2028-07-29",
    "v26.0": "",
}
NEWEST = "v26.0"
# Versions that the Marketing API answers with the newest one and a warning; it refuses older ones.
ADS_UPGRADED = ("v23.0", "v24.0", "v25.0")


def version_served(version: str, default: str, now: float) -> str:
    """Return which version answers a call with `version` in its path (empty: none).

    An expired version is served by the oldest usable one without any error; one that cannot exist, by the newest.
    """
    today = datetime.fromtimestamp(now, UTC).date().isoformat()
    usable = [name for name, end in VERSION_ENDS.items() if not end or today < end]
    version = version or default or usable[0]
    if version in usable:
        return version
    return usable[0] if version in VERSION_ENDS or float(version[1:]) < float(usable[0][1:]) else NEWEST

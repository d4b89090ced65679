"""Instagram accounts and their media, insights, and business discovery (graph-api.md sections 5, 8, 11 and 13)."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tui.sandbox import identifiers
from tui.sandbox.call import json_or_commas
from tui.sandbox.clock import DAY
from tui.sandbox.errors import error
from tui.sandbox.nodes import Context, Field, Getter, Node, NodeType, row, same
from tui.sandbox.specs import InstagramSpec

ACCOUNT_METRICS = (
    "reach", "follower_count", "online_followers", "views", "accounts_engaged", "total_interactions", "likes",
    "comments", "shares", "saves", "replies", "follows_and_unfollows", "profile_links_taps",
    "engaged_audience_demographics", "follower_demographics",
)  # fmt: skip
MEDIA_METRICS = (
    "reach", "views", "likes", "comments", "shares", "saved", "total_interactions", "follows", "profile_visits",
    "replies", "navigation", "ig_reels_avg_watch_time", "ig_reels_video_view_total_time",
)  # fmt: skip
PERIODS = ("day", "week", "days_28", "lifetime", "total_over_range")
FEW_FOLLOWERS = 100


@dataclass(frozen=True, slots=True)
class Media:
    """One post of an account; `number` 0 is the newest."""

    account: InstagramSpec
    number: int

    @property
    def id(self) -> str:
        return identifiers.digits(f"media:{self.account.id}:{self.number}", 17, "1789")


def _figure(*seed: object, top: int = 1000) -> int:
    """Return a count that is the same for the same seed."""
    return int.from_bytes(hashlib.sha256(repr(seed).encode()).digest()[:4], "big") % top


def media_by_id(context: Context, media_id: str) -> Media | None:
    """Return the post with that id, if any account has it."""
    if not media_id.startswith("1789"):
        return None
    posts = (Media(account, number) for account in context.state.spec.instagram for number in range(account.media))
    return next((post for post in posts if post.id == media_id), None)


def _media(context: Context, account: InstagramSpec, _field: Field) -> list[Node]:
    context.require("instagram_basic")
    return [Node(MEDIA, Media(account, number)) for number in range(account.media)]


def _require_insights(context: Context, account: InstagramSpec) -> None:
    """Insights need their own permission, and one of ads_* where the Page belongs to a portfolio."""
    context.require("instagram_manage_insights")
    page = context.state.page_of_instagram.get(account.key)
    if page is not None and page.business:
        context.require("ads_read", "ads_management")


def requested_metrics(context: Context, field: Field) -> list[str]:
    """Return the names of the requested metrics. Raises code 100 where there are none."""
    names = json_or_commas(context.parameter(field, "metric"))
    if not names:
        raise error("missing_parameter", name="metric")
    return names


def _instagram_metrics(context: Context, field: Field, allowed: tuple[str, ...]) -> list[str]:
    """One bad metric fails the whole call."""
    names = requested_metrics(context, field)
    for position, name in enumerate(names):
        if name not in allowed:
            raise error("one_of", name=f"metric[{position}]", values=", ".join(allowed))
    return names


def requested_period(context: Context, field: Field) -> str:
    """Return the requested period. Raises code 100 for an unknown one."""
    period = context.parameter(field, "period") or "day"
    if period not in PERIODS:
        raise error("one_of", name="period", values=", ".join(PERIODS))
    return period


def metrics(context: Context, owner: str, names: list[str], period: str) -> list[Node]:
    """Return metrics of an object, with made-up values."""
    today = int(context.state.clock.now()) // DAY * DAY

    def metric(name: str) -> Node:
        values: list[dict[str, Any]] = [{"value": _figure(owner, name)}]
        if period not in ("lifetime", "total_over_range"):
            values = [{"value": _figure(owner, name, end), "end_time": _stamp(end)} for end in (today - DAY, today)]
        title, key = name.replace("_", " ").capitalize(), f"{owner}/insights/{name}/{period}"
        facts = {"title": title, "description": f"{title} of this object", "id": key}
        return row("InsightsResult", name=name, period=period, values=values, **facts)

    return [metric(name) for name in names]


def _account_insights(context: Context, account: InstagramSpec, field: Field) -> list[Node]:
    _require_insights(context, account)
    names = _instagram_metrics(context, field, ACCOUNT_METRICS)
    period = requested_period(context, field)
    if account.followers < FEW_FOLLOWERS:
        names = [name for name in names if name not in ("follower_count", "online_followers")]
    return metrics(context, account.id, names, period)


def _media_insights(context: Context, post: Media, field: Field) -> list[Node]:
    _require_insights(context, post.account)
    names = _instagram_metrics(context, field, MEDIA_METRICS)
    if post.account.followers < 5:
        raise error("too_few_viewers")
    return metrics(context, post.id, names, "lifetime")


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _posted_at(context: Context, post: Media) -> str:
    return _stamp(context.state.started_at - (post.number * 2 + 1) * DAY - _figure(post.id))


def _discover(context: Context, own: InstagramSpec, field: Field) -> Node:
    """Return the account named by `.username(...)`. It counts for the platform's limit, not for the account's own."""
    _require_insights(context, own)
    context.call.usage_business = ""
    name = field.modifiers.get("username", "").strip()
    for account in context.state.spec.instagram:
        if account.username == name:
            return Node(DISCOVERED, account)
    raise error("no_such_user", name=name)


def _discovered_media(_context: Context, account: InstagramSpec, _field: Field) -> list[Node]:
    return [Node(DISCOVERED_MEDIA, Media(account, number)) for number in range(account.media)]


_PUBLIC_MEDIA_FIELDS: dict[str, Getter] = {
    "id": "id",
    "caption": lambda _context, post: f"{post.account.name}, post {post.account.media - post.number}",
    "media_type": lambda _context, post: ("IMAGE", "VIDEO", "CAROUSEL_ALBUM")[post.number % 3],
    "media_product_type": lambda _context, post: "REELS" if post.number % 3 == 1 else "FEED",
    "media_url": lambda _context, post: f"https://scontent.example.com/{post.id}.jpg",
    "permalink": lambda _context, post: f"https://www.instagram.com/p/{post.id}/",
    "timestamp": _posted_at,
    "like_count": lambda _context, post: _figure("like", post.id, top=4000),
    "comments_count": lambda _context, post: _figure("comments", post.id, top=90),
    "username": lambda _context, post: post.account.username,
    "owner": lambda _context, post: {"id": post.account.id},
}
_ACCOUNT_FIELDS: dict[str, Getter] = {
    **same("id", "username", "name", "biography", "website"),
    "ig_id": lambda _context, account: int(account.id[5:]),
    "followers_count": "followers",
    "follows_count": "follows",
    "media_count": "media",
    "profile_picture_url": lambda _context, account: f"https://scontent.example.com/{account.id}.jpg",
}
DISCOVERED_MEDIA = NodeType("Media", _PUBLIC_MEDIA_FIELDS, scope="instagram_basic")
DISCOVERED = NodeType("IGUser", _ACCOUNT_FIELDS, {"media": _discovered_media}, scope="instagram_basic")
MEDIA = NodeType(
    "Media",
    {**_PUBLIC_MEDIA_FIELDS, "is_comment_enabled": lambda _context, _post: True},
    {"insights": _media_insights},
    scope="instagram_basic",
)
INSTAGRAM = NodeType(
    "IGUser",
    _ACCOUNT_FIELDS,
    {"media": _media, "insights": _account_insights},
    lookups={"business_discovery": _discover},
    scope="instagram_basic",
)

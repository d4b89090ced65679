"""The nodes of Instagram accounts and their media, with insights (graph-api.md sections 5, 8 and 13)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tui.sandbox import likeness
from tui.sandbox.call import listed
from tui.sandbox.clock import DAY
from tui.sandbox.errors import bad_request, no_permission
from tui.sandbox.fields import Field
from tui.sandbox.nodes import Context, Node, NodeType, column
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
        return likeness.digits(f"media:{self.account.id}:{self.number}", 17, "1789")


def figure(*seed: object, top: int = 1000) -> int:
    """A count that is the same whenever the same thing is asked."""
    return int.from_bytes(hashlib.sha256(repr(seed).encode()).digest()[:4], "big") % top


def media_by_id(context: Context, media_id: str) -> Media | None:
    """The post with that id, if any account has it."""
    if not media_id.startswith("1789"):
        return None
    for account in context.state.spec.instagram:
        for number in range(account.media):
            post = Media(account, number)
            if post.id == media_id:
                return post
    return None


def _basic(getter: Callable[[Context, Any], Any]) -> Callable[[Context, Any], Any]:
    """The field needs instagram_basic."""

    def guarded(context: Context, value: Any) -> Any:
        if "instagram_basic" not in context.scopes:
            raise no_permission()
        return getter(context, value)

    return guarded


def _media(context: Context, account: InstagramSpec, _field: Field) -> list[Node]:
    if "instagram_basic" not in context.scopes:
        raise no_permission()
    return [Node(MEDIA, Media(account, number)) for number in range(account.media)]


def require_insights(context: Context, account: InstagramSpec) -> None:
    """Insights want their own permission, and one of ads_* where the Page came through a portfolio."""
    scopes = context.scopes
    if "instagram_manage_insights" not in scopes:
        raise no_permission()
    page = context.state.page_of_instagram.get(account.key)
    if page is not None and page.business and not scopes & {"ads_read", "ads_management"}:
        raise no_permission()


def asked(context: Context, field: Field, name: str) -> str:
    """A parameter of an edge: a modifier of the wanted field before the call's own."""
    return field.modifiers.get(name) or context.call.get(name)


def metrics_asked(context: Context, field: Field, allowed: tuple[str, ...]) -> list[str]:
    """One bad metric fails the whole call."""
    names = listed(asked(context, field, "metric"))
    if not names:
        raise bad_request("(#100) The parameter metric is required")
    for position, name in enumerate(names):
        if name not in allowed:
            there_are = ", ".join(allowed)
            raise bad_request(f"(#100) metric[{position}] must be one of the following values: {there_are}")
    return names


def period_asked(context: Context, field: Field) -> str:
    """Raises code 100 for a period there is not."""
    period = asked(context, field, "period") or "day"
    if period not in PERIODS:
        raise bad_request(f"(#100) period must be one of the following values: {', '.join(PERIODS)}")
    return period


def _insights(context: Context, account: InstagramSpec, field: Field) -> list[Node]:
    require_insights(context, account)
    names = metrics_asked(context, field, ACCOUNT_METRICS)
    period = period_asked(context, field)
    small = account.followers < FEW_FOLLOWERS
    names = [name for name in names if not (small and name in ("follower_count", "online_followers"))]
    return [Node(METRIC, series(context, account.id, name, period)) for name in names]


def series(context: Context, owner: str, name: str, period: str) -> dict[str, Any]:
    """One metric of an object."""
    now = int(context.state.clock.now()) // DAY * DAY
    values: list[dict[str, Any]] = [
        {"value": figure(owner, name, now - back), "end_time": _stamp(now - back)} for back in (DAY, 0)
    ]
    if period in ("lifetime", "total_over_range"):
        values = [{"value": figure(owner, name)}]
    return {
        "name": name,
        "period": period,
        "values": values,
        "title": name.replace("_", " ").capitalize(),
        "description": f"{name.replace('_', ' ').capitalize()} of this object",
        "id": f"{owner}/insights/{name}/{period}",
    }


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")


def _media_insights(context: Context, post: Media, field: Field) -> list[Node]:
    require_insights(context, post.account)
    names = metrics_asked(context, field, MEDIA_METRICS)
    if post.account.followers < 5:
        raise no_permission("(#10) Not enough viewers for the media to show insights")
    return [Node(METRIC, series(context, post.id, name, "lifetime")) for name in names]


METRIC = NodeType(
    "InsightsResult",
    {name: column(name) for name in ("name", "period", "values", "title", "description", "id")},
    {},
    ("name", "period", "values", "title", "description", "id"),
)

MEDIA = NodeType(
    "Media",
    {
        "id": lambda _context, post: post.id,
        "caption": _basic(lambda _context, post: f"{post.account.name}, post {post.account.media - post.number}"),
        "media_type": _basic(lambda _context, post: ("IMAGE", "VIDEO", "CAROUSEL_ALBUM")[post.number % 3]),
        "media_product_type": _basic(lambda _context, post: "REELS" if post.number % 3 == 1 else "FEED"),
        "media_url": _basic(lambda _context, post: f"https://scontent.example.com/{post.id}.jpg"),
        "permalink": _basic(lambda _context, post: f"https://www.instagram.com/p/{post.id}/"),
        "timestamp": _basic(
            lambda context, post: _stamp(context.state.started_at - (post.number * 2 + 1) * DAY - figure(post.id))
        ),
        "like_count": _basic(lambda _context, post: figure("like", post.id, top=4000)),
        "comments_count": _basic(lambda _context, post: figure("comments", post.id, top=90)),
        "username": _basic(lambda _context, post: post.account.username),
        "is_comment_enabled": _basic(lambda _context, _post: True),
        "owner": _basic(lambda _context, post: {"id": post.account.id}),
    },
    {"insights": _media_insights},
    ("id",),
)

INSTAGRAM = NodeType(
    "IGUser",
    {
        "id": lambda _context, account: account.id,
        "ig_id": _basic(lambda _context, account: int(account.id[5:])),
        "username": _basic(lambda _context, account: account.username),
        "name": _basic(lambda _context, account: account.name),
        "biography": _basic(lambda _context, account: account.biography),
        "website": _basic(lambda _context, account: account.website),
        "followers_count": _basic(lambda _context, account: account.followers),
        "follows_count": _basic(lambda _context, account: account.follows),
        "media_count": _basic(lambda _context, account: account.media),
        "profile_picture_url": _basic(lambda _context, account: f"https://scontent.example.com/{account.id}.jpg"),
    },
    {"media": _media, "insights": _insights},
    ("id",),
)

"""Insights of a Facebook Page, which want a permission of their own (graph-api.md sections 8 and 13)."""

from __future__ import annotations

from tui.sandbox.call import listed
from tui.sandbox.errors import bad_request, not_authorized
from tui.sandbox.fields import Field
from tui.sandbox.instagram import METRIC, asked, period_asked, series
from tui.sandbox.nodes import Context, Node
from tui.sandbox.specs import PageSpec

METRICS = frozenset(
    ("page_follows", "page_media_view", "page_total_media_view_unique", "page_post_engagements", "page_views_total")
)
# Reach and impressions as they were counted before; gone from v26.0 on.
OLD_METRICS = frozenset(("page_impressions", "page_impressions_unique", "page_posts_impressions", "page_reach"))


def page_insights(context: Context, page: PageSpec, field: Field) -> list[Node]:
    """One bad metric fails the whole call."""
    if "read_insights" not in context.scopes:
        raise not_authorized()
    names = listed(asked(context, field, "metric"))
    known = METRICS if context.call.version >= "v26.0" else METRICS | OLD_METRICS
    if not names:
        raise bad_request("(#100) The parameter metric is required")
    if not known.issuperset(names):
        raise bad_request("(#100) The value must be a valid insights metric")
    return [Node(METRIC, series(context, page.id, name, period_asked(context, field))) for name in names]

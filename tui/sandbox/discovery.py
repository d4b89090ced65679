"""Business discovery: another account's public figures, read through one's own (graph-api.md sections 8 and 11)."""

from __future__ import annotations

from tui.sandbox.errors import GraphError
from tui.sandbox.fields import Field
from tui.sandbox.instagram import INSTAGRAM, MEDIA, Media, require_insights
from tui.sandbox.nodes import Context, Node, NodeType
from tui.sandbox.specs import InstagramSpec

HIDDEN = frozenset(("insights", "is_comment_enabled"))


def _no_such_user(name: str) -> GraphError:
    return GraphError(
        "Invalid user id",
        110,
        2207013,
        transient=False,
        title="Cannot find User",
        user_message=f"The user with username: {name} cannot be found.",
    )


def discover(context: Context, own: InstagramSpec, field: Field) -> Node:
    """The account named by `.username(...)`. It counts for the platform's limit, not for the account's own."""
    require_insights(context, own)
    context.call.usage_business = ""
    name = field.modifiers.get("username", "").strip()
    found = next((account for account in context.state.spec.instagram if account.username == name), None)
    if found is None:
        raise _no_such_user(name)
    return Node(DISCOVERED, found)


def _media(_context: Context, account: InstagramSpec, _field: Field) -> list[Node]:
    return [Node(DISCOVERED_MEDIA, Media(account, number)) for number in range(account.media)]


DISCOVERED_MEDIA = NodeType(
    "Media", {name: getter for name, getter in MEDIA.fields.items() if name not in HIDDEN}, {}, ("id",)
)

DISCOVERED = NodeType("IGUser", INSTAGRAM.fields, {"media": _media}, ("id",))

OWN_ACCOUNT = NodeType(
    INSTAGRAM.name, INSTAGRAM.fields, INSTAGRAM.edges, INSTAGRAM.defaults, {"business_discovery": discover}
)

"""From a path to an answer: the router of the Graph API."""

import re

from tui.sandbox import device, marketing, oauth, usage
from tui.sandbox.access import debug_token, identify
from tui.sandbox.call import Answer, GraphCall, page_size
from tui.sandbox.errors import error
from tui.sandbox.instagram import INSTAGRAM, MEDIA, media_by_id
from tui.sandbox.nodes import Context, Field, Node, page_of, parse_fields, show
from tui.sandbox.objects import APP, BUSINESS, PAGE, USER
from tui.sandbox.specs import PageSpec
from tui.sandbox.state import State, TokenRecord

FIXED = {
    "oauth/access_token": oauth.access_token,
    "oauth/client_code": oauth.client_code,
    "oauth/revoke": oauth.revoke,
    "debug_token": debug_token,
    "device/login": device.start,
    "device/login_status": device.poll,
}


def answer(state: State, call: GraphCall) -> Answer:
    """Return the answer to one call. Raises GraphError."""
    handler = FIXED.get(call.path)
    if handler is not None:
        return handler(state, call)
    if "client_secret" in call.parameters:
        raise error("secret_sent", path=call.path)
    first, *rest = call.path.split("/")
    if not first or len(rest) > 2:
        raise error("no_path", path=call.path)
    if call.method == "POST" and rest in (["access_tokens"], ["system_user_access_tokens"]):
        return oauth.system_user_token(state, call, first)
    if re.fullmatch(r"act_[0-9]+", first):
        return marketing.answer(state, call)
    context = identify(state, call, missing="no_token_on_me" if first == "me" else "no_token")
    if rest[:1] == ["permissions"] and call.method == "DELETE":
        return _delete_permission(context, first, rest[1:])
    if call.method != "GET":
        raise error("unsupported", id=first, method=call.method.lower())
    # 90 days after the person's last activity only their permissions can be read.
    if context.token and rest != ["permissions"] and 0 < context.token.data_access_expires_at <= state.clock.now():
        raise error("inactive")
    return Answer(_read(context, _node(context, first), rest))


def _read(context: Context, node: Node, rest: list[str]) -> dict[str, object]:
    fields = parse_fields(context.call.get("fields"))
    if not rest:
        return show(context, node, fields)
    if len(rest) > 1:
        raise error("no_path", path=rest[1])
    edge = node.type.edges.get(rest[0])
    if edge is None:
        raise error("no_field", name=rest[0], type=node.type.name)
    nodes = edge(context, node.value, Field(rest[0]))
    if rest[0] == "permissions":
        return {"data": [show(context, item, fields) for item in nodes]}
    path = f"/{context.call.version}/{context.call.path}"
    return page_of(context, nodes, fields, path, limit=page_size(context.call.get("limit")))


def _node(context: Context, name: str) -> Node:
    """Return the object a path begins with. Raises Facebook's error for one that does not exist or cannot be seen."""
    token = context.token
    if name == "me":
        if token is None:
            raise error("no_token_on_me")
        return _page(context, token, token.page) if token.page else Node(USER, token.person)
    if name in ("app", context.app.id):
        return Node(APP, context.app)
    person = context.state.people_by_id.get((context.app.id, name))
    if person is not None and (token is None or person == token.person):
        return Node(USER, person)
    asset = _asset(context, token, name) if token else None
    if asset is not None:
        return asset
    raise error("unsupported", id=name, method="get") if name.isdigit() else error("no_alias", name=name)


def _asset(context: Context, token: TokenRecord, name: str) -> Node | None:
    """Return the Page, portfolio, Instagram account or post with that id, if the token can read it."""
    state = context.state
    page = state.pages.get(name)
    if page is not None and state.sees_page(token, page):
        return _page(context, token, page)
    business = state.businesses.get(name)
    if business is not None and token.person.key in business.people:
        return Node(BUSINESS, business)
    post = media_by_id(context, name)
    account = post.account if post else state.instagram.get(name)
    owner = state.page_of_instagram.get(account.key) if account else None
    if account is None or owner is None or not state.sees_page(token, owner):
        return None
    usage.count_account(state, context.call, account)
    return Node(MEDIA, post) if post else Node(INSTAGRAM, account)


def _page(context: Context, token: TokenRecord, page: PageSpec) -> Node:
    """A Page; read with a Page's or a system user's token it counts for the Page's own limit."""
    if token.kind != "user":
        context.call.usage_business, context.call.usage_type = page.id, "pages"
    return Node(PAGE, page)


def _delete_permission(context: Context, user: str, permission: list[str]) -> Answer:
    """Remove one permission, or the app from the account with all its tokens."""
    state, app = context.state, context.app
    owner = context.token.person if context.token else None
    person = owner if user == "me" else state.people_by_id.get((app.id, user))
    if person is None or (owner is not None and owner != person):
        raise error("unsupported", id=user, method="delete")
    if not permission:
        state.remove_app(app, person)
    else:
        grant = state.grant_for(app, person)
        if permission[0] not in grant.granted:
            raise error("permission_not_granted", name=permission[0])
        grant.granted.discard(permission[0])
        grant.declined.add(permission[0])
    # The documented body is the literal `true`; today's is likely an object.
    return Answer(True if state.odd_types else {"success": True})

"""From a path to an answer: the router of the Graph API."""

from __future__ import annotations

from tui.sandbox import debug, device, marketing, oauth, system_users, usage
from tui.sandbox.access import Caller, identify, require_data_access
from tui.sandbox.call import Answer, GraphCall
from tui.sandbox.discovery import OWN_ACCOUNT
from tui.sandbox.errors import (
    GraphError,
    bad_request,
    no_token_on_me,
    nonexisting_field,
    unsupported_get,
)
from tui.sandbox.fields import Field, parse_fields
from tui.sandbox.instagram import MEDIA, media_by_id
from tui.sandbox.nodes import Context, Node, show
from tui.sandbox.paging import page_of
from tui.sandbox.people import APP, BUSINESS, PAGE, USER
from tui.sandbox.records import TokenRecord
from tui.sandbox.specs import PageSpec
from tui.sandbox.state import State

FIXED = {
    "oauth/access_token": oauth.access_token,
    "oauth/client_code": oauth.client_code,
    "oauth/revoke": oauth.revoke,
    "debug_token": debug.debug_token,
    "device/login": device.start,
    "device/login_status": device.poll,
}


def answer(state: State, call: GraphCall) -> Answer:
    """The answer to one call. Raises GraphError."""
    handler = FIXED.get(call.path)
    if handler is not None:
        return handler(state, call)
    if "client_secret" in call.parameters:
        raise bad_request(f"client_secret should not be passed to /{call.path}", 1)
    parts = call.path.split("/")
    if not call.path or len(parts) > 3:
        raise bad_request(f"Unknown path components: /{call.path}", 2500)
    if call.method == "POST" and parts[-1] in ("access_tokens", "system_user_access_tokens") and len(parts) == 2:
        return system_users.issue(state, call, parts[0])
    if marketing.is_ad_account(call.path):
        return marketing.answer(state, call)
    on_me = parts[0] == "me"
    caller = identify(state, call, on_me=on_me)
    if parts[1:2] == ["permissions"] and call.method == "DELETE":
        return _delete_permission(state, caller, parts)
    if call.method != "GET":
        raise unsupported_get(parts[0], call.method.lower())
    if caller.token is not None and parts[1:] != ["permissions"]:
        require_data_access(state, caller.token)
    context = Context(state, call, caller)
    return Answer(_read(context, _node(context, parts[0]), parts[1:]))


def _read(context: Context, node: Node, rest: list[str]) -> dict[str, object]:
    fields = parse_fields(context.call.get("fields"))
    if not rest:
        return show(context, node, fields)
    if len(rest) > 1:
        raise bad_request(f"Unknown path components: /{'/'.join(rest[1:])}", 2500)
    edge = node.type.edges.get(rest[0])
    if edge is None:
        raise nonexisting_field(rest[0], node.type.name)
    nodes = edge(context, node.value, Field(rest[0]))
    if rest[0] == "permissions":
        return {"data": [show(context, item, fields) for item in nodes]}
    return page_of(context, nodes, fields, f"/{context.call.version}/{context.call.path}", limit=context.call.limit())


def _node(context: Context, name: str) -> Node:
    """The object a path begins with. Raises what Facebook answers for one that is not there or not seen."""
    state, caller = context.state, context.caller
    token = caller.token
    if name == "me":
        return _me(context, token)
    if name in ("app", caller.app.id):
        return Node(APP, caller.app)
    person = state.people_by_id.get((caller.app.id, name))
    if person is not None and (token is None or person == token.person):
        return Node(USER, person)
    page = state.pages.get(name)
    if page is not None and token is not None and state.sees_page(token, page):
        return _page(context, token, page)
    account = state.instagram.get(name)
    if account is not None and token is not None and _sees_account(context, token, account.key):
        usage.count_account(state, context.call, account)
        return Node(OWN_ACCOUNT, account)
    business = state.businesses.get(name)
    if business is not None and token is not None and token.person and token.person.key in business.people:
        return Node(BUSINESS, business)
    post = media_by_id(context, name)
    if post is not None and token is not None and _sees_account(context, token, post.account.key):
        usage.count_account(state, context.call, post.account)
        return Node(MEDIA, post)
    if not name.isdigit():
        raise GraphError(f"(#803) Some of the aliases you requested do not exist: {name}", 803, status=404)
    raise unsupported_get(name)


def _me(context: Context, token: TokenRecord | None) -> Node:
    if token is None or token.person is None:
        raise no_token_on_me()
    if token.page is not None:
        return _page(context, token, token.page)
    return Node(USER, token.person)


def _page(context: Context, token: TokenRecord, page: PageSpec) -> Node:
    """A Page; read with a Page's or a system user's token it counts for the Page's own limit."""
    if token.kind != "user":
        context.call.usage_business, context.call.usage_type = page.id, "pages"
    return Node(PAGE, page)


def _sees_account(context: Context, token: TokenRecord, account: str) -> bool:
    page = context.state.page_of_instagram.get(account)
    return page is not None and context.state.sees_page(token, page)


def _delete_permission(state: State, caller: Caller, parts: list[str]) -> Answer:
    """Drop one permission, or take the app off the account with every token of it."""
    person = caller.token.person if caller.token else None
    if parts[0] != "me":
        person = state.people_by_id.get((caller.app.id, parts[0]))
    if person is None or (caller.token is not None and caller.token.person != person):
        raise unsupported_get(parts[0], "delete")
    if len(parts) == 2:
        state.remove_app(caller.app, person)
        return Answer(_done(state))
    grant = state.grant_for(caller.app, person)
    if parts[2] not in grant.granted:
        raise bad_request(f"(#100) Permission {parts[2]} was not granted")
    grant.granted.discard(parts[2])
    grant.declined.add(parts[2])
    return Answer(_done(state))


def _done(state: State) -> object:
    """The documented body is the literal `true`; today's is likely an object."""
    return True if state.odd_types else {"success": True}

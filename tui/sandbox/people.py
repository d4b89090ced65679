"""The nodes of people, Pages, portfolios and apps."""

from __future__ import annotations

from typing import Any

from tui.sandbox.errors import not_authorized, page_permission_missing
from tui.sandbox.fields import Field
from tui.sandbox.instagram import INSTAGRAM
from tui.sandbox.nodes import ABSENT, Context, Node, NodeType, column
from tui.sandbox.page_insights import page_insights
from tui.sandbox.specs import AppSpec, BusinessSpec, PageSpec, PersonSpec


def _email(context: Context, person: PersonSpec) -> Any:
    return person.email if "email" in context.scopes else ABSENT


def _accounts(context: Context, _person: PersonSpec, _field: Field) -> list[Node]:
    """The Pages of the person; an empty list where the permission, the tick or the portfolio is missing."""
    token = context.caller.token
    if token is None or "pages_show_list" not in context.scopes:
        return []
    return [Node(ACCOUNT, page) for page in context.state.pages_for(token)]


def _businesses(context: Context, person: PersonSpec, _field: Field) -> list[Node]:
    if "business_management" not in context.scopes:
        raise not_authorized()
    return [Node(BUSINESS, item) for item in context.state.spec.businesses if person.key in item.people]


def _permissions(context: Context, person: PersonSpec, _field: Field) -> list[Node]:
    grant = context.state.grants.get((context.caller.app.id, person.key))
    if grant is None:
        return []
    rows = [(name, "granted") for name in sorted(grant.granted)]
    rows += [(name, "declined") for name in sorted(grant.declined - grant.granted)]
    rows += [(name, "expired") for name in sorted(grant.expired - grant.granted)]
    if context.state.odd_types and not grant.removed:
        rows.insert(0, ("installed", "granted"))
    return [Node(PERMISSION, row) for row in rows]


PERMISSION = NodeType(
    "Permission",
    {"permission": lambda _context, row: row[0], "status": lambda _context, row: row[1]},
    {},
    ("permission", "status"),
)

USER = NodeType(
    "User",
    {
        "id": lambda context, person: context.state.scoped_id(context.caller.app, person),
        "name": lambda _context, person: person.name,
        "first_name": lambda _context, person: person.name.split(" ")[0],
        "last_name": lambda _context, person: person.name.split(" ")[-1],
        "email": _email,
    },
    {
        "accounts": _accounts,
        "assigned_pages": _accounts,
        "businesses": _businesses,
        "permissions": _permissions,
    },
    ("name", "id"),
)


def _page_token(context: Context, page: PageSpec) -> Any:
    token = context.caller.token
    if token is None:
        return ABSENT
    if token.kind == "page":
        return token.value
    return context.state.page_token(token, page).value


def _linked_account(context: Context, page: PageSpec) -> Any:
    """Absent, not null, where no professional account is linked or the permission is missing."""
    account = context.state.account_of(page)
    if account is None or "instagram_basic" not in context.scopes:
        return ABSENT
    return Node(INSTAGRAM, account)


def _tasks(context: Context, page: PageSpec) -> Any:
    token = context.caller.token
    if token is None or token.person is None:
        return ABSENT
    return list(context.state.tasks[page.key].get(token.person.key, ()))


def _guarded(context: Context, value: Any) -> Any:
    if "pages_read_engagement" not in context.scopes:
        raise page_permission_missing()
    return value


_PAGE_FIELDS = {
    "id": lambda _context, page: page.id,
    "name": lambda _context, page: page.name,
    "category": lambda _context, page: page.category,
    "category_list": lambda _context, page: [{"id": "2208", "name": page.category}],
    "access_token": _page_token,
    "instagram_business_account": _linked_account,
    "connected_instagram_account": _linked_account,
    "link": lambda _context, page: f"https://www.facebook.com/{page.id}",
    "tasks": _tasks,
    "is_published": lambda _context, _page: True,
}

ACCOUNT = NodeType("Page", _PAGE_FIELDS, {}, ("access_token", "category", "category_list", "name", "id", "tasks"))

PAGE = NodeType(
    "Page",
    {
        **{name: getter for name, getter in _PAGE_FIELDS.items() if name != "tasks"},
        "fan_count": lambda context, page: _guarded(context, 900 + int(page.id[-4:])),
        "followers_count": lambda context, page: _guarded(context, 950 + int(page.id[-4:])),
        "about": lambda context, page: _guarded(context, f"{page.name} on Facebook"),
    },
    {"insights": page_insights},
    ("name", "id"),
)


def _business_pages(attribute: str) -> Any:
    def edge(context: Context, business: BusinessSpec, _field: Field) -> list[Node]:
        return [Node(PAGE, page) for page in context.state.spec.pages if getattr(page, attribute) == business.key]

    return edge


def _business_accounts(attribute: str) -> Any:
    def edge(context: Context, business: BusinessSpec, _field: Field) -> list[Node]:
        pages = [page for page in context.state.spec.pages if getattr(page, attribute) == business.key]
        return [Node(INSTAGRAM, account) for page in pages if (account := context.state.account_of(page))]

    return edge


BUSINESS = NodeType(
    "Business",
    {"id": lambda _context, business: business.id, "name": lambda _context, business: business.name},
    {
        "owned_pages": _business_pages("business"),
        "client_pages": _business_pages("client_of"),
        "owned_instagram_accounts": _business_accounts("business"),
        "client_instagram_accounts": _business_accounts("client_of"),
    },
    ("name", "id"),
)


def _owner(context: Context, app: AppSpec) -> Any:
    """The portfolio that owns the app; absent where none does."""
    return Node(BUSINESS, context.state.businesses_by_key[app.business]) if app.business else ABSENT


def _roles(context: Context, app: AppSpec, _field: Field) -> list[Node]:
    people = [person for person in context.state.spec.people if app.key in person.roles]
    return [
        Node(ROLE, {"app_id": app.id, "role": person.roles[app.key], "user": context.state.scoped_id(app, person)})
        for person in people
    ]


ROLE = NodeType(
    "ApplicationRole",
    {name: column(name) for name in ("app_id", "role", "user")},
    {},
    ("app_id", "role", "user"),
)

APP = NodeType(
    "Application",
    {
        "id": lambda _context, app: app.id,
        "name": lambda _context, app: app.name,
        "category": lambda _context, app: app.category,
        "link": lambda _context, app: f"https://www.facebook.com/games/?app_id={app.id}",
        "namespace": lambda _context, app: app.namespace or ABSENT,
        "company": lambda _context, app: app.company or ABSENT,
        "app_type": lambda _context, app: 1 if app.native else 0,
        "business": _owner,
        "app_domains": lambda _context, app: list(app.app_domains),
    },
    {"roles": _roles},
    ("category", "link", "name", "id"),
)

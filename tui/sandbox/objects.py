"""The nodes of people, Pages, portfolios and apps."""

from collections.abc import Callable
from typing import Any

from tui.sandbox.errors import error
from tui.sandbox.instagram import INSTAGRAM, metrics, requested_metrics, requested_period
from tui.sandbox.nodes import ABSENT, Context, Edge, Field, Getter, Node, NodeType, row, same
from tui.sandbox.specs import AppSpec, BusinessSpec, PageSpec, PersonSpec

PAGE_METRICS = frozenset(
    ("page_follows", "page_media_view", "page_total_media_view_unique", "page_post_engagements", "page_views_total")
)
# Reach and impressions as they were counted before v26.0, which removed them.
OLD_PAGE_METRICS = frozenset(("page_impressions", "page_impressions_unique", "page_posts_impressions", "page_reach"))


def _accounts(context: Context, _person: PersonSpec, _field: Field) -> list[Node]:
    """Return the person's Pages; an empty list where the permission, the tick or the portfolio is missing."""
    state, token = context.state, context.token
    if token is None or "pages_show_list" not in context.scopes:
        return []
    return [Node(ACCOUNT, page) for page in state.spec.pages if state.sees_page(token, page)]


def _businesses(context: Context, person: PersonSpec, _field: Field) -> list[Node]:
    context.require("business_management", otherwise="not_authorized")
    return [Node(BUSINESS, item) for item in context.state.spec.businesses if person.key in item.people]


def _permissions(context: Context, person: PersonSpec, _field: Field) -> list[Node]:
    grant = context.state.grants.get((context.app.id, person.key))
    if grant is None:
        return []
    statuses = {
        "granted": grant.granted,
        "declined": grant.declined - grant.granted,
        "expired": grant.expired - grant.granted,
    }
    rows = [(name, status) for status, names in statuses.items() for name in sorted(names)]
    if context.state.odd_types and not grant.removed:
        rows.insert(0, ("installed", "granted"))
    return [row("Permission", permission=name, status=status) for name, status in rows]


USER = NodeType(
    "User",
    {
        "id": lambda context, person: context.state.scoped_id(context.app, person),
        "name": "name",
        "first_name": lambda _context, person: person.name.split(" ")[0],
        "last_name": lambda _context, person: person.name.split(" ")[-1],
        "email": lambda context, person: person.email if "email" in context.scopes else ABSENT,
    },
    {"accounts": _accounts, "assigned_pages": _accounts, "businesses": _businesses, "permissions": _permissions},
    ("name", "id"),
)


def _page_token(context: Context, page: PageSpec) -> Any:
    token = context.token
    if token is None:
        return ABSENT
    return token.value if token.kind == "page" else context.state.page_token(token, page).value


def _linked_account(context: Context, page: PageSpec) -> Any:
    """Absent, not null, where no professional account is linked or the permission is missing."""
    account = context.state.account_of(page)
    return Node(INSTAGRAM, account) if account and "instagram_basic" in context.scopes else ABSENT


def _tasks(context: Context, page: PageSpec) -> Any:
    token = context.token
    return list(context.state.tasks[page.key].get(token.person.key, ())) if token else ABSENT


def _engagement(value: Callable[[PageSpec], Any]) -> Getter:
    """Return a field that needs pages_read_engagement."""

    def guarded(context: Context, page: PageSpec) -> Any:
        context.require("pages_read_engagement", otherwise="no_page_permission")
        return value(page)

    return guarded


def _page_insights(context: Context, page: PageSpec, field: Field) -> list[Node]:
    """Insights of a Page need a permission of their own. One bad metric fails the whole call."""
    context.require("read_insights", otherwise="not_authorized")
    names = requested_metrics(context, field)
    known = PAGE_METRICS if context.call.version >= "v26.0" else PAGE_METRICS | OLD_PAGE_METRICS
    if not known.issuperset(names):
        raise error("no_page_metric")
    return metrics(context, page.id, names, requested_period(context, field))


_PAGE_FIELDS: dict[str, Getter] = {
    **same("id", "name", "category"),
    "category_list": lambda _context, page: [{"id": "2208", "name": page.category}],
    "access_token": _page_token,
    "instagram_business_account": _linked_account,
    "connected_instagram_account": _linked_account,
    "link": lambda _context, page: f"https://www.facebook.com/{page.id}",
    "is_published": lambda _context, _page: True,
}
ACCOUNT = NodeType(
    "Page",
    {**_PAGE_FIELDS, "tasks": _tasks},
    defaults=("access_token", "category", "category_list", "name", "id", "tasks"),
)
PAGE = NodeType(
    "Page",
    {
        **_PAGE_FIELDS,
        "fan_count": _engagement(lambda page: 900 + int(page.id[-4:])),
        "followers_count": _engagement(lambda page: 950 + int(page.id[-4:])),
        "about": _engagement(lambda page: f"{page.name} on Facebook"),
    },
    {"insights": _page_insights},
    ("name", "id"),
)


def _assets(attribute: str, *, accounts: bool = False) -> Edge:
    """Return the edge to the Pages that name the portfolio in that attribute, or to their Instagram accounts."""

    def edge(context: Context, business: BusinessSpec, _field: Field) -> list[Node]:
        pages = [page for page in context.state.spec.pages if getattr(page, attribute) == business.key]
        if not accounts:
            return [Node(PAGE, page) for page in pages]
        return [Node(INSTAGRAM, account) for page in pages if (account := context.state.account_of(page))]

    return edge


BUSINESS = NodeType(
    "Business",
    same("id", "name"),
    {
        "owned_pages": _assets("business"),
        "client_pages": _assets("client_of"),
        "owned_instagram_accounts": _assets("business", accounts=True),
        "client_instagram_accounts": _assets("client_of", accounts=True),
    },
    ("name", "id"),
)


def _owner(context: Context, app: AppSpec) -> Any:
    """The portfolio that owns the app; absent where none does."""
    owners = (Node(BUSINESS, item) for item in context.state.spec.businesses if item.key == app.business)
    return next(owners, ABSENT)


def _roles(context: Context, app: AppSpec, _field: Field) -> list[Node]:
    people = [person for person in context.state.spec.people if app.key in person.roles]
    return [
        row("ApplicationRole", app_id=app.id, role=person.roles[app.key], user=context.state.scoped_id(app, person))
        for person in people
    ]


APP = NodeType(
    "Application",
    {
        **same("id", "name", "category"),
        "link": lambda _context, app: f"https://www.facebook.com/games/?app_id={app.id}",
        "namespace": lambda _context, app: app.namespace or ABSENT,
        "company": lambda _context, app: app.company or ABSENT,
        "app_type": lambda _context, app: int(app.native),
        "business": _owner,
        "app_domains": lambda _context, app: list(app.app_domains),
    },
    {"roles": _roles},
    ("category", "link", "name", "id"),
)

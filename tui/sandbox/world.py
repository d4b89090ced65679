"""Loads a world: a TOML file that describes apps, people, Pages, accounts and tokens, checked at load."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from tui.sandbox import likeness
from tui.sandbox.faults import KINDS
from tui.sandbox.flaws import FLAWS
from tui.sandbox.specs import (
    MATILLION_MODES,
    AppSpec,
    BusinessSpec,
    FaultSpec,
    GrantSpec,
    InstagramSpec,
    MatillionSpec,
    PageSpec,
    PersonSpec,
    TaskSpec,
    TokenSpec,
    WorldSpec,
)
from tui.sandbox.tables import Table, WorldError
from tui.sandbox.vocabulary import ALL_TASKS, APP_PERMISSIONS, EVERYTHING, PERMISSIONS, ROLES

WORLDS = Path(__file__).parent / "worlds"
LOGIN_SUCCESS = "https://www.facebook.com/connect/login_success.html"


def world_names() -> list[str]:
    """The ready-made worlds, the default first."""
    names = sorted(path.stem for path in WORLDS.glob("*.toml"))
    return sorted(names, key=lambda name: name != "default")


def world_summary(name: str) -> str:
    """What a ready-made world is about, in a sentence."""
    return str(tomllib.loads((WORLDS / f"{name}.toml").read_text(encoding="utf-8")).get("summary", ""))


def load_world(name_or_path: str | Path) -> WorldSpec:
    """Read a ready-made world by name, or a TOML file by path. Raises WorldError with file, place and reason."""
    path = WORLDS / f"{name_or_path}.toml"
    if isinstance(name_or_path, Path) or not path.is_file():
        path = Path(name_or_path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WorldError(f"{path.name}: {error}") from None
    except OSError as error:
        raise _no_such_world(str(name_or_path), error) from None
    return _read_world(data, path)


def _no_such_world(asked: str, error: OSError) -> WorldError:
    if "/" in asked or asked.endswith(".toml"):
        return WorldError(f"{asked}: {error.strerror}")
    from difflib import get_close_matches  # only where somebody mistyped

    close = get_close_matches(asked, world_names(), n=1)
    meant = f"; did you mean {close[0]}?" if close else ";"
    return WorldError(f"no world named {asked!r}{meant} there are: {', '.join(world_names())}")


def _read_world(data: dict[str, object], path: Path) -> WorldSpec:
    """Build a world from parsed TOML. Raises WorldError."""
    name = path.name
    root = Table(name, data)
    world_name = root.text("name", path.stem)
    apps = tuple(_app(table, world_name) for table in root.tables("apps"))
    people = [_person(table, world_name) for table in root.tables("people")]
    pages = tuple(_page(table, world_name) for table in root.tables("pages"))
    grants = [_grant(table) for table in root.tables("grants")]
    tokens = [_token(table) for table in root.tables("tokens")]
    if not apps:
        raise WorldError(f"{name}: a world needs at least one [[apps]]")
    crowd = root.table("crowd")
    _crowd(crowd, apps[0].key, people, grants, tokens, world_name)
    crowd.done()
    world = WorldSpec(
        name=world_name,
        title=root.text("title", world_name),
        summary=root.text("summary", ""),
        try_this=root.texts("try_this"),
        primary_app=root.text("primary_app", apps[0].key),
        apps=apps,
        people=tuple(people),
        pages=pages,
        instagram=tuple(_instagram(table, world_name) for table in root.tables("instagram")),
        businesses=tuple(_business(table, world_name) for table in root.tables("businesses")),
        grants=tuple(grants),
        tokens=tuple(tokens),
        matillion=_matillion(root.table("matillion")),
        faults=tuple(_fault(table) for table in root.tables("faults")),
        pasted_secret=root.text("pasted_secret", ""),
    )
    root.done()
    _check_references(world, name)
    return world


def _app(table: Table, world: str) -> AppSpec:
    key = table.text("key")
    app = AppSpec(
        key=key,
        id=table.digits("id", likeness.digits(f"{world}:app:{key}", 16)),
        secret=table.text("secret", likeness.app_secret(f"{world}:{key}")),
        client_token=table.text("client_token", likeness.app_secret(f"{world}:{key}:client")),
        name=table.text("name"),
        redirect_uris=table.texts("redirect_uris", ("https://matillion.example.com/oauth/callback", LOGIN_SUCCESS)),
        permissions=_scopes(table, "permissions", APP_PERMISSIONS),
        mode=table.choice("mode", ("development", "live"), "development"),
        login=table.choice("login", ("classic", "business"), "classic"),
        configs=table.lists("configs"),
        system_user_configs=table.texts("system_user_configs"),
        app_domains=table.texts("app_domains"),
        advanced_access=table.flag("advanced_access"),
        require_proof=table.flag("require_proof"),
        device_login=table.flag("device_login"),
        native=table.flag("native"),
        status=table.choice("status", ("active", "restricted", "deleted"), "active"),
        default_version=table.text("default_version", ""),
        code_tokens=table.choice("code_tokens", ("long", "short"), "long"),
        denial=table.choice("denial", ("documented", "2026", "old"), "documented"),
        hourly_calls=table.number("hourly_calls", 0),
        instagram_app_id=table.text("instagram_app_id", likeness.digits(f"{world}:igapp:{key}", 16)),
        category=table.text("category", "Business"),
        namespace=table.text("namespace", ""),
        company=table.text("company", ""),
        business=table.text("business", ""),
    )
    table.done()
    return app


def _person(table: Table, world: str) -> PersonSpec:
    key = table.text("key")
    person = PersonSpec(
        key=key,
        id=table.digits("id", likeness.digits(f"{world}:person:{key}", 17, "102")),
        name=table.text("name"),
        email=table.text("email", f"{key}@example.com"),
        roles=table.choices("roles", ROLES),
    )
    table.done()
    return person


def _page(table: Table, world: str) -> PageSpec:
    key = table.text("key")
    tasks: dict[str, tuple[str, ...]] = dict.fromkeys(table.texts("people"), ALL_TASKS)
    tasks.update(table.lists("tasks"))
    page = PageSpec(
        key=key,
        id=table.digits("id", likeness.digits(f"{world}:page:{key}", 15, "1")),
        name=table.text("name"),
        category=table.text("category", "Local business"),
        tasks=tasks,
        instagram=table.text("instagram", ""),
        business=table.text("business", ""),
        client_of=table.text("client_of", ""),
    )
    table.done()
    return page


def _instagram(table: Table, world: str) -> InstagramSpec:
    key = table.text("key")
    account = InstagramSpec(
        key=key,
        id=table.digits("id", likeness.digits(f"{world}:ig:{key}", 17, "17841")),
        username=table.text("username", key),
        name=table.text("name", key),
        biography=table.text("biography", ""),
        website=table.text("website", ""),
        followers=table.number("followers", 1200),
        follows=table.number("follows", 310),
        media=table.number("media", 12),
        impressions=table.number("impressions", 0),
    )
    table.done()
    return account


def _business(table: Table, world: str) -> BusinessSpec:
    key = table.text("key")
    business = BusinessSpec(
        key=key,
        id=table.digits("id", likeness.digits(f"{world}:business:{key}", 15, "2")),
        name=table.text("name"),
        people=table.texts("people"),
    )
    table.done()
    return business


def _scopes(table: Table, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
    scopes = table.texts(key, default)
    for scope in scopes:
        if scope not in PERMISSIONS:
            raise table.fail(key, f"{scope!r} is not a permission")
    return scopes


def _grant(table: Table) -> GrantSpec:
    grant = GrantSpec(
        person=table.text("person"),
        app=table.text("app"),
        scopes=_scopes(table, "scopes", EVERYTHING),
        declined=_scopes(table, "declined", ()),
        expired=_scopes(table, "expired", ()),
        pages=table.texts("pages", ("*",)),
        last_active=table.span("last_active", "-1d"),
    )
    table.done()
    return grant


def _token(table: Table) -> TokenSpec:
    kind = table.choice("kind", ("user", "page", "system_user", "app"), "user")
    long_lived = table.flag("long_lived", True)
    lasting = "1h 10m" if not long_lived else ("never" if kind in ("page", "app") else "60d")
    token = TokenSpec(
        name=table.text("name"),
        kind=kind,
        app=table.text("app"),
        person=table.text("person", "-" if kind == "app" else None),
        page=table.text("page", None if kind == "page" else "-"),
        issued=table.span("issued", "0s"),
        expires=table.span_or_never("expires", lasting),
        data_access=table.span_or_never("data_access", "never" if kind in ("app", "system_user") else "90d"),
        long_lived=long_lived,
        scopes=_scopes(table, "scopes", ()) if "scopes" in table.names() else None,
        flaw=table.choice("flaw", ("", *FLAWS), ""),
    )
    table.done()
    return token


def _matillion(table: Table) -> MatillionSpec:
    tasks = []
    for number, row in enumerate(table.tables("tasks")):
        tasks.append(
            TaskSpec(
                id=row.number("id", 1000 + number),
                group=row.text("group", "Marketing"),
                project=row.text("project", "Social"),
                job=row.text("job", "load_instagram"),
                component=row.text("component", "Instagram Extract"),
                state=row.choice("state", ("SUCCESS", "FAILED", "CANCELLED", "RUNNING"), "SUCCESS"),
                ended=row.span("ended", "-6h"),
                message=row.text("message", ""),
            )
        )
        row.done()
    spec = MatillionSpec(
        user=table.text("user", "igauth-api"),
        password=table.text("password", "sandbox-password"),
        api_role=table.flag("api_role", True),
        admin=table.flag("admin", False),
        oauth=table.texts("oauth", ("ig_prod", "ig_staging", "google_ads")),
        groups=table.lists("groups") or {"Marketing": ("Social",)},
        tasks=tuple(tasks),
        mode=table.choice("mode", MATILLION_MODES, "normal"),
    )
    table.done()
    return spec


def _fault(table: Table) -> FaultSpec:
    fault = FaultSpec(
        kind=table.choice("kind", KINDS),
        path=table.text("path", ""),
        times=table.number("times", 1),
        seconds=table.span("seconds", "0s"),
    )
    table.done()
    return fault


def _crowd(
    table: Table, app: str, people: list[PersonSpec], grants: list[GrantSpec], tokens: list[TokenSpec], world: str
) -> None:
    """`[crowd] people = 1000, tokens = 10`: that many more people with that many tokens each, for load."""
    count, each = table.number("people", 0), table.number("tokens", 1)
    for number in range(count):
        key = f"crowd{number}"
        person_id = likeness.digits(f"{world}:person:{key}", 17, "103")
        people.append(PersonSpec(key, person_id, f"Person {number}", f"{key}@example.com", {app: "testers"}))
        grants.append(GrantSpec(key, app, EVERYTHING, (), (), ("*",), -86400))
        for index in range(each):
            life = (1 + (number + index) % 59) * 86400
            tokens.append(
                TokenSpec(f"{key}_{index}", "user", app, key, "-", life - 60 * 86400, life, life, True, None, "")
            )


def _unique(what: str, values: Iterable[str], file: str, word: str = "are named") -> set[str]:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise WorldError(f"{file}: two {what} {word} {value!r}")
        seen.add(value)
    return seen


def _check_references(world: WorldSpec, file: str) -> None:
    """Raise WorldError for a key that names nothing and for a name or an id that two things have."""
    apps = _unique("apps", (app.key for app in world.apps), file)
    people = _unique("people", (person.key for person in world.people), file)
    pages = _unique("pages", (page.key for page in world.pages), file)
    accounts = _unique("instagram accounts", (account.key for account in world.instagram), file)
    businesses = _unique("businesses", (business.key for business in world.businesses), file)
    _unique("tokens", (token.name for token in world.tokens), file)
    ids = [app.id for app in world.apps] + [person.id for person in world.people] + [page.id for page in world.pages]
    ids += [account.id for account in world.instagram] + [business.id for business in world.businesses]
    _unique("objects", ids, file, "have the id")
    wanted: list[tuple[str, str, set[str]]] = [("primary_app", world.primary_app, apps)]
    wanted += [(f"apps {app.key}: business", app.business, businesses) for app in world.apps if app.business]
    for person in world.people:
        wanted += [(f"people {person.key}: roles", app, apps) for app in person.roles]
    for page in world.pages:
        wanted += [(f"pages {page.key}: people", key, people) for key in page.tasks]
        wanted += [(f"pages {page.key}: instagram", page.instagram, accounts)] if page.instagram else []
        wanted += [(f"pages {page.key}: business", page.business, businesses)] if page.business else []
        wanted += [(f"pages {page.key}: client_of", page.client_of, businesses)] if page.client_of else []
    for business in world.businesses:
        wanted += [(f"businesses {business.key}: people", key, people) for key in business.people]
    for grant in world.grants:
        wanted += [("grants: person", grant.person, people), ("grants: app", grant.app, apps)]
        wanted += [("grants: pages", key, pages) for key in grant.pages if key != "*"]
    for token in world.tokens:
        wanted.append((f"tokens {token.name}: app", token.app, apps))
        wanted += [(f"tokens {token.name}: person", token.person, people)] if token.person != "-" else []
        wanted += [(f"tokens {token.name}: page", token.page, pages)] if token.page != "-" else []
    for where, key, known in wanted:
        if key not in known:
            raise WorldError(f"{file}: {where}: nothing is named {key!r}")

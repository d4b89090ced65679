"""Nodes of the graph and lists of them: which fields a call asks for, and what each kind of object shows for them
(graph-api.md sections 5, 7 and 8)."""

import base64
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from tui.sandbox.call import GraphCall, page_size
from tui.sandbox.errors import GraphError, error
from tui.sandbox.specs import AppSpec
from tui.sandbox.state import State, TokenRecord

MAX_DEPTH = 10
_SPACES = r"[ \n\t]*"
_MODIFIER = rf"\.{_SPACES}([A-Za-z0-9_]+){_SPACES}\(([^)]*)\){_SPACES}"
_NAME = re.compile(rf"{_SPACES}([A-Za-z0-9_]+){_SPACES}((?:{_MODIFIER})*)")
_END = re.compile(rf"}}{_SPACES}")


@dataclass(frozen=True, slots=True)
class Field:
    """One requested field, with its modifiers (`limit`, `username` ...) and sub-fields."""

    name: str
    modifiers: dict[str, str] = field(default_factory=dict)
    children: tuple["Field", ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """Who calls, and what an answer may need. `token`: that of a person; None for an app token."""

    state: State
    call: GraphCall
    app: AppSpec
    token: TokenRecord | None

    @property
    def scopes(self) -> frozenset[str]:
        """Scopes of the call; an app token has none of a person's."""
        return frozenset(self.state.scopes_of(self.token)) if self.token else frozenset()

    def require(self, *scopes: str, otherwise: str = "no_permission") -> None:
        """Raise the error of that name unless the call has one of these scopes."""
        if self.scopes.isdisjoint(scopes):
            raise error(otherwise)

    def parameter(self, field: Field, name: str) -> str:
        """Return a parameter of an edge: a modifier of the requested field before the call's own."""
        return field.modifiers.get(name) or self.call.get(name)


# A value of this kind leaves the field out of the answer.
ABSENT = object()

Getter = str | Callable[[Context, Any], Any]
Edge = Callable[[Context, Any, Field], "list[Node]"]


def same(*names: str) -> dict[str, Getter]:
    """Return the fields that are called as the attributes they show."""
    return {name: name for name in names}


@dataclass(frozen=True, slots=True)
class NodeType:
    """One kind of object.

    `fields`: name -> attribute, or function that returns a value, ABSENT or a Node; `edges`: name -> nodes;
    `defaults`: shown without `fields=`; `lookups`: name -> the one node that the field's modifiers lead to;
    `scope`: permission that every field except `id` needs.
    """

    name: str
    fields: Mapping[str, Getter]
    edges: Mapping[str, Edge] = field(default_factory=dict)
    defaults: Sequence[str] = ("id",)
    lookups: Mapping[str, Callable[[Context, Any, Field], "Node"]] = field(default_factory=dict)
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One object and how it is shown."""

    type: NodeType
    value: Any


def row(kind: str, **values: Any) -> Node:
    """Return a node of that kind with these fields, all of them shown."""
    return Node(NodeType(kind, same(*values), defaults=tuple(values)), SimpleNamespace(**values))


def show(context: Context, node: Node, requested: Sequence[Field]) -> dict[str, Any]:
    """Return the object with the requested fields, `id` always among them. Raises code 100 for an unknown field."""
    fields = requested or [Field(name) for name in node.type.defaults]
    shown = {field.name: _value(context, node, field) for field in fields}
    if "id" in node.type.fields and "id" not in shown:
        shown["id"] = _value(context, node, Field("id"))
    return {name: value for name, value in shown.items() if value is not ABSENT}


def _value(context: Context, node: Node, field: Field) -> Any:
    kind = node.type
    if field.name in kind.edges:
        nodes = kind.edges[field.name](context, node.value, field)
        page = page_of(context, nodes, field.children, "", limit=page_size(field.modifiers.get("limit", "")))
        return page if page["data"] else ABSENT
    if field.name in kind.lookups:
        value: Any = kind.lookups[field.name](context, node.value, field)
    elif field.name in kind.fields:
        if kind.scope and field.name != "id":
            context.require(kind.scope)
        getter = kind.fields[field.name]
        value = getattr(node.value, getter) if isinstance(getter, str) else getter(context, node.value)
    else:
        raise error("no_field", name=field.name, type=kind.name)
    return show(context, value, field.children or (Field("id"),)) if isinstance(value, Node) else value


def _cursor(at: int) -> str:
    return base64.b64encode(f"QVFI:{at}".encode()).decode()


def _position(cursor: str) -> int | None:
    try:
        text = base64.b64decode(cursor, validate=True).decode()
    except ValueError:  # also what is not ASCII
        return None
    number = text.removeprefix("QVFI:")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def page_of(context: Context, nodes: list[Node], fields: Sequence[Field], path: str, *, limit: int) -> dict[str, Any]:
    """Return one page of a list, with cursors. `path`: that of the next page; empty inside a field expansion.

    `paging.next` contains the access token, as Facebook's does (graph-api.md section 5).
    """
    call, first = context.call, 0
    if path:
        after, before = _position(call.get("after")), _position(call.get("before"))
        if after is not None:
            first = after + 1
        elif before is not None:
            first = max(0, before - limit)
    rows = [show(context, node, fields) for node in nodes[first : first + limit]]
    if not rows:
        return {"data": rows}
    last = first + len(rows) - 1
    paging: dict[str, Any] = {"cursors": {"before": _cursor(first), "after": _cursor(last)}}
    same = {name: value for name, value in call.parameters.items() if name not in ("after", "before", "access_token")}
    link = f"{call.base_url}{path}?{urlencode({'access_token': call.token, **same, 'limit': limit})}"
    if path and last + 1 < len(nodes):
        paging["next"] = f"{link}&{urlencode({'after': _cursor(last)})}"
    if path and first > 0:
        paging["previous"] = f"{link}&{urlencode({'before': _cursor(first)})}"
    return {"data": rows, "paging": paging}


def parse_fields(text: str) -> tuple[Field, ...]:
    """Return the requested fields. Raises the Graph API's 2500 for an expression that cannot be read."""
    if not text.strip(" \n\t"):
        return ()
    fields, at = _fields(text, 0, 0)
    if at != len(text):
        raise _syntax_error(text, at)
    return fields


def _syntax_error(text: str, at: int) -> GraphError:
    rest = text[at : at + 20]
    problem = f'unexpected "{rest}"' if rest else "unexpected end of string"
    return error("syntax", problem=problem, at=at, read=text[:at])


def _fields(text: str, at: int, depth: int) -> tuple[tuple[Field, ...], int]:
    """Return the fields from a position on, and the position behind them."""
    fields: list[Field] = []
    while True:
        name = _NAME.match(text, at)
        if name is None or depth > MAX_DEPTH:
            raise _syntax_error(text, at)
        at = name.end()
        children: tuple[Field, ...] = ()
        if text.startswith("{", at):
            children, at = _fields(text, at + 1, depth + 1)
            end = _END.match(text, at)
            if end is None:
                raise _syntax_error(text, at)
            at = end.end()
        fields.append(Field(name[1], dict(re.findall(_MODIFIER, name[2])), children))
        if not text.startswith(",", at):
            return tuple(fields), at
        at += 1

"""Nodes of the graph: what each kind of object shows, by field (graph-api.md sections 5, 7 and 8)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tui.sandbox.access import Caller
from tui.sandbox.call import GraphCall, page_size
from tui.sandbox.errors import nonexisting_field
from tui.sandbox.fields import Field
from tui.sandbox.paging import page_of
from tui.sandbox.state import State


@dataclass(frozen=True, slots=True)
class Context:
    """What a field may need to answer."""

    state: State
    call: GraphCall
    caller: Caller

    @property
    def scopes(self) -> frozenset[str]:
        """Scopes of the call; an app token has none of a person's."""
        token = self.caller.token
        if token is None or token.person is None:
            return frozenset()
        return frozenset(self.state.scopes_of(token))


# A value of this kind leaves the field out of the answer.
ABSENT = object()

Getter = Callable[[Context, Any], Any]
Edge = Callable[[Context, Any, Field], "list[Node]"]


def column(name: str) -> Getter:
    """The field of that name of a row that is a dict."""
    return lambda _context, row: row[name]


@dataclass(frozen=True, slots=True)
class NodeType:
    """`fields`: name -> value or ABSENT or Node; `edges`: name -> nodes; `defaults`: shown without `fields=`;
    `lookups`: name -> the one node that the modifiers of the wanted field lead to."""

    name: str
    fields: Mapping[str, Getter]
    edges: Mapping[str, Edge]
    defaults: Sequence[str]
    lookups: Mapping[str, Callable[[Context, Any, Field], Node]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Node:
    """One object and how it is shown."""

    type: NodeType
    value: Any


def show(context: Context, node: Node, wanted: Iterable[Field]) -> dict[str, Any]:
    """The object with the wanted fields, `id` always among them. Raises code 100 for a field it has not."""
    fields = list(wanted) or [Field(name) for name in node.type.defaults]
    shown: dict[str, Any] = {}
    for want in fields:
        if want.name in node.type.fields:
            value = node.type.fields[want.name](context, node.value)
            if isinstance(value, Node):
                value = show(context, value, want.children or (Field("id"),))
            if value is not ABSENT:
                shown[want.name] = value
        elif want.name in node.type.lookups:
            found = node.type.lookups[want.name](context, node.value, want)
            shown[want.name] = show(context, found, want.children or (Field("id"),))
        elif want.name in node.type.edges:
            nodes = node.type.edges[want.name](context, node.value, want)
            limit = page_size(want.modifiers.get("limit", ""))
            listed = page_of(context, nodes, want.children, "", limit=limit)
            if listed["data"]:
                shown[want.name] = listed
        else:
            raise nonexisting_field(want.name, node.type.name)
    if "id" not in shown and "id" in node.type.fields:
        shown["id"] = node.type.fields["id"](context, node.value)
    return shown

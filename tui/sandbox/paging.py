"""Lists with cursors. `paging.next` carries the access token, as Facebook's does (graph-api.md section 5)."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

if TYPE_CHECKING:
    from tui.sandbox.fields import Field
    from tui.sandbox.nodes import Context, Node


def _cursor(at: int) -> str:
    return base64.b64encode(f"QVFI:{at}".encode()).decode()


def _position(cursor: str) -> int | None:
    try:
        text = base64.b64decode(cursor, validate=True).decode()
    except ValueError:  # also what is not ASCII
        return None
    number = text.removeprefix("QVFI:")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 10 else None


def page_of(context: Context, nodes: list[Node], fields: Iterable[Field], path: str, *, limit: int) -> dict[str, Any]:
    """One page of a list. `path`: where the next page is asked for; empty inside a field expansion."""
    from tui.sandbox.nodes import show

    call = context.call
    first = 0
    if path:
        after, before = _position(call.get("after")), _position(call.get("before"))
        if after is not None:
            first = after + 1
        elif before is not None:
            first = max(0, before - limit)
    fields = tuple(fields)
    chosen = nodes[first : first + limit]
    answer: dict[str, Any] = {"data": [show(context, node, fields) for node in chosen]}
    if not chosen:
        return answer
    last = first + len(chosen) - 1
    paging: dict[str, Any] = {"cursors": {"before": _cursor(first), "after": _cursor(last)}}
    if path:
        if last + 1 < len(nodes):
            paging["next"] = _link(call.base_url, path, call.parameters, call.token, limit, after=_cursor(last))
        if first > 0:
            paging["previous"] = _link(call.base_url, path, call.parameters, call.token, limit, before=_cursor(first))
    answer["paging"] = paging
    return answer


def _link(base_url: str, path: str, parameters: dict[str, str], token: str, limit: int, **cursor: str) -> str:
    kept = {name: value for name, value in parameters.items() if name not in ("after", "before", "access_token")}
    return f"{base_url}{path}?{urlencode({'access_token': token, **kept, 'limit': str(limit), **cursor})}"

"""The headers Facebook puts on Graph answers (graph-api.md section 10)."""

from __future__ import annotations

from tui.sandbox import likeness


def graph_headers(seed: str, version: str, error_kind: str, error_message: str) -> dict[str, str]:
    """`error_kind` empty: a success."""
    headers = {
        "content-type": "application/json; charset=UTF-8",
        "vary": "Origin",
        "access-control-allow-origin": "*",
        "facebook-api-version": version,
        "strict-transport-security": "max-age=15552000; preload",
        "pragma": "no-cache",
        "cache-control": "private, no-cache, no-store, must-revalidate",
        "expires": "Sat, 01 Jan 2000 00:00:00 GMT",
        "x-fb-request-id": likeness.trace_id(f"request:{seed}"),
        "x-fb-trace-id": likeness.short_trace_id(seed),
        "x-fb-rev": likeness.digits(seed.split(":", maxsplit=1)[0], 10, "10"),
        "x-fb-debug": likeness.debug_id(seed),
    }
    if error_kind:
        headers["cache-control"] = "no-store"
        safe = error_message.encode("ascii", "replace").decode().replace('"', "'")
        safe = "".join(char if char.isprintable() else " " for char in safe)
        headers["www-authenticate"] = f'OAuth "Facebook Platform" "{error_kind}" "{safe}"'
    return headers

"""The control endpoint: changes time and the world by HTTP. On loopback only, and only when enabled."""

import inspect
from collections.abc import Callable
from typing import Any, get_type_hints

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tui.sandbox.controls import Actions, Controls
from tui.sandbox.openapi import openapi_document
from tui.sandbox.state import State
from tui.sandbox.typed import checked_at

PREFIX = "/__sandbox__"


def _run(action: Callable[..., Any], arguments: object) -> Any:
    """Run an action after checking its arguments. Raises TypeError, ValueError or KeyError."""
    if not isinstance(arguments, dict):
        raise TypeError("must be a JSON object")
    inspect.signature(action).bind(**arguments)
    hints = get_type_hints(action)
    return action(**{name: checked_at(name, value, hints[name]) for name, value in arguments.items()})


def _refused(reason: str, status: int) -> Response:
    return JSONResponse({"error": reason}, status)


def _refusal(request: Request) -> Response | None:
    """Refuse pages in a browser: they send their origin, or reach this machine by a name of their own."""
    if request.url.hostname in ("localhost", "127.0.0.1") and "origin" not in request.headers:
        return None
    return _refused("the control endpoint answers this machine only", 403)


def routes(state: State) -> list[Route]:
    """Return the routes of the counters, the OpenAPI document and the actions."""
    controls = Controls(state)
    actions: dict[str, Callable[..., Any]] = {name: getattr(controls, name) for name in vars(Actions) if name[0] != "_"}
    actions |= {"advance": state.clock.advance, "set_time": state.clock.set}

    async def counters(request: Request) -> Response:
        return _refusal(request) or JSONResponse(controls.counters())

    async def openapi(request: Request) -> Response:
        """Return the OpenAPI document of this world."""
        base = str(request.base_url).rstrip("/")
        return _refusal(request) or JSONResponse(openapi_document(state, base))

    async def act(request: Request) -> Response:
        """Run one action with the JSON object's members as its arguments."""
        refusal = _refusal(request)
        if refusal is not None:
            return refusal
        if not request.headers.get("content-type", "").startswith("application/json"):
            return _refused("send application/json", 415)
        action = actions.get(request.path_params["action"])
        if action is None:
            return _refused(f"no such action; available: {', '.join(actions)}", 404)
        try:
            result = _run(action, await request.json() if await request.body() else {})
        except RecursionError:
            return _refused("JSON nested too deeply", 400)
        except (TypeError, ValueError, KeyError) as error:
            return _refused(str(error.args[0]), 400)
        return JSONResponse({"ok": True, "result": result, "now": state.clock.now()})

    return [
        Route(f"{PREFIX}/counters", counters, methods=["GET"]),
        Route(f"{PREFIX}/openapi.json", openapi, methods=["GET"]),
        Route(f"{PREFIX}/{{action}}", act, methods=["POST"]),
    ]

"""The control endpoint: changes time and the world by HTTP. On loopback only, and only when enabled."""

from __future__ import annotations

import inspect
import ipaddress
from collections.abc import Callable
from typing import Any, get_type_hints

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tui.sandbox.controls import Controls
from tui.sandbox.openapi import openapi_document
from tui.sandbox.state import State
from tui.sandbox.typed import checked_at

PREFIX = "/__sandbox__"


def routes(state: State) -> list[Route]:
    """Return the routes of the counters, the OpenAPI document and the actions."""
    endpoint = _Control(state)
    return [
        Route(f"{PREFIX}/counters", endpoint.counters, methods=["GET"]),
        Route(f"{PREFIX}/openapi.json", endpoint.openapi, methods=["GET"]),
        Route(f"{PREFIX}/{{action}}", endpoint.act, methods=["POST"]),
    ]


def _run(action: Callable[..., Any], arguments: object) -> Any:
    """Run an action after checking its arguments. Raises TypeError, ValueError or KeyError."""
    if not isinstance(arguments, dict):
        raise TypeError("must be a JSON object")
    inspect.signature(action).bind(**arguments)
    hints = get_type_hints(action)
    return action(**{name: checked_at(name, value, hints[name]) for name, value in arguments.items()})


def _refusal(request: Request) -> Response | None:
    """Refuse pages in a browser: only loopback peers and a loopback Host are answered."""
    host = (request.url.hostname or "").strip("[]")
    peer = request.client.host if request.client else ""
    try:
        local = ipaddress.ip_address(peer).is_loopback
        local = local and (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        local = False
    if not local or request.headers.get("origin"):
        return JSONResponse({"error": "the control endpoint answers this machine only"}, 403)
    return None


class _Control:
    def __init__(self, state: State) -> None:
        self._state = state
        self._controls = controls = Controls(state)
        actions: tuple[Callable[..., Any], ...] = (
            controls.revoke,
            controls.change_password,
            controls.remove_app,
            controls.take_role,
            controls.delete_page,
            controls.drop_scope,
            controls.change_secret,
            controls.fault,
            controls.clear_faults,
            controls.extension,
            controls.odd_types,
            controls.fail_dialog,
            controls.matillion,
            controls.issue_code,
            controls.approve_device,
            controls.decline_device,
        )
        self._actions = {action.__name__: action for action in actions}
        self._actions |= {"advance": state.clock.advance, "set_time": state.clock.set}

    async def counters(self, request: Request) -> Response:
        return _refusal(request) or JSONResponse(self._controls.counters())

    async def openapi(self, request: Request) -> Response:
        """Return the OpenAPI document of this world."""
        base = str(request.base_url).rstrip("/")
        return _refusal(request) or JSONResponse(openapi_document(self._state, base))

    async def act(self, request: Request) -> Response:
        """Run one action with the JSON object's members as its arguments."""
        refusal = _refusal(request)
        if refusal is not None:
            return refusal
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"error": "send application/json"}, 415)
        action = self._actions.get(request.path_params["action"])
        if action is None:
            return JSONResponse({"error": f"no such action; available: {', '.join(self._actions)}"}, 404)
        try:
            arguments = await request.json() if await request.body() else {}
            result = _run(action, arguments)
        except RecursionError:
            return JSONResponse({"error": "JSON nested too deeply"}, 400)
        except (TypeError, ValueError, KeyError) as error:
            return JSONResponse({"error": str(error.args[0])}, 400)
        return JSONResponse({"ok": True, "result": result, "now": self._state.clock.now()})

"""The control endpoint: moves time and breaks things by HTTP. On loopback only, and only when asked for."""

from __future__ import annotations

import inspect
import ipaddress
from collections.abc import Callable
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tui.sandbox.handle import Controls
from tui.sandbox.openapi import openapi_document
from tui.sandbox.state import State

PREFIX = "/__sandbox__"


def routes(state: State) -> list[Route]:
    """`GET /__sandbox__/counters` and `POST /__sandbox__/{action}` with a JSON object."""
    endpoint = _Control(state)
    return [
        Route(f"{PREFIX}/counters", endpoint.counters, methods=["GET"]),
        Route(f"{PREFIX}/openapi.json", endpoint.openapi, methods=["GET"]),
        Route(f"{PREFIX}/{{action}}", endpoint.act, methods=["POST"]),
    ]


def _fits(value: object, wanted: Any) -> bool:
    """Whether a value out of JSON is of that annotation: text, number, truth, list of texts, or one of several."""
    if isinstance(wanted, UnionType):
        return any(_fits(value, one) for one in get_args(wanted))
    if get_origin(wanted) is list:
        return isinstance(value, list) and all(_fits(item, get_args(wanted)[0]) for item in value)
    if isinstance(value, bool) or wanted is bool:
        return isinstance(value, bool) and wanted is bool
    return isinstance(value, (int, float) if wanted is float else wanted)


def _run(action: Callable[..., Any], arguments: object) -> Any:
    """Run an action once its arguments are seen to fit. Raises TypeError, ValueError or KeyError."""
    if not isinstance(arguments, dict):
        raise TypeError("a JSON object is wanted")
    inspect.signature(action).bind(**arguments)
    hints = get_type_hints(action)
    for name, value in arguments.items():
        if not _fits(value, hints[name]):
            wanted = getattr(hints[name], "__name__", hints[name])
            raise TypeError(f"{name}: {wanted} is wanted, not {value!r}")
    return action(**arguments)


class _Control:
    def __init__(self, state: State) -> None:
        self._state = state
        controls = Controls(state)
        self._controls = controls
        self._actions: dict[str, Callable[..., Any]] = {
            "advance": state.clock.advance,
            "set_time": state.clock.set,
            "revoke": controls.revoke,
            "change_password": controls.change_password,
            "remove_app": controls.remove_app,
            "take_role": controls.take_role,
            "delete_page": controls.delete_page,
            "drop_scope": controls.drop_scope,
            "change_secret": controls.change_secret,
            "fault": controls.fault,
            "clear_faults": controls.clear_faults,
            "extension": controls.extension,
            "odd_types": controls.odd_types,
            "fail_dialog": controls.fail_dialog,
            "matillion": controls.matillion,
            "issue_code": controls.issue_code,
            "approve_device": controls.approve_device,
            "decline_device": controls.decline_device,
        }

    @staticmethod
    def _refused(request: Request) -> Response | None:
        """A page in a browser must not reach this: loopback peers, a loopback Host, JSON only."""
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

    async def counters(self, request: Request) -> Response:
        return self._refused(request) or JSONResponse(self._controls.counters())

    async def openapi(self, request: Request) -> Response:
        """The OpenAPI document of this world."""
        base = str(request.base_url).rstrip("/")
        return self._refused(request) or JSONResponse(openapi_document(self._state, base))

    async def act(self, request: Request) -> Response:
        """Run one action with the JSON object's members as its arguments."""
        refused = self._refused(request)
        if refused is not None:
            return refused
        if not request.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"error": "send application/json"}, 415)
        action = self._actions.get(request.path_params["action"])
        if action is None:
            return JSONResponse({"error": f"no such action; there are: {', '.join(self._actions)}"}, 404)
        try:
            arguments = await request.json() if await request.body() else {}
            result = _run(action, arguments)
        except RecursionError:
            return JSONResponse({"error": "JSON nested too deeply"}, 400)
        except (TypeError, ValueError, KeyError) as error:
            return JSONResponse({"error": str(error.args[0])}, 400)
        return JSONResponse({"ok": True, "result": result, "now": self._state.clock.now()})

"""An imitation of Matillion ETL's REST API v1 under /rest/v1/ (matillion.md section 3)."""

import asyncio
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tui.sandbox.call import basic_credentials
from tui.sandbox.specs import TaskSpec
from tui.sandbox.state import State

_LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Matillion ETL - Login</title></head><body><form></form></body></html>"
_RANGE = re.compile(r"range/date/([0-9-]{10})/time/([0-9:]{5})/to/date/([0-9-]{10})/time/([0-9:]{5})")
_ROOT = [
    "apiprofile", "audit", "credential", "driver", "group", "notice", "oauth", "permission", "queue", "task",
    "userconfig",
]  # fmt: skip


def routes(state: State) -> list[Route]:
    """Return `/rest/v1` and all below it."""
    server = Matillion(state)
    return [
        Route("/rest/v1", server.answer, methods=["GET", "POST", "DELETE"]),
        Route("/rest/v1/{path:path}", server.answer, methods=["GET", "POST", "DELETE"]),
    ]


def _refusal(message: str, status: int, headers: dict[str, str] | None = None) -> Response:
    return JSONResponse({"success": False, "msg": message, "id": -1}, status, headers)


class Matillion:
    """One instance. `state.matillion_mode`: how it misbehaves; `state.oauth_entries`: what it lists."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._spec = spec = state.spec.matillion
        self._runs = [replace(row, id=row.id or 1000 + at) for at, row in enumerate(spec.tasks)]

    async def answer(self, request: Request) -> Response:
        path = request.path_params.get("path", "").strip("/")
        self._state.calls_per_path[f"{request.method} /rest/v1/{path}"] += 1
        mode = self._state.matillion_mode
        if mode == "slow":
            await asyncio.sleep(self._state.matillion_delay)
        if mode == "html_login":
            return HTMLResponse(_LOGIN_PAGE)
        if mode == "down":
            return Response("Service Unavailable", 503, media_type="text/plain")
        if mode == "success_false":
            return _refusal("Unauthorized", 200)
        right = basic_credentials(request) == (self._spec.user, self._spec.password)
        if mode == "unauthorized" or not right or not self._spec.api_role:
            return _refusal("Unauthorized", 401, {"www-authenticate": 'Basic realm="Matillion ETL"'})
        if request.method != "GET":
            return _refusal("Not allowed in the sandbox", 405)
        body = self._read(path)
        return _refusal(f"Not found: {path}", 404) if body is None else JSONResponse(body)

    def _read(self, path: str) -> Any:
        """Return the JSON of a path; None where there is nothing."""
        groups, entries = self._spec.groups, self._state.oauth_entries
        match path.split("/"):
            case [""]:
                return _ROOT
            case ["oauth"]:
                return list(entries)
            case ["oauth", "name", entry]:
                return ["export"] if entry in entries else None
            case ["group"]:
                return list(groups)
            case ["group", "name", group]:
                return ["export", "project"] if group in groups else None
            case ["group", "name", group, "project"]:
                return list(groups[group]) if group in groups else None
            case ["group", "name", group, "project", "name", project, "task", "running"]:
                return [self._task(row) for row in self._tasks(group, project) if row.state == "RUNNING"]
            case ["group", "name", group, "project", "name", project, "task", "filter", "by", "start" | "end", *rest]:
                return self._finished(group, project, "/".join(rest))
            case ["task", "id", task_id]:
                return next((self._task(row) for row in self._runs if str(row.id) == task_id), None)
            case ["userconfig", "user"] if self._spec.admin:
                roles = {"admin": True, "api": True, "projectAdmin": False, "readOnly": False}
                return [{"name": self._spec.user, **roles, "currentLoggedInUser": True}]
        return None

    def _tasks(self, group: str, project: str) -> list[TaskSpec]:
        return [row for row in self._runs if (row.group, row.project) == (group, project)]

    def _finished(self, group: str, project: str, span: str) -> list[dict[str, Any]] | None:
        """Return finished tasks in a range of UTC minutes, newest first."""
        match = _RANGE.fullmatch(span)
        if match is None or project not in self._spec.groups.get(group, ()):
            return None
        try:
            first, last = (datetime.fromisoformat(f"{match[at]}T{match[at + 1]}Z").timestamp() for at in (1, 3))
        except ValueError:
            return None
        start = self._state.started_at
        rows = sorted(self._tasks(group, project), key=lambda row: row.ended, reverse=True)
        return [self._task(row) for row in rows if row.state != "RUNNING" and first <= start + row.ended < last + 60]

    def _task(self, row: TaskSpec) -> dict[str, Any]:
        """Return one task; times in milliseconds since 1970."""
        end = int((self._state.started_at + row.ended) * 1000)
        start, count = end - 94_000, 0 if row.state == "FAILED" else 1840
        part = {
            "taskID": row.id * 10,
            "type": "EXECUTE_ORCHESTRATION" if row.component else "VALIDATE_ORCHESTRATION",
            "componentName": row.component,
            "orchestrationJobName": row.job,
            "state": row.state,
            "rowCount": count,
            "startTime": start + 2_000,
            "endTime": end,
            "message": row.message,
        }
        return {
            "id": row.id,
            "type": "RUN_ORCHESTRATION",
            "customerTaskID": -1,
            "groupName": row.group,
            "projectName": row.project,
            "versionName": "default",
            "jobName": row.job,
            "environmentName": "production",
            "state": row.state,
            "enqueuedTime": start - 400,
            "startTime": start,
            "endTime": end,
            "message": row.message,
            "originatorID": "s_Daily",
            "rowCount": count,
            "tasks": [part],
        }

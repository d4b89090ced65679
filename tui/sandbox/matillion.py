"""A stand-in for Matillion ETL's REST API v1 under /rest/v1/ (matillion.md section 3)."""

from __future__ import annotations

import asyncio
import base64
import re
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tui.sandbox.specs import TaskSpec
from tui.sandbox.state import State

_LOGIN_PAGE = "<!DOCTYPE html><html><head><title>Matillion ETL - Login</title></head><body><form></form></body></html>"
_FILTER = re.compile(
    r"group/name/(?P<group>[^/]+)/project/name/(?P<project>[^/]+)/task/filter/by/(?P<by>start|end)/range"
    r"/date/(?P<d1>[0-9-]{10})/time/(?P<t1>[0-9:]{5})/to/date/(?P<d2>[0-9-]{10})/time/(?P<t2>[0-9:]{5})"
)


def routes(state: State) -> list[Route]:
    """`/rest/v1` and all below it."""
    server = Matillion(state)
    return [
        Route("/rest/v1", server.answer, methods=["GET", "POST", "DELETE"]),
        Route("/rest/v1/{path:path}", server.answer, methods=["GET", "POST", "DELETE"]),
    ]


class Matillion:
    """One instance. `state.matillion_mode` says how it misbehaves; `state.oauth_entries` what it lists."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def answer(self, request: Request) -> Response:
        path = request.path_params.get("path", "").strip("/")
        self.state.calls_per_path[f"{request.method} /rest/v1/{path}"] += 1
        mode = self.state.matillion_mode
        if mode == "slow":
            await asyncio.sleep(self.state.matillion_delay)
        if mode == "html_login":
            return HTMLResponse(_LOGIN_PAGE)
        if mode == "down":
            return Response("Service Unavailable", 503, media_type="text/plain")
        refusal = {"success": False, "msg": "Unauthorized", "id": -1}
        if mode == "success_false":
            return JSONResponse(refusal)
        spec = self.state.spec.matillion
        if mode == "unauthorized" or not self._may_enter(request) or not spec.api_role:
            return JSONResponse(refusal, 401, headers={"www-authenticate": 'Basic realm="Matillion ETL"'})
        if request.method != "GET":
            return JSONResponse({"success": False, "msg": "Not allowed in the sandbox", "id": -1}, 405)
        found = self._find(path)
        if found is None:
            return JSONResponse({"success": False, "msg": f"Not found: {path}", "id": -1}, 404)
        return JSONResponse(found)

    def _may_enter(self, request: Request) -> bool:
        scheme, _, value = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "basic":
            return False
        try:
            user, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except ValueError:
            return False
        spec = self.state.spec.matillion
        return (user, password) == (spec.user, spec.password)

    def _find(self, path: str) -> Any:
        """The JSON of a path; None where there is nothing."""
        spec = self.state.spec.matillion
        fixed: dict[str, Any] = {
            "": ["apiprofile", "audit", "credential", "driver", "group", "notice", "oauth", "permission", "queue",
                 "task", "userconfig"],
            "oauth": list(self.state.oauth_entries),
            "group": list(spec.groups),
        }  # fmt: skip
        if path in fixed:
            return fixed[path]
        if path == "userconfig/user":
            return self._users() if spec.admin else None
        if match := re.fullmatch(r"oauth/name/([^/]+)", path):
            return ["export"] if match[1] in self.state.oauth_entries else None
        if match := re.fullmatch(r"group/name/([^/]+)", path):
            return ["export", "project"] if match[1] in spec.groups else None
        if match := re.fullmatch(r"group/name/([^/]+)/project", path):
            return list(spec.groups[match[1]]) if match[1] in spec.groups else None
        if match := re.fullmatch(r"task/id/([0-9]{1,18})", path):
            rows = [row for row in spec.tasks if row.id == int(match[1])]
            return self._task(rows[0]) if rows else None
        if match := re.fullmatch(r"group/name/([^/]+)/project/name/([^/]+)/task/running", path):
            rows = [row for row in spec.tasks if (row.group, row.project) == (match[1], match[2])]
            return [self._task(row) for row in rows if row.state == "RUNNING"]
        if match := _FILTER.fullmatch(path):
            return self._tasks(match)
        return None

    def _tasks(self, match: re.Match[str]) -> list[dict[str, Any]] | None:
        """Finished tasks in a range of UTC minutes, newest first."""
        try:
            first, last = (
                datetime.fromisoformat(f"{match[day]}T{match[clock]}").replace(tzinfo=UTC).timestamp()
                for day, clock in (("d1", "t1"), ("d2", "t2"))
            )
        except ValueError:
            return None
        if match["project"] not in self.state.spec.matillion.groups.get(match["group"], ()):
            return None
        found = [
            row
            for row in self.state.spec.matillion.tasks
            if (row.group, row.project) == (match["group"], match["project"])
            and row.state != "RUNNING"
            and first <= self.state.started_at + row.ended < last + 60
        ]
        return [self._task(row) for row in sorted(found, key=lambda row: row.ended, reverse=True)]

    def _task(self, row: TaskSpec) -> dict[str, Any]:
        """One task; times in milliseconds since 1970."""
        end = int((self.state.started_at + row.ended) * 1000)
        start = end - 94_000
        part = {
            "taskID": row.id * 10,
            "type": "VALIDATE_ORCHESTRATION" if not row.component else "EXECUTE_ORCHESTRATION",
            "componentName": row.component,
            "orchestrationJobName": row.job,
            "state": row.state,
            "rowCount": 0 if row.state == "FAILED" else 1840,
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
            "rowCount": part["rowCount"],
            "tasks": [part],
        }

    def _users(self) -> list[dict[str, Any]]:
        user = self.state.spec.matillion.user
        return [
            {"name": user, "admin": True, "api": True, "projectAdmin": False, "readOnly": False,
             "currentLoggedInUser": True}
        ]  # fmt: skip

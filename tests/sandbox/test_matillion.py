"""matillion.md section 3: the imitation of the REST API."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
import pytest

from tui.sandbox import RunningSandbox


def get(sandbox: RunningSandbox, path: str, *, password: str | None = None) -> httpx.Response:
    world = sandbox.world
    auth = (world.matillion_user, password or world.matillion_password)
    return httpx.get(f"{sandbox.matillion_url}/rest/v1{path}", auth=auth, trust_env=False, timeout=0.5)


def history(sandbox: RunningSandbox, days: int) -> str:
    first, last = (datetime.fromtimestamp(at, UTC) for at in (sandbox.clock.now() - days * 86400, sandbox.clock.now()))
    form = "date/%Y-%m-%d/time/%H:%M"
    return f"/group/name/Marketing/project/name/Social/task/filter/by/end/range/{first:{form}}/to/{last:{form}}"


def test_the_list_of_oauth_entries_is_an_array_of_names(sandbox: RunningSandbox) -> None:
    assert get(sandbox, "/oauth").json() == ["ig_prod", "ig_staging", "google_ads"]


def test_the_base_and_the_groups_answer(sandbox: RunningSandbox) -> None:
    assert "oauth" in get(sandbox, "/").json()
    assert get(sandbox, "").status_code == 200
    assert get(sandbox, "/group").json() == ["Marketing", "Finance"]
    assert get(sandbox, "/group/name/Marketing/project").json() == ["Social", "Web"]


def test_a_wrong_password_is_refused_in_matillions_shape(sandbox: RunningSandbox) -> None:
    reply = get(sandbox, "/oauth", password="wrong")
    assert (reply.status_code, reply.json()) == (401, {"success": False, "msg": "Unauthorized", "id": -1})
    assert reply.headers["www-authenticate"].startswith("Basic")


def test_the_last_run_of_the_extract_is_found(sandbox: RunningSandbox) -> None:
    tasks = get(sandbox, history(sandbox, 30)).json()
    assert [task["state"] for task in tasks] == ["SUCCESS", "SUCCESS", "FAILED"]
    assert tasks[0]["endTime"] > 10**12
    assert tasks[0]["tasks"][0]["componentName"] == "Instagram Extract"
    assert "code 190" in tasks[2]["message"]
    assert len(get(sandbox, history(sandbox, 2)).json()) == 2
    assert get(sandbox, f"/task/id/{tasks[0]['id']}").json()["jobName"] == "load_instagram"


def test_only_an_admin_lists_users(sandbox: RunningSandbox) -> None:
    assert get(sandbox, "/userconfig/user").status_code == 404


@pytest.mark.parametrize(
    ("mode", "status", "kind"),
    [
        ("unauthorized", 401, "application/json"),
        ("html_login", 200, "text/html; charset=utf-8"),
        ("success_false", 200, "application/json"),
        ("down", 503, "text/plain; charset=utf-8"),
    ],
)
def test_it_misbehaves_on_demand(sandbox: RunningSandbox, mode: str, status: int, kind: str) -> None:
    sandbox.matillion(mode=mode)
    reply = get(sandbox, "/oauth")
    assert (reply.status_code, reply.headers["content-type"]) == (status, kind)


def test_it_can_be_slow_and_lose_an_entry(sandbox: RunningSandbox) -> None:
    sandbox.matillion(entries=["google_ads"])
    assert get(sandbox, "/oauth").json() == ["google_ads"]
    sandbox.matillion(mode="slow")
    with pytest.raises(httpx.ReadTimeout):
        get(sandbox, "/oauth")

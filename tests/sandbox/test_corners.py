"""Corners of the Graph API, the controls and Matillion that no larger flow passes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.sandbox.asking import Asker
from tui.sandbox import RunningSandbox

SMALL = (
    '[[apps]]\nkey = "a"\nname = "A"\n{app}\n[[people]]\nkey = "p"\nname = "Ann Lee"\nroles = {{ a = "developers" }}\n'
    '[[grants]]\nperson = "p"\napp = "a"\n[[tokens]]\nname = "t"\napp = "a"\nperson = "p"\n{more}'
)


@pytest.fixture
def small(ask_world: Callable[..., Asker], tmp_path: Path) -> Callable[..., Asker]:
    """A world of one app, one person and one token, with lines of one's own."""

    def make(app: str = "", more: str = "") -> Asker:
        path = tmp_path / "small.toml"
        path.write_text(SMALL.format(app=app, more=more))
        return ask_world(path)

    return make


def test_a_restricted_apps_tokens_are_blocked(small: Callable[..., Asker]) -> None:
    ask = small('status = "restricted"')
    assert ask.triple("me", access_token=ask.token("t")) == (200, None, "(#200) API access blocked.")
    assert "App not active" in ask.dialog().text


def test_a_native_apps_token_cannot_inspect_tokens(small: Callable[..., Asker]) -> None:
    ask = small("native = true")
    assert ask.triple("debug_token", input_token=ask.token("t"), access_token=ask.app_token)[0] == 100


def test_inspecting_without_a_token_is_refused(ask: Asker) -> None:
    assert ask.triple("debug_token", input_token="x")[0] == 100


def test_app_tokens_are_inspected_too(ask: Asker) -> None:
    wrong = ask.inspect(f"{ask.world.app_id}|{'0' * 32}")
    assert (wrong["is_valid"], wrong["error"]["message"]) == (False, "Invalid OAuth access token signature.")
    other = ask.other_app
    given = {"input_token": f"{other.id}|{other.secret}", "access_token": ask.app_token}
    assert "did not match the Viewing App" in ask.triple("debug_token", **given)[2]


def test_a_person_is_read_by_their_own_id_only(ask: Asker) -> None:
    token = ask.token("user_long")
    me = ask.ok("me", access_token=token, fields="id,first_name,last_name,email")
    assert (me["first_name"], me["last_name"]) == ("Dana", "Whitfield")
    assert ask.ok(me["id"], access_token=token)["name"] == "Dana Whitfield"
    other = ask.inspect(ask.token("user_missing_scope"))["user_id"]
    assert ask.triple(other, access_token=token)[:2] == (100, 33)


def test_a_page_and_a_business_are_read_by_id(ask: Asker) -> None:
    token, spec = ask.token("user_long"), ask.world.spec
    page = ask.ok(spec.pages[0].id, access_token=token, fields="name,link,access_token,fan_count")
    assert ask.inspect(page["access_token"])["profile_id"] == spec.pages[0].id
    assert ask.ok(spec.businesses[0].id, access_token=token) == {"name": "Acme Group", "id": spec.businesses[0].id}
    own = ask.ok("me", access_token=ask.token("page_never"), fields="id,access_token")
    assert own["access_token"] == ask.token("page_never")
    outdoor = next(page.id for page in spec.pages if page.key == "outdoor")
    assert ask.triple(outdoor, access_token=ask.token("user_missing_scope"))[:2] == (100, 33)


def test_the_previous_page_shows_the_same_rows(ask: Asker) -> None:
    first = ask.ok("me/accounts", access_token=ask.token("user_long"), fields="id", limit=2)
    second = ask.http.get(first["paging"]["next"]).json()
    assert ask.http.get(second["paging"]["previous"]).json()["data"] == first["data"]


@pytest.mark.parametrize("limit", ["0", "-1", "x", "²", "9" * 30, ""])
def test_an_invalid_limit_is_ignored(ask: Asker, limit: str) -> None:
    assert ask.get("me/accounts", access_token=ask.token("user_long"), limit=limit).status_code == 200


@pytest.mark.parametrize("fields", ["id,", "media{", "media.limit", "media.limit(", "a b", "}", "a{" * 500])
def test_broken_field_lists_are_2500(ask: Asker, fields: str) -> None:
    assert ask.triple("me", access_token=ask.token("user_long"), fields=fields)[0] == 2500


@pytest.mark.parametrize("after", ["x", "é", "UVZGSTrCsg==", "\u2028"])
def test_an_invalid_cursor_is_ignored(ask: Asker, after: str) -> None:
    assert ask.get("me/accounts", access_token=ask.token("user_long"), after=after).status_code == 200


@pytest.mark.parametrize("path", ["/v26.0/me/a/b/c", "/v26.0/", "/v26.0/me/accounts/x"])
def test_unknown_paths_are_2500(ask: Asker, path: str) -> None:
    reply = ask.http.get(path, params={"access_token": ask.token("user_long")})
    assert reply.json()["error"]["code"] == 2500


def test_a_json_body_is_read_as_parameters(ask: Asker) -> None:
    reply = ask.http.post("/v26.0/me", json={"access_token": ask.token("user_long"), "method": "get"})
    assert reply.json()["name"] == "Dana Whitfield"
    for body in (b"[1]", b"{", b"[" * 5000):
        bad = ask.http.post("/v26.0/me", content=body, headers={"Content-Type": "application/json"})
        assert bad.json()["error"]["code"] == 2500


@pytest.mark.parametrize("header", ["Basic !!", "Basic YQ==", "Basic /w==", "Bearer", "Nonsense"])
def test_an_invalid_authorization_header_is_ignored(ask: Asker, header: str) -> None:
    reply = ask.http.get("/v26.0/me", headers={"Authorization": header})
    assert reply.json()["error"]["code"] == 2500


def test_writing_to_an_object_is_unsupported(ask: Asker) -> None:
    reply = ask.post(ask.world.app_id, access_token=ask.app_token, name="x")
    assert reply.json()["error"]["message"].startswith("Unsupported post request.")


def test_a_system_user_token_needs_the_right_caller(ask: Asker) -> None:
    from tests.sandbox.asking import proof

    token = ask.token("user_missing_scope")
    form = {"access_token": token, "appsecret_proof": proof(ask.world.app_secret, token)}
    user = ask.inspect(token)["user_id"]
    assert ask.post(f"{user}/access_tokens", **form).json()["error"]["code"] == 200
    assert ask.post("123/access_tokens", **form).json()["error"]["code"] == 100
    app = {"access_token": ask.app_token, "appsecret_proof": proof(ask.world.app_secret, ask.app_token)}
    assert ask.post(f"{user}/access_tokens", **app).json()["error"]["code"] == 10


def test_controls_approve_and_decline_a_device(sandbox: RunningSandbox, ask: Asker) -> None:
    given = {"access_token": f"{sandbox.app_id}|{sandbox.world.client_token}", "scope": "email"}
    for action, keys in (("approve_device", {"person": "marco"}), ("decline_device", {})):
        device = ask.post("device/login", **given).json()
        ask.http.post(f"/__sandbox__/{action}", json={"user_code": device["user_code"], **keys})
        answer = ask.post("device/login_status", access_token=given["access_token"], code=device["code"]).json()
        assert ("access_token" in answer) is (action == "approve_device")


def test_unknown_names_are_reported(sandbox: RunningSandbox) -> None:
    unknown: list[Callable[[], object]] = [
        lambda: sandbox.revoke("user_long", "boredom"),
        lambda: sandbox.revoke("nobody"),
        lambda: sandbox.change_password("nobody"),
        lambda: sandbox.world.token("nobody"),
    ]
    for wrong in unknown:
        with pytest.raises(KeyError):
            wrong()
    senseless: list[Callable[[], object]] = [
        lambda: sandbox.extension("silly"),
        lambda: sandbox.matillion(mode="silly"),
    ]
    for silly in senseless:
        with pytest.raises(ValueError, match="silly"):
            silly()


ADMIN = (
    (
        '[matillion]\nadmin = true\ngroups = {{ G = ["P"] }}\n'
        '[[matillion.tasks]]\ngroup = "G"\nproject = "P"\nstate = "RUNNING"\nended = "0s"\n'
    )
    .replace("{{", "{")
    .replace("}}", "}")
)


def test_matillion_shows_more_to_an_admin(small: Callable[..., Asker]) -> None:
    ask = small(more=ADMIN)
    auth = (ask.world.matillion_user, ask.world.matillion_password)

    def get(path: str, method: str = "GET") -> httpx.Response:
        return ask.http.request(method, f"/rest/v1/{path}", auth=auth)

    assert get("userconfig/user").json()[0]["currentLoggedInUser"] is True
    assert get("group/name/G/project/name/P/task/running").json()[0]["state"] == "RUNNING"
    assert get("group/name/G").json() == ["export", "project"]
    assert get("oauth/name/ig_prod").json() == ["export"]
    span = "date/2020-01-01/time/00:00/to/date/2099-01-01/time/00:00"
    assert get(f"group/name/G/project/name/P/task/filter/by/end/range/{span}").json() == []
    assert get(f"group/name/G/project/name/Q/task/filter/by/end/range/{span}").status_code == 404
    bad = span.replace("2020-01-01", "2020-13-41")
    assert get(f"group/name/G/project/name/P/task/filter/by/end/range/{bad}").status_code == 404
    assert get("nonsense").status_code == 404
    assert get("oauth/name/ig_prod", "DELETE").status_code == 405
    for header in ("Basic !!", "Bearer x"):
        assert ask.http.get("/rest/v1/oauth", headers={"Authorization": header}).status_code == 401

"""The answer to the one question counts, not the connection."""

from pathlib import Path

import pytest

from tests.commands.running import Person, inside
from tests.doctor.reports import row, rows
from tests.facebook.stub import Reply, refusal
from tests.network.servers import (
    GRAPH,
    Authority,
    Talk,
    answering,
    answering_connect,
    changing_headers,
    connect_proxy,
    date_header,
    foreign_json,
    portal,
    proxied_environment,
    served,
)
from tui.facebook.errors import FacebookError
from tui.facebook.probe import require_refusal
from tui.facebook.transport import Answer

PASSWORD = "hunter2secret"
NO_TOKEN = refusal(2500, "An active access token must be used to query information about the current user.")


def as_answer(reply: Reply) -> Answer:
    return Answer(reply.status, {"content-type": "application/json"}, reply.body)


@pytest.mark.parametrize(
    "reply",
    [
        NO_TOKEN,
        refusal(104, "An access token is required to request this resource."),
        refusal(190, "Invalid OAuth access token."),
        Reply(401, b'{"error": {"message": "x", "code": 2500}}'),
    ],
)
def test_a_refusal_for_want_of_a_token_is_the_healthy_answer(reply: Reply) -> None:
    require_refusal(as_answer(reply), "graph.test")


@pytest.mark.parametrize(
    ("reply", "fault"),
    [
        (Reply(200, b'{"id": "1", "name": "somebody"}'), "FOREIGN_JSON"),
        (Reply(403, b'{"error": {"code": 403, "message": "Forbidden"}}'), "FOREIGN_JSON"),
        (Reply(200, b'{"data": []}'), "FOREIGN_JSON"),
        (Reply(200, b'{"error": "invalid_request", "error_description": "sign in"}'), "FOREIGN_JSON"),
        (Reply(200, b"<html>Welcome</html>"), "PORTAL"),
        (Reply(503, b""), "SERVER_ERROR"),
    ],
)
def test_what_is_no_graph_api_is_a_fault(reply: Reply, fault: str) -> None:
    with pytest.raises(FacebookError) as caught:
        require_refusal(as_answer(reply), "graph.test")
    assert caught.value.fault is not None
    assert (caught.value.fault.name, caught.value.host) == (fault, "graph.test")


@pytest.mark.parametrize(
    ("talk", "code"),
    [(portal(), "portal"), (foreign_json(), "foreign_json"), (foreign_json(404), "foreign_json")],
)
def test_doctor_fails_where_something_else_answers(person: Person, talk: Talk, code: str) -> None:
    with served(talk) as server:
        person.point_at(server.url)
        done = inside("doctor", "--json")
    assert done.status == 1
    assert rows(done, "network") == [("failure", code)]
    assert row(done, code)["cure"]


def test_a_proxy_is_used_and_its_refusal_named(person: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    authority = Authority(tmp_path / "ca")
    graph = answering(NO_TOKEN.status, NO_TOKEN.body, date_header(0))
    with (
        served(graph, tls=authority.context()) as server,
        served(connect_proxy({f"{GRAPH}:443": server.port})) as proxy,
    ):
        for name, value in proxied_environment(proxy.url, authority).items():
            monkeypatch.setenv(name, value)
        done = inside("doctor", "--json")
        assert rows(done, "proxy") == [("ok", "by_proxy")]
        assert rows(done, "network") == [("ok", "host_answers")]
        assert proxy.address in row(done, "by_proxy")["text"]
    with served(answering_connect(407)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:{PASSWORD}@{proxy.address}")
        done = inside("doctor", "--json")
        assert rows(done, "network") == [("failure", "proxy_login")]
        assert PASSWORD not in done.out + done.err
        assert f"me:{PASSWORD}" in proxy.everything  # for the proxy alone


def test_the_question_holds_no_secret(person: Person) -> None:
    with served(answering(NO_TOKEN.status, NO_TOKEN.body)) as server:
        person.point_at(server.url)
        inside("doctor")
        (head,) = server.seen
    assert head.startswith("GET /v")
    assert head.splitlines()[0].endswith("/me HTTP/1.1")
    assert "authorization" not in head.lower()
    assert person.sandbox.world.app_secret not in head


def test_facebooks_own_trouble_is_no_failure_of_the_network(person: Person) -> None:
    trouble = refusal(4, "Application request limit reached")
    with served(answering(trouble.status, trouble.body)) as server:
        person.point_at(server.url)
        assert rows(inside("doctor", "--json"), "network") == [("warning", "facebook_error")]


def test_another_time_counts_when_two_answers_agree(person: Person) -> None:
    with served(changing_headers(person.sandbox.port, date_header(7200))) as server:
        person.point_at(server.url)
        assert rows(inside("doctor", "--json"), "clock") == [("warning", "clock_doubted")]  # the same date twice
    person.sandbox.clock.advance(7200)
    person.point_at(person.sandbox.graph_url)
    assert rows(inside("doctor", "--json"), "clock") == [("warning", "clock_behind")]


def test_an_old_answer_of_a_cache_shows_no_time(person: Person) -> None:
    with served(changing_headers(person.sandbox.port, {**date_header(-3600), "Age": "3600"})) as server:
        person.point_at(server.url)
        assert rows(inside("doctor", "--json"), "clock") == [("warning", "no_date")]

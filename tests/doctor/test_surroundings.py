"""Proxy and certificate variables: which count, which do not, and what is wrong with them."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.commands.running import Person, inside
from tests.doctor.reports import codes, rows
from tests.network.servers import Authority
from tui.services.doctor.certificates import certificate_findings
from tui.services.doctor.findings import Code
from tui.services.doctor.proxies import proxy_findings

GRAPH = "https://graph.facebook.com"
PASSWORD = "hunter2secret"


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, [("ok", "direct")]),
        ({"HTTPS_PROXY": "http://p:3128"}, [("ok", "by_proxy")]),
        ({"ALL_PROXY": "http://p:1", "NO_PROXY": "*"}, [("ok", "direct_by_no_proxy"), ("ok", "proxy_unused")]),
        ({"http_proxy": "http://p:1"}, [("ok", "direct"), ("warning", "proxy_unused")]),
        ({"HTTP_PROXY": "http://p:1", "ALL_PROXY": "http://q:1"}, [("ok", "by_proxy"), ("ok", "proxy_unused")]),
        ({"HTTPS_PROXY": "http://p:1", "https_proxy": "http://q:1"}, [("ok", "by_proxy"), ("ok", "proxy_unused")]),
        ({"HTTPS_PROXY": "ftp://p:1"}, [("failure", "scheme")]),
        ({"HTTPS_PROXY": "http://p:1", "NO_PROXY": "10.0.0.0/8"}, [("ok", "by_proxy"), ("warning", "no_proxy_cidr")]),
    ],
)  # fmt: skip
def test_the_way_of_a_call_is_shown(environ: Mapping[str, str], expected: list[tuple[str, str]]) -> None:
    assert codes(proxy_findings(GRAPH, environ)) == expected


def test_the_entry_of_no_proxy_that_counts_is_shown() -> None:
    environ = {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "localhost, .facebook.com"}
    (direct, _) = proxy_findings(GRAPH, environ)
    assert direct.facts["entry"] == ".facebook.com"


def test_this_machine_is_reached_directly() -> None:
    assert codes(proxy_findings("http://127.0.0.1:8080", {"ALL_PROXY": "http://p:1"})) == [
        ("ok", "direct"),
        ("ok", "proxy_unused"),
    ]


def test_no_password_of_a_proxy_is_shown(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:{PASSWORD}@proxy.test:3128")
    monkeypatch.setenv("ALL_PROXY", f"http://me:{PASSWORD}#@proxy.test:3128")
    for options in (["doctor"], ["doctor", "--json"]):
        done = inside(*options)
        assert PASSWORD not in done.out + done.err


def test_certificates_that_can_be_used_are_counted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    (tmp_path / "5ed36f99.0").write_bytes(authority.file.read_bytes())
    environ = {"SSL_CERT_FILE": str(authority.file), "SSL_CERT_DIR": str(tmp_path), "CURL_CA_BUNDLE": "/x"}
    found = list(certificate_findings(environ))
    assert codes(found) == [("ok", "ca_file"), ("ok", "ca_folder"), ("ok", "ca_not_read")]
    assert [one.facts.get("certificates") for one in found] == [1, 1, None]


def test_certificates_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("-----BEGIN CERTIFICATE-----\n")
    cases = {
        ("SSL_CERT_FILE", "/none.pem"): Code.CA_MISSING,
        ("SSL_CERT_FILE", str(tmp_path)): Code.CA_NOT_A_FILE,
        ("SSL_CERT_FILE", "/dev/zero"): Code.CA_NOT_A_FILE,
        ("SSL_CERT_FILE", str(empty)): Code.CA_EMPTY,
        ("SSL_CERT_DIR", "/none"): Code.CA_MISSING,
        ("SSL_CERT_DIR", str(empty)): Code.CA_NOT_A_FOLDER,
        ("SSL_CERT_DIR", str(tmp_path)): Code.CA_FOLDER_EMPTY,
    }
    for (variable, value), code in cases.items():
        assert codes(certificate_findings({variable: value})) == [("failure", code)], (variable, value)


def test_variables_of_other_programs_are_named() -> None:
    assert codes(certificate_findings({"REQUESTS_CA_BUNDLE": "/etc/ca.pem"})) == [
        ("ok", "system_store"),
        ("warning", "ca_not_read"),
    ]


def test_a_broken_proxy_variable_fails_only_its_check(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "ftp://proxy.test")
    done = inside("doctor", "--json")
    assert done.status == 1
    assert ("failure", "scheme") in rows(done, "proxy")
    assert rows(done, "network") == [("ok", "host_answers_without_tls")]

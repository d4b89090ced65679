"""Settings that have no effect, and programs that cannot be started."""

import os
from pathlib import Path

import pytest

from tests.commands.running import Person, inside
from tests.doctor.reports import codes, row, rows
from tui.services.doctor.configuration import settings_findings
from tui.services.doctor.findings import Code, Finding
from tui.services.doctor.programs import problem_of, program_findings
from tui.settings import Home
from tui.settings.reading import parse_settings
from tui.timer import environment


def home_with(folder: Path, text: str) -> Home:
    (folder / "config.toml").write_text(text)
    return Home(folder, folder, folder / "log")


def found_in(folder: Path, text: str) -> list[Finding]:
    home = home_with(folder, text)
    return list(settings_findings(parse_settings(text, home.config_file), home))


@pytest.mark.parametrize(
    ("entry", "meant"),
    [
        ("https://graph.example.com:8443/", "graph.example.com"),
        ("Graph.Example.com.", "graph.example.com"),
        ("graph.example.com:443", "graph.example.com"),
        ("*.example.com", ""),
        (".example.com", ""),
        ("10.0.0.0/8", ""),
        ("", ""),
    ],
)
def test_a_trusted_host_that_never_matches_is_named(tmp_path: Path, entry: str, meant: str) -> None:
    found = found_in(tmp_path, f"mouse = true\ntrusted_hosts = ['ok.example.com', {entry!r}]\n[profiles.a]")
    code = Code.TRUSTED_HOST_WRITTEN_OTHERWISE if meant else Code.TRUSTED_HOST_IMPOSSIBLE
    assert [(one.code, one.facts["line"], one.facts["entry"], one.facts["meant"]) for one in found] == [
        (code, 2, entry, meant)
    ]


@pytest.mark.parametrize("entry", ["graph.example.com", "10.0.0.1", "::1", "2001:db8::1", "localhost", "my_host"])
def test_a_trusted_host_that_can_match_is_not(tmp_path: Path, entry: str) -> None:
    assert found_in(tmp_path, f"trusted_hosts = ['{entry}']\n[profiles.a]") == []


def test_a_default_profile_that_is_not_there_is_named(tmp_path: Path) -> None:
    (found,) = found_in(tmp_path, "\ndefault_profile = 'acne'\n[profiles.acme]")
    assert (found.code, found.facts["line"], found.facts["used"], found.facts["meant"]) == (
        Code.DEFAULT_PROFILE_UNKNOWN,
        2,
        "acme",
        "acme",
    )


def test_only_placeholders_that_are_meant_are_named(tmp_path: Path) -> None:
    text = (
        "[profiles.a]\n[[deliver]]\ntokens = ['t']\ncommand = ['awk', '{print}', '--to={nmae}', '{name}', '{{Name}}']\n"
        "[[deliver]]\nprofile = 'a'\nfile = '/srv/{token}/{name}'\n"
    )
    found = found_in(tmp_path, text)
    assert [(one.code, one.facts["line"], one.facts["word"]) for one in found] == [
        (Code.PLACEHOLDER_UNKNOWN, 2, "nmae"),
        (Code.PLACEHOLDER_UNKNOWN, 2, "Name"),
        (Code.PLACEHOLDER_UNKNOWN, 5, "token"),
    ]


def test_an_unknown_key_is_named_with_file_and_line(person: Person, own_home: Path) -> None:
    file = own_home / "config.toml"
    text = file.read_text()
    file.write_text(text + "\n[[deliver]]\ntokens = ['x']\ncommand = ['/bin/true']\nfromat = 'raw'\n")
    place = f"{file}, line {len(file.read_text().splitlines())}: "
    assert row(inside("doctor", "--json"), "unknown_key")["text"].startswith(place)


def test_an_unknown_theme_is_named_with_the_likely_one(person: Person, own_home: Path) -> None:
    file = own_home / "config.toml"
    text = file.read_text()
    file.write_text("theme = 'igauth-drak'\n" + text)
    assert "igauth-dark" in row(inside("doctor", "--json"), "theme_unknown")["cure"]
    file.write_text("theme = 'nord'\n" + text)
    assert rows(inside("doctor", "--json"), "theme") == []


def script(folder: Path, name: str, content: bytes, mode: int = 0o700) -> str:
    path = folder / name
    path.write_bytes(content)
    path.chmod(mode)
    return str(path)


@pytest.mark.parametrize(
    ("content", "mode", "code"),
    [
        (b"#!/bin/sh\necho\n", 0o700, None),
        (b"#! /bin/sh -e\necho\n", 0o700, None),
        (b"\x7fELF\0\0", 0o700, None),
        (b"#!/bin/sh\r\necho\r\n", 0o700, Code.PROGRAM_NO_INTERPRETER),
        (b"#!/opt/none/python\n", 0o700, Code.PROGRAM_NO_INTERPRETER),
        (b"echo\n", 0o700, Code.PROGRAM_NO_FORMAT),
        (b"#!/bin/sh\n", 0o600, Code.PROGRAM_NOT_EXECUTABLE),
    ],
)
def test_a_script_that_cannot_be_started_is_named(tmp_path: Path, content: bytes, mode: int, code: Code | None) -> None:
    problem = problem_of(script(tmp_path, "hook", content, mode), "/bin")
    assert (problem and problem[0]) == code


def test_a_program_is_looked_for_as_it_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, "hook", b"#!/bin/sh\n")
    monkeypatch.chdir(tmp_path)
    cases = {
        "hook": (Code.PROGRAM_NOT_IN_PATH, ""),
        "./hook": (Code.PROGRAM_RELATIVE, str(tmp_path)),
        "./none": (Code.PROGRAM_MISSING, os.strerror(2)),
        "~/hook": (Code.PROGRAM_TILDE, str(Path.home() / "hook")),
        str(tmp_path): (Code.PROGRAM_IS_FOLDER, ""),
        "": (Code.PROGRAM_NOT_IN_PATH, ""),
    }
    assert {program: problem_of(program, "/bin") for program in cases} == cases
    assert problem_of("hook", f"/bin:{tmp_path}") is None


def test_every_kind_of_command_is_looked_at(tmp_path: Path) -> None:
    text = (
        "passphrase_command = ['/none/p']\n[hooks]\nunreachable = ['/none/h']\n"
        "[[deliver]]\ntokens = ['t']\ncommand = ['/none/d']\n"
    )
    home = home_with(tmp_path, text)
    settings = parse_settings(text, home.config_file)
    found = list(program_findings(settings, home, {}))
    assert {(one.check, one.facts["key"]) for one in found} == {
        ("secrets", "passphrase_command"),
        ("hooks", "hooks.unreachable"),
        ("delivery", "deliver.command"),
    }
    assert {one.level for one in found} == {"failure"}
    good = parse_settings(text.replace("/none/", "/bin/").replace("/bin/p", "/bin/sh"), home.config_file)
    assert len(list(program_findings(good, home, {}))) == 2


def test_a_program_that_only_the_timer_lacks_is_a_warning(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    script(tools, "hook", b"#!/bin/sh\n")
    text = "[hooks]\ndue = ['hook']\n"
    home = home_with(tmp_path, text)
    settings, environ = parse_settings(text, home.config_file), {"PATH": f"/bin:{tools}"}
    assert codes(program_findings(settings, home, environ)) == [("ok", "programs_usable")]
    home.data_folder.chmod(0o700)
    environment.write(environment.file_of(home), {"PATH": "/usr/bin:/bin"})
    assert codes(program_findings(settings, home, environ)) == [("warning", "program_not_for_timer")]

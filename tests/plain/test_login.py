"""What can be entered at the login's prompt instead of an address."""

import os
import re
import stat
from pathlib import Path

import pytest

from tests.commands.running import Person, inside
from tests.plain.speaking import Speaker, browse
from tui.redact import Secret
from tui.services import open_services
from tui.terminal.capabilities import detect
from tui.terminal.qr import BLANK, NoColors, QrCode, draw_qr, sgr_lines
from tui.wording.login import SHORT_LINK_CODE
from tui.wording.plain import NO_BROWSER
from tui.wording.terminal import no_qr_code

MENU = "(? lists choices): "
SIXTEEN_COLORS = detect({"TERM": "xterm", "LANG": "C.UTF-8"}, lambda _: None)
PROMPT = "Address the browser ended at"


def open_login(speaker: Speaker, name: str) -> str:
    """Open a login for a new token, and return its link."""
    speaker.hear(f"igauth {MENU}")
    speaker.say("L", "Name of the new token")
    return link_in(speaker.say(name, PROMPT))


def link_in(said: str) -> str:
    """Return the login link in what was said."""
    return next(line.strip() for line in said.splitlines() if "/dialog/oauth?" in line)


def test_the_token_of_an_open_login_can_be_named_again(environ: dict[str, str]) -> None:
    with Speaker(environ) as speaker:
        first = open_login(speaker, "mine")
        speaker.say("n", "Name of the token, enter: mine")
        assert "theirs" in speaker.say("Theirs Too", "Name of the token")
        second = link_in(speaker.say("theirs", PROMPT))
        assert second != first
        assert "Saved theirs: valid" in speaker.say(browse(second, "dana"), f"igauth {MENU}")
        assert speaker.quit() == 0
    assert [token["name"] for token in inside("status", "--json").json["tokens"]] == ["theirs"]


def test_the_text_for_a_colleague_is_written_to_a_file(environ: dict[str, str], tmp_path: Path) -> None:
    with Speaker(environ) as speaker:
        link = open_login(speaker, "mine")
        file = tmp_path / "colleague.txt"
        speaker.say("w", "Write the text for a colleague to, enter: igauth-login-")
        assert f"Wrote {file}" in speaker.say(str(file), PROMPT)
        assert link in file.read_text()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        speaker.say("w", "Write the text")
        assert "exists" in speaker.say(str(file), PROMPT)
        assert "nothing was changed" in speaker.say("b", f"igauth {MENU}")
        assert speaker.quit() == 0


def test_code_short_link_and_ssh_line_have_a_word(environ: dict[str, str], person: Person) -> None:
    services = open_services(os.environ, "tui")
    profile = services.settings.profile("acme")
    assert profile is not None
    services.profile_store.save(profile, client_token=Secret(person.sandbox.world.client_token))
    with Speaker(environ) as speaker:
        open_login(speaker, "mine")
        speaker.hear("On any device, open ")
        shown = re.search(r"On any device, open (\S+) and enter the code (\w+)", speaker.heard.decode())
        assert shown is not None
        ssh = next(line for line in speaker.heard.decode().splitlines() if line.startswith("ssh "))
        short = re.search(r"http://localhost:\d+/go/\S+", speaker.heard.decode())
        assert short is not None
        assert shown.group() in speaker.say("code", PROMPT)
        assert ssh in speaker.say("ssh", PROMPT).splitlines()
        assert short.group() in speaker.say("short", PROMPT).splitlines()
        speaker.say("b", f"igauth {MENU}")
        assert speaker.quit() == 0


def test_a_link_is_opened_in_the_browser_here(environ: dict[str, str], tmp_path: Path) -> None:
    browser, opened = tmp_path / "browser", tmp_path / "opened"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}.part; mv {opened}.part {opened}\n')
    browser.chmod(0o700)
    here = {"DISPLAY": ":0", "BROWSER": str(browser), "SSH_CONNECTION": "", "SSH_CLIENT": "", "SSH_TTY": ""}
    with Speaker({**environ, **here}) as speaker:
        link = open_login(speaker, "mine")
        speaker.say("o", PROMPT)
        speaker.terminal.wait_for(opened.exists)
        assert opened.read_text() == link
        speaker.say("b", f"igauth {MENU}")
        assert speaker.quit() == 0


def test_without_a_browser_the_link_is_printed(environ: dict[str, str]) -> None:
    with Speaker({**environ, "DISPLAY": "", "WAYLAND_DISPLAY": "", "WSL_DISTRO_NAME": ""}) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("2", f"Credentials {MENU}")
        said = speaker.say("o", f"Credentials {MENU}")
        assert NO_BROWSER in said
        assert "https://developers.facebook.com" in said.splitlines()
        assert speaker.quit() == 0


@pytest.mark.parametrize("columns", [200, 60])
def test_the_link_is_drawn_where_it_fits(environ: dict[str, str], columns: int) -> None:
    with Speaker(environ, "--plain", term="xterm", columns=columns) as speaker:
        link = open_login(speaker, "mine")
        wanted = draw_qr(link, columns, 48, SIXTEEN_COLORS)
        assert isinstance(wanted, QrCode) is (columns == 200)
        said = speaker.say("g", PROMPT)
        if isinstance(wanted, QrCode):
            assert [*sgr_lines(wanted, SIXTEEN_COLORS)] == [line for line in said.splitlines() if BLANK in line]
        else:
            assert SHORT_LINK_CODE in " ".join(said.split())
            assert BLANK in said
        speaker.say("b", f"igauth {MENU}")
        assert speaker.quit() == 0


def test_a_terminal_without_colors_hears_what_a_code_needs(environ: dict[str, str]) -> None:
    with Speaker(environ) as speaker:
        open_login(speaker, "mine")
        assert no_qr_code(NoColors(is_asked_for=False)) in " ".join(speaker.say("g", PROMPT).split())
        speaker.say("b", f"igauth {MENU}")
        assert speaker.quit() == 0


def test_a_new_token_beside_one_of_another_profile(environ: dict[str, str], person: Person) -> None:
    person.import_tokens("user_long")
    person.add("beta")
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("2", f"Credentials {MENU}")
        speaker.say("/", f"Credentials {MENU}")
        speaker.say("tokens", f"Tokens {MENU}")
        speaker.say("1", f"Token user_long {MENU}")
        assert "1. acme" in speaker.say("L", "Log in for which profile")
        speaker.say("acme", "Name of the new token (profile acme)")
        assert "New token mine (profile acme" in speaker.say("mine", PROMPT)
        speaker.say("b", f"Token user_long {MENU}")
        assert speaker.quit() == 0

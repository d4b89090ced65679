"""Ways in, through and out of plain mode, by the real command."""

from pathlib import Path

from tests.commands.running import Person, inside
from tests.plain.speaking import Speaker
from tui.tokens.automation import TimerState
from tui.wording.automation import NO_TIMER, first_token_advice, timer_sign
from tui.wording.surfaces import CommandLine, sentences

MENU = "(? lists choices): "


def test_a_screen_reader_gets_plain_mode_automatically(environ: dict[str, str]) -> None:
    with Speaker({**environ, "ACCESSIBLE": "1"}, term="xterm-256color") as speaker:
        speaker.hear(f"igauth {MENU}")
        assert speaker.quit() == 0
        assert b"\x1b" not in speaker.heard


def test_the_full_screen_can_be_asked_for_all_the_same(environ: dict[str, str]) -> None:
    with Speaker({**environ, "ACCESSIBLE": "1"}, "--full-screen", term="xterm-256color") as speaker:
        speaker.terminal.wait_for(lambda: b"\x1b[?1049h" in speaker.heard)
        assert MENU.encode() not in speaker.heard


def test_b_goes_back_one_menu_and_q_quits_from_the_deepest(environ: dict[str, str]) -> None:
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("1", f"Guide {MENU}")
        speaker.say("b", f"igauth {MENU}")
        speaker.say("1", f"Guide {MENU}")
        speaker.say("P1", f"Step {MENU}")
        assert speaker.quit() == 0
        assert speaker.heard.rstrip().endswith(b"Goodbye.")


def test_a_token_is_shown_in_full_and_forgotten_after_a_yes(environ: dict[str, str], person: Person) -> None:
    person.import_tokens("user_long")
    value = person.value("user_long").encode()
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("3", f"Tokens {MENU}")
        speaker.say("user_long", f"Token user_long {MENU}")
        facts = speaker.say("i", f"Token user_long {MENU}")
        for label in ("State", "Kind", "Outlook", "Profile", "Scopes"):
            assert f"{label}: " in facts
        assert "Version " in facts
        assert "History " in facts
        speaker.say("x", "(yes or no, enter: no)")
        speaker.say("no", f"Token user_long {MENU}")
        assert [token["name"] for token in inside("status", "--json").json["tokens"]] == ["user_long"]
        speaker.say("x", "(yes or no, enter: no)")
        assert "user_long was forgotten." in speaker.say("yes", f"Tokens {MENU}")
        assert speaker.quit() == 0
        assert value not in speaker.heard
    assert inside("status", "--json").json["tokens"] == []


def test_the_curl_line_has_the_version_of_the_profile(environ: dict[str, str], person: Person, own_home: Path) -> None:
    person.import_tokens("user_long")
    file = own_home / "config.toml"
    file.write_text(file.read_text().replace("[profiles.acme]", '[profiles.acme]\napi_version = "v24.0"'))
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("3", f"Tokens {MENU}")
        speaker.say("user_long", f"Token user_long {MENU}")
        speaker.say("c", "Print which")
        assert "/v24.0/me?fields=id,name" in speaker.say("3", f"Token user_long {MENU}")
        assert speaker.quit() == 0


def test_it_is_said_whether_a_timer_keeps_tokens_valid(environ: dict[str, str], person: Person) -> None:
    advice = sentences(first_token_advice(), CommandLine())
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("3", f"Tokens {MENU}")
        speaker.say("m", "Name for the token")
        speaker.say("prod", "not shown")
        assert advice in speaker.say(person.value("user_long"), f"Tokens {MENU}")
        assert NO_TIMER in speaker.say("", f"Tokens {MENU}")
        assert "Nothing extends it by itself" in speaker.say("1", f"Token prod {MENU}")
        assert timer_sign(TimerState.NONE) in speaker.say("status", f"Token prod {MENU}")
        assert speaker.quit() == 0


def test_plain_mode_names_ignored_keys_and_chmod(environ: dict[str, str], own_home: Path) -> None:
    file = own_home / "config.toml"
    file.write_text(f'{file.read_text()}\n[hooks]\ndue = ["x"]\n')
    file.chmod(0o666)
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        assert f"chmod go-w {file}" in " ".join(speaker.heard.decode().split())
        assert speaker.quit() == 0

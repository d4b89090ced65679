"""How plain prompts behave: when they open, what they take, what they never show, how they end."""

import os
import shutil
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.commands.running import UNREACHABLE, Person, inside
from tests.plain.speaking import Speaker, browse
from tests.terminals import PseudoTerminal
from tui.commands.screen import wants_plain
from tui.matillion.runs import LastRuns
from tui.plain.entry import Entry
from tui.services import open_services
from tui.services.estimates import estimates, save_runs
from tui.settings import MatillionTarget
from tui.wording.flaws import FIX_QUESTION
from tui.wording.matillion import estimate_line

MENU = "(? lists choices): "


@pytest.mark.parametrize(
    ("given_environ", "option", "wanted"),
    [
        ({}, None, False),
        ({"TERM": "xterm"}, None, False),
        ({"TERM": "dumb"}, None, True),
        ({"ACCESSIBLE": "1"}, None, True),
        ({"ACCESSIBLE": "0"}, None, False),
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "dumb", "ACCESSIBLE": "1"}, False, False),
    ],
)
def test_plain_comes_by_option_then_by_environment(
    given_environ: dict[str, str], option: bool | None, wanted: bool
) -> None:
    assert wants_plain(given_environ, option) is wanted


def test_the_option_opens_it_on_any_terminal(environ: dict[str, str]) -> None:
    with Speaker(environ, "--plain", term="xterm-256color") as person:
        person.hear(f"igauth {MENU}")
        assert person.quit() == 0
        assert b"\x1b" not in person.heard


def test_without_a_terminal_it_says_so_and_exits_64() -> None:
    done = inside("--plain")
    assert (done.status, done.out) == (64, "")
    assert "igauth status" in done.err


def test_a_question_mark_lists_the_choices(environ: dict[str, str]) -> None:
    with Speaker(environ) as person:
        person.hear(f"igauth {MENU}")
        assert "credentials: App ID" in person.say("?", MENU)
        assert "2. Credentials" in person.say("", MENU)
        assert "There is no choice nonsense" in person.say("nonsense", MENU)
        assert person.quit() == 0


def test_a_paste_beyond_4096_bytes_arrives_whole(environ: dict[str, str]) -> None:
    offline = {"IGAUTH_GRAPH_URL": UNREACHABLE, "IGAUTH_DIALOG_URL": UNREACHABLE}  # else Facebook knows it is none
    with Speaker({**environ, **offline}) as person:
        person.hear(f"igauth {MENU}")
        person.say("3", f"Tokens {MENU}")
        person.say("m", "Name for")
        person.say("long", "Access token")
        assert "9000 characters arrived" in person.say("x" * 9000, f"Tokens {MENU}")
        assert b"xxx" not in person.heard
        assert person.quit() == 0
    assert len(inside("token", "long").out.strip()) == 9000


def test_a_wrapped_address_of_more_than_4096_bytes_logs_in(environ: dict[str, str]) -> None:
    with Speaker(environ) as person:
        person.hear(f"igauth {MENU}")
        person.say("l", "Name of the new token")
        shown = person.say("mine", "Address the browser ended at")
        link = next(line.strip() for line in shown.splitlines() if "/dialog/oauth?" in line)
        start, query = browse(link, "dana").split("?", 1)
        address = f"{start}?pad={'p' * 5000}&{query}"
        wrapped = "\n".join(address[at : at + 78] for at in range(0, len(address), 78))
        assert ": valid, until" in person.say(wrapped, f"igauth {MENU}")
        assert b"ppppp" not in person.heard, "a pasted address holds a code, and is not shown"
        assert person.quit() == 0


def test_a_refused_address_is_explained_and_the_login_goes_on(environ: dict[str, str]) -> None:
    with Speaker(environ) as person:
        person.hear(f"igauth {MENU}")
        person.say("l", "Name of the new token")
        person.say("mine", "Address the browser ended at")
        assert "Refused:" in person.say("https://example.org/nothing", "Address the browser ended at")
        assert "nothing was changed" in person.say("b", f"igauth {MENU}")
        assert person.quit() == 0
    assert inside("status", "--json").json["tokens"] == []


def test_a_flawed_value_is_kept_only_after_a_second_yes(environ: dict[str, str], person: Person) -> None:
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("2", f"Credentials {MENU}")
        speaker.say("1", "App ID")
        speaker.say(f"{person.sandbox.app_id}\u00a0", FIX_QUESTION)
        assert b"NO-BREAK SPACE U+00A0" in speaker.heard
        for keeps in ("k", "n"):
            speaker.say(keeps, "(yes or no, enter: no)")
            speaker.say("no", FIX_QUESTION)
        speaker.say("b", f"Credentials {MENU}")
        assert f"App ID: {person.sandbox.app_id}\r\n" in speaker.say("", f"Credentials {MENU}")
        assert speaker.quit() == 0


def test_a_secret_is_printed_only_after_a_yes_and_noted(environ: dict[str, str], person: Person) -> None:
    person.import_tokens("user_long")
    value = person.value("user_long").encode()
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("3", f"Tokens {MENU}")
        speaker.say("1", f"Token user_long {MENU}")
        speaker.say("c", "1 to 5")
        speaker.say("1", "(yes or no, enter: no)")
        speaker.say("no", f"Token user_long {MENU}")
        assert value not in speaker.heard
        speaker.say("c", "1 to 5")
        speaker.say("1", "(yes or no, enter: no)")
        speaker.say("yes", f"Token user_long {MENU}")
        assert value + b"\r\n" in speaker.heard
        assert "copy  printed" in speaker.say("i", f"Token user_long {MENU}")
        assert speaker.quit() == 0


def test_enter_takes_the_offered_answer_everywhere(environ: dict[str, str], person: Person) -> None:
    person.import_tokens("user_long")
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("2", f"Credentials {MENU}")
        speaker.say("1", "App ID")
        speaker.say(
            f"{person.sandbox.app_id} ", f"{FIX_QUESTION} y fixes it, n keeps it, a pastes again, ? for help, enter: y"
        )
        assert "Fixed: " in speaker.say("", f"Credentials {MENU}")
        speaker.say("b", f"igauth {MENU}")
        speaker.say("3", f"Tokens {MENU}")
        speaker.say("1", f"Token user_long {MENU}")
        speaker.say("c", "Print which, 1 to 5, enter: 1")
        speaker.say("", "Print the token user_long on this terminal?")
        speaker.say("", f"Token user_long {MENU}")
        assert person.value("user_long").encode() not in speaker.heard
        speaker.say("x", "(yes or no, enter: no)")
        speaker.say("", f"Token user_long {MENU}")
        assert speaker.quit() == 0
    assert inside("status", "--json").json["tokens"]


def test_enter_goes_to_the_next_profile(environ: dict[str, str], person: Person) -> None:
    for name in ("beta", "gamma"):
        person.add(name)
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("2", f"Credentials {MENU}")
        for name in ("beta", "gamma", "acme"):
            speaker.say("/", "Which profile, 1 to 2, enter: 1")
            assert f"Profile {name}, " in speaker.say("", f"Credentials {MENU}")
        assert speaker.quit() == 0


def test_prompts_break_between_words_too(environ: dict[str, str], person: Person) -> None:
    person.import_tokens("user_long")
    with Speaker(environ, columns=40) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("3", f"Tokens {MENU}")
        speaker.say("1", f"Token user_long {MENU}")
        said = speaker.say("x", "enter: no): ")
        lines = said.removeprefix("x").splitlines()
        assert all(len(line) <= 40 for line in lines), lines
        assert "Forget user_long? igauth deletes every value of it;" in " ".join(" ".join(lines).split())
        assert speaker.quit() == 0


def test_control_characters_typed_are_never_sent_back(environ: dict[str, str]) -> None:
    with Speaker(environ) as person:
        person.hear(f"igauth {MENU}")
        person.say("\x1b[A\x1b[200~", "There is no choice")
        assert b"\x1b" not in person.heard
        assert person.quit() == 0


def test_evidence_notes_and_the_next_open_step(environ: dict[str, str]) -> None:
    with Speaker(environ) as person:
        person.hear(f"igauth {MENU}")
        person.say("guide", f"Guide {MENU}")
        assert "App ID and App Secret: OK." in person.say("10", f"Step {MENU}") + person.say("v", f"Step {MENU}")
        person.say("n", "Note on 10")
        person.say("asked Kim", f"Step {MENU}")
        assert "Noted: asked Kim" in person.say("", f"Step {MENU}")
        person.say("b", f"Guide {MENU}")
        assert "Step A1, " in person.say("next", f"Step {MENU}")
        assert person.quit() == 0


def test_a_failed_matillion_run_is_shown_with_the_tokens(environ: dict[str, str], person: Person) -> None:
    services = open_services(os.environ, "command")
    now = int(services.clock.now())
    target = MatillionTarget("", oauth_entry="ig_prod", authorised_at=now - 3600)
    services.matillion.save("acme", target)
    save_runs(services.vault.meta, "acme", LastRuns(failed_at=now - 60, subcode=463, message="expired", job="daily"))
    ((_, estimate),) = estimates(services.settings.profiles, services.vault.meta, now)
    services.vault.close()
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        shown = speaker.say("3", f"Tokens {MENU}")
        assert "190/463" in shown
        assert estimate_line(estimate).replace("·", "-") in " ".join(shown.split()).replace("·", "-")
        assert speaker.quit() == 0


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_ends_it_and_gives_the_terminal_back(
    environ: dict[str, str], number: signal.Signals, status: int
) -> None:
    with Speaker(environ) as person:
        person.hear(f"igauth {MENU}")
        person.terminal.signal(number)
        assert person.terminal.wait_exit() == status
        assert person.terminal.modes_now == person.terminal.modes_before


def test_ctrl_d_ends_it(environ: dict[str, str]) -> None:
    with Speaker(environ) as person:
        person.hear(f"igauth {MENU}")
        person.terminal.send(b"\x04")
        assert person.terminal.wait_exit() == 0


def test_plain_prompts_load_no_textual() -> None:
    import subprocess

    modules = sorted(path.stem for path in Path("tui/plain").glob("*.py") if path.stem != "__init__")
    code = (
        "import sys\n" + "".join(f"import tui.plain.{name}\n" for name in modules) + "print('textual' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


# --- what is typed at one prompt -----------------------------------------------------------------------------------


@given(st.binary(min_size=8).filter(lambda data: not data.endswith((b"\r", b"\n"))))
def test_a_paste_is_kept_byte_for_byte(data: bytes) -> None:
    entry = Entry(is_whole=True)
    entry.feed(data)
    entry.feed(b"\n")
    assert entry.is_ended
    assert entry.text.encode("utf-8", "surrogateescape") == data


def test_backspace_takes_a_whole_character_and_ctrl_u_everything() -> None:
    entry = Entry(is_whole=False)
    for key in ("a", "é", "\x7f", "b", "\n"):
        entry.feed(key.encode())
    assert entry.text == "ab"
    entry = Entry(is_whole=False)
    for key in ("a", "\x15", "c", "\n"):
        entry.feed(key.encode())
    assert entry.text == "c"


def test_what_follows_an_answer_waits_for_the_next_question() -> None:
    entry = Entry(is_whole=False)
    entry.feed(b"2\nb\n")
    assert (entry.text, entry.rest) == ("2", b"b\n")


def test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(environ: dict[str, str]) -> None:
    bash = shutil.which("bash")
    if bash is None:
        pytest.skip("bash, which stops and continues programs, is not installed")
    argv = [bash, "--norc", "--noprofile", "--noediting", "-i"]
    with PseudoTerminal(argv, {**os.environ, **environ, "TERM": "dumb", "PS1": "shell> "}, columns=160) as terminal:
        terminal.wait_for("shell>")
        terminal.send(f"{sys.executable} -m tui\n")
        terminal.wait_for(f"igauth {MENU.strip()}")
        held = terminal.modes_now
        terminal.send("\x1a")
        terminal.wait_for("Stopped")
        assert terminal.modes_now[3] == terminal.modes_before[3]
        terminal.send("fg\n")
        terminal.wait_for(lambda: terminal.modes_now == held)
        terminal.send("?\n")
        terminal.wait_for("q  quit igauth")
        terminal.send("q\n")
        terminal.wait_for("Goodbye.")
        terminal.wait_for(lambda: terminal.modes_now[3] == terminal.modes_before[3])

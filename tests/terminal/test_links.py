"""OSC 8 links, and the ssh line that reaches the listener here."""

import re
import shlex

import pytest

from tui.terminal.hyperlink import hyperlink, link_text
from tui.terminal.ssh_hint import ssh_hint

ADDRESS = "https://www.facebook.com/v26.0/dialog/oauth?client_id=1&scope=a%2Cb"


def test_a_link_carries_its_address_and_shows_its_label() -> None:
    text = hyperlink(ADDRESS, "Open the login page")
    assert text == f"\x1b]8;;{ADDRESS}\x1b\\Open the login page\x1b]8;;\x1b\\"


@pytest.mark.parametrize(
    "address", ["https://x/\x1b]52;c;aGk=\x07", "https://x/ y", "javascript:alert(1)", "https://ü/"]
)
def test_an_address_that_could_end_the_sequence_is_no_link(address: str) -> None:
    assert hyperlink(address, "label") == "label"
    assert link_text(address, "label").spans == []


def test_rich_text_carries_the_link_in_a_span() -> None:
    (span,) = link_text(ADDRESS, "label").spans
    assert ADDRESS in str(span.style)


@pytest.mark.parametrize(
    ("environ", "hostname", "command", "other"),
    [
        (
            {"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.10 22", "USER": "ann"},
            "etl.example.com",
            "ssh -L 8765:localhost:8765 ann@etl.example.com",
            "ssh -L 8765:localhost:8765 ann@192.0.2.10",
        ),
        (
            {"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.10 2222", "LOGNAME": "ann"},
            "etl",
            "ssh -p 2222 -L 8765:localhost:8765 ann@192.0.2.10",
            "ssh -p 2222 -L 8765:localhost:8765 ann@etl",
        ),
        (
            {"SSH_CONNECTION": "::ffff:192.0.2.7 1 ::ffff:192.0.2.10 22", "USER": "ann"},
            "ip-10-0-0-1.internal",
            "ssh -L 8765:localhost:8765 ann@192.0.2.10",
            "ssh -L 8765:localhost:8765 ann@ip-10-0-0-1.internal",
        ),
        ({"USER": "ann"}, "laptop", "ssh -L 8765:localhost:8765 ann@laptop", None),
        ({"SSH_CONNECTION": "nonsense"}, "laptop", "ssh -L 8765:localhost:8765 laptop", None),
    ],
)
def test_the_ssh_line_names_this_host_as_the_person_reaches_it(
    environ: dict[str, str], hostname: str, command: str, other: str | None
) -> None:
    hint = ssh_hint(environ, 8765, hostname)
    assert (hint.command, hint.other) == (command, other)


def test_a_hostile_name_is_one_word_for_the_shell() -> None:
    hint = ssh_hint({"USER": "ann; rm -rf ~", "SSH_CONNECTION": "a b $(x) 22"}, 8765, "host`id`")
    assert shlex.split(hint.command)[-1] == "ann; rm -rf ~@host`id`"
    assert re.fullmatch(r"ssh -L 8765:localhost:8765 '.*'", hint.command)

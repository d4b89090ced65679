"""The line that lets a browser on another machine reach the login here."""

import pytest

from tests.facebook.test_pasted import attempt
from tui.facebook.dialog import LoginRequest, start_login
from tui.facebook.login_methods import LoginOffer
from tui.facebook.models import Endpoints
from tui.terminal.ssh_hint import ssh_hint
from tui.wording.login import redirect_lines

CAME_IN = {"USER": "dana", "SSH_CONNECTION": "203.0.113.9 50000 198.51.100.7 22"}


def offer_of(request: LoginRequest, port: int | None) -> LoginOffer:
    return LoginOffer(request, "acme", "", "acme", 0, port)


def at_sandbox(dialog: str) -> LoginRequest:
    return start_login(Endpoints(dialog, dialog), "v26.0", "1", "http://localhost:8765/", (), now=0)


def test_facebooks_own_dialog_needs_the_listener_alone() -> None:
    offer = offer_of(attempt(), 8765)
    assert offer.forwards == ("localhost:8765",)
    assert ssh_hint(CAME_IN, offer.forwards, "etl").command == "ssh -L 8765:localhost:8765 dana@198.51.100.7"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_dialog_on_this_machine_is_forwarded_too(host: str) -> None:
    offer = offer_of(at_sandbox(f"http://{host}:4747"), 8765)
    command = ssh_hint(CAME_IN, offer.forwards, "etl").command
    assert f"-L 8765:localhost:8765 -L 4747:{host}:4747 " in command


def test_the_line_is_shown_where_only_the_dialog_needs_it() -> None:
    offer = offer_of(at_sandbox("http://127.0.0.1:4747"), None)
    hint = ssh_hint(CAME_IN, offer.forwards, "etl")
    assert hint.command in "\n".join(redirect_lines(offer, hint))
    elsewhere = offer_of(attempt(), None)
    assert elsewhere.forwards == ()
    assert not any("ssh" in line for line in redirect_lines(elsewhere, ssh_hint(CAME_IN, (), "etl")))


def test_a_name_with_a_dot_comes_first_with_the_port_of_sshd() -> None:
    environ = CAME_IN | {"SSH_CONNECTION": "203.0.113.9 50000 198.51.100.7 2222"}
    hint = ssh_hint(environ, ("localhost:8765",), "etl.example.com")
    assert hint.command == "ssh -p 2222 -L 8765:localhost:8765 dana@etl.example.com"
    assert (hint.other_host, hint.other) == ("198.51.100.7", "ssh -p 2222 -L 8765:localhost:8765 dana@198.51.100.7")

"""What of the environment is kept from the full-screen view."""

import os

import pytest

from tui.commands.screen import prepare_environment


@pytest.mark.parametrize(
    ("environ", "is_kept"),
    [
        ({"TERM": "screen.xterm-256color", "STY": "1.pts"}, False),
        ({"TERM": "tmux-256color", "STY": "1.pts", "TMUX": "/tmp/s,1,0"}, True),
        ({"TERM": "xterm-256color"}, True),
    ],
)
def test_colors_of_the_terminal_around_screen_do_not_count(
    environ: dict[str, str], is_kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", environ | {"COLORTERM": "truecolor"})
    prepare_environment()
    assert ("COLORTERM" in os.environ) is is_kept

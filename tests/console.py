"""`python -m tests.console`: the demo with Textual's devtools, which the installed command removes (Makefile)."""

from unittest.mock import patch

from tui.commands.demo import demo

if __name__ == "__main__":
    with patch("tui.terminal.hardening.forget_debugging", lambda environ: None):
        demo()

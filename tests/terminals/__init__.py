"""Real terminals for tests: a pseudo-terminal drawn by pyte, tmux on a socket of its own, sshd on loopback.

None of them sleeps for time: each waits for what has to be seen, with a deadline.
"""

from tests.terminals.pseudo import PseudoTerminal
from tests.terminals.sshd import LoopbackSshd
from tests.terminals.tmux import TmuxServer
from tests.terminals.waiting import wait_until

__all__ = ["LoopbackSshd", "PseudoTerminal", "TmuxServer", "wait_until"]

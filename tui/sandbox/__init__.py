"""An imitation of Facebook's Graph API and login dialog and of Matillion ETL, on loopback, with its own clock.

It is written from the reference alone and imports nothing of the client, so that the two can disagree.
"""

from tui.sandbox.running import RunningSandbox, SandboxStartError, start_sandbox
from tui.sandbox.world import WorldError

__all__ = ["RunningSandbox", "SandboxStartError", "WorldError", "start_sandbox"]

"""An imitation of Facebook's Graph API and login dialog and of Matillion ETL, on loopback, with its own clock.

It is written from the reference alone and imports nothing of the client, so that the two can disagree.
"""

from tui.sandbox.running import RunningSandbox, SandboxStartError, WorldFacts, start_sandbox
from tui.sandbox.state import SeededToken
from tui.sandbox.world import WorldError, load_world, world_names

__all__ = [
    "RunningSandbox",
    "SandboxStartError",
    "SeededToken",
    "WorldError",
    "WorldFacts",
    "load_world",
    "start_sandbox",
    "world_names",
]

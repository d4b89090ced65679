"""Opens the tokens screen of the home that the environment names, and prints what it says of the timer, as JSON."""

import asyncio
import json
import os

from textual.widgets import Static

from tui.app import IgauthApp
from tui.services import open_services


async def _look() -> dict[str, str]:
    services = open_services(os.environ, "tui")
    services.looks_only = True  # as `igauth` does
    app = IgauthApp(services, start="tokens")
    async with app.run_test(size=(120, 30)) as pilot:
        while not (
            lines := [line for screen in app.screen_stack for line in screen.query("#automation").results(Static)]
        ):
            await pilot.pause()
        return {"line": str(lines[0].content), "state": app.session.timer}


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_look())))

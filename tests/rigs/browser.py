"""The demo behind textual-serve: what its page shows and is asked for. Runs with textual-serve's own Python."""

import asyncio
import socket
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import aiohttp
import pyte

DEADLINE = 40.0
SERVE = "import sys; from textual_serve.server import Server; Server(sys.argv[1], port=int(sys.argv[2])).serve()"


class Page:
    """One visitor of the server."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self.written = b""
        self.asked: list[str] = []
        self.is_closed = False

    @property
    def text(self) -> str:
        """What the page shows."""
        return "\n".join(line.rstrip() for line in self._screen.display)

    async def type(self, keys: str) -> None:
        """Type `keys`."""
        await self._socket.send_json(["stdin", keys])

    async def shows(self, sign: str) -> bool:
        """Read until `sign` is on the page."""
        return await self.wait_for(lambda: sign in self.text)

    async def wait_for(self, condition: Callable[[], object]) -> bool:
        """Read until the condition holds; tell whether it did within the deadline."""
        try:
            async with asyncio.timeout(DEADLINE):
                while not condition():
                    message = await self._socket.receive()
                    if message.type is aiohttp.WSMsgType.BINARY:
                        self.written += message.data
                        self._stream.feed(message.data)
                    elif message.type is aiohttp.WSMsgType.TEXT:
                        self.asked.append(message.data)
                    else:
                        self.is_closed = True
                        return bool(condition())
        except TimeoutError:
            return False
        return True


async def visit(page: Page) -> list[tuple[str, bool]]:
    """Use the demo, and return what was seen, line by line."""
    seen = [("the first screen is shown", await page.shows("[1 Guide]"))]
    for keys, what, sign in (
        ("\x1b2", "alt+2 leads to Credentials", "[2 Credentials]"),
        ("\x1b3", "alt+3 leads from its field to Tokens", "[3 Tokens]"),
        ("p", "the plain view stands alone", "Any key but ^c goes back"),
        ("x", "a key comes back", "[3 Tokens]"),
        ("l", "the login names this browser", "another tab of this browser"),
    ):
        await page.type(keys)
        seen.append((what, await page.shows(sign)))
    await page.type("\x0f")
    seen.append(
        ("ctrl+o asks the page to open the link", await page.wait_for(lambda: "/dialog/oauth?" in "".join(page.asked)))
    )
    await page.type("\x1bc")
    seen.append(("alt+c copies to the page's clipboard", await page.wait_for(lambda: b"\x1b]52;c;" in page.written)))
    await page.type("\x1bq")
    seen.append(("alt+q quits, and the page is closed", await page.wait_for(lambda: page.is_closed)))
    return seen


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def main(igauth: str) -> int:
    """Serve the demo, visit it, print what was seen; 1 where something differs."""
    port, log = free_port(), Path(tempfile.mkdtemp(prefix="igauth-browser-")) / "server.log"
    with log.open("w") as output:
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-c", SERVE, f"{igauth} demo", str(port), stdout=output, stderr=output
        )
    try:
        async with aiohttp.ClientSession() as session:
            address = f"http://127.0.0.1:{port}/ws?width=80&height=24"
            for _ in range(200):
                try:
                    connection = await session.ws_connect(address)
                    break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.1)
            page = Page(connection)
            seen = await visit(page)
    finally:
        server.terminate()
        await server.wait()
    for what, is_so in seen:
        print(f"{'ok' if is_so else 'FAILED':<7} {what}")
    if failed := [what for what, is_so in seen if not is_so]:
        print(f"FAILED: {'; '.join(failed)}\n{page.text}\nThe server's log: {log}")
        return 1
    print("All as it should be")
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(*sys.argv[1:])))

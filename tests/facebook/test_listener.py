"""The loopback listener with forged, scanning and slow requests: only the true answer ends the wait."""

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from tui.facebook.dialog import LoginRequest, start_login
from tui.facebook.landing import Page
from tui.facebook.listener import Expected, LoopbackListener, NoPort
from tui.facebook.login_events import Declined
from tui.facebook.models import Endpoints
from tui.facebook.pasted import Answer
from tui.redact import Secret
from tui.wording.login import page_words

CODE = "AQ" + "b7_-" * 60


@dataclass
class Heard:
    """What the listener reported, and the attempt it waits for."""

    listener: LoopbackListener
    request: LoginRequest
    answers: list[Answer] = field(default_factory=list)
    declined: list[Declined] = field(default_factory=list)
    foreign: list[int] = field(default_factory=list)

    @property
    def true_target(self) -> str:
        return f"/?code={CODE}&state={self.request.state.reveal()}"


@asynccontextmanager
async def listening() -> AsyncIterator[Heard]:
    listener = LoopbackListener(page_words)
    port = await listener.open(0)
    request = start_login(Endpoints(), "v26.0", "123456789012345", f"http://localhost:{port}/", ("a",), now=0)
    heard = Heard(listener, request)
    listener.expect(Expected(request, heard.answers.append, heard.declined.append, heard.foreign.append))
    try:
        yield heard
    finally:
        await listener.close()


async def ask(port: int, raw: bytes, *, host: str = "127.0.0.1") -> str:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(raw)
        return (await reader.read()).decode()
    except ConnectionError:
        return ""
    finally:
        writer.close()


async def get(heard: Heard, target: str, host: str = "localhost") -> str:
    named = f"{host}:{heard.listener.port}" if ":" not in host else host
    return await ask(heard.listener.port, f"GET {target} HTTP/1.1\r\nHost: {named}\r\n\r\n".encode())


async def test_the_true_answer_stays_out_of_the_browsers_history() -> None:
    async with listening() as heard:
        reply = await get(heard, heard.true_target)
        assert reply.startswith("HTTP/1.1 303 ")
        assert "\r\nLocation: /done\r\n" in reply
        assert CODE not in reply
        assert heard.request.state.reveal() not in reply
        done = await get(heard, "/done")
        assert done.startswith("HTTP/1.1 200 ")
        assert all(words in done for words in page_words(Page.ARRIVED))
        assert "<script" not in done
        again = await get(heard, heard.true_target)
        assert again.startswith("HTTP/1.1 410 ")
    assert [answer.code for answer in heard.answers] == [Secret(CODE)]


async def test_every_answer_keeps_its_address_in() -> None:
    async with listening() as heard:
        for target in (heard.true_target, "/done", "/x", "/favicon.ico", f"/go/{heard.request.short_code}"):
            reply = await get(heard, target)
            assert "\r\nReferrer-Policy: no-referrer\r\n" in reply
            assert "\r\nCache-Control: no-store\r\n" in reply
            assert "\r\nContent-Security-Policy: default-src 'none';" in reply


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.2", "localhost:1", "[::1]:1"])
async def test_another_name_in_the_host_header_is_refused(host: str) -> None:
    async with listening() as heard:
        assert (await get(heard, heard.true_target, host)).startswith("HTTP/1.1 421 ")
        doubled = f"GET {heard.true_target} HTTP/1.1\r\nHost: localhost:{heard.listener.port}\r\nHost: x\r\n\r\n"
        assert (await ask(heard.listener.port, doubled.encode())).startswith("HTTP/1.1 421 ")
        assert (await ask(heard.listener.port, b"GET / HTTP/1.1\r\n\r\n")).startswith("HTTP/1.1 421 ")
    assert heard.answers == []
    assert heard.foreign[-1] == 3


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"])
async def test_each_name_of_this_machine_is_answered(name: str) -> None:
    async with listening() as heard:
        await get(heard, heard.true_target, f"{name}:{heard.listener.port}")
    assert len(heard.answers) == 1


async def test_forged_answers_are_refused_and_counted() -> None:
    async with listening() as heard:
        state = heard.request.state.reveal()
        forged = [
            f"/?code={CODE}&state={'x' * 43}",
            f"/?code={CODE}",
            f"/?code={CODE}&state={state[:-1]}",
            f"/?code={CODE}&state={state}x",
            f"/?code={CODE}&state={state}&state={state}",
            f"/?code={CODE}&code=AQother&state={state}",
            f"/other?code={CODE}&state={state}",
            f"/?code=&state={state}",
            f"/?code=%00%ff&state={state}",
            f"//?code={CODE}&state={state}",
            "/",
            "/?",
            "/robots.txt",
            "/go",
            "/go/",
            "/go/AAA-AAA",
            "/done",
            "/%2e%2e/etc/passwd",
            "/?" + "a=b&" * 200 + f"state={state}",
        ]
        for target in forged:
            assert (await get(heard, target)).split(" ")[1] in ("400", "404"), target
        assert heard.answers == []
        assert heard.foreign == list(range(1, len(forged) + 1))
        await get(heard, "/favicon.ico")
        assert heard.listener.foreign == len(forged)
        await get(heard, heard.true_target)
    assert len(heard.answers) == 1


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"POST / HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "405"),
        (b"GET http://x/ HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "400"),
        (b"GET / SPDY/3\r\nHost: localhost:PORT\r\n\r\n", "400"),
        (b"\x16\x03\x01\x02\x00" + b"\xff" * 60 + b"\r\n\r\n", "421"),
        (b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: localhost:PORT\r\n\r\n", "431"),
    ],
)
async def test_what_is_no_plain_request_is_refused(raw: bytes, status: str) -> None:
    async with listening() as heard:
        reply = await ask(heard.listener.port, raw.replace(b"PORT", str(heard.listener.port).encode()))
        assert reply.split(" ")[1:2] in ([status], [])
        await get(heard, heard.true_target)
    assert len(heard.answers) == 1
    assert heard.listener.foreign == 1


async def test_a_declined_login_is_reported_and_the_wait_goes_on() -> None:
    async with listening() as heard:
        state = heard.request.state.reveal()
        reply = await get(heard, f"/?error=access_denied&error_reason=user_denied&state={state}")
        assert all(words in reply for words in page_words(Page.DECLINED))
        assert heard.declined[0].remedy == "dialog-access-denied"
        assert heard.foreign == []
        await get(heard, heard.true_target)
    assert len(heard.answers) == 1


async def test_the_short_link_leads_to_the_dialog() -> None:
    async with listening() as heard:
        for code in (heard.request.short_code, heard.request.short_code.lower()):
            reply = await get(heard, f"/go/{code}")
            assert reply.startswith("HTTP/1.1 302 ")
            assert f"\r\nLocation: {heard.request.url}\r\n" in reply


async def test_forged_and_slow_requests_do_not_block_the_true_one() -> None:
    async with listening() as heard:
        port = heard.listener.port
        slow = [await asyncio.open_connection("127.0.0.1", port) for _ in range(100)]
        for _, writer in slow:
            writer.write(b"GET /")
        gate = asyncio.Semaphore(50)

        async def forge(number: int) -> None:
            async with gate:
                await get(heard, f"/?code={CODE}{number}&state={number:043d}")

        await asyncio.gather(*(forge(number) for number in range(10_000)))
        assert heard.answers == []
        began = time.monotonic()
        await get(heard, heard.true_target)
        assert time.monotonic() - began < 1.0
        assert [answer.code for answer in heard.answers] == [Secret(CODE)]
        assert heard.listener.foreign >= 10_000
        for _, writer in slow:
            writer.close()


async def test_a_forged_answer_after_the_true_one_is_foreign_too() -> None:
    async with listening() as heard:
        await get(heard, heard.true_target)
        assert (await get(heard, f"/?code={CODE}&state={'x' * 43}")).split(" ")[1] == "400"
        assert heard.listener.foreign == 1


async def test_answers_are_sent_at_once_and_wait_for_no_receipt() -> None:
    async with listening() as heard:
        assert all(sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) for sock in heard.listener._sockets)


async def test_the_longest_slow_make_room_for_others() -> None:
    async with listening() as heard:
        slow = [await asyncio.open_connection("127.0.0.1", heard.listener.port) for _ in range(70)]
        first = slow[0][0]
        began = time.monotonic()
        with contextlib.suppress(ConnectionResetError):
            assert await first.read() == b""
        assert time.monotonic() - began < 2.0, "only its own time limit ended it"
        for _, writer in slow:
            writer.close()


async def test_only_loopback_is_listened_on_and_both_kinds_of_it() -> None:
    async with listening() as heard:
        addresses = {sock.getsockname()[0] for sock in heard.listener._sockets}
        assert addresses <= {"127.0.0.1", "::1"}
        assert "127.0.0.1" in addresses


async def test_a_port_in_use_leads_to_the_next_unless_exact() -> None:
    first, second, third = LoopbackListener(page_words), LoopbackListener(page_words), LoopbackListener(page_words)
    port = await first.open(0)
    try:
        assert await second.open(port) > port
        with pytest.raises(NoPort):
            await third.open(port, exact=True)
    finally:
        await first.close()
        await second.close()


async def test_a_port_held_by_another_on_ipv6_alone_is_not_shared() -> None:
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as other:
        try:
            other.bind(("::1", 0))
        except OSError:
            pytest.skip("no IPv6 on this machine")
        other.listen()
        listener = LoopbackListener(page_words)
        with pytest.raises(NoPort):
            await listener.open(other.getsockname()[1], exact=True)


async def test_a_closed_listener_holds_no_port_and_no_connection() -> None:
    async with listening() as heard:
        port = heard.listener.port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /")
    with contextlib.suppress(ConnectionResetError):
        assert await reader.read() == b""
    with pytest.raises(OSError, match=r"refused|Connect call failed"):
        await asyncio.open_connection("127.0.0.1", port)
    writer.close()


async def test_a_connection_during_closing_is_closed_too() -> None:
    for turns in range(40):
        listener = LoopbackListener(page_words)
        port = await listener.open(0)
        with socket.socket() as browser:
            browser.connect(("127.0.0.1", port))
            browser.setblocking(False)
            for _ in range(turns % 8):
                await asyncio.sleep(0)
            await listener.close()
            async with asyncio.timeout(2):
                with contextlib.suppress(ConnectionResetError):
                    assert await asyncio.get_running_loop().sock_recv(browser, 10) == b""


async def _is_answered(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionError:
        return False
    writer.close()
    return True


async def test_it_closes_by_itself_after_its_time() -> None:
    listener = LoopbackListener(page_words, lifetime=0.05)
    await listener.open(0)
    async with asyncio.timeout(5):
        while await _is_answered(listener.port):
            await asyncio.sleep(0.01)
    await listener.close()

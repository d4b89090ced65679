"""`igauth login`: the same login on a plain line, for a pipe, a dumb terminal or a screen reader."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, aclosing
from typing import TextIO

import click

from tui.commands.deliver import deliver_saved
from tui.commands.failure import words_of
from tui.commands.login_qr import LoginQr
from tui.commands.names import login_target
from tui.commands.options import NAME, passphrase_option
from tui.commands.pipe import put, say, say_fixed
from tui.commands.running import open_command, run_work
from tui.commands.secret_store import choose_secret_store
from tui.commands.tokens import say_saved
from tui.credentials.piped import read_piped
from tui.facebook.dialog import RedirectRefused
from tui.facebook.errors import FacebookError
from tui.facebook.login import LoginOver
from tui.facebook.login_events import LoginEvent
from tui.facebook.login_methods import LoginMethod
from tui.facebook.pasted import AnswerRefused
from tui.plain.entry import Entry
from tui.plain.line import END_OF_INPUT, Arrivals
from tui.plain.mode import unlimited
from tui.process import USAGE, Refused
from tui.services import Services
from tui.services.adoption import AdoptionRefused
from tui.services.logins import ALL_METHODS, Attempt, LoginMethodUnavailable, write_hand_over
from tui.terminal.ssh_hint import ssh_hint
from tui.tokens.states import is_unusable
from tui.tokens.token import state
from tui.wording.commands import command_text
from tui.wording.login import event_lines, handover_text, page_words, redirect_lines, refusal_text, target_line
from tui.wording.surfaces import CommandLine
from tui.wording.text import Action, Do
from tui.wording.times import stamp

REFUSED, COULD_NOT_ASK = 1, 3


@click.command()
@click.option("--profile", type=NAME, help="Profile to use (default: the token's, the default one or the only one).")
@click.option("--name", type=NAME, help="Name of the token; an existing one is renewed (default: the profile's token).")
@click.option("--browser", is_flag=True, help="Only wait for a browser on this machine or behind `ssh -L`.")
@click.option("--paste", is_flag=True, help="Only read the redirected address from stdin.")
@click.option("--device", is_flag=True, help="Only show a code to enter at facebook.com/device.")
@click.option("--qr", is_flag=True, help="Draw the link as a QR code too, on stderr.")
@click.option(
    "--hand-over",
    metavar="FILE",
    help="Write a text for a colleague who has the browser to a new FILE, without any secret.",
)
@passphrase_option(stdin_is_free=False)
def login(
    profile: str | None, name: str | None, browser: bool, paste: bool, device: bool, qr: bool, hand_over: str | None
) -> int:
    """Log in with a browser here, an address pasted from another browser, or a device code; the first answer is used.

    The link goes to stdout, everything else to stderr; the address is read from stdin, never from an argument.
    Where several profiles or tokens may be meant it asks, or exits with 64 where there is no terminal.
    Exit status 1: no answer came, it was refused, or the new token does not work. 3: Facebook could not be asked.
    """
    if browser + paste + device > 1:
        raise click.UsageError("--browser, --paste and --device cannot be combined; without any, all are available.")
    services = open_command()
    target = login_target(services, profile, name)
    services.credentials(target.profile)  # MissingCredentials before anybody opens a browser
    wanted = ((browser, LoginMethod.BROWSER), (paste, LoginMethod.PASTE), (device, LoginMethod.DEVICE))
    methods = tuple(method for is_wanted, method in wanted if is_wanted) or ALL_METHODS
    choose_secret_store(services)
    say(target_line(target, services.settings.profile(target.profile)))
    again = Action(Do.LOG_IN, target.profile, target.token)
    return run_work(services, lambda: _log_in(services, again, methods, qr=qr, hand_over=hand_over))


async def _log_in(
    services: Services, again: Action, methods: tuple[LoginMethod, ...], *, qr: bool, hand_over: str | None
) -> int:
    """Open the login methods, introduce them, and store the token. Raises Refused."""

    code = LoginQr()

    def on_event(event: LoginEvent) -> None:
        for line in event_lines(event, CommandLine(), again):
            say(line)
        if qr:
            code.on_event(event)

    try:
        attempt = await services.logins.open(again.profile, again.token, on_event, page_words, methods=methods)
    except (LoginMethodUnavailable, RedirectRefused) as error:
        raise Refused(words_of(error, retry=again) or "", USAGE) from None
    async with AsyncExitStack() as stack:
        stack.push_async_callback(attempt.login.close)
        if hand_over is not None:
            _write_hand_over(hand_over, attempt)
            stack.callback(say, command_text("login", "link_expired", file=hand_over))
        if LoginMethod.PASTE in methods:
            stack.callback(asyncio.create_task(_read(attempt)).cancel)
        _introduce(attempt, methods)
        if qr:
            code.introduce(attempt, has_link=methods != (LoginMethod.DEVICE,))
        try:
            token = await attempt.finish()
        except (FacebookError, LoginOver, AdoptionRefused) as error:
            status = COULD_NOT_ASK if isinstance(error, FacebookError) and error.inconclusive else REFUSED
            raise Refused(words_of(error, retry=again) or "", status) from None
    say_saved(services, token)
    await deliver_saved(services, token.name)
    window = services.settings.window_of(token.profile)
    return REFUSED if is_unusable(state(token, services.clock.now(), window)) else 0


def _write_hand_over(file: str, attempt: Attempt) -> None:
    try:
        path = write_hand_over(file, handover_text(attempt.offer))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Refused(command_text("login", "not_written", file=file, reason=reason)) from None
    say(command_text("login", "written", file=path))


def _introduce(attempt: Attempt, methods: tuple[LoginMethod, ...]) -> None:
    offer = attempt.offer
    if methods == (LoginMethod.DEVICE,):
        say(command_text("login", "device"))
        return
    say(command_text("login", "link", attempt=offer.request.short_code))
    put(offer.request.url)
    for line in redirect_lines(offer, ssh_hint(os.environ, offer.forwards)):
        say(line)
    if LoginMethod.PASTE in methods:
        say(command_text("login", "paste"))
    say(command_text("login", "deadline", deadline=stamp(int(offer.deadline))))


async def _read(attempt: Attempt) -> None:
    """Try every text that stdin brings; a refused one is explained and the attempt goes on."""
    async with aclosing(typed_texts(sys.stdin)) as texts:
        async for text in texts:
            try:
                attempt.login.paste(text)
            except AnswerRefused as refused:
                say(f"igauth: {refusal_text(refused, CommandLine())}")
                continue
            return
    attempt.login.input_ended()


async def typed_texts(stream: TextIO | None) -> AsyncGenerator[str, None]:
    """Yield each text that is typed, pasted or piped, until the input ends; lines that arrive together are one text.

    On a terminal the line discipline's limit of 4096 bytes a line is lifted meanwhile.
    """
    if stream is None:
        return
    arrivals = Arrivals(stream.fileno())
    with unlimited(stream.fileno(), has_echo=True):
        chunk = b"?"
        while chunk not in (b"", END_OF_INPUT):
            entry = Entry(is_whole=True)
            while not entry.is_ended or await arrivals.go_on():
                chunk = await arrivals.next()
                if chunk in (b"", END_OF_INPUT):
                    break
                entry.feed(chunk)
            piped = read_piped(entry.held)
            if piped.fixed is not None:
                say_fixed(piped.fixed)
            text = entry.text if piped.fixed is None else piped.text
            if text.strip():
                yield text

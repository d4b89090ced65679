"""The login on a plain line: what is said while it goes on, and what is read from stdin."""

import asyncio
import os
import sys
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import click

from tui.commands.pipe import put, say
from tui.commands.typed import Typed
from tui.wording.times import stamp

if TYPE_CHECKING:
    from tui.facebook.login_events import LoginEvent
    from tui.services import Services
    from tui.services.logins import Attempt, Door
    from tui.settings import Profile

LOGGED_IN, REFUSED = 0, 1


@dataclass(frozen=True, slots=True)
class Show:
    """What is wanted beside the link: a QR code, a file with the text for a colleague."""

    qr: bool = False
    hand_over: str | None = None


async def log_in(
    services: "Services",
    profile: "Profile",
    name: str,
    doors: "tuple[Door, ...]",
    stdin: TextIO | None,
    show: Show = Show(),
) -> int:
    """Open the doors, tell how to go through them, and store what comes; return the exit status."""
    from tui.commands.failure import explain, facebook_words
    from tui.facebook.dialog import RedirectRefused
    from tui.facebook.errors import FacebookError
    from tui.facebook.login import LoginOver
    from tui.services.logins import DoorClosed
    from tui.tokens.errors import AdoptionRefused

    if show.hand_over is not None and (why := _why_no_file(show.hand_over)):
        say(f"igauth: {show.hand_over} was not written: {why}. Name a new file, then log in again.")
        return REFUSED
    try:
        attempt = await services.login_desk.open(profile.name, name, _tell, doors=doors)
    except (DoorClosed, RedirectRefused) as error:
        raise click.UsageError(str(error)) from None
    if doors == ("device",):
        attempt.login.wait_for_device_alone()
    reading = asyncio.create_task(_read(attempt, stdin)) if "paste" in doors else None
    try:
        _introduce(attempt, doors)
        if not _shown(attempt, show):
            return REFUSED
        token = await attempt.finish()
    except FacebookError as error:
        say(f"igauth: {facebook_words(error)}")
        return REFUSED
    except AdoptionRefused as error:
        say(f"igauth: {explain(error)[0]}")
        return REFUSED
    except LoginOver as error:
        say(f"igauth: {error.message}")
        return REFUSED
    finally:
        if reading is not None:
            reading.cancel()
        await attempt.abandon()
        _say_that_the_link_is_over(show)
    from tui.commands.tokens import say_saved

    say_saved(services, token)
    return LOGGED_IN


def _say_that_the_link_is_over(show: Show) -> None:
    """Say of a file that this login wrote that a colleague can do nothing with it any more."""
    if show.hand_over is not None and os.path.isfile(os.path.expanduser(show.hand_over)):
        say(f"The link in {show.hand_over} is of no use any more: this login is over. The file can go.")


def _why_no_file(name: str) -> str:
    """Return why the text for a colleague cannot go to a new file of that name; empty where nothing is in the way."""
    file = os.path.abspath(os.path.expanduser(name))
    if os.path.lexists(file):
        return "it exists already"
    folder = os.path.dirname(file)
    if not os.path.isdir(folder):
        return f"there is no folder {folder}"
    return "" if os.access(folder, os.W_OK | os.X_OK) else f"{folder} cannot be written"


def _shown(attempt: "Attempt", show: Show) -> bool:
    """Draw and write what else is wanted; tell whether the file could be written."""
    if show.qr:
        from shutil import get_terminal_size

        from tui.terminal.qr import TooSmall, draw_qr

        room = get_terminal_size((80, 100))
        code = draw_qr(attempt.request.url, room.columns, max(room.lines, 100), inverted=True)
        say(code.sentence if isinstance(code, TooSmall) else "\n".join(code.lines))
    if show.hand_over is not None:
        try:
            written = attempt.write_hand_over(show.hand_over)
        except OSError as error:
            say(f"igauth: {show.hand_over} was not written: {error.strerror}. Name a new file, then log in again.")
            return False
        say(f"The text for a colleague is in {written}; no secret in it.")
    return True


def _introduce(attempt: "Attempt", doors: "tuple[Door, ...]") -> None:
    request = attempt.request
    if doors == ("device",):
        say("Asking Facebook for a code to type in ...")
        return
    say(f"Open this link in a browser where you are logged in to Facebook (attempt {request.short_code}):")
    put(request.url)
    sys.stdout.flush()
    if attempt.port is not None:
        from tui.terminal.ssh_hint import ssh_hint

        hint = ssh_hint(os.environ, attempt.port)
        say(f"The answer comes by itself to port {attempt.port} of this machine. For a browser elsewhere, run there:")
        say(f"  {hint.command}" + (f"  (or by the name {hint.other_host})" if hint.other_host else ""))
        say(f"  and open there  {attempt.short_link}  which leads to the same page.")
    else:
        say(f"Needs {request.redirect_uri} as redirect address of the app.")
    if "paste" in doors:
        say("Or paste the address the browser ends at (also when its page does not load), then press enter:")
    say(f"The link is good until {stamp(int(attempt.login.deadline))}; ctrl+c gives up and leaves no port open.")


async def _read(attempt: "Attempt", stdin: TextIO | None) -> None:
    """Try every text that stdin brings; a refused one is explained and the doors stay open."""
    from tui.facebook.pasted import AnswerRefused

    async with aclosing(aiter(Typed(stdin))) as texts:
        async for text in texts:
            try:
                attempt.login.paste(text)
            except AnswerRefused as refused:
                say(f"igauth: {refused.message}")
                continue
            return
    if attempt.port is not None:
        return  # a browser may still come back
    if attempt.has_device:
        attempt.login.wait_for_device_alone()
    else:
        attempt.login.cancel()  # nothing more can come


def _tell(event: "LoginEvent") -> None:
    """Say what happened, each thing in one line on stderr."""
    from tui.facebook.login_events import DeviceCodeShown
    from tui.facebook.login_words import event_lines

    if isinstance(event, DeviceCodeShown):
        say(f"On any device open {event.url} and type in the code: {event.user_code}")
    for line in event_lines(event, again="Log in again: the dialog then asks for it once more."):
        say(line)

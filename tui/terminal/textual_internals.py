"""Everything private to Textual (and Rich) that igauth uses, in one file. It belongs to Textual 8.2.8.

Each item says what it buys. With another version of Textual the tight painter is not used (`paints_tightly`); the
rest is to be read again, with the tests that are named at the items, before the pin in pyproject.toml moves.
"""

import asyncio
import codecs
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache, partial
from itertools import accumulate
from pathlib import Path
from types import FrameType
from typing import Any, ClassVar, Generic, TypeVar

import textual
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from rich.text import Text
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS, SYNC_END, SYNC_START
from textual._compositor import Compositor
from textual._compositor import CompositorUpdate as Update
from textual._context import visible_screen_stack
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.dom import DOMNode
from textual.driver import Driver
from textual.events import Key
from textual.filter import LineFilter
from textual.keys import _character_to_key, _normalize_key_list
from textual.message import Message
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input
from textual.widgets._toast import ToastRack

__all__ = ["SYNC_END", "SYNC_START", "Compositor", "ToastRack", "Update"]

TEXTUAL_VERSION = "8.2.8"

Answer = TypeVar("Answer")


# --- painting ------------------------------------------------------------------------------------------------------


@cache
def is_known_version() -> bool:
    """Tell whether the installed Textual is the one this file was written for."""
    # a look at the file system: importlib.metadata would cost the start 50 ms
    return (Path(textual.__file__).parent.parent / f"textual-{TEXTUAL_VERSION}.dist-info").is_dir()


def paints_tightly(environ: Mapping[str, str]) -> bool:
    """Tell whether the tight painter may be used: with the known Textual, unless IGAUTH_PAINT=plain is set."""
    return environ.get("IGAUTH_PAINT") != "plain" and is_known_version()


class OwnCompositor(Compositor):
    """Textual's compositor with its private parts under public names. Buys: a fifth of the bytes on a slow line."""

    is_marked = False
    """Whether the terminal knows the marks between which a frame is shown as a whole (DEC mode 2026)."""

    def forget(self) -> None:
        """Drop what is known of the terminal's content: something else has painted."""

    def take_dirty_spans(self, around: tuple[int, int, int, int]) -> list[tuple[int, int, int]]:
        """Return line, begin and end of what has to be painted, grown by `around`, and mark it as painted."""
        screen = self.size.region
        grown = (region.grow(around).intersection(screen) for region in self._dirty_regions)
        spans = list(self._regions_to_spans(region for region in grown if region))
        self._dirty_regions.clear()
        return spans

    def render_update(
        self, full: bool = False, screen_stack: "list[Screen[Any]] | None" = None, simplify: bool = False
    ) -> Any:
        """Return the update of what is dirty, or None; a `full` one is an export, which is Textual's to make."""
        if full:
            return super().render_update(full, screen_stack, simplify)
        visible_screen_stack.set(screen_stack or [])
        return self.dirty_update()

    def dirty_update(self) -> Update | None:
        """Return the update of what is dirty, or None."""
        return self.render_partial_update()


class PaintedScreen(Screen[Answer], Generic[Answer]):
    """A screen that is painted by its own compositor, or by Textual's where `compositor` is None.

    Buys: no frame is drawn while the app holds painting back, no style sheet is parsed twice at the start
    (tests/screens/test_quiet.py, tests/widgets/test_tight_painting.py).
    """

    def __init__(self, compositor: OwnCompositor | None, classes: str | None = None) -> None:
        super().__init__(classes=classes)
        self._own = compositor
        if compositor is not None:
            self._compositor = compositor
        self._is_held_back = False
        self._css_update_count = self.app._css_update_count  # style sheets that are current: nothing to parse again

    def _compositor_refresh(self) -> None:
        """Draw, but not while the app holds all painting back: what is drawn then is thrown away."""
        app = self.app
        self._is_held_back = app._batch_count > 0
        if self._is_held_back:
            return
        is_marked = app._sync_available
        if self._own is not None:  # it marks long frames itself: a tick needs no marks
            self._own.is_marked = is_marked
            app._sync_available = False
        super()._compositor_refresh()
        app._sync_available = is_marked

    def draw_held_back(self) -> None:
        """Draw what could not be drawn while the app held all painting back."""
        if self._is_held_back:
            self._compositor_refresh()

    def forget_painted(self) -> None:
        """Have the next frame painted as a whole, whatever the terminal is believed to show."""
        if self._own is not None:
            self._own.forget()

    def paint_along(self, widget: Widget) -> None:
        """Paint a widget that was refreshed just now in the same frame as what led to it. Buys: one frame a key."""
        self._dirty_widgets.add(widget)


def color_system(console: Console) -> ColorSystem | None:
    """Return how many colors the console writes; its public property gives a name only."""
    return console._color_system


def attribute_codes(style: Style, system: ColorSystem) -> str:
    """Return the SGR parameters of a style's attributes without its colors."""
    return style.without_color._make_ansi_codes(system)


def change_keys(node: DOMNode, keymap: Mapping[str, str]) -> None:
    """Bind the keys of `keymap`, by binding id, instead of the default ones.

    Buys: they work in fields. `App.set_keymap` comes too late for a binding whose default key is a letter: Textual
    leaves it out before, as the field takes the letter (findings/textual-keymap-in-a-field.sh).
    """
    node._bindings.apply_keymap(dict(keymap))


# --- the start of the app ------------------------------------------------------------------------------------------


class Handling:
    """What handles messages, and can go on where handling one failed. Textual closes whatever raises."""

    def goes_on_after(self, error: Exception) -> bool:
        """Show what an error means, and return whether to go on."""
        return False

    async def _dispatch_message(self, message: Message) -> None:
        try:
            await super()._dispatch_message(message)  # type: ignore[misc]
        except Exception as error:
            if not self.goes_on_after(error):
                raise


class QuickApp(App[int]):
    """An app whose first screen is its first mode, and whose failures are reported by `report_failure`."""

    KEY_PARSER: ClassVar[type[XTermParser]] = XTermParser
    undoing = ""
    """What undoes what igauth itself has switched on in the terminal."""

    def start_in(self, mode: str) -> None:
        """Begin in a mode instead of on a blank screen. Buys: one screen less to lay out and paint at the start."""
        self._screen_stacks = {mode: []}
        self._current_mode = mode

    def get_driver_class(self) -> type[Driver]:
        """Return the driver for this terminal; what it reads goes through `KEY_PARSER`."""
        driver = super().get_driver_class()
        module = vars(sys.modules[driver.__module__])
        module["XTermParser"] = self.KEY_PARSER
        if "getincrementaldecoder" in module:  # a byte that is no UTF-8 would end the app
            module["getincrementaldecoder"] = _lenient_decoder
        return driver

    @property
    def has_pointers(self) -> bool:
        """Whether the terminal changes the pointer's shape; others show what they are sent, or have it as a title."""
        return False

    def _set_pointer_shape(self, shape: str) -> None:
        if self.has_pointers:
            super()._set_pointer_shape(shape)

    def add_line_filter(self, line_filter: LineFilter) -> None:
        """Have every line filtered before it is written."""
        self._filters.append(line_filter)

    def use_theme_before_start(self) -> None:
        """Take over the theme that was set before the app runs. Buys: nothing is painted in two themes."""
        self._refresh_truecolor_filter(self.ansi_theme)

    def report_failure(self, error: Exception) -> None:
        """Report an error that nothing handled, and end the app."""
        super()._handle_exception(error)

    def _handle_exception(self, error: Exception) -> None:
        """Keep Textual's own handler away: it prints the local variables of every frame, secrets included."""
        self.report_failure(error)


def end_after(app: App[Any], error: BaseException) -> bool:
    """Note `error` as what ended the app, and return whether it is the first one (tests/terminal/test_crash.py)."""
    app._return_code = 1
    is_first = app._exception is None
    if is_first and isinstance(error, Exception):
        app._exception = error  # what Pilot raises in tests
        app._exception_event.set()
    return is_first


def close_with(app: App[Any], text: str) -> None:
    """Close the app, and print `text`, where there is one, once the terminal is restored."""
    if text:
        app._exit_renderables.clear()
        app._exit_renderables.append(Text(text, no_wrap=True, overflow="ignore"))
    app._close_messages_no_wait()


def _lenient_decoder(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
    return partial(codecs.getincrementaldecoder(encoding), "replace")


_ESCAPE_TWICE = "\x1b[91;7u"
"""What Emacs' vterm makes of escape pressed twice; a single one waits there for the next key."""
_BEGINS_MORE = frozenset("[O]P_")
"""What follows an escape where a longer sequence begins."""
_LONGEST_KNOWN = 32
"""Characters of a sequence that Textual can know; it would type a longer one."""


class SequenceParser(XTermParser):
    """Textual's reader of keys, given one whole sequence at a time; alt with a character types nothing.

    Textual calls alt+v a `v` that can be typed, alt+? the key `?`, and alt+2 the character that Option+2 types on a
    Mac. Buys: alt with a letter works in fields (tests/terminal/test_alt_keys.py).
    """

    def typed(self, text: str) -> list[Message]:
        """Return what `text` means: characters, or one whole sequence. One without a meaning is nothing."""
        if text == "\x1b":
            return [Key("escape", text)]
        if text[0] == "\x1b" and len(text) > _LONGEST_KNOWN:
            return []
        found = list(super().feed(text))
        if self._timeout_time is not None:  # Textual would type it after 0.1 s
            self._timeout_time = 0.0
            list(super().tick())
        return found

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[Key]:
        if sequence == _ESCAPE_TWICE:
            return [Key("escape", "\x1b")]
        is_alt = sequence[:1] == "\x1b" and len(sequence) == 2 and sequence[1].isprintable()
        if not is_alt or sequence[1] in _BEGINS_MORE or isinstance(ANSI_SEQUENCES_KEYS.get(sequence), tuple):
            return super()._sequence_to_key_events(sequence, alt)
        shift = "shift+" if sequence[1].isupper() else ""
        return [Key(f"alt+{shift}{_character_to_key(sequence[1].lower())}", None)]


# --- keys and toasts -----------------------------------------------------------------------------------------------


def key_names(keys: str) -> tuple[str, ...]:
    """Return comma-separated keys by the names Textual knows them by: `question_mark` for `?`."""
    return tuple(key for key in _normalize_key_list(keys).split(",") if key)


def name_of_character(character: str) -> str:
    """Return the name of the key that types a character."""
    return _character_to_key(character)


def toast_racks(widgets: Iterable[Widget]) -> Iterator[Widget]:
    """Return the widgets that hold toasts. Buys: toasts that do not cover the status line."""
    return (widget for widget in widgets if isinstance(widget, ToastRack))


class RedrawnInput(Input):
    """An input that draws other signs than its value has. Buys: a paste is kept whole and what is invisible is seen.

    See tests/widgets/test_credential_field.py.
    """

    def __init__(self, *, password: bool, select_on_focus: bool) -> None:
        super().__init__(password=password, select_on_focus=select_on_focus)
        self._initial_value = False  # else the first paste does not scroll to the cursor

    def shown(self, value: str) -> str:
        """Return what the screen shows for `value`: one sign for each code point."""
        return value

    def drawn(self) -> Text:
        """Return the line as it is drawn."""
        return Text(self.shown(self.value), no_wrap=True, overflow="ignore", end="")

    def cell_of(self, position: int) -> int:
        """Return the cell at which the code point at `position` is drawn, before scrolling."""
        return cell_len(self.shown(self.value[:position]))

    @property
    def _value(self) -> Text:
        return self.drawn()

    def _position_to_cell(self, position: int) -> int:
        return self.cell_of(position)

    def _cell_offset_to_index(self, offset: int) -> int:
        ends = accumulate(map(cell_len, self.shown(self.value)))
        cell = offset + self.scroll_offset.x
        return next((index for index, end in enumerate(ends) if cell < end), len(self.value))


# --- the terminal's driver -----------------------------------------------------------------------------------------


def can_suspend(app: App[Any]) -> bool:
    """Tell whether the app can leave the full screen and come back."""
    return not app.is_headless and app._driver is not None and app._driver.can_suspend


def is_ending(app: App[Any]) -> bool:
    """Tell whether the app is ending. Buys: the full screen is not entered again on the way out."""
    return app._exit


def write_raw(app: App[Any], sequence: str) -> bool:
    """Write `sequence` to the terminal between two frames; False where the screen is not the app's at the moment.

    While the app is suspended its writer thread is gone, and a write would wait forever in its queue.
    """
    driver = app._driver
    if driver is None:
        return False
    writer = getattr(driver, "_writer_thread", driver)
    if not getattr(writer, "is_alive", lambda: writer is not None)():
        return False
    if sequence:
        driver.write(sequence)
        driver.flush()
    return True


def switch_mouse(app: App[Any], on: bool) -> None:
    """Have the terminal report the mouse, where the app is to use it, or not.

    Buys: text can be selected on a page in a browser; Textual's driver for it takes the mouse in any case.
    """
    driver = app._driver
    if driver is not None:
        (driver._enable_mouse_support if on and driver._mouse else driver._disable_mouse_support)()  # type: ignore[attr-defined]


def terminal_attributes(app: App[Any]) -> list[Any] | None:
    """Return the terminal's settings (termios) from before the app started."""
    return getattr(app._driver, "attrs_before", None)


def handle_stopping(app: App[Any]) -> None:
    """Repaint after `fg`; do not stop where no shell could continue igauth; survive a SIGSTOP that Textual did not see.

    Buys: igauth comes back whole from ctrl+z (tests/terminal/test_endings.py).
    """
    from textual.drivers.linux_driver import LinuxDriver

    app.app_resume_signal.subscribe(app, lambda _: repaint(app))
    driver = app._driver
    if not isinstance(driver, LinuxDriver):
        return
    loop = asyncio.get_running_loop()

    def stop(_number: int, _frame: FrameType | None) -> None:
        # the only process of its session, as under `ssh host igauth`: no shell is there to bring it back
        if os.getpgrp() != os.getsid(0):
            driver._sigtstp_application()

    def resume(_number: int, _frame: FrameType | None) -> None:
        # Textual would start a second reader and writer if it had not stopped the first ones itself
        if driver._must_signal_resume:
            driver._sigcont_application()
        elif driver._auto_restart:
            loop.call_soon_threadsafe(repaint, app)

    signal.signal(signal.SIGTSTP, stop)
    signal.signal(signal.SIGCONT, resume)


def repaint(app: App[Any]) -> None:
    """Paint the whole screen, whatever the terminal is believed to show."""
    app.refresh(layout=True)

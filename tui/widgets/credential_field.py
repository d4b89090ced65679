"""A field for one credential: the text as it was pasted, and every flaw of it live underneath, where it stands."""

from __future__ import annotations

import textwrap
import time
from collections.abc import Callable, Mapping
from typing import ClassVar

from rich.cells import cell_len, set_cell_size
from rich.text import Text
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from tui.credentials import Field, Flaw, Severity, describe, inspect, is_like_a_secret, mend, mend_one
from tui.widgets.credential_input import CredentialInput

_SIGNS: Mapping[Severity, str] = {"blocks": "×", "suspicious": "!", "note": "·"}
_PLAIN_SIGNS: Mapping[Severity, str] = {"blocks": "x", "suspicious": "!", "note": "-"}
_LISTED = 3
"""Lines under the carets; one line of carets and these are all that a field takes, so that four fit in 24 lines."""
_STEPS_KEPT = 50
_SOON = 0.05


class FlawList(Static):
    """What stands under the input: carets under the flaws, then the flaws in words. A click on one mends it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "flaws--caret",
        "flaws--blocks",
        "flaws--suspicious",
        "flaws--note",
        "flaws--why",
    }

    class Picked(Message):
        """A flaw was clicked on."""

        def __init__(self, flaw: Flaw) -> None:
            super().__init__()
            self.flaw = flaw

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.lines: list[tuple[str, str, Flaw | None]] = []
        self.display = False

    def show(self, lines: list[tuple[str, str, Flaw | None]]) -> None:
        """Show lines of (text, component class, flaw); nothing is redrawn where nothing changed."""
        if lines == self.lines:
            return
        same_height = len(lines) == len(self.lines)
        self.lines = lines
        self.display = bool(lines)
        self._write(layout=not same_height)

    def on_mount(self) -> None:
        """Take the colours of another theme as soon as it is put on."""
        self.app.theme_changed_signal.subscribe(self, lambda _: self.call_after_refresh(self._write))

    def _write(self, layout: bool = False) -> None:
        styled = (Text(text, self.get_component_rich_style(name), no_wrap=True, end="") for text, name, _ in self.lines)
        self.update(Text("\n", no_wrap=True).join(styled), layout=layout)

    def on_click(self, event: events.Click) -> None:
        """Mend the flaw that was clicked on."""
        row = event.y
        flaw = self.lines[row][2] if 0 <= row < len(self.lines) else None
        if flaw is not None:
            event.stop()
            self.post_message(self.Picked(flaw))


class CredentialField(Vertical):
    """Label, input and flaws of one credential. Holds no rule: it asks `tui.credentials` and shows the answer."""

    class Changed(Message):
        """The text changed, by typing, pasting, mending or undoing."""

        def __init__(self, field_widget: CredentialField, value: str, flaws: tuple[Flaw, ...]) -> None:
            super().__init__()
            self.field_widget = field_widget
            self.value = value
            self.flaws = flaws

        @property
        def control(self) -> CredentialField:
            """The field itself, for selectors in `@on`."""
            return self.field_widget

    class Submitted(Message):
        """Enter was pressed by hand; a line end inside a paste is none."""

        def __init__(self, field_widget: CredentialField) -> None:
            super().__init__()
            self.field_widget = field_widget

        @property
        def control(self) -> CredentialField:
            """The field itself, for selectors in `@on`."""
            return self.field_widget

    def __init__(
        self,
        field: Field,
        *,
        label: str,
        short_label: str = "",
        secret: bool = False,
        optional: bool = False,
        context: Callable[[], Mapping[Field, str]] | None = None,
        id: str | None = None,
        plain_marks: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(id=id)
        self.field: Field = field
        self._label = label
        self._short_label = short_label or label
        self._secret = secret
        self._optional = optional
        self._others = context
        self._signs = _PLAIN_SIGNS if plain_marks else _SIGNS
        self._input = CredentialInput(
            masked=secret, plain_marks=plain_marks, clock=clock, hides=None if secret else is_like_a_secret
        )
        self._list = FlawList()
        self._flaws: tuple[Flaw, ...] = ()
        self._seen = ""
        self._handled = ""
        self._is_unannounced = False
        self._touched = False
        self._steps: list[str] = []
        self._typing = False
        self._showing: Timer | None = None

    def compose(self) -> ComposeResult:
        """Label, input, flaws."""
        yield Static(self._worded(self._label), classes="label", markup=False)
        yield self._input
        yield self._list

    def _worded(self, label: str) -> str:
        return label + (" (optional)" if self._optional else "")

    def on_mount(self) -> None:
        """Keep the carets under the flaws when the text scrolls sideways."""
        self.watch(self._input, "scroll_x", self._show_flaws_soon, init=False)
        self.reinspect()

    # --- what others read and do ----------------------------------------------------------------------------------

    @property
    def value(self) -> str:
        """The text as it came, blanks, line ends and all."""
        return self._input.value

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """Every flaw of the text as it stands now."""
        if self._input.value != self._seen:
            self.reinspect()
        return self._flaws

    @property
    def is_secret(self) -> bool:
        """Whether the text is one that nobody should read over a shoulder: by its field, or by what it looks like."""
        return self._secret or is_like_a_secret(self.value)

    @property
    def revealed(self) -> bool:
        """Whether the text can be read on the screen."""
        return not self._input.password

    def focus_input(self) -> None:
        """Put the cursor into the field."""
        self._input.focus()

    def reveal(self, on: bool) -> None:
        """Show a secret, or mask it again."""
        if self.is_secret:
            self._input.password = not on
            self._show_flaws()

    def set_value(self, text: str) -> None:
        """Replace the text with one that nobody typed; there is nothing to undo behind it."""
        self._steps.clear()
        self._touched = False
        self._handled = text
        self._input.value = text
        self._input.cursor_position = len(text)
        self._look()
        self._show_flaws()

    def mend_front(self) -> bool:
        """Mend the first flaw that can be mended; tell whether there was one."""
        return any(self._mend(flaw) for flaw in self.flaws if flaw.proposal is not None)

    def mend_all(self) -> bool:
        """Mend every flaw; where some cannot be mended, mend those that can. Tell whether anything changed."""
        mended = mend(self.field, self.value, self._known())
        if mended is not None:
            self._replace(mended)
            return True
        changed = False
        while self.mend_front():
            changed = True
        return changed

    def undo(self) -> bool:
        """Bring back the text before the last paste, mending or stretch of typing; tell whether there was one."""
        if not self._steps:
            return False
        self._replace(self._steps.pop(), remember=False)
        return True

    def reinspect(self) -> None:
        """Look for flaws again, for when another field changed; posts nothing."""
        self._look()
        self._show_flaws_soon()

    def _look(self) -> None:
        self._seen = self._input.value
        if not self._seen and self._optional:
            self._flaws = ()
        else:
            self._flaws = inspect(self.field, self._seen, self._known())

    # --- changes --------------------------------------------------------------------------------------------------

    def _known(self) -> Mapping[Field, str]:
        return {} if self._others is None else self._others()

    def _mend(self, flaw: Flaw) -> bool:
        mended = mend_one(self.field, self.value, flaw, self._known())
        if mended is None:
            return False
        self._replace(mended)
        return True

    def _replace(self, text: str, *, remember: bool = True) -> None:
        if remember:
            self._remember(self.value)
        self._typing = False
        self._handled = text
        self._input.value = text
        self._input.cursor_position = len(text)
        self._announce()

    def _remember(self, text: str) -> None:
        if not self._steps or self._steps[-1] != text:
            self._steps.append(text)
            del self._steps[:-_STEPS_KEPT]

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        event.stop()
        value = self._input.value
        if value == self._handled:
            return
        typed = abs(len(value) - len(self._handled)) <= 1
        if not (typed and self._typing):
            self._remember(self._handled)
        self._typing = typed or len(value) <= 1  # what is typed over a selected or emptied text is one step with that
        self._handled = value
        if typed:
            self._announce_soon()
        else:
            self._announce()

    def _announce_soon(self) -> None:
        """Look and tell a moment later, once for all keys until then, so that typing stays as quick as ever."""
        self._touched = True
        self._is_unannounced = True
        self._show_flaws_soon()

    def _announce(self) -> None:
        self._touched = True
        self._is_unannounced = True
        self._show_flaws()

    @on(CredentialInput.Settled)
    def _settled(self, event: CredentialInput.Settled) -> None:
        event.stop()
        self.post_message(self.Submitted(self))

    @on(CredentialInput.UndoAsked)
    def _undo_asked(self, event: CredentialInput.UndoAsked) -> None:
        event.stop()
        self.undo()

    @on(CredentialInput.MaskedCopy)
    def _masked_copy(self, event: CredentialInput.MaskedCopy) -> None:
        event.stop()
        self.notify("Nothing was copied: the value is masked. Reveal it first (^t).", timeout=4)

    @on(FlawList.Picked)
    def _picked(self, event: FlawList.Picked) -> None:
        event.stop()
        self._mend(event.flaw)
        self._input.focus()

    # --- drawing --------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """The lines are cut to the width there is, and the label is the one that fits."""
        whole = self._worded(self._label)
        fits = cell_len(whole) <= self.content_size.width
        self.query_one(".label", Static).update(whole if fits else self._worded(self._short_label))
        self._show_flaws()

    def _show_flaws_soon(self, *_: object) -> None:
        """Show the flaws a moment later."""
        if self._showing is None and self.is_mounted:
            self._showing = self.set_timer(_SOON, self._show_flaws)

    def _show_flaws(self, *_: object) -> None:
        if self._showing is not None:
            self._showing.stop()
            self._showing = None
        if self._is_unannounced:
            self._is_unannounced = False
            self._look()
            self.post_message(self.Changed(self, self.value, self._flaws))
        flaws = self._flaws
        if not flaws or (not self.value and not self._touched):
            self._list.show([])
            return
        width = max(20, self._input.scrollable_content_region.width)
        lines: list[tuple[str, str, Flaw | None]] = []
        if self.value:
            lines.append((self._carets(width), "flaws--caret", None))
        lines += self._told(flaws, width)
        self._list.show([(_cut(text, width), name, flaw) for text, name, flaw in lines])

    def _told(self, flaws: tuple[Flaw, ...], width: int) -> list[tuple[str, str, Flaw | None]]:
        """Return the lines in words: the front flaw whole, then the others, then why, as far as there is room."""
        front = flaws[0]
        room = _LISTED if len(flaws) == 1 else _LISTED - 1
        mendable = next((flaw for flaw in flaws if flaw.proposal is not None), None)
        line = self._line(front, keyed=front is mendable)
        wrapped = textwrap.wrap(line, width, subsequent_indent="  ", max_lines=room, placeholder=" …")
        lines: list[tuple[str, str, Flaw | None]] = [(text, f"flaws--{front.severity}", front) for text in wrapped]
        others = flaws[1:]
        shown = others if len(others) <= _LISTED - len(lines) else others[: _LISTED - len(lines) - 1]
        lines += [(self._line(flaw, keyed=flaw is mendable), f"flaws--{flaw.severity}", flaw) for flaw in shown]
        if rest := others[len(shown) :]:
            nouns = ", ".join(dict.fromkeys(describe(self.field, flaw).split(",")[0] for flaw in rest))
            lines.append((f"  and {len(rest)} more: {nouns}", "flaws--why", None))
        return [*lines, *self._why(front, width, _LISTED - len(lines))]

    def _why(self, front: Flaw, width: int, room: int) -> list[tuple[str, str, Flaw | None]]:
        """Return what the flaw causes, whole if it can be, then how it came about, in `room` lines."""
        if room < 1:
            return []
        most = max(room, 2)  # a line more than the others get: half of Facebook's sentence helps nobody
        effect = textwrap.wrap(f"  {front.effect}", width, subsequent_indent="  ", max_lines=most, placeholder=" …")
        cause = [f"  {front.cause}"] if len(effect) < room else []
        return [(text, "flaws--why", None) for text in [*effect, *cause]]

    def _line(self, flaw: Flaw, *, keyed: bool) -> str:
        key = " [f2 mends]" if keyed else ""
        return f"{self._signs[flaw.severity]} {describe(self.field, flaw)}{key}"

    def _carets(self, width: int) -> str:
        """Return carets at the cells of the flaws, as far as they are in view; `<` and `>` point to the others."""
        scrolled = int(self._input.scroll_offset.x)
        cells = [" "] * width
        for flaw in reversed(self._flaws):
            first = self._input.cell_of(flaw.start) - scrolled
            last = max(first + 1, self._input.cell_of(flaw.end) - scrolled)
            sign = "^" if flaw.characters or flaw.end - flaw.start < 1 else "~"
            if last <= 0:
                cells[0] = "<"
            elif first >= width:
                cells[-1] = ">"
            for cell in range(max(0, first), min(width, last)):
                if sign == "^" or cells[cell] == " ":
                    cells[cell] = sign
        return "".join(cells).rstrip()


def _cut(text: str, width: int) -> str:
    """Cut to `width` cells, with a sign where something is missing."""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"

"""A field for one credential: the text as it was pasted, and under it every flaw at its place, as it is typed."""

import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.credentials.flaws import SECRETS, Context, Field, Flaw, Severity
from tui.credentials.inspection import fix, fix_one, grouped, inspect, is_like_a_secret
from tui.widgets.credential_input import CredentialInput
from tui.widgets.token_cells import fitted
from tui.widgets.undo_steps import UndoSteps
from tui.wording.flaws import flaw_text

_SIGNS: Mapping[Severity, str] = {Severity.BLOCKS: "×", Severity.SUSPICIOUS: "!", Severity.NOTE: "·"}
_LISTED = 3
"""Lines under the carets; one line of carets and these are all that a field takes, so that four fit in 24 lines."""
_SOON = 0.05
_NARROWEST = 20


class _ListLine(NamedTuple):
    """A line under the input: its text, the component class of its style, and the flaw that a click on it fixes."""

    text: str
    style: str
    flaw: Flaw | None = None


class FlawList(Widget):
    """The lines under the input: carets under the flaws, then the flaws in words. A click on one fixes it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"flaws--caret", "flaws--why", *(f"flaws--{grade}" for grade in Severity)}

    def __init__(self, fix: Callable[[Flaw], object]) -> None:
        super().__init__()
        self._fix = fix
        self.lines: list[_ListLine] = []
        self.display = False

    def show(self, lines: list[_ListLine]) -> None:
        """Show the lines."""
        has_other_height = len(lines) != len(self.lines)
        self.lines = lines
        self.display = bool(lines)
        self.refresh(layout=has_other_height)

    def render(self) -> Content:
        """Return the lines."""
        styles = {line.style: self.get_visual_style(line.style, partial=True) for line in self.lines}
        return Content("\n").join(Content.styled(line.text, styles[line.style]) for line in self.lines)

    def on_click(self, event: events.Click) -> None:
        """Fix the flaw that was clicked on."""
        flaw = self.lines[event.y].flaw if 0 <= event.y < len(self.lines) else None
        if flaw is not None:
            event.stop()
            self._fix(flaw)


@dataclass
class _FieldMessage(Message):
    """Something happened in a field."""

    field_widget: "CredentialField"

    @property
    def control(self) -> "CredentialField":
        """The field itself, for selectors in `@on`."""
        return self.field_widget


class CredentialField(Vertical):
    """Label, input and flaws of one credential. It has no rules: it asks `tui.credentials` and shows the answer.

    `fix_key` and `reveal_key` are the keys that fix the first flaw and show a masked value, as people write them.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "undo_paste", "Undo", show=False, id="undo_paste")]

    class Changed(_FieldMessage):
        """The text changed, by typing, pasting, fixing or undoing."""

    class Submitted(_FieldMessage):
        """Enter was pressed by hand; a line end inside a paste does not count."""

    def __init__(
        self,
        field: Field,
        *,
        label: str,
        short_label: str = "",
        optional: bool = False,
        context: Callable[[], Context] = dict,
        id: str | None = None,
        fix_key: str = "",
        reveal_key: str = "",
    ) -> None:
        super().__init__(id=id)
        self.field: Field = field
        self._labels = [f"{text} (optional)" if optional else text for text in (label, short_label or label)]
        self._optional = optional
        self._other_values = context
        self._fix_key = fix_key
        self._input = CredentialInput(hides=None if field in SECRETS else is_like_a_secret, reveal_key=reveal_key)
        self._list = FlawList(self._fix_picked)
        self._flaws: tuple[Flaw, ...] = ()
        self._seen = ""
        self._is_unannounced = False
        self._touched = False
        self._steps = UndoSteps()
        self._showing: Timer | None = None

    def compose(self) -> ComposeResult:
        """Label, input, flaws."""
        yield Static(self._labels[0], classes="label", markup=False)
        yield self._input
        yield self._list

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
        """Every flaw of the text."""
        if self._input.value != self._seen:
            self.reinspect()
        return self._flaws

    @property
    def is_secret(self) -> bool:
        """Whether the text must be masked: by its field, or by what it looks like."""
        return self.field in SECRETS or is_like_a_secret(self.value)

    @property
    def revealed(self) -> bool:
        """Whether the text can be read on the screen."""
        return not self._input.password

    def focus_input(self) -> None:
        """Put the cursor into the field."""
        self._input.focus()

    def paste(self, text: str) -> None:
        """Put in a text that was pasted; it can be undone."""
        self._replace(text)

    def reveal(self, on: bool) -> None:
        """Show a secret, or mask it again."""
        if self.is_secret:
            self._input.password = not on
            self._show_flaws()

    def set_value(self, text: str) -> None:
        """Replace the text with a stored one; there is nothing to undo."""
        self._steps.start(text)
        self._touched = False
        self._put(text)
        self._look()
        self._show_flaws()

    def fix_first(self) -> bool:
        """Fix the first flaw that can be fixed; tell whether there was one."""
        return any(self._fix(flaw) for flaw in self.flaws if flaw.fixable)

    def fix_all(self) -> bool:
        """Fix every flaw that can be fixed; tell whether anything changed."""
        if (fixed := fix(self.field, self.value, self._other_values())) is not None:
            self._replace(fixed)
            return True
        changed = False
        while self.fix_first():
            changed = True
        return changed

    def reinspect(self) -> None:
        """Look for flaws again, for when another field changed; posts nothing."""
        self._look()
        self._show_flaws_soon()

    def _look(self) -> None:
        self._seen = self._input.value
        is_needed = self._seen or not self._optional
        self._flaws = inspect(self.field, self._seen, self._other_values()) if is_needed else ()

    # --- changes --------------------------------------------------------------------------------------------------

    def _fix_picked(self, flaw: Flaw) -> None:
        self._fix(flaw)
        self._input.focus()

    def _fix(self, flaw: Flaw) -> bool:
        fixed = fix_one(self.field, self.value, flaw, self._other_values())
        if fixed is None:
            return False
        self._replace(fixed)
        return True

    def _replace(self, text: str) -> None:
        self._steps.replace(self.value, text)
        self._put(text)
        self._announce()

    def _put(self, text: str) -> None:
        self._input.value = text
        self._input.cursor_position = len(text)

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        event.stop()
        value = self._input.value
        if value != self._steps.text:
            self._announce(soon=self._steps.enter(value))

    def _announce(self, *, soon: bool = False) -> None:
        """Inspect the text and post the change; `soon`: once for several keys, so that typing stays quick."""
        self._touched = True
        self._is_unannounced = True
        (self._show_flaws_soon if soon else self._show_flaws)()

    @on(Input.Submitted)
    def _input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Submitted(self))

    def action_undo_paste(self) -> None:
        """Restore the text before the last paste, fix or series of keys."""
        if (text := self._steps.undo()) is not None:
            self._put(text)
            self._announce()

    # --- drawing --------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """The lines are cut to the width there is, and the label is the one that fits."""
        label, short_label = self._labels
        fits = cell_len(label) <= self.content_size.width
        self.query_one(".label", Static).update(label if fits else short_label)
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
            self.post_message(self.Changed(self))
        if not self._flaws or (not self.value and not self._touched):
            self._list.show([])
            return
        width = max(_NARROWEST, self._input.scrollable_content_region.width)
        carets = [_ListLine(self._carets(width), "flaws--caret")] if self.value else []
        lines = [*carets, *self._in_words(width)]
        self._list.show([line._replace(text=fitted(line.text, width).rstrip()) for line in lines])

    def _in_words(self, width: int) -> list[_ListLine]:
        """Return the first flaw whole, then the others, then effect and cause of the first, as far as there is room."""
        texts = [(first, flaw_text(self.field, first, others)) for first, *others in grouped(self._flaws)]
        fixable = next((flaw for flaw, _ in texts if flaw.fixable), None)
        lines: list[_ListLine] = []
        for place, (flaw, text) in enumerate(texts):
            key = f" [{self._fix_key} fixes]" if flaw is fixable and self._fix_key else ""
            line, style = f"{_SIGNS[flaw.severity]} {text.what}{key}", f"flaws--{flaw.severity}"
            room, rest = _LISTED - len(lines), len(texts) - place
            if place and rest > 1 and room == 1:
                return [*lines, _ListLine(f"  and {rest} more", "flaws--why")]
            wrapped = [line] if place else _wrapped(line, width, room - 1 if rest > 1 else room)
            lines += [_ListLine(each, style, flaw) for each in wrapped]
        room, (_, first) = _LISTED - len(lines), texts[0]
        if room > 0:
            # a line more than the others get: half of Facebook's sentence does not help
            effect = _wrapped(f"  {first.hint}", width, max(room, 2))
            cause = [f"  {first.why}"] if len(effect) < room else []
            lines += [_ListLine(text, "flaws--why") for text in (*effect, *cause)]
        return lines

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


def _wrapped(text: str, width: int, most: int) -> list[str]:
    return textwrap.wrap(text, width, subsequent_indent="  ", max_lines=most, placeholder=" …")

"""What else a profile says about its logins, as fields below the others: folded away where all have their defaults."""

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from tui.credentials.inspection import is_like_a_secret
from tui.services.login_options import LoginOption, OptionFlaw, Options, fix_option
from tui.widgets.credential_input import CredentialInput
from tui.widgets.undo_steps import UndoSteps
from tui.wording.login_options import more_settings, option_flaw, option_label


class OptionField(Vertical):
    """Label, input and flaws of one option."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f9", "undo_paste", "Undo", show=False, id="undo_paste")]

    class Changed(Message):
        """The text changed, by typing, pasting or undoing."""

    def __init__(self, option: LoginOption, default: str, *, fix_key: str, reveal_key: str) -> None:
        super().__init__(id=option)
        self.option = option
        self._input = CredentialInput(hides=is_like_a_secret, reveal_key=reveal_key)
        self._input.placeholder = default
        self._flaws = Static("", classes="flaws", markup=False)
        self._flaws.display = False
        self._steps = UndoSteps()
        self._fix_key = fix_key
        self._fixed = ""
        """The text without the flaws that can be fixed; empty where there is none."""

    def compose(self) -> ComposeResult:
        """Label, input, flaws."""
        yield Static(option_label(self.option), classes="label", markup=False)
        yield self._input
        yield self._flaws

    @property
    def value(self) -> str:
        """The text as it was typed."""
        return self._input.value

    def set_value(self, text: str) -> None:
        """Replace the text with a stored one; there is nothing to undo."""
        self._steps.start(text)
        self._input.value = text

    def focus_input(self) -> None:
        """Put the cursor into the field."""
        self._input.focus()

    def show_flaws(self, flaws: Sequence[OptionFlaw]) -> None:
        """Show what is wrong below the text, and the key where it fixes that."""
        fixed = self.value
        for flaw in flaws:
            fixed = fix_option(flaw, fixed) or fixed
        self._fixed = fixed if fixed != self.value else ""
        key = f" [{self._fix_key} fixes]" if self._fixed and self._fix_key else ""
        text = "\n".join(f"× {option_flaw(flaw)}" for flaw in flaws) + key
        if self._flaws.content != text:
            self._flaws.update(text)
            self._flaws.display = bool(text)

    @property
    def is_fixable(self) -> bool:
        """Whether a flaw can be fixed."""
        return bool(self._fixed)

    def fix(self) -> bool:
        """Fix every flaw that can be fixed; tell whether there was one."""
        if not self._fixed:
            return False
        self._steps.replace(self.value, self._fixed)
        self._put(self._fixed)
        return True

    def action_undo_paste(self) -> None:
        """Restore the text before the last paste or series of keys."""
        if (text := self._steps.undo()) is not None:
            self._put(text)

    def _put(self, text: str) -> None:
        self._fixed = ""
        self._input.value = text
        self._input.cursor_position = len(text)
        self.post_message(self.Changed())

    @on(Input.Changed)
    def _input_changed(self, event: Input.Changed) -> None:
        event.stop()
        if self.value != self._steps.text:
            self._steps.enter(self.value)
            self.post_message(self.Changed())

    @on(Input.Submitted)
    def _input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next(Input)


class LoginOptionFields(Vertical):
    """The options of one profile. A text in one of them keeps them unfolded."""

    def __init__(self, defaults: Options, *, fold_key: str, fix_key: str, reveal_key: str) -> None:
        super().__init__(id="login-options")
        self._fold_key = fold_key
        self._fields = {
            option: OptionField(option, default, fix_key=fix_key, reveal_key=reveal_key)
            for option, default in defaults.items()
        }
        self._loaded: Options = dict.fromkeys(defaults, "")

    def compose(self) -> ComposeResult:
        """A line that names them, and the fields."""
        yield Static("", id="more-settings", markup=False)
        yield from self._fields.values()

    def on_mount(self) -> None:
        """Begin folded."""
        self.fold(True)

    def values(self) -> dict[LoginOption, str]:
        """Return the text of each field."""
        return {option: field.value for option, field in self._fields.items()}

    def changed(self) -> dict[LoginOption, str]:
        """Return the texts that differ from what is stored."""
        return {option: text for option, text in self.values().items() if text != self._loaded[option]}

    def fill(self, texts: Options, before: Options) -> None:
        """Show what is stored; what was typed since the texts `before` stays."""
        self._loaded = texts
        for option, field in self._fields.items():
            if field.value == before[option]:
                field.set_value(texts[option])
        self.fold(True)

    @property
    def is_folded(self) -> bool:
        """Whether only the line that names them is shown."""
        return self.has_class("-folded")

    def fold(self, is_folded: bool) -> None:
        """Show the fields, or fold them away where all are empty."""
        is_folded = is_folded and not any(self.values().values())
        self.set_class(is_folded, "-folded")
        self.query_one("#more-settings", Static).update(more_settings(self._fold_key, is_folded))

    @property
    def focused(self) -> OptionField | None:
        """The field with the focus."""
        return next((field for field in self._fields.values() if field.has_focus_within), None)

    @property
    def can_fix(self) -> bool:
        """Whether a flaw can be fixed."""
        return any(field.is_fixable for field in self._fields.values())

    def fix(self) -> bool:
        """Fix the flaws of one field, that in focus first; tell whether there was one."""
        return any(field.fix() for field in sorted(self._fields.values(), key=lambda field: not field.has_focus_within))

    def show_flaws(self, flaws: Iterable[OptionFlaw]) -> None:
        """Show the flaws, each below its field."""
        found: Mapping[LoginOption, list[OptionFlaw]] = {option: [] for option in self._fields}
        for flaw in flaws:
            found[flaw.option].append(flaw)
        for option, field in self._fields.items():
            field.show_flaws(found[option])

    def focus_option(self, option: LoginOption) -> None:
        """Put the cursor into one field."""
        self.fold(False)
        self._fields[option].focus_input()
        self.call_after_refresh(self._fields[option].scroll_visible, animate=False)  # it has a place by then

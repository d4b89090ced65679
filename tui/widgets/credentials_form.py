"""The form of the Credentials screen: a profile's name, its four fields with their flaws, and a result below them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widgets import Input, Static

from tui.credentials.flaws import Field, Flaw, Severity
from tui.credentials.inspection import grouped, holds_a_secret
from tui.services.login_options import LoginOption, OptionFlaw, Options, option_texts
from tui.settings import Profile
from tui.widgets.credential_field import CredentialField
from tui.widgets.login_option_fields import LoginOptionFields, OptionField
from tui.wording import profiles as words
from tui.wording.flaws import message, titled
from tui.wording.names import meant_name
from tui.wording.surfaces import Screen as Surface
from tui.wording.surfaces import sentences
from tui.wording.text import Text

FIELDS: tuple[Field, ...] = ("app_id", "app_secret", "callback_url", "client_token")
_OPTIONAL: tuple[Field, ...] = ("callback_url", "client_token")
Judge = Callable[[Mapping[Field, str], Options], Sequence[OptionFlaw]]
"""Returns what would be wrong with the options that changed, with these values of the fields."""
_Kind = Literal["", "fine", "warning", "error"]
FlawsByField = Mapping[Field, list[Flaw]]
Typed = tuple[dict[Field, str], dict[LoginOption, str]]
"""The text of each field and of each option."""


class CredentialsForm(VerticalScroll):
    """What is typed of one profile. It stores nothing and asks nobody."""

    class Changed(Message):
        """Something was typed, pasted, fixed or undone."""

    def __init__(self, surface: Callable[[], Surface], defaults: Options, judge: Judge) -> None:
        super().__init__(id="form", can_focus=False)
        self._surface = surface
        self._defaults = defaults
        self._judge = judge
        self._loaded: dict[Field, str] = {}
        self._stored: frozenset[Field] = frozenset()
        self._is_new = False
        self._offered_name = ""
        self._said_about: object = None
        """What was in the form when the result was shown."""

    def compose(self) -> ComposeResult:
        """Heading, name, fields, result."""
        surface = self._surface()
        yield Static("", id="heading", markup=False)
        yield Static("Profile name", id="profile-label", markup=False)
        name = Input(placeholder="a name for this profile, such as acme", id="profile-name", compact=True)
        name.cursor_blink = False
        yield name
        for field in FIELDS:
            yield CredentialField(
                field,
                label=titled(field),
                optional=field in _OPTIONAL,
                context=self.values,
                id=field,
                fix_key=surface.key("fix_one"),
                reveal_key=surface.key("reveal"),
            )
        fold_key, fix_key, reveal_key = map(surface.key, ("more_settings", "fix_one", "reveal"))
        yield LoginOptionFields(self._defaults, fold_key=fold_key, fix_key=fix_key, reveal_key=reveal_key)
        yield Static("", id="outcome", markup=False)

    # --- what is in it -----------------------------------------------------------------------------------------

    @property
    def name_entry(self) -> Input:
        """The line for the name of a new profile."""
        return self.query_one("#profile-name", Input)

    @property
    def typed_name(self) -> str:
        """The name of the profile, without blanks around it."""
        return self.name_entry.value.strip()

    def field(self, field: Field) -> CredentialField:
        """Return one field."""
        return self.query_one(f"#{field}", CredentialField)

    @property
    def fields(self) -> list[CredentialField]:
        """The four fields, that with the focus first."""
        return sorted(map(self.field, FIELDS), key=lambda field: not field.has_focus_within)

    @property
    def focused_field(self) -> CredentialField | None:
        """The field with the focus."""
        field = self.fields[0]
        return field if field.has_focus_within else None

    def values(self) -> dict[Field, str]:
        """Return the text of each field."""
        return {field: self.field(field).value for field in FIELDS}

    @property
    def options(self) -> LoginOptionFields:
        """The fields of what else the profile says about its logins."""
        return self.query_one(LoginOptionFields)

    def typed(self) -> Typed:
        """Return all texts, for `fill`."""
        return self.values(), self.options.values()

    def fill(self, name: str, profile: Profile | None, stored: frozenset[Field], before: Typed) -> None:
        """Show a profile, or an empty one with a name that is offered.

        `stored`: its secrets that are stored. What was typed since `before` stays.
        """
        self._is_new, self._stored, self._offered_name = profile is None, stored, name
        self.name_entry.value = name
        shown = profile or Profile("")
        self._loaded = dict.fromkeys(FIELDS, "") | {"app_id": shown.app_id, "callback_url": shown.callback_url}
        for field, text in self._loaded.items():
            if self.field(field).value == before[0][field]:
                self.field(field).set_value(text)
        self.options.fill(option_texts(shown), before[1])
        self._show_option_flaws()

    def show_heading(self, text: str) -> None:
        """Show what is said above the fields."""
        self.query_one("#heading", Static).update(text)

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that is not stored."""
        if not self._loaded:
            return False
        is_named = self._is_new and self.name_entry.value not in ("", self._offered_name)
        return is_named or self.values() != self._loaded or bool(self.options.changed())

    @on(CredentialField.Changed)
    def _field_changed(self) -> None:
        for field in self.fields:
            field.reinspect()
        self._show_option_flaws()
        self._withdraw_result()

    @on(OptionField.Changed)
    def _option_changed(self) -> None:
        self._show_option_flaws()
        self._withdraw_result()

    @on(Input.Changed, "#profile-name")
    def _name_changed(self) -> None:
        self.name_entry.password = holds_a_secret(self.typed_name)
        self._withdraw_result()

    def _withdraw_result(self) -> None:
        """Remove a result that is about other values than those in the form now."""
        if self._said_about != self._contents:
            self.say("")
        self.post_message(self.Changed())

    @property
    def _contents(self) -> object:
        return self.typed_name, self.typed()

    @on(CredentialField.Submitted)
    def _entered(self, event: CredentialField.Submitted) -> None:
        """Go on to the next field; a flawed value stays in focus."""
        following = FIELDS[FIELDS.index(event.control.field) + 1 :]
        if following and not self.flaws(event.control.field):
            self.field(following[0]).focus_input()

    def take_paste(self, text: str) -> bool:
        """Put a paste into the first empty field, and the cursor; tell whether there was one."""
        field = next((field for field in map(self.field, FIELDS) if not field.value), None)
        if field is None:
            return False
        field.focus_input()
        field.paste(text)
        return True

    # --- flaws -------------------------------------------------------------------------------------------------

    @property
    def can_fix(self) -> bool:
        """Whether some flaw can be fixed."""
        is_flawed = self.meant_name or any(flaw.fixable for field in self.fields for flaw in field.flaws)
        return bool(self._loaded and (is_flawed or self.options.can_fix))

    @property
    def meant_name(self) -> str:
        """The name to put in place of one that cannot be used; empty where there is none."""
        return meant_name(self.typed_name)

    def _fix_name(self) -> bool:
        if is_fixed := bool(self.meant_name):
            self.name_entry.value = self.meant_name
        return is_fixed

    def fix_one(self) -> bool:
        """Fix the name, else the first flaw, in the field in focus first; tell whether there was one."""
        return self._fix_focused_option() or self._fix_name() or self._fix_field(CredentialField.fix_first)

    def fix_all(self) -> bool:
        """Fix the name, else every flaw of one field, that in focus first; tell whether there was one."""
        return self._fix_focused_option() or self._fix_name() or self._fix_field(CredentialField.fix_all)

    def _fix_focused_option(self) -> bool:
        return self.options.focused is not None and self.options.fix()

    def _fix_field(self, fix: Callable[[CredentialField], bool]) -> bool:
        return any(map(fix, self.fields)) or self.options.fix()

    def mask(self) -> None:
        """Mask every secret."""
        for field in self.fields:
            field.reveal(False)

    def flaws(self, *fields: Field) -> FlawsByField:
        """Return the errors and warnings of the fields whose values would be used."""
        found: dict[Field, list[Flaw]] = {}
        for field in fields:
            is_used = self.field(field).value or (field not in _OPTIONAL and field not in self._stored)
            flaws = [flaw for flaw in self.field(field).flaws if flaw.severity is not Severity.NOTE]
            if is_used and flaws:
                found[field] = flaws
        return found

    def say_flaws(self, what: str, flaws: FlawsByField, otherwise: str = "", then: str = "") -> None:
        """Say why something was not done: the flaws, the key that fixes them where one does, and what else to do."""
        listed = " ".join(
            f"{titled(field)}: {' '.join(message(field, first, others) for first, *others in grouped(each))}"
            for field, each in flaws.items()
        )
        fixable = [flaw.fixable for each in flaws.values() for flaw in each]
        way = words.fixes(self._surface().key("fix_all"), all(fixable)) if any(fixable) else otherwise
        self.say(f"{what} {listed}\n{way} {then}".rstrip(), "warning")

    def option_flaws(self) -> Sequence[OptionFlaw]:
        """Return what is wrong with the options that were changed."""
        return self._judge(self.values(), self.options.changed())

    def _show_option_flaws(self) -> None:
        self.options.show_flaws(self.option_flaws())

    # --- the result --------------------------------------------------------------------------------------------

    def say(self, text: Text | str, kind: _Kind = "", *, after: str = "") -> None:
        """Show a result, until what it is about changes."""
        if isinstance(text, Text):
            text = sentences(text, self._surface())
        text = f"{text}\n{after}" if after else text
        self._said_about = self._contents
        outcome = self.query_one("#outcome", Static)
        outcome.set_classes(f"-{kind}" if kind else "")
        if outcome.content != text:  # an update lays out the whole screen, at each key typed
            outcome.update(text)
        if text:
            self.call_after_refresh(outcome.scroll_visible, animate=False)

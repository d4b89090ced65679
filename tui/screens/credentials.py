"""The Credentials screen: App ID, App Secret, callback URL and client token of one profile, flaws shown live."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Input, Static

from tui.credentials import Field, Flaw, grouped, inspect, is_clean
from tui.facebook.errors import FacebookError
from tui.redact import Secret
from tui.screens.looks import style_sheet
from tui.screens.main_screen import MainScreen
from tui.screens.messages import ChooseProfile, Copyable, ProfileChanged, TokensStored
from tui.services.app_ids import is_impossible
from tui.session import Session
from tui.settings import Problem, Profile, SettingsError
from tui.vault.errors import VaultError
from tui.widgets.bindings import bindings_of
from tui.widgets.credential_field import CredentialField
from tui.wording.facebook import clock_words
from tui.wording.flaws import NO_FIX, message, titled

_FIELDS: tuple[tuple[Field, str, bool, bool], ...] = (
    ("app_id", "App ID", False, False),
    ("app_secret", "App Secret", True, False),
    ("callback_url", "Callback URL", False, True),
    ("client_token", "Client token", True, True),
)
_KEPT = "(stored; empty keeps it)"


def _named(flaws: Mapping[Field, tuple[Flaw, ...]]) -> str:
    """Return every flaw by field in one line."""
    return " ".join(
        f"{titled(field)}: {' '.join(message(field, first, others) for first, *others in grouped(each))}"
        for field, each in flaws.items()
    )


class CredentialsScreen(MainScreen):
    """Shows one profile; saving asks the services, verifying asks Facebook."""

    SCOPE = "credentials"
    CSS_PATH = [str(style_sheet("credentials.tcss")), str(style_sheet("credential_field.tcss"))]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("credentials")]
    AUTO_FOCUS = ""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._loaded: dict[Field, str] = {}
        self._has_secret = False
        self._has_client_token = False
        self._warned_of: dict[Field, str] = {}
        self._is_new = False
        self._profile_shown = ""
        self._offered_name = ""

    def compose_body(self) -> Iterable[Widget]:
        """The profile's name, its four fields, and what came of the last verification."""
        with VerticalScroll(id="form", can_focus=False):
            yield Static("", id="heading", markup=False)
            yield Static("Profile name", id="profile-label", markup=False)
            name = Input(placeholder="a name for this profile, such as acme", id="profile-name", compact=True)
            name.cursor_blink = False
            yield name
            for field, label, is_secret, is_optional in _FIELDS:
                yield CredentialField(
                    field,
                    label=label,
                    secret=is_secret,
                    optional=is_optional,
                    context=self._values,
                    id=field,
                    plain_marks=self.session.capabilities.ascii_only,
                    fix_key=self.key_of("fix_one"),
                    reveal_key=self.key_of("reveal"),
                )
            yield Static("", id="outcome", markup=False)

    def on_mount(self) -> None:
        """Show the profile in front."""
        self._load(self.session.profile_name)

    @property
    def _name_entry(self) -> Input:
        return self.query_one("#profile-name", Input)

    def _field(self, field: Field) -> CredentialField:
        return self.query_one(f"#{field}", CredentialField)

    def _values(self) -> Mapping[Field, str]:
        return {field: self._field(field).value for field, *_ in _FIELDS}

    # --- one profile -------------------------------------------------------------------------------------------

    @on(ProfileChanged)
    def _profile_changed(self, event: ProfileChanged) -> None:
        if not self.unsaved:
            self._load(event.name)

    @work(group="profile", exclusive=True, exit_on_error=False)
    async def _load(self, name: str) -> None:
        await self._fill(name)

    async def _fill(self, name: str) -> None:
        desk = self.session.services.profile_desk
        profile = self.session.services.profile(name)
        before = self._values()
        self._is_new = profile is None
        self._has_secret = profile is not None and await asyncio.to_thread(desk.app_secret, name) is not None
        self._has_client_token = profile is not None and await asyncio.to_thread(desk.client_token, name) is not None
        shown = profile or Profile("")
        self._profile_shown, self._offered_name = ("" if self._is_new else name), self._name_to_offer(name)
        self._name_entry.value = self._offered_name
        self.set_class(self._is_new, "-new")
        self._loaded = {
            "app_id": shown.app_id,
            "app_secret": "",
            "callback_url": shown.callback_url,
            "client_token": "",
        }
        for field, text in self._loaded.items():
            if self._field(field).value == before[field]:  # what was pasted while the store was read stays
                self._field(field).set_value(text)
        self._show_heading()
        self._say("")
        self.keys_changed()
        if self._is_new and not self._offered_name:
            self._name_entry.focus()
        elif self.is_current and (
            self._is_new or self.focused is self._name_entry or not isinstance(self.focused, Input)
        ):
            self._first_gap().focus_input()

    def _name_to_offer(self, name: str) -> str:
        """Return the profile's name; for a new one a free name where none of a person's own stands beside it."""
        return name or ("" if self.session.services.profiles else "acme")

    def _first_gap(self) -> CredentialField:
        if not self._loaded["app_id"]:
            return self._field("app_id")
        return self._field("app_secret")

    def _show_heading(self) -> None:
        names = [profile.name for profile in self.session.services.profiles]
        name = self._name_entry.value
        if self._is_new:
            text = "New profile. App ID and App Secret are on Settings > Basic of your app (guide, step 10)."
        else:
            place = f" ({names.index(name) + 1} of {len(names)}, f10 next)" if len(names) > 1 and name in names else ""
            secret = "App Secret stored" if self._has_secret else "no App Secret yet"
            token = ", client token stored" if self._has_client_token else ""
            text = f"Profile {name}{place}: {secret}{token}. An empty secret field keeps what is stored."
        self.query_one("#heading", Static).update(text)

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that is not stored."""
        if not self._loaded:
            return False
        is_named = self._is_new and self._name_entry.value not in ("", self._offered_name)
        return is_named or any(self._field(field).value != text for field, text in self._loaded.items())

    @on(CredentialField.Changed)
    def _changed(self) -> None:
        for field, *_ in _FIELDS:
            self._field(field).reinspect()
        if self.unsaved and dict(self._values()) != self._warned_of:
            self._say("")
        self.keys_changed()

    @on(Input.Changed, "#profile-name")
    def _name_changed(self) -> None:
        self.keys_changed()

    # --- mending -----------------------------------------------------------------------------------------------

    def _focused_field(self) -> CredentialField | None:
        node = self.focused
        return (
            next((parent for parent in node.ancestors_with_self if isinstance(parent, CredentialField)), None)
            if node
            else None
        )

    def _flawed_field(self) -> CredentialField | None:
        """Return the field whose flaws the keys mend: the one in focus first, where anything can be mended."""
        fields = [self._field(field) for field, *_ in _FIELDS]
        fields.sort(key=lambda field: not field.has_focus_within)
        return next((field for field in fields if any(flaw.fixable for flaw in field.flaws)), None)

    def offers(self, action: str) -> bool:
        """Mending is offered where there is a flaw that can be mended, saving where something was typed."""
        if action in ("fix_one", "fix_all"):
            fields = [self._field(field) for field, *_ in _FIELDS] if self._loaded else []
            return any(flaw.fixable for field in fields for flaw in field.flaws)
        return action != "save" or self.unsaved

    def action_fix_one(self) -> None:
        """Mend the flaw in front."""
        field = self._flawed_field()
        if field is None:
            self.notify(NO_FIX, timeout=2)
        else:
            field.fix_first()

    def action_fix_all(self) -> None:
        """Mend every flaw of the field in front."""
        field = self._flawed_field()
        if field is None:
            self.notify(NO_FIX, timeout=2)
        else:
            field.fix_all()

    def action_undo_paste(self) -> None:
        """Bring back what was pasted."""
        field = self._focused_field()
        if field is not None:
            field.undo()

    def action_reveal(self) -> None:
        """Reveal or mask the secret in focus."""
        field = self._focused_field()
        if field is not None:
            field.reveal(not field.revealed)

    def on_screen_suspend(self) -> None:
        """Mask secrets when the screen is left."""
        for field, *_ in _FIELDS:
            self._field(field).reveal(False)

    # --- saving ------------------------------------------------------------------------------------------------

    def _flaws_to_tell(self) -> dict[Field, tuple[Flaw, ...]]:
        found: dict[Field, tuple[Flaw, ...]] = {}
        for field, _, _, is_optional in _FIELDS:
            text = self._field(field).value
            kept = (field == "app_secret" and self._has_secret) or is_optional
            if not text and kept:
                continue
            flaws = inspect(field, text, self._values())
            if not is_clean(flaws):
                found[field] = tuple(flaw for flaw in flaws if flaw.severity != "note")
        return found

    def action_save(self) -> None:
        """Save; flawed values only at the second press, which names the flaws; never what cannot be an App ID."""
        if self._is_taken(self._name_entry.value.strip()):
            return
        flaws = self._flaws_to_tell()
        if is_impossible(self._field("app_id").value):
            only: dict[Field, tuple[Flaw, ...]] = {field: each for field, each in flaws.items() if field == "app_id"}
            self._say(
                f"Not saved. {_named(only)}\n{self._way_out(only, 'No app has this ID: type it anew.')}", "warning"
            )
            return
        values = dict(self._values())
        if flaws and self._warned_of != values:
            self._warned_of = values
            way = self._way_out(flaws, "").replace(".", ", ")
            again = f"{self.key_of('save')} again saves it as it is."
            self._say(f"Not saved yet. {_named(flaws)}\n{way}{again}", "warning")
            return
        self._save()

    def _way_out(self, flaws: Mapping[Field, tuple[Flaw, ...]], otherwise: str) -> str:
        """Return which key fixes these flaws, where any can be fixed."""
        fixable = [flaw.fixable for each in flaws.values() for flaw in each]
        if not any(fixable):
            return otherwise
        return f"{self.key_of('fix_all')} fixes{'' if all(fixable) else ' what can be fixed'}."

    def _is_taken(self, name: str) -> bool:
        """Tell whether a new profile has the name of another one, and say so: nothing may be written over it."""
        if not self._is_new or self.session.services.profile(name) is None:
            return False
        self._say(
            f"Not saved: {name} exists. Choose another name (the line above App ID),"
            f" or press {self.key_of('next_profile')} to change {name}.",
            "warning",
        )
        self._name_entry.focus()
        return True

    @work(group="save", exclusive=True, exit_on_error=False)
    async def _save(self) -> bool:
        name = self._name_entry.value.strip()
        if self._is_taken(name):
            return False
        if not name:
            self._say("Not saved: give the profile a name first (the line above App ID).", "warning")
            self._name_entry.focus()
            return False
        services = self.session.services
        before = services.profile(name) or Profile(name)
        profile = replace(before, app_id=self._field("app_id").value, callback_url=self._field("callback_url").value)
        app_secret = self._field("app_secret").value
        client_token = self._field("client_token").value
        try:
            await asyncio.to_thread(
                services.profile_desk.save,
                profile,
                Secret(app_secret) if app_secret else None,
                Secret(client_token) if client_token else None,
            )
        except (SettingsError, VaultError, OSError) as error:
            self._say(f"Not saved: {_words(error)}", "error")
            return False
        self.session.profile_name = name
        self.show_status()
        choice = self.session.secret_store
        where = f"Secrets: {choice.name}. {choice.meaning} {choice.why_not_better}".strip() if choice else ""
        await self._fill(name)
        self._say(f"Saved {name}. {where} f5 verifies it with Facebook.", "fine")
        return True

    # --- verifying ---------------------------------------------------------------------------------------------

    def action_verify(self) -> None:
        """Ask Facebook whether App ID and App Secret belong together."""
        self._verify()

    @work(group="verify", exclusive=True, exit_on_error=False)
    async def _verify(self) -> None:
        from tui.facebook.models import AppCredentials
        from tui.wording.facebook import facebook_text
        from tui.wording.surfaces import Screen, sentences
        from tui.wording.text import Action, Do

        name = self._name_entry.value.strip()
        desk = self.session.services.profile_desk
        typed = self._field("app_secret").value
        secret = Secret(typed) if typed else await asyncio.to_thread(desk.app_secret, self._profile_shown)
        app_id = self._field("app_id").value
        if not app_id or not secret:
            self._say("Nothing to verify yet: App ID and App Secret are both needed.", "warning")
            return
        flaws: dict[Field, tuple[Flaw, ...]] = {
            field: each for field, each in self._flaws_to_tell().items() if field in ("app_id", "app_secret")
        }
        if flaws:
            way = self._way_out(flaws, "Type or copy it anew.")
            self._say(f"Not sent to Facebook. {_named(flaws)}\n{way}", "warning")
            return
        self._say("Asking Facebook …")
        try:
            info = await desk.verify(AppCredentials(app_id, secret), name)
        except FacebookError as error:
            surface = Screen(self.session.services.settings.keymap, isinstance(self.focused, Input))
            text = sentences(facebook_text(error, Action(Do.VERIFY), "verify"), surface)
            self._say(text + self._skew(), "warning" if error.inconclusive else "error")
            return
        if not typed or not self.unsaved:
            await asyncio.to_thread(desk.confirm_secret, self._profile_shown)
        way = "escape, then l logs in." if isinstance(self.focused, Input) else "l logs in next."
        following = ("f4 saves it." if self.unsaved else way) + self._skew()
        self._say(
            f"Facebook knows this app as “{info.name}” (App ID {info.app_id}): ID and Secret fit. {following}",
            "fine",
        )
        await self._note_proof(name)

    def _skew(self) -> str:
        words = clock_words(self.session.services.clock.skew)
        return f"\n{words}" if words else ""

    async def _note_proof(self, name: str) -> None:
        if self.session.services.profile(name) is None or self.unsaved:
            return
        desk = self.session.services.guide_desk
        state = await asyncio.to_thread(desk.state, name)
        await desk.check(state, ("app_credentials", "app_name"), lambda _: None)

    def _say(self, text: str, kind: str = "") -> None:
        outcome = self.query_one("#outcome", Static)
        outcome.set_classes(f"-{kind}" if kind else "")
        if outcome.content != text:  # an update lays the screen out anew, at each key typed
            outcome.update(text)
        if text:
            self.call_after_refresh(outcome.scroll_visible, animate=False)

    # --- several profiles --------------------------------------------------------------------------------------

    def action_next_profile(self) -> None:
        """Show the next profile."""
        names = [profile.name for profile in self.session.services.profiles]
        if self._is_new and names:
            typed = self._name_entry.value.strip()
            wanted = next((name for name in (typed, self.session.profile_name) if name in names), names[0])
            self._after_leaving(lambda: self._choose(wanted))
        elif len(names) < 2 or self.unsaved:
            self.notify("Save first (f4)." if self.unsaved else "There is no other profile.", timeout=3)
        else:
            place = (names.index(self._profile_shown) + 1) % len(names) if self._profile_shown in names else 0
            self.post_message(ChooseProfile(names[place]))

    def _choose(self, name: str) -> None:
        self._load(name)
        self.post_message(ChooseProfile(name))

    def action_new_profile(self) -> None:
        """Start an empty profile; ask first where typed text would be lost."""
        self._after_leaving(lambda: self._load(""))

    def _after_leaving(self, act: Callable[[], object]) -> None:
        """Do what empties the fields, after a yes where something in them has not been saved."""
        from tui.screens.confirm import Confirm

        if not self.unsaved:
            act()
            return

        def answered(is_sure: bool | None) -> None:
            if is_sure:
                act()

        text = "What you typed on this screen has not been saved."
        self.app.push_screen(Confirm("Leave what you typed?", text, "leave it"), answered)

    def action_rename_profile(self) -> None:
        """Ask for another name."""
        self._ask_name("Rename this profile", self.session.services.profile_desk.rename)

    def action_duplicate_profile(self) -> None:
        """Ask for the copy's name."""
        self._ask_name("Copy this profile; name of the copy", self.session.services.profile_desk.duplicate)

    def _ask_name(self, question: str, act) -> None:  # type: ignore[no-untyped-def]
        from tui.screens.ask_text import AskText

        name = self._profile_shown
        if not name or self.unsaved:  # what is typed belongs to the name it stands under
            self.notify("Save this profile first (f4).", timeout=3)
            return

        def answered(new_name: str | None) -> None:
            if new_name and new_name != name:
                self.run_worker(self._carry_out(act, name, new_name.strip()), group="profile", exit_on_error=False)

        self.app.push_screen(AskText(question, value=name), answered)

    async def _carry_out(self, act, name: str, new_name: str) -> None:  # type: ignore[no-untyped-def]
        try:
            if self.session.services.profile(new_name) is not None:
                raise SettingsError(Problem.PROFILE_EXISTS, key=f"profiles.{new_name}")
            await asyncio.to_thread(act, name, new_name)
        except (SettingsError, OSError) as error:
            self._say(_words(error), "error")
            return
        self.post_message(ChooseProfile(new_name))
        self.post_message(TokensStored())

    @work(group="profile", exit_on_error=False)
    async def action_restore_secret(self) -> None:
        """Bring back the App Secret that an unproven new one replaced."""
        name = self._profile_shown
        restored = await asyncio.to_thread(self.session.services.profile_desk.restore_secret, name)
        self._say(
            "The App Secret from before is back. v verifies it." if restored else "No earlier App Secret is kept.",
            "fine" if restored else "warning",
        )

    def action_delete_profile(self) -> None:
        """Ask, naming what goes, then delete."""
        if self._profile_shown:
            self._ask_to_delete(self._profile_shown)
        else:
            self.notify("This profile is not saved, so there is nothing to delete.", timeout=3)

    @work(group="profile", exit_on_error=False)
    async def _ask_to_delete(self, name: str) -> None:
        from tui.screens.confirm import Confirm

        desk = self.session.services.profile_desk
        if self.session.services.profile(name) is None:
            return
        names = await asyncio.to_thread(desk.tokens, name)
        tokens = f"its tokens {', '.join(names)}, " if names else ""
        text = f"Its App Secret, {tokens}its progress in the guide go with it. Nothing changes at Facebook."
        if await self.app.push_screen_wait(Confirm(f"Delete profile {name}?", text, "delete")):
            await asyncio.to_thread(desk.remove, name)
            following = self.session.services.default_profile
            self.post_message(ChooseProfile(following.name if following else ""))
            self._load(following.name if following else "")
            self.post_message(TokensStored())

    # --- what is in focus --------------------------------------------------------------------------------------

    def value_in_focus(self) -> Copyable | None:
        """Return the value of the field in focus, typed or stored."""
        field = self._focused_field()
        choices = {choice.label: choice for choice in self.copy_choices()}
        if field is not None:
            label = next(label for key, label, *_ in _FIELDS if key == field.id)
            return choices.get(label)
        return choices.get("Callback URL")

    def copy_choices(self) -> tuple[Copyable, ...]:
        """Return every value this screen has."""
        desk, name = self.session.services.profile_desk, self._profile_shown
        found = []
        for field, label, *_ in _FIELDS:
            text = self._field(field).value
            if text:
                found.append(Copyable.known(label, Secret(text) if self._field(field).is_secret else text))
            elif field == "app_secret" and self._has_secret:
                found.append(Copyable(label, lambda: desk.app_secret(name) or Secret("")))
            elif field == "client_token" and self._has_client_token:
                found.append(Copyable(label, lambda: desk.client_token(name) or Secret("")))
        return tuple(found)

    def link_in_focus(self) -> str:
        """Return the address of the app's settings page."""
        return "https://developers.facebook.com"

    def link_name(self) -> str:
        """Return what stands behind it."""
        return "Meta for Developers"


def _words(error: Exception) -> str:
    from tui.wording.failures import failure_sentences
    from tui.wording.surfaces import Screen

    return failure_sentences(error, Screen(in_form=True)) or str(error)

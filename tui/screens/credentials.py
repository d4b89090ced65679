"""The Credentials screen: App ID, App Secret, callback URL and client token of one profile, with flaws as typed."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from textual import events, on, work
from textual.widget import Widget
from textual.widgets import Input

from tui.credentials.flaws import SECRETS, Field
from tui.defaults import META_FOR_DEVELOPERS
from tui.facebook.errors import FacebookError
from tui.facebook.remedies import refusal_of
from tui.redact import Secret
from tui.screens.looks import style_sheet
from tui.screens.main_screen import MainScreen
from tui.screens.messages import ChooseProfile, Copyable, Link, ProfileChanged, TokensStored
from tui.services.app_ids import is_impossible
from tui.services.login_options import LoginOption, OptionFlaw
from tui.session import Session
from tui.widgets.bindings import bindings_of
from tui.widgets.credentials_form import FIELDS, CredentialsForm
from tui.wording import profiles as words
from tui.wording.facebook import clock_words
from tui.wording.flaws import NO_FIX, titled
from tui.wording.login_options import option_default, option_title
from tui.wording.names import name_complaint
from tui.wording.surfaces import Screen as Surface
from tui.wording.surfaces import sentences
from tui.wording.text import Action, Do


class CredentialsScreen(MainScreen):
    """Shows one profile; saving asks the services, verifying asks Facebook."""

    SCOPE = "credentials"
    CSS_PATH = [str(style_sheet("credentials.tcss")), str(style_sheet("credential_field.tcss"))]  # noqa: RUF012
    BINDINGS = bindings_of("credentials")
    AUTO_FOCUS = ""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._service = session.services.profile_store
        self._stored: frozenset[Field] = frozenset()
        """The secret fields that have a stored value."""
        self._warned_of: Mapping[Field, str] = {}
        self._profile_shown = ""
        """Empty where a new profile is being made."""
        self._asked: tuple[str, str] | None = None
        """App ID and typed App Secret that Facebook was asked about last."""
        self._verified: tuple[str, str] | None = None
        """Those that it accepted."""

    def compose_body(self) -> Iterable[Widget]:
        """The form."""
        settings = self.session.services.settings
        defaults = {option: option_default(option, settings) for option in LoginOption}
        yield CredentialsForm(
            lambda: self.lasting_surface,
            defaults,
            lambda values, options: self._service.option_flaws(self._profile_shown, values, options),
        )

    def on_mount(self) -> None:
        """Show the current profile."""
        self._load(self.session.profile_name)

    @property
    def lasting_surface(self) -> Surface:
        """The surface of texts that stay: the keys of its fields work outside them too."""
        return self.session.surface(self.SCOPE, in_form=True)

    @property
    def _form(self) -> CredentialsForm:
        return self.query_one(CredentialsForm)

    @property
    def _names(self) -> list[str]:
        return [profile.name for profile in self.session.services.settings.profiles]

    # --- one profile -------------------------------------------------------------------------------------------

    @on(ProfileChanged)
    def _profile_changed(self) -> None:
        if not self.unsaved:
            self._load(self.session.profile_name)

    @work(group="profile", exclusive=True, exit_on_error=False)
    async def _load(self, name: str) -> None:
        await self._fill(name)

    async def _fill(self, name: str) -> None:
        profile = self.session.services.settings.profile(name)
        form = self._form
        before = form.typed()
        is_new, known = profile is None, name if profile is not None else ""
        self._stored = await asyncio.to_thread(self._stored_secrets, known)
        self._profile_shown = known
        self.set_class(is_new, "-new")
        self._verified = None
        form.fill(name, profile, self._stored, before)
        form.show_heading(self._heading())
        form.say("")
        self.keys_changed()
        if is_new and not name:
            form.name_entry.focus()
        elif self.is_current and (is_new or self.focused is form.name_entry or not isinstance(self.focused, Input)):
            form.field("app_secret" if profile is not None and profile.app_id else "app_id").focus_input()

    def _stored_secrets(self, name: str) -> frozenset[Field]:
        return frozenset(field for field in SECRETS if name and self._service.has_value(name, field))

    def _heading(self) -> str:
        if not self._profile_shown:
            return words.NEW_PROFILE
        name, names = self._profile_shown, self._names
        place = f"{names.index(name) + 1} of {len(names)}" if len(names) > 1 and name in names else ""
        key = self.lasting_surface.key("next_profile")
        return words.stored(name, self._stored, f" ({place}, {key} next)" if place else "")

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that is not stored."""
        return self._form.unsaved

    @on(CredentialsForm.Changed)
    def _changed(self) -> None:
        self.keys_changed()

    @on(Input.Submitted, "#profile-name")
    def _name_entered(self) -> None:
        """Check the name, and go on to the first field."""
        if self._is_named():
            self._form.say("")
            self._form.field("app_id").focus_input()

    def on_paste(self, event: events.Paste) -> None:
        """A paste with no field in focus goes into the first empty one."""
        event.stop()
        if not self._form.take_paste(event.text):
            self.notify(words.NO_FIELD_IN_FOCUS, timeout=3)

    def _is_named(self) -> bool:
        """Tell whether the name can be used; say why where it cannot."""
        complaint = name_complaint(self._form.typed_name, [] if self._profile_shown else self._names)
        if complaint:
            fix = words.fixes(self.lasting_surface.key("fix_one"), True) if self._form.meant_name else ""
            self._form.say(f"{complaint} {fix}".rstrip(), "warning")
        return not complaint

    # --- fixing ------------------------------------------------------------------------------------------------

    def offers(self, action: str) -> bool:
        """Fixing is offered where a flaw can be fixed, saving where something was typed."""
        if action in ("fix_one", "fix_all"):
            return self._form.can_fix
        return action != "save" or self.unsaved

    def action_fix_one(self) -> None:
        """Fix the first flaw, in the field in focus first."""
        if not self._form.fix_one():
            self.notify(NO_FIX, timeout=2)

    def action_fix_all(self) -> None:
        """Fix every flaw of the current field."""
        if not self._form.fix_all():
            self.notify(NO_FIX, timeout=2)

    def action_undo_paste(self) -> None:
        """Restore what was pasted."""
        if (field := self._form.focused_field or self._form.options.focused) is not None:
            field.action_undo_paste()

    def action_more_settings(self) -> None:
        """Show what else the profile says about its logins, or fold it away where nothing is set."""
        options = self._form.options
        options.fold(not options.is_folded)
        if not options.is_folded:
            options.focus_option(LoginOption.CONFIG_ID)

    def action_reveal(self) -> None:
        """Reveal or mask the secret in focus."""
        if (field := self._form.focused_field) is not None:
            field.reveal(not field.revealed)

    def on_screen_suspend(self) -> None:
        """Mask secrets when the screen is left."""
        self._form.mask()

    # --- saving ------------------------------------------------------------------------------------------------

    def action_save(self) -> None:
        """Save; flawed values only at the second press, which names the flaws; never an impossible App ID."""
        if not self._profile_shown and self.session.services.settings.profile(self._form.typed_name) is not None:
            self._form.say(
                words.not_saved_taken(self._form.typed_name, self.lasting_surface.key("next_profile")), "warning"
            )
            self._form.name_entry.focus()
            return  # nothing may overwrite another profile
        if self._form.typed_name and not self._is_named():
            self._form.name_entry.focus()
            return
        if option_flaws := self._form.option_flaws():
            self._say_option_flaws("Not saved.", option_flaws)
            return
        flaws, values = self._form.flaws(*FIELDS), self._form.values()
        if is_impossible(values["app_id"]):
            self._form.say_flaws("Not saved.", self._form.flaws("app_id"), words.TYPE_APP_ID_AGAIN)
        elif flaws and self._warned_of != values:
            self._warned_of = values
            self._form.say_flaws("Not saved yet.", flaws, then=words.saves_anyway(self.lasting_surface.key("save")))
        else:
            self._save()

    def _say_option_flaws(self, what: str, flaws: Sequence[OptionFlaw]) -> None:
        self._form.say(f"{what} {words.option_flaws(flaws)}", "warning")
        self._form.options.focus_option(flaws[0].option)

    @work(group="save", exclusive=True, exit_on_error=False)
    async def _save(self) -> None:
        if not (name := self._form.typed_name):
            self._form.say(words.NOT_SAVED_NO_NAME, "warning")
            self._form.name_entry.focus()
            return
        values, options = self._form.values(), self._form.options.changed()
        if values["app_secret"] or values["client_token"]:
            from tui.screens.unlocking import decide_secret_store

            if not await decide_secret_store(self.app, self.session):
                self._form.say(words.NOT_SAVED_NO_STORE, "warning")
                return
        await asyncio.to_thread(self._service.save_values, name, values, options)
        self.session.profile_name = name
        self.show_status()
        is_verified = self._verified == (values["app_id"], values["app_secret"])
        await self._fill(name)
        self._form.say(words.saved(name, self.session.secret_store, is_verified=is_verified), "fine")

    def _typed_credentials(self) -> tuple[str, str]:
        return self._form.field("app_id").value, self._form.field("app_secret").value

    # --- verifying ---------------------------------------------------------------------------------------------

    def action_verify(self) -> None:
        """Ask Facebook whether App ID and App Secret belong together."""
        self._verify()

    @work(group="verify", exclusive=True, exit_on_error=False)
    async def _verify(self) -> None:
        from tui.facebook.models import AppCredentials

        name, shown = self._form.typed_name, self._profile_shown
        app_id, typed = self._typed_credentials()
        secret = Secret(typed) if typed else await asyncio.to_thread(self._service.app_secret, shown)
        if not app_id or not secret:
            self._form.say(words.NOTHING_TO_VERIFY, "warning")
            return
        if flaws := self._form.flaws("app_id", "app_secret"):
            self._form.say_flaws("Not sent to Facebook.", flaws, words.COPY_AGAIN)
            return
        if option_flaws := self._form.option_flaws():
            self._say_option_flaws("Not sent to Facebook.", option_flaws)
            return
        self._form.say("Asking Facebook …")
        self._asked = app_id, typed
        info = await self._service.verify(AppCredentials(app_id, secret), name, self._form.options.changed())
        if self._asked != self._typed_credentials():
            return  # the answer is about what was there before
        self._verified = self._asked
        if not typed or not self.unsaved:
            await asyncio.to_thread(self._service.confirm_secret, shown)
        self._form.say(
            words.verified(info, is_saved=not self.unsaved), "fine", after=clock_words(self.session.clock.skew)
        )
        if self.session.services.settings.profile(name) is not None and not self.unsaved:
            await self.session.services.guide.prove_credentials(name)

    def show_failure(self, error: BaseException, work: str) -> None:
        """Show why work came to nothing, below the fields."""
        if work == "verify" and self._asked != self._typed_credentials():
            return
        text = sentences(self.session.explained(error, "verify", Action(Do.VERIFY)), self.lasting_surface)
        after = clock_words(self.session.clock.skew) if work == "verify" else ""
        is_open = isinstance(error, FacebookError) and (error.inconclusive or refusal_of(error) is not None)
        self._form.say(f"Not saved: {text}" if work == "save" else text, "warning" if is_open else "error", after=after)

    # --- several profiles --------------------------------------------------------------------------------------

    def action_next_profile(self) -> None:
        """Show the next profile."""
        names = self._names
        if not self._profile_shown and names:
            wanted = next(
                (name for name in (self._form.typed_name, self.session.profile_name) if name in names), names[0]
            )
            self._after_leaving(lambda: self._choose(wanted))
        elif self.unsaved:
            self._notify_unsaved()
        elif len(names) < 2:
            self.notify(words.NO_OTHER_PROFILE, timeout=3)
        else:
            place = (names.index(self._profile_shown) + 1) % len(names) if self._profile_shown in names else 0
            self.post_message(ChooseProfile(names[place]))

    def _choose(self, name: str) -> None:
        self._load(name)
        self.post_message(ChooseProfile(name))

    def action_leave(self) -> None:
        """Leave the field; a second time drop what was typed, after a yes."""
        if self.focused is not None or not self.unsaved:
            super().action_leave()
        else:
            self._after_leaving(lambda: self._load(self._profile_shown))

    def action_new_profile(self) -> None:
        """Start an empty profile; ask first where typed text would be lost."""
        self._after_leaving(lambda: self._load(""))

    @work(group="leaving", exclusive=True, exit_on_error=False)
    async def _after_leaving(self, act: Callable[[], object]) -> None:
        """Do what empties the fields, after a yes where something in them has not been saved."""
        if not self.unsaved or await self.confirm(*words.LEAVE_UNSAVED):
            act()

    def _notify_unsaved(self) -> None:
        self.notify(words.save_first(self.lasting_surface.key("save")), timeout=3)

    def action_rename_profile(self) -> None:
        """Ask for another name."""
        self._ask_name("Rename this profile", self._service.rename)

    def action_duplicate_profile(self) -> None:
        """Ask for the copy's name."""
        self._ask_name("Copy this profile; name of the copy", self._service.duplicate)

    @work(group="profile", exit_on_error=False)
    async def _ask_name(self, question: str, act: Callable[[str, str], None]) -> None:
        name = self._profile_shown
        if not name or self.unsaved:  # what is typed belongs to the name that it has now
            self._notify_unsaved()
            return
        taken = [known for known in self._names if known != name]
        new_name = await self.ask(question, name, lambda text: name_complaint(text, taken))
        if new_name in ("", name):
            return
        await asyncio.to_thread(act, name, new_name)
        self.post_message(ChooseProfile(new_name))
        self.post_message(TokensStored())

    @work(group="profile", exit_on_error=False)
    async def action_restore_secret(self) -> None:
        """Restore the App Secret that an unverified new one replaced."""
        is_restored = await asyncio.to_thread(self._service.restore_secret, self._profile_shown)
        self._form.say(words.restored(is_restored), "fine" if is_restored else "warning")

    @work(group="profile", exit_on_error=False)
    async def action_delete_profile(self) -> None:
        """Ask, naming what is deleted too, then delete."""
        name = self._profile_shown
        if not name:
            self.notify(words.NOTHING_TO_DELETE, timeout=3)
            return
        text = words.removal(await asyncio.to_thread(self._service.tokens, name))
        if await self.confirm(f"Delete profile {name}?", text, "delete"):
            await asyncio.to_thread(self._service.remove, name)
            following = self.session.services.default_profile
            self._choose(following.name if following else "")
            self.post_message(TokensStored())

    # --- what is in focus --------------------------------------------------------------------------------------

    def value_in_focus(self) -> Copyable | None:
        """Return the value of the field in focus, typed or stored."""
        if (option := self._form.options.focused) is not None:
            return Copyable.known(option_title(option.option), option.value) if option.value else None
        field = self._form.focused_field
        return self._copyable(field.field if field is not None else "callback_url")

    def copy_choices(self) -> tuple[Copyable, ...]:
        """Return every value this screen has."""
        return tuple(choice for choice in map(self._copyable, FIELDS) if choice is not None)

    def _copyable(self, field: Field) -> Copyable | None:
        text, name = self._form.field(field).value, self._profile_shown
        if text:
            return Copyable.known(titled(field), Secret(text) if self._form.field(field).is_secret else text)
        if field in self._stored:
            return Copyable(titled(field), partial(self._service.value, name, field))
        return None

    def link_in_focus(self) -> Link:
        """Return the address of the app's settings page."""
        return Link(META_FOR_DEVELOPERS, "Meta for Developers")

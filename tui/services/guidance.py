"""The guide for one profile: the person's marks, evidence, and the values that steps need."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.clock import Clock
from tui.guide.checks import CheckName
from tui.guide.content import CopyValue, Guide, load_guide
from tui.guide.evidence import Evidence
from tui.guide.progress import GuideState, StepMark, merged
from tui.redact import Secret
from tui.services.estimates import save_runs
from tui.services.first_profile import AUTHORIZED_STEPS, note_name, noted_names
from tui.services.stored_evidence import current_evidence, save_address, save_evidence, token_evidence
from tui.settings import Problem, Profile, SettingsError, SettingsStore

if TYPE_CHECKING:
    from tui.guide.checker import Checks
    from tui.matillion.address import DialogAddress
    from tui.services.address_changes import Change
    from tui.vault.vault import Vault


class GuideService:
    """Reads and stores progress, runs checks. Methods that touch the disk are synchronous: call them in a thread."""

    def __init__(
        self, settings: SettingsStore, vault: "Vault", clock: Clock, checks: "Callable[[str], Awaitable[Checks]]"
    ) -> None:
        self._settings = settings
        self._vault = vault
        self._clock = clock
        self._checks = checks

    def _profile(self, name: str) -> Profile | None:
        return self._settings.settings.profile(name)

    @property
    def guide(self) -> Guide:
        """The content."""
        return load_guide()

    def state(self, profile: str) -> GuideState:
        """Return the guide's state for a profile."""
        marks = {step_id: StepMark(*row) for step_id, row in self._vault.notes.progress(profile).items()}
        known = self._profile(profile)
        evidence = current_evidence(self._vault, profile, known)
        for found in () if known is None else token_evidence(self._vault.tokens.tokens(), known):
            stored = evidence.get(found.check)
            is_newer = stored is not None and found.check == "login_done" and stored.at < found.at
            if stored is None or stored.result == "unknown" or is_newer:
                evidence[found.check] = found
        return GuideState(profile, marks, evidence)

    def tick(self, state: GuideState, step_id: str) -> GuideState:
        """Tick or untick a step, and store it. Ticking step 12 records when Matillion was authorized."""
        changed = state.toggled(step_id, int(self._clock.now()))
        if step_id in AUTHORIZED_STEPS:
            self._record_authorization(state.profile, changed.mark(step_id).ticked_at)
        return self._saved(changed)

    def note(self, state: GuideState, step_id: str, text: str) -> GuideState:
        """Store a note on a step."""
        return self._saved(state.noted(step_id, text))

    def reset(self, state: GuideState) -> GuideState:
        """Untick every step; notes and evidence stay."""
        return self._saved(state.without_ticks())

    def _saved(self, state: GuideState) -> GuideState:
        self._vault.notes.save_progress(state.profile, state.marks)
        return state

    def _record_authorization(self, profile_name: str, at: int | None) -> None:
        profile = self._profile(profile_name)
        if profile is not None:
            self._settings.save_profile(replace(profile, matillion=replace(profile.matillion, authorised_at=at)))

    # --- values ------------------------------------------------------------------------------------------------

    def value(self, profile_name: str, name: CopyValue) -> Secret | str | None:
        """Return a value that a step needs, None where it is not known yet."""
        profile = self._profile(profile_name)
        if profile is None:
            return noted_names(self._vault.meta).get(name)
        if name == "app_secret":
            return self._vault.profile_secrets.get("app_secret", profile_name)
        known: dict[CopyValue, str] = {
            "callback_url": profile.callback_url,
            "app_id": profile.app_id,
            "app_name": profile.app_name,
            "entry_name": profile.matillion.oauth_entry,
        }
        return known.get(name) or None

    def has_value(self, profile_name: str, name: CopyValue) -> bool:
        """Tell whether a value is known, without reading a secret."""
        if name == "app_secret":
            return self._vault.profile_secrets.has("app_secret", profile_name)
        return self.value(profile_name, name) is not None

    def note_name(self, profile_name: str, value: CopyValue, name: str) -> None:
        """Store a name that a step asks for: the Display name of step 4, or the entry's name of M4."""
        profile = self._profile(profile_name)
        if profile is None:
            note_name(self._vault.meta, "app_name" if value == "app_name" else "entry_name", name)
        elif value == "app_name":
            self._settings.save_profile(replace(profile, app_name=name))
        else:
            self._settings.save_profile(replace(profile, matillion=replace(profile.matillion, oauth_entry=name)))

    # --- evidence ----------------------------------------------------------------------------------------------

    async def check(
        self, state: GuideState, names: tuple[CheckName, ...], found: Callable[[GuideState], None]
    ) -> GuideState:
        """Run checks in parallel; `found` gets the new state after each. Nothing changes at Facebook."""
        current = state

        def arrived(evidence: Evidence) -> None:
            nonlocal current
            latest = merged(current.evidence.get(evidence.check), evidence)
            current = replace(current, evidence={**current.evidence, evidence.check: latest})
            found(current)

        checks = await self._checks(state.profile)
        await checks.run(names, arrived)
        if checks.last_runs is not None:
            await asyncio.to_thread(save_runs, self._vault.meta, state.profile, checks.last_runs)
        profile, evidence = self._profile(state.profile), tuple(current.evidence.values())
        await asyncio.to_thread(save_evidence, self._vault, state.profile, profile, evidence)
        return current

    async def prove_credentials(self, profile: str) -> None:
        """Ask Facebook for the evidence of the steps that App ID, App Secret and Display name belong to."""
        state = await asyncio.to_thread(self.state, profile)
        await self.check(state, ("app_credentials", "app_name"), lambda _: None)

    # --- the address of Matillion's dialog ---------------------------------------------------------------------

    def save_address(self, profile_name: str, text: str) -> "DialogAddress":
        """Read the address of the page that Matillion opened, and store it without `state`. Raises AddressRefused."""
        from tui.matillion.address import read_dialog_address

        address = read_dialog_address(text, int(self._clock.now()), self._settings.settings.dialog_url)
        save_address(self._vault.meta, profile_name, address)
        return address

    def change_profile(self, profile_name: str, change: "Change") -> None:
        """Take over what Matillion sends into the profile, or undo that. Raises SettingsError."""
        from tui.services.address_changes import changed

        profile = self._profile(profile_name)
        if profile is None:
            raise SettingsError(Problem.NO_PROFILE)
        self._settings.save_profile(changed(profile, change))

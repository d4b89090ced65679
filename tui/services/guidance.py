"""The guide at work: content, a person's marks, evidence, the values steps need. For one profile at a time."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.guide.checks import CheckName, Evidence, is_check
from tui.guide.content import CopyValue, Guide, load_guide
from tui.guide.progress import Progress, Status, StepMark, merged, statuses
from tui.redact import Secret
from tui.services.estimates import keep_runs
from tui.services.findings import keep_evidence, still_about
from tui.services.first_profile import names_noted, note_name
from tui.settings import Profile

if TYPE_CHECKING:
    from tui.matillion.address import DialogAddress
    from tui.services.root import Services
    from tui.tokens.token import Token


@dataclass(frozen=True, slots=True)
class GuideState:
    """How the guide stands for one profile: every step's status, marks, and what the checks found."""

    profile: str
    progress: Progress
    evidence: Mapping[str, Evidence]
    stand: Mapping[str, Status]


class GuideDesk:
    """Reads and keeps progress, runs checks. Methods that touch the disk are synchronous: call them in a thread."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    @property
    def guide(self) -> Guide:
        """The content."""
        return load_guide()

    def state(self, profile: str) -> GuideState:
        """Return how the guide stands for a profile."""
        vault = self._services.vault
        marks = {step_id: StepMark(at, note) for step_id, (at, note) in vault.notes.progress(profile).items()}
        found: dict[str, Evidence] = {
            check: Evidence(check, result, seen, at)  # type: ignore[arg-type]  # the vault keeps what we wrote
            for check, result, seen, at in vault.notes.evidence(profile)
            if is_check(check) and result in ("proven", "contradicted", "unknown")
        }
        return self._state(Progress(profile, marks), still_about(self._services, profile, found))

    def _state(self, progress: Progress, found: Mapping[str, Evidence]) -> GuideState:
        return GuideState(progress.profile, progress, found, statuses(self.guide, progress, found))

    def with_evidence(self, state: GuideState, found: GuideState) -> GuideState:
        """Return `state` with the evidence of `found`: ticks made while the checks ran stay."""
        return self._state(state.progress, found.evidence)

    def tick(self, state: GuideState, step_id: str) -> GuideState:
        """Tick or untick a step, and keep it. Ticking step 12 records when Matillion was authorised."""
        progress = state.progress.toggled(step_id, int(self._services.clock.now()))
        self._keep(progress)
        if step_id in ("12", "A5"):
            self._record_authorisation(state.profile, progress.mark(step_id).ticked_at)
        return self._state(progress, state.evidence)

    def note(self, state: GuideState, step_id: str, text: str) -> GuideState:
        """Keep a note on a step."""
        progress = state.progress.noted(step_id, text)
        self._keep(progress)
        return self._state(progress, state.evidence)

    def reset(self, state: GuideState) -> GuideState:
        """Untick every step; notes stay, and evidence too: it was seen."""
        progress = state.progress.without_ticks()
        self._keep(progress)
        return self._state(progress, state.evidence)

    def _keep(self, progress: Progress) -> None:
        marks = {step_id: (mark.ticked_at, mark.note) for step_id, mark in progress.marks.items()}
        self._services.vault.notes.save_progress(progress.profile, marks)

    def _record_authorisation(self, profile_name: str, at: int | None) -> None:
        from tui.settings import MatillionTarget

        profile = self._services.profile(profile_name)
        if profile is None or (at is None and profile.matillion is None):
            return
        target = profile.matillion or MatillionTarget("")
        self._save(replace(profile, matillion=replace(target, authorised_at=at)))

    def _save(self, profile: Profile) -> None:
        self._services.settings_store.save_profile(profile)

    # --- values ------------------------------------------------------------------------------------------------

    def value(self, profile_name: str, name: CopyValue) -> Secret | str | None:
        """Return a value a step needs, None where it is not known yet."""
        profile = self._services.profile(profile_name)
        if profile is None:
            return names_noted(self._services).get(name)
        match name:
            case "callback_url":
                return profile.callback_url or None
            case "app_id":
                return profile.app_id or None
            case "app_secret":
                return self._services.profile_desk.app_secret(profile_name)
            case "app_name":
                return profile.app_name or None
            case "entry_name":
                return (profile.matillion.oauth_entry if profile.matillion else "") or None
            case "dialog_address":
                return None

    def note_name(self, profile_name: str, value: CopyValue, name: str) -> None:
        """Keep a name that a step asks for: the display name of step 4, or the entry's name of M4."""
        if value == "app_name":
            self.note_display_name(profile_name, name)
        else:
            self.note_entry_name(profile_name, name)

    def note_entry_name(self, profile_name: str, name: str) -> None:
        """Keep the name of the OAuth entry in Matillion."""
        from tui.settings import MatillionTarget

        profile = self._services.profile(profile_name)
        if profile is None:
            note_name(self._services, "entry_name", name)
            return
        target = profile.matillion or MatillionTarget("")
        self._save(replace(profile, matillion=replace(target, oauth_entry=name)))

    def note_display_name(self, profile_name: str, name: str) -> None:
        """Keep the display name chosen in step 4, to compare it with the app's own name."""
        profile = self._services.profile(profile_name)
        if profile is None:
            note_name(self._services, "app_name", name)
            return
        self._save(replace(profile, app_name=name))

    # --- evidence ----------------------------------------------------------------------------------------------

    async def check(
        self, state: GuideState, names: tuple[CheckName, ...], found: Callable[[GuideState], None]
    ) -> GuideState:
        """Run checks side by side; `found` is told the new state as each arrives. Nothing changes at Facebook."""
        from tui.services.check_inputs import opened_checks

        latest = dict(state.evidence)
        current = state

        def arrived(evidence: Evidence) -> None:
            nonlocal current
            latest[evidence.check] = merged(latest.get(evidence.check), evidence)
            current = self._state(current.progress, dict(latest))
            found(current)

        async with opened_checks(self._services, state.profile) as checks:
            await checks.run(names, arrived)
            if checks.runs_seen is not None:
                await asyncio.to_thread(keep_runs, self._services, state.profile, checks.runs_seen)
        await asyncio.to_thread(keep_evidence, self._services, state.profile, tuple(latest.values()))
        return current

    def best_token(self, profile_name: str) -> "Token | None":
        """Return the user token that looks best for reading: the living one with the latest end."""
        from tui.tokens.token import deadline, state

        now = self._services.clock.now()
        usable = [
            token
            for token in self._services.tokens()
            if token.profile == profile_name
            and token.kind in ("user", "system_user", "unknown")
            and state(token, now) in ("valid", "due", "unknown")
        ]
        return max(usable, key=lambda token: deadline(token) or float("inf"), default=None)

    # --- the address of Matillion's dialog ---------------------------------------------------------------------

    def keep_address(self, profile_name: str, text: str) -> "DialogAddress":
        """Read the address of the page that Matillion opened, keep what may be kept. Raises AddressRefused."""
        from tui.matillion.address import read_dialog_address

        address = read_dialog_address(text, int(self._services.clock.now()), self._services.settings.dialog_url)
        self._services.vault.meta.set(f"dialog-address/{profile_name}", json.dumps(address.as_record()))
        profile = self._services.profile(profile_name)
        if profile is not None and address.scopes and address.scopes != profile.scopes:
            self._save(replace(profile, scopes=address.scopes))
        return address

    def address(self, profile_name: str) -> "DialogAddress | None":
        """Return what was read from the address that was last checked."""
        from tui.matillion.address import from_record

        text = self._services.vault.meta.get(f"dialog-address/{profile_name}")
        return from_record(json.loads(text)) if text else None

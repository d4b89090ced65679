"""The guide for one profile: the person's marks, evidence, and the values that steps need."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from tui.guide.checks import CheckName
from tui.guide.content import CopyValue, Guide, load_guide
from tui.guide.evidence import Evidence
from tui.guide.progress import Progress, Status, StepMark, merged, statuses
from tui.redact import Secret
from tui.services.estimates import save_runs
from tui.services.first_profile import note_name, noted_names
from tui.services.stored_evidence import current_evidence, save_evidence
from tui.settings import Profile

if TYPE_CHECKING:
    from tui.matillion.address import DialogAddress
    from tui.services.root import Services
    from tui.tokens.token import Token


@dataclass(frozen=True, slots=True)
class GuideState:
    """The guide for one profile: marks, evidence, and the status of every step."""

    profile: str
    progress: Progress
    evidence: Mapping[CheckName, Evidence]
    statuses: Mapping[str, Status]


class GuideDesk:
    """Reads and stores progress, runs checks. Methods that touch the disk are synchronous: call them in a thread."""

    def __init__(self, services: "Services") -> None:
        self._services = services

    @property
    def guide(self) -> Guide:
        """The content."""
        return load_guide()

    def state(self, profile: str) -> GuideState:
        """Return the guide's state for a profile."""
        vault = self._services.vault
        marks = {step_id: StepMark(at, note) for step_id, (at, note) in vault.notes.progress(profile).items()}
        return self._state(Progress(profile, marks), current_evidence(self._services, profile))

    def _state(self, progress: Progress, found: Mapping[CheckName, Evidence]) -> GuideState:
        return GuideState(progress.profile, progress, found, statuses(self.guide, progress, found))

    def with_evidence(self, state: GuideState, found: GuideState) -> GuideState:
        """Return `state` with the evidence of `found`, so that ticks made during the checks stay."""
        return self._state(state.progress, found.evidence)

    def tick(self, state: GuideState, step_id: str) -> GuideState:
        """Tick or untick a step, and store it. Ticking step 12 records when Matillion was authorized."""
        progress = state.progress.toggled(step_id, int(self._services.clock.now()))
        self._keep(progress)
        if step_id in ("12", "A5"):
            self._record_authorization(state.profile, progress.mark(step_id).ticked_at)
        return self._state(progress, state.evidence)

    def note(self, state: GuideState, step_id: str, text: str) -> GuideState:
        """Store a note on a step."""
        progress = state.progress.noted(step_id, text)
        self._keep(progress)
        return self._state(progress, state.evidence)

    def reset(self, state: GuideState) -> GuideState:
        """Untick every step; notes and evidence stay."""
        progress = state.progress.without_ticks()
        self._keep(progress)
        return self._state(progress, state.evidence)

    def _keep(self, progress: Progress) -> None:
        marks = {step_id: (mark.ticked_at, mark.note) for step_id, mark in progress.marks.items()}
        self._services.vault.notes.save_progress(progress.profile, marks)

    def _record_authorization(self, profile_name: str, at: int | None) -> None:
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
        """Return a value that a step needs, None where it is not known yet."""
        profile = self._services.profile(profile_name)
        if profile is None:
            return noted_names(self._services.meta).get(name)
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

    def required_value(self, profile_name: str, name: CopyValue) -> Secret | str:
        """Return a value that a step needs. Raises LookupError where it is not known yet."""
        value = self.value(profile_name, name)
        if value is None:
            raise LookupError(name)
        return value

    def note_name(self, profile_name: str, value: CopyValue, name: str) -> None:
        """Store a name that a step asks for: the Display name of step 4, or the entry's name of M4."""
        from tui.settings import MatillionTarget

        profile = self._services.profile(profile_name)
        if profile is None:
            note_name(self._services.meta, "app_name" if value == "app_name" else "entry_name", name)
        elif value == "app_name":
            self._save(replace(profile, app_name=name))
        else:
            target = profile.matillion or MatillionTarget("")
            self._save(replace(profile, matillion=replace(target, oauth_entry=name)))

    # --- evidence ----------------------------------------------------------------------------------------------

    async def check(
        self, state: GuideState, names: tuple[CheckName, ...], found: Callable[[GuideState], None]
    ) -> GuideState:
        """Run checks in parallel; `found` gets the new state after each. Nothing changes at Facebook."""
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
            if checks.last_runs is not None:
                await asyncio.to_thread(save_runs, self._services, state.profile, checks.last_runs)
        await asyncio.to_thread(save_evidence, self._services, state.profile, tuple(latest.values()))
        return current

    def best_token(self, profile_name: str) -> "Token | None":
        """Return the best token for reading: the usable one that expires last."""
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

    def save_address(self, profile_name: str, text: str) -> "DialogAddress":
        """Read the address of the page that Matillion opened, and store it without `state`. Raises AddressRefused."""
        from tui.matillion.address import read_dialog_address

        address = read_dialog_address(text, int(self._services.clock.now()), self._services.settings.dialog_url)
        self._services.vault.meta.set(f"dialog-address/{profile_name}", json.dumps(asdict(address)))
        profile = self._services.profile(profile_name)
        if profile is not None and address.scopes and address.scopes != profile.scopes:
            self._save(replace(profile, scopes=address.scopes))
        return address

    def address(self, profile_name: str) -> "DialogAddress | None":
        """Return what the last checked address contained."""
        from tui.matillion.address import DialogAddress

        text = self._services.vault.meta.get(f"dialog-address/{profile_name}")
        if not text:
            return None
        record = json.loads(text)
        return DialogAddress(**{**record, "scopes": tuple(record["scopes"])})

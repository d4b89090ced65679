"""Installs and removes the timer of a home. It is installed only when a trial run in its own environment worked."""

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tui.log import log
from tui.redact import Secret
from tui.services.root import Services
from tui.timer import cron, environment, installed, systemd
from tui.timer.credential import Handover, encrypt_for_timer, handover
from tui.timer.crontab import cron_line
from tui.timer.errors import SchedulerFailed, TimerError, TimerProblem
from tui.timer.installed import TimerFault
from tui.timer.plan import Plan, home_id
from tui.timer.undo import restored_on_failure
from tui.timer.units import units
from tui.tokens.automation import TimerKind
from tui.tokens.policy import jitter
from tui.vault.passphrase import Passphrase


class Scheduling:
    """The timer of one home. Methods block for the system's commands and raise TimerError and VaultError."""

    def __init__(self, services: Services, environ: Mapping[str, str]) -> None:
        self._services, self._environ = services, environ
        self._account_home, self._login_name = _account()
        self._folder = systemd.unit_folder(environ, self._account_home)

    def plan(self) -> Plan:
        """Return what would be installed now. Its minute comes from the home, so that homes run at different times."""
        home = self._services.home
        variables = environment.needed(self._environ, home, self._account_home, os.getuid())
        plan = Plan(
            program(),
            environment.file_of(home),
            variables,
            jitter(str(home.database), 60),
            home_id=home_id(home, self._account_home),
            account_home=self._account_home,
        )
        if not self._is_sealed() or self._services.settings.passphrase_command:
            return plan
        return replace(plan, credential=systemd.credential_file(self._folder, plan.unit))

    def _is_sealed(self) -> bool:
        return self._backend() == "sealed"

    def _backend(self) -> str | None:
        choice = self._services.secrets.choice if self._services.home.database.exists() else None
        return None if choice is None else choice.name

    def kind_here(self) -> TimerKind:
        """Return the scheduler that this home's timer has, else the one that works on this machine."""
        if kinds := self.installed_kinds():
            return kinds[0]
        if systemd.is_usable():
            return TimerKind.SYSTEMD
        if cron.read() is not None:
            return TimerKind.CRON
        raise SchedulerFailed(TimerProblem.NO_SCHEDULER)

    def texts(self, kind: TimerKind) -> dict[str, str]:
        """Return what would be written, by the file it goes to; the line of a crontab by an empty name."""
        plan = self.plan()
        if kind is TimerKind.CRON:
            return {"": os.fsdecode(cron_line(plan))}
        way = handover(systemd.version()) if plan.credential else None
        return {str(self._folder / name): text for name, text in units(plan, way).items()}

    def require_possible(self, kind: TimerKind) -> None:
        """Raise TimerError if the timer could not be given the passphrase of sealed secrets."""
        if self.plan().credential is not None and kind is TimerKind.CRON:
            raise TimerError(TimerProblem.SEALED_WITH_CRON)

    def install(self, kind: TimerKind, passphrase: Secret | None) -> tuple[TimerKind, ...]:
        """Prove that a run can open its secrets, and install the timer; return which other ones were removed.

        Where anything fails, nothing is installed, and each file is as before.
        """
        plan = self.plan()
        others, former = [other for other in self.installed_kinds() if other is not kind], installed.former(plan)
        log("schedule install with %s as %s", kind, plan.unit)
        written = [plan.environment_file] + ([plan.credential] if plan.credential else [])
        with restored_on_failure(*written):
            environment.write(plan.environment_file, plan.variables)
            if kind is TimerKind.CRON:
                cron.prove(plan, self._cron_environ())
                cron.install(plan)
            else:
                way = self._hand_over(plan, passphrase)
                systemd.prove(self._environ, plan, way)
                systemd.install(self._folder, plan, way)
        self._services.timer.note_installed(kind, first=plan.first_run(self._services.clock.now()))
        removed = tuple(other for other in others if self._remove(other, plan))
        self._remove_former(former)
        return removed

    def _hand_over(self, plan: Plan, passphrase: Secret | None) -> Handover | None:
        if plan.credential is None or passphrase is None:
            return None
        way = handover(systemd.version())
        self._services.ask_passphrase = lambda: Passphrase(passphrase)
        self._services.secrets.open()
        encrypt_for_timer(passphrase, plan.credential)
        return way

    def _cron_environ(self) -> dict[str, str]:
        return {
            "HOME": self._account_home,
            "LOGNAME": self._login_name,
            "SHELL": "/bin/sh",
            "PATH": "/usr/bin:/bin",
        }

    def installed_kinds(self) -> tuple[TimerKind, ...]:
        """Return which timers this home has; a crontab that cannot be read counts only where one is known of."""
        try:
            return installed.installed_kinds(self.plan(), self._folder)
        except SchedulerFailed:
            if self._recorded() is TimerKind.CRON:
                raise
            return (TimerKind.SYSTEMD,) if systemd.names_in(self._folder, self.plan()) else ()

    def remove(self, kinds: tuple[TimerKind, ...]) -> tuple[TimerKind, ...]:
        """Remove these timers, and what was written for them; return which ones were there."""
        plan = self.plan()
        log("schedule remove as %s", plan.unit)
        self._remove_former(installed.former(plan))
        removed = tuple(kind for kind in kinds if self._remove(kind, plan))
        if not self.installed_kinds():
            plan.environment_file.unlink(missing_ok=True)
            if self._recorded() in (TimerKind.SYSTEMD, TimerKind.CRON):
                self._services.timer.note_removed()
        return removed

    def forget(self) -> bool:
        """Expect no more runs of a loop or of another scheduler, which is not removed; tell whether any were."""
        if self._recorded() not in (TimerKind.LOOP, TimerKind.OTHER):
            return False
        self._services.timer.note_removed()
        return True

    def _remove(self, kind: TimerKind, plan: Plan) -> bool:
        return cron.remove(plan) if kind is TimerKind.CRON else systemd.remove(self._folder, plan)

    def _remove_former(self, former: Plan | None) -> None:
        """Remove the timer that names the place where this home was before."""
        if former is None:
            return
        for kind in installed.installed_kinds(former, self._folder):
            log("schedule removes the %s of %s", kind, former.environment_file.parent)
            self._remove(kind, former)

    def _recorded(self) -> TimerKind | None:
        found = self._services.timer.read() if self._services.home.database.exists() else None
        return None if found is None else found.kind

    def faults(self) -> tuple[TimerFault, ...]:
        """Compare what is installed with what would be installed now."""
        recorded = self._recorded()
        try:
            in_keyring = self._backend() == "keyring"
            return installed.faults(self.plan(), self._folder, recorded, in_keyring=in_keyring)
        except SchedulerFailed:
            if recorded is TimerKind.CRON:
                raise
            return ()


def program() -> tuple[str, ...]:
    """Return the program and first arguments that start this igauth again."""
    script = Path(sys.executable).with_name("igauth")
    return (str(script),) if script.exists() else (sys.executable, "-m", "tui")


def _account() -> tuple[str, str]:
    """Return the person's home folder and name, as the system starts commands with them."""
    import pwd  # Unix only, as the schedulers are

    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:  # a container's user without an entry; systems start such a process with HOME=/
        return os.environ.get("HOME") or "/", str(os.getuid())
    return entry.pw_dir, entry.pw_name

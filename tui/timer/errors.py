"""Why a timer cannot be installed, shown or removed."""

from enum import StrEnum


class TimerProblem(StrEnum):
    """What is in the way; `detail` is what the system said, or what the problem is about."""

    NO_SCHEDULER = "no_scheduler"
    UNITS_NOT_WRITABLE = "units_not_writable"
    UNIT_OF_OTHER_HOME = "unit_of_other_home"
    COMMAND_FAILED = "command_failed"
    CRONTAB_UNREADABLE = "crontab_unreadable"
    CRONTAB_NOT_EXACT = "crontab_not_exact"
    CRONTAB_REFUSED = "crontab_refused"
    LINE_TOO_LONG = "line_too_long"
    PATH_UNUSABLE = "path_unusable"
    VARIABLE_UNUSABLE = "variable_unusable"
    ENVIRONMENT_UNREADABLE = "environment_unreadable"
    ENVIRONMENT_NOT_WRITABLE = "environment_not_writable"
    NOT_PROVEN = "not_proven"
    SEALED_WITH_CRON = "sealed_with_cron"
    SYSTEMD_TOO_OLD = "systemd_too_old"
    NOT_INSTALLED = "not_installed"
    SILENT = "silent"
    REFUSED = "refused"
    NOT_WRITABLE = "not_writable"


class TimerError(Exception):
    """The timer cannot be installed, or not be given what it needs."""

    def __init__(self, problem: TimerProblem, detail: str = "") -> None:
        super().__init__(problem, detail)
        self.problem = problem
        self.detail = detail


class SchedulerFailed(TimerError):
    """The system's scheduler cannot be used as it is set up here."""

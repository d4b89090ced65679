"""The home: where it is, and who else has access to it."""

from collections.abc import Iterator

from tui.services.doctor.findings import Code, Finding, found
from tui.settings import Home


def home_findings(home: Home, *, fix: bool) -> Iterator[Finding]:
    from tui.vault import permissions

    yield found("paths", "ok", Code.CONFIG_PATH, path=home.config_file)
    yield found("paths", "ok", Code.DATABASE_PATH, path=home.database)
    yield found("paths", "ok", Code.REPORTS_PATH, path=home.log_folder)
    for folder in dict.fromkeys((home.data_folder, home.config_folder)):
        for report in permissions.restrict(folder) if fix else ():
            yield found("permissions", "ok", Code.ACCESS_REMOVED, path=report.path, mode=f"{report.mode:04o}")
        reports = permissions.inspect(folder)
        wrong = [report for report in reports if report.problem]
        yield from (Finding("permissions", "failure", value=report) for report in wrong)
        if not wrong:
            yield found("permissions", "ok", Code.PRIVATE if reports else Code.NO_FOLDER, path=folder)

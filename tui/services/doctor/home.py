"""The home: where it is, what it lies on, and who else has access to it."""

from collections.abc import Iterator
from pathlib import Path

from tui.services.doctor.findings import Code, Finding, found
from tui.settings import Home


def home_findings(home: Home, *, fix: bool) -> Iterator[Finding]:
    from tui.vault import permissions

    yield found("paths", "ok", Code.CONFIG_PATH, path=home.config_file)
    yield found("paths", "ok", Code.DATABASE_PATH, path=home.database)
    yield found("paths", "ok", Code.REPORTS_PATH, path=home.log_folder)
    for folder in dict.fromkeys((home.data_folder, home.config_folder)):
        yield from _lies_on(folder)
        for report in permissions.restrict(folder) if fix else ():
            yield found("permissions", "ok", Code.ACCESS_REMOVED, path=report.path, mode=f"{report.mode:04o}")
        reports = permissions.inspect(folder)
        wrong = [report for report in reports if report.problem]
        yield from (Finding("permissions", "failure", value=report) for report in wrong)
        if not wrong:
            yield found("permissions", "ok", Code.PRIVATE if reports else Code.NO_FOLDER, path=folder)


def _lies_on(folder: Path) -> Iterator[Finding]:
    """Return what a folder lies on where that is not simply a disk of this machine."""
    from tui.vault.mounts import mount_of

    place = next((place for place in (folder, *folder.parents) if place.exists()), folder)
    mount = mount_of(place)
    if mount.is_network:
        code = Code.NETWORK_FILE_SYSTEM if mount.shares_locks else Code.LOCKS_STAY_HERE
        yield found("paths", "ok" if mount.shares_locks else "warning", code, path=folder, kind=mount.kind)
    elif mount.is_in_memory:
        yield found("paths", "warning", Code.IN_MEMORY, path=folder, kind=mount.kind)
    elif mount.is_layer:
        yield found("paths", "warning", Code.IN_A_LAYER, path=folder, kind=mount.kind)

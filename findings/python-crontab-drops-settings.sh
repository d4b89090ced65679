#!/usr/bin/env bash
# python-crontab 3.4.0, Python 3.11: reading a crontab and writing it back, with nothing changed, loses lines of it.
#
# Input, valid for cron; crontab(5) itself writes settings as `name = value`, with blanks around the sign:
#     PATH = /usr/local/bin:/usr/bin:/bin
#     5 4 * * * backup
#     MAILTO=ops@example.org
# CronTab(tabfile=...).write() leaves one line, `5 4 * * * backup`. Seen:
#   1. `PATH = ...` is gone, while `PATH=...` stays. The job then runs with cron's own short PATH.
#   2. a setting after the last job is gone, however it is written.
#   3. a job whose command holds a form feed or U+0085 is split there: the job that stays has half of its command, and
#      the other half follows as a comment under `# DISABLED LINE`. cron itself ends a line at the newline only.
#   4. `0 0 * * 7` becomes `@weekly` and `0 0 * * *` becomes `@daily`.
# Nothing is raised. So a tool built on it that adds one job of its own changes other people's jobs.
# What helps: treat a crontab as bytes, and touch only the line that is one's own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check python-crontab==3.4.0
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from pathlib import Path

from crontab import CronTab

TAB = Path("table")
JOB = b"5 4 * * * backup\n"


def written(before: bytes) -> bytes:
    TAB.write_bytes(before)
    CronTab(tabfile=str(TAB)).write()
    after = TAB.read_bytes()
    print(before, "->", after)
    return after


assert written(b"PATH=/usr/local/bin:/usr/bin:/bin\n" + JOB) == b"PATH=/usr/local/bin:/usr/bin:/bin\n" + JOB
assert written(b"PATH = /usr/local/bin:/usr/bin:/bin\n" + JOB) == JOB
assert written(JOB + b"MAILTO=ops@example.org\n") == JOB
for mark in ("\f", "\x85"):
    halves = b"5 4 * * * printf a\n# DISABLED LINE\n# b\n"
    assert written(f"5 4 * * * printf a{mark}b\n".encode()) == halves
assert written(b"0 0 * * 7 backup\n0 0 * * * backup\n") == b"@weekly backup\n@daily backup\n"
PYTHON
echo "as described"

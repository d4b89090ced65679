"""The text of the systemd units. Pure functions."""

import shlex
from collections.abc import Sequence
from pathlib import Path

from tui.timer.credential import CREDENTIAL, Handover
from tui.timer.errors import TimerError, TimerProblem
from tui.timer.plan import Plan, require_plain

_SERVICE = """\
[Unit]
Description=igauth: keep the Facebook tokens of this account valid

[Service]
Type=oneshot
{credential}ExecStart={command}
TimeoutStartSec=30min
UMask=0077
NoNewPrivileges=yes
{more}"""
_TIMER = """\
[Unit]
Description=igauth: once a day

[Timer]
OnCalendar=*-*-* {hour:02d}:{minute:02d}:00
RandomizedDelaySec=10min
Persistent=true

[Install]
WantedBy=timers.target
"""


def service_unit(plan: Plan, handover: Handover | None) -> str:
    """Return the text of the service. `handover`: how the passphrase gets in, where there is one."""
    return _service(plan, plan.unit, plan.words, handover)


def trial_unit(plan: Plan, name: str, handover: Handover | None, output: Path) -> str:
    """Return the text of a service that only proves that a run could open its secrets; `output` gets what it says."""
    more = f"StandardOutput=null\nStandardError=file:{output}\n".replace("%", "%%")
    return _service(plan, name, (*plan.words, "--dry-run"), handover, more)


def timer_unit(plan: Plan) -> str:
    """Return the text of the timer."""
    return _TIMER.format(hour=plan.hour, minute=plan.minute)


def units(plan: Plan, handover: Handover | None) -> dict[str, str]:
    """Return the text of each unit, by its file's name. Raises TimerError where a path cannot be in a unit."""
    return {f"{plan.unit}.service": service_unit(plan, handover), f"{plan.unit}.timer": timer_unit(plan)}


def _service(plan: Plan, name: str, words: Sequence[str], handover: Handover | None, more: str = "") -> str:
    require_plain(*words)
    credential = "" if plan.credential is None or handover is None else _credential(plan.credential, name, handover)
    text = _SERVICE.format(credential=credential, command=_joined(words), more=more)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise TimerError(TimerProblem.PATH_UNUSABLE, ascii(str(plan.environment_file))) from None
    return text


def _credential(file: Path, name: str, handover: Handover) -> str:
    require_plain(str(file))
    if handover is Handover.LOAD:
        return f"LoadCredentialEncrypted={CREDENTIAL}:{str(file).replace('%', '%%')}\n"
    folder = f"{name}-secret"
    decrypt = _joined(("systemd-creds", "decrypt", "--user", f"--name={CREDENTIAL}", str(file)))
    return (
        f"RuntimeDirectory={folder}\n"
        "RuntimeDirectoryMode=0700\n"
        f"Environment=CREDENTIALS_DIRECTORY=%t/{folder}\n"
        f"ExecStartPre={decrypt} %t/{folder}/{CREDENTIAL}\n"
    )


def words_of(service: str) -> list[str]:
    """Return the command that a service of ours starts, in the form of this version or of an older one."""
    for line in service.splitlines():
        name, _, value = line.partition("=")
        if name == "ExecStart" and (words := _words(value.removeprefix("-"))):
            return [words[0], *(word.replace("$$", "$") for word in words[1:])]
    return []


def home_named_in(service: str) -> str | None:
    """Return the IGAUTH_HOME that a service in an older form names, or ""; None for this version's form."""
    if "ExecCondition=" not in service:
        return None
    for line in service.splitlines():
        name, _, value = line.partition("=")
        if name == "Environment":
            for word in _words(value):
                if word.startswith("IGAUTH_HOME="):
                    return word.partition("=")[2]
    return ""


def _words(value: str) -> list[str]:
    try:
        return shlex.split(value.replace("%%", "%"))
    except ValueError:
        return []  # somebody changed it


def _joined(words: Sequence[str]) -> str:
    program, *arguments = words
    return " ".join((_quoted(program), *(_quoted(word.replace("$", "$$")) for word in arguments)))


def _quoted(text: str) -> str:
    """Quote a text for a unit file, where % is special too, and $ in all but the first word of a command."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"' if any(character in escaped for character in " \t\"'\\;") else escaped

"""The text of a timer: systemd units and a crontab line. Pure functions."""

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tui.services.timer_passphrase import CREDENTIAL

MARK = "# igauth schedule"
"""The end of our crontab line, by which it is found."""

_KEPT = ("IGAUTH_HOME", "IGAUTH_GRAPH_URL", "IGAUTH_DIALOG_URL", "HTTPS_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
"""Variables that the timer needs too; none of them is a secret of igauth's."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When and how the timer runs: a command with its first arguments, once a day at `hour`:`minute`."""

    command: tuple[str, ...]
    hour: int
    minute: int
    environment: Mapping[str, str]
    passphrase_file: str = ""
    """File with the passphrase, encrypted by systemd-creds; empty if the secrets are not sealed."""

    @property
    def condition(self) -> tuple[str, ...]:
        """The command that exits with 0 if a run has something to do."""
        return (*self.command, "due", "--unchecked", "20h")

    @property
    def steps(self) -> tuple[tuple[str, ...], ...]:
        """The commands of a run: check every token, then extend what is due."""
        return (*self.command, "status", "--check"), (*self.command, "refresh", "--due")


def kept_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for the timer; a proxy with a password is left out."""
    kept = {name: environ[name] for name in _KEPT if environ.get(name) and "@" not in environ[name]}
    return {"IGAUTH_ACTOR": "timer", **kept}


def service_unit(plan: Plan) -> str:
    """Return `igauth.service`. The second step runs even if the first one fails."""
    check, extend = plan.steps
    file = plan.passphrase_file.replace("%", "%%")
    credential = [f"LoadCredentialEncrypted={CREDENTIAL}:{file}"] if file else []
    lines = [
        "[Unit]",
        "Description=igauth: keep the Facebook tokens of this account valid",
        "Wants=network-online.target",
        "After=network-online.target",
        "",
        "[Service]",
        "Type=oneshot",
        *(f"Environment={_quoted(f'{name}={value}')}" for name, value in plan.environment.items()),
        *credential,
        f"ExecCondition={_joined(plan.condition)}",
        f"ExecStart=-{_joined(check)}",
        f"ExecStart={_joined(extend)}",
        "TimeoutStartSec=30min",
        "UMask=0077",
        "NoNewPrivileges=yes",
    ]
    return "\n".join(lines) + "\n"


def timer_unit(plan: Plan) -> str:
    """Return `igauth.timer`."""
    lines = [
        "[Unit]",
        "Description=igauth: once a day",
        "",
        "[Timer]",
        f"OnCalendar=*-*-* {plan.hour:02d}:{plan.minute:02d}:00",
        "RandomizedDelaySec=10min",
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]
    return "\n".join(lines) + "\n"


def cron_line(plan: Plan) -> str:
    """Return the crontab line. Errors reach the user as cron's mail."""
    settings = " ".join(f"{name}={shlex.quote(value)}" for name, value in plan.environment.items())
    check, extend = (f"{settings} {shlex.join(step)}" for step in plan.steps)
    condition = f"{settings} {shlex.join(plan.condition)} >/dev/null"
    line = f"{condition} && {{ {check} >/dev/null 2>&1; {extend} >/dev/null; }}"
    escaped = line.replace("%", "\\%")  # for cron an unescaped one ends the line
    return f"{plan.minute} {plan.hour} * * * {escaped} {MARK}"


def units(plan: Plan) -> dict[str, str]:
    """Return the text of each systemd unit, by its file's name."""
    return {"igauth.service": service_unit(plan), "igauth.timer": timer_unit(plan)}


def with_line(crontab: str, line: str) -> str:
    """Return a crontab with this line, which replaces an earlier one of ours."""
    return without_line(crontab) + line + "\n"


def without_line(crontab: str) -> str:
    """Return a crontab without our line."""
    kept = [line for line in crontab.splitlines() if not line.endswith(MARK)]
    return "".join(f"{line}\n" for line in kept)


def _joined(command: Sequence[str]) -> str:
    return " ".join(_quoted(part) for part in command)


def _quoted(text: str) -> str:
    """Quote a text for a unit file, where % and $ are special too."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if any(character in escaped for character in " \t\"'\\;") else escaped

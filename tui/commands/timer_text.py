"""The text of a timer: systemd units and a crontab line. Pure functions."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tui.timer.credential import CREDENTIAL

MARK = "# igauth schedule"
"""The end of our crontab line, by which it is found."""

_SERVICE = """\
[Unit]
Description=igauth: keep the Facebook tokens of this account valid
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
{settings}
ExecCondition={condition}
ExecStart=-{check}
ExecStart={extend}
TimeoutStartSec=30min
UMask=0077
NoNewPrivileges=yes
"""
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

    def commands(self, joined: Callable[[Sequence[str]], str]) -> dict[str, str]:
        """Return the commands of a run: `condition` exits with 0 if it has something to do; then `check` and `extend`.

        `joined` quotes the words of a command.
        """
        words = {"condition": "due --unchecked 20h", "check": "status --check", "extend": "refresh --due"}
        return {name: joined((*self.command, *arguments.split())) for name, arguments in words.items()}


def kept_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for the timer; a proxy with a password is left out."""
    kept = {name: environ[name] for name in _KEPT if environ.get(name) and "@" not in environ[name]}
    return {"IGAUTH_ACTOR": "timer", **kept}


def service_unit(plan: Plan) -> str:
    """Return `igauth.service`. The last step runs even if the one before it fails."""
    settings = [f"Environment={_quoted(f'{name}={value}')}" for name, value in plan.environment.items()]
    if plan.passphrase_file:
        settings.append(f"LoadCredentialEncrypted={CREDENTIAL}:{plan.passphrase_file.replace('%', '%%')}")
    return _SERVICE.format(settings="\n".join(settings), **plan.commands(_joined))


def timer_unit(plan: Plan) -> str:
    """Return `igauth.timer`."""
    return _TIMER.format(hour=plan.hour, minute=plan.minute)


def cron_line(plan: Plan) -> str:
    """Return the crontab line. Errors reach the user as cron's mail."""
    settings = [f"{name}={shlex.quote(value)}" for name, value in plan.environment.items()]
    run = plan.commands(lambda words: " ".join([*settings, shlex.join(words)]))
    line = f"{run['condition']} >/dev/null && {{ {run['check']} >/dev/null 2>&1; {run['extend']} >/dev/null; }}"
    escaped = line.replace("%", "\\%")  # for cron an unescaped one ends the line
    return f"{plan.minute} {plan.hour} * * * {escaped} {MARK}"


def units(plan: Plan) -> dict[str, str]:
    """Return the text of each systemd unit, by its file's name."""
    return {"igauth.service": service_unit(plan), "igauth.timer": timer_unit(plan)}


def with_line(crontab: str, line: str) -> str:
    """Return a crontab with this line, which replaces an earlier one of ours; an empty line only removes that."""
    kept = [other for other in crontab.splitlines() if not other.endswith(MARK)]
    return "".join(f"{each}\n" for each in (kept if not line else [*kept, line]))


def _joined(command: Sequence[str]) -> str:
    return " ".join(_quoted(part) for part in command)


def _quoted(text: str) -> str:
    """Quote a text for a unit file, where % and $ are special too."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if any(character in escaped for character in " \t\"'\\;") else escaped

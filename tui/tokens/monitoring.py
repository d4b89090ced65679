"""The state of all tokens in the words of monitoring systems: Nagios and OpenMetrics. Pure functions."""

from collections.abc import Callable, Mapping, Sequence

from tui.tokens.countdown import countdown
from tui.tokens.status import DEAD, DUE, UNKNOWN, VALID, Entry, WindowOf
from tui.tokens.token import State

_NAGIOS_WORDS = {VALID: "OK", DUE: "WARNING", DEAD: "CRITICAL", UNKNOWN: "UNKNOWN"}
_STATES: tuple[State, ...] = ("valid", "due", "expired", "invalid", "unknown")
_NAMED = 5
"""Names told in one Nagios line; the rest are counted."""


def nagios(found: Sequence[Entry], status: int, window_of: WindowOf) -> str:
    """Return one line with performance data; `status` is the exit status, which the word must match.

    A value is seconds left; it warns inside the window and is critical at 0 (ranges `@a:b`, inclusive).
    """
    words = [_counted(found, state) for state in ("expired", "invalid", "unknown", "due", "valid")]
    text = ", ".join(word for word in words if word) or "no token is stored"
    living = [entry for entry in found if entry.state in ("due", "valid") and entry.left is not None]
    if living:
        text += f"; next end {living[0].token.name} in {countdown(living[0].left)}"
    data = " ".join(_perfdata(entry, window_of) for entry in found)
    line = f"IGAUTH {_NAGIOS_WORDS[status]} - {text}"
    return f"{line} | {data}" if data else line


def _counted(found: Sequence[Entry], state: State) -> str:
    names = [entry.token.name for entry in found if entry.state == state]
    if not names:
        return ""
    if state == "valid":
        return f"{len(names)} valid"
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f"{len(names)} {state} ({', '.join(names[:_NAMED])}{more})"


def _perfdata(entry: Entry, window_of: WindowOf) -> str:
    dead = entry.state in ("expired", "invalid")
    left = 0 if dead else entry.left
    if left is None:
        return f"'{entry.token.name}'=U;;;;"
    return f"'{entry.token.name}'={left}s;@0:{window_of(entry.token.profile)};@0:0;0;"


def openmetrics(found: Sequence[Entry], now: float, refreshes: Mapping[str, int] | None = None) -> str:
    """Return the text for a node exporter's textfile folder; ends are unix seconds, absent where there is none.

    `refreshes` are exchanges ever made, by result as the history names it.
    """
    lines: list[str] = []
    gauges: tuple[tuple[str, str, Callable[[Entry], float | None]], ...] = (
        ("expiry_timestamp_seconds", "When the token expires.", lambda entry: entry.token.expires_at),
        (
            "data_access_expiry_timestamp_seconds",
            "When data access ends unless the person logs in again.",
            lambda entry: entry.token.data_access_expires_at,
        ),
        ("deadline_timestamp_seconds", "The earlier of both ends.", lambda entry: entry.deadline),
        (
            "last_check_timestamp_seconds",
            "When Facebook was last asked about the token.",
            lambda entry: entry.token.inspected_at,
        ),
        ("up", "1 while the token is known to work.", lambda entry: float(entry.state in ("valid", "due"))),
        ("missing_scopes", "Scopes the profile expects and the token lacks.", lambda entry: len(entry.missing)),
    )
    for name, text, value_of in gauges:
        _family(lines, f"igauth_token_{name}", text)
        for entry in found:
            value = value_of(entry)
            if value is not None:
                lines.append(f"igauth_token_{name}{{{_labels(entry)}}} {value:.0f}")
    _family(lines, "igauth_token_state", "1 for the state the token is in, 0 for the others.")
    for entry in found:
        labels = _labels(entry)
        lines += [
            f'igauth_token_state{{{labels},state="{word}"}} {1 if entry.state == word else 0}' for word in _STATES
        ]
    if refreshes:
        lines += [
            "# HELP igauth_refresh Exchanges ever asked for, by what came of them.",
            "# TYPE igauth_refresh counter",
        ]
        lines += [f'igauth_refresh_total{{result="{_escaped(word)}"}} {refreshes[word]}' for word in sorted(refreshes)]
    _family(lines, "igauth_status_timestamp_seconds", "When this file was made.")
    lines.append(f"igauth_status_timestamp_seconds {now:.0f}")
    lines.append("# EOF")
    return "\n".join(lines) + "\n"


def _family(lines: list[str], name: str, text: str) -> None:
    lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge"]


def _labels(entry: Entry) -> str:
    token = entry.token
    pairs = (("profile", token.profile), ("name", token.name), ("kind", token.kind))
    return ",".join(f'{key}="{_escaped(value)}"' for key, value in pairs)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

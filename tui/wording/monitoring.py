"""The state of all tokens for monitoring systems: Nagios and OpenMetrics. Pure functions."""

from collections.abc import Callable, Mapping, Sequence

from tui.tokens.states import STATES, TokenState, is_unusable
from tui.tokens.status import Entry, WindowOf
from tui.wording.counts import listed
from tui.wording.times import countdown

_NAGIOS_LEVELS = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
_NAMED = 5
"""Names in one Nagios line; the rest are counted."""


def nagios(found: Sequence[Entry], status: int, window_of: WindowOf) -> str:
    """Return one line with performance data; `status` is the exit status, which the word must match.

    A value is seconds left; it warns inside the window and is critical at 0 (ranges `@a:b`, inclusive).
    """
    worst_first = sorted(TokenState, key=lambda state: -STATES[state].severity)
    words = [_counted(found, state) for state in worst_first]
    text = ", ".join(word for word in words if word) or "no token is stored"
    usable = [entry for entry in found if STATES[entry.state].works and entry.left is not None]
    if usable:
        text += f"; next expiry {usable[0].token.name} in {countdown(usable[0].left)}"
    data = " ".join(_perfdata(entry, window_of) for entry in found)
    line = f"IGAUTH {_NAGIOS_LEVELS[status]} - {text}"
    return f"{line} | {data}" if data else line


def nagios_unknown(text: str) -> str:
    """Return the line where no state can be read; `text` says why."""
    return f"IGAUTH UNKNOWN - {' '.join(text.replace('|', '/').split())}"


def _counted(found: Sequence[Entry], state: TokenState) -> str:
    names = [entry.token.name for entry in found if entry.state == state]
    if not names:
        return ""
    if state is TokenState.VALID:
        return f"{len(names)} valid"
    return f"{len(names)} {state} ({listed(names, _NAMED)})"


def _perfdata(entry: Entry, window_of: WindowOf) -> str:
    left = 0 if is_unusable(entry.state) else entry.left
    if left is None:
        return f"'{entry.token.name}'=U;;;;"
    return f"'{entry.token.name}'={left}s;@0:{window_of(entry.token.profile)};@0:0;0;"


_GAUGES: tuple[tuple[str, str, Callable[[Entry], float | None]], ...] = (
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
    ("up", "1 while the token is known to work.", lambda entry: float(STATES[entry.state].works)),
    ("missing_scopes", "Scopes the profile expects and the token lacks.", lambda entry: len(entry.missing)),
)


def openmetrics(found: Sequence[Entry], now: float, refreshes: Mapping[str, int] | None = None) -> str:
    """Return the text for a node exporter's textfile folder; ends are unix seconds, absent where there is none.

    `refreshes` are exchanges ever made, by result as the history names it.
    """
    labels = [_labels(entry) for entry in found]
    lines: list[str] = []
    for name, text, value_of in _GAUGES:
        values = [(label, value_of(entry)) for label, entry in zip(labels, found, strict=True)]
        samples = [f"{{{label}}} {value:.0f}" for label, value in values if value is not None]
        lines += _family(f"igauth_token_{name}", text, samples)
    states = [
        f'{{{label},state="{word}"}} {int(entry.state == word)}'
        for label, entry in zip(labels, found, strict=True)
        for word in TokenState
    ]
    lines += _family("igauth_token_state", "1 for the state the token is in, 0 for the others.", states)
    if refreshes:
        counts = [f'_total{{result="{_escaped(word)}"}} {refreshes[word]}' for word in sorted(refreshes)]
        lines += _family("igauth_refresh", "Exchanges ever asked for, by what came of them.", counts, "counter")
    lines += _family("igauth_status_timestamp_seconds", "When this file was made.", [f" {now:.0f}"])
    return "\n".join([*lines, "# EOF\n"])


def _family(name: str, text: str, samples: Sequence[str], kind: str = "gauge") -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}", *(f"{name}{sample}" for sample in samples)]


def _labels(entry: Entry) -> str:
    token = entry.token
    pairs = (("profile", token.profile), ("name", token.name), ("kind", token.kind))
    return ",".join(f'{key}="{_escaped(value)}"' for key, value in pairs)


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")

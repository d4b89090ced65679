"""Finished Matillion tasks: what they say of the token that Matillion holds. Pure functions on parsed JSON.

Task shape from matillion.md section 3.5; Facebook's texts from graph-api.md section 10.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from tui.harmless import harmless
from tui.redact import redact

RunState = Literal["success", "failed", "other"]

_BY_TEXT: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), subcode)
    for pattern, subcode in (
        (r"session has expired", 463),
        (r"changed (?:their|the|his|her) password|changed the session for security", 460),
        (r"has not authorized application", 458),
        (r"log in to www\.facebook\.com and follow", 459),
        (r"not a confirmed user", 464),
        (r"invalidated explicitly", 466),
        (r"user logged out|session is invalid because", 467),
        (r"logged-in checkpoint", 490),
        (r"must be an administrator", 492),
        (r"engaged the app in longer than 90 days", 493),
    )
)
_SUBCODE = re.compile(r"subcode\W{1,6}(?P<subcode>4\d\d)\b|\b190\s*/\s*(?P<pair>4\d\d)\b", re.IGNORECASE)
_CODE = re.compile(r"(?:\bcode\W{1,6}|\(#|\berror\W{1,4})190\b|\b190\s*/\s*4\d\d\b", re.IGNORECASE)
_WORDS = re.compile(
    r"OAuthException|error validating access token|(?:invalid|expired|malformed)[\w ]* access token"
    r"|access token[\w ]* (?:invalid|expired|could not be decrypted)",
    re.IGNORECASE,
)
_SAID = re.compile(r'"message"\s*:\s*"(?P<text>[^"\\]{8,})"')
"""Facebook's own sentence where a task's message holds its whole JSON answer."""
_OTHER_CODE = re.compile(r"(?:\bcode\W{1,6}|\(#)(?!190\b)\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TokenFault:
    """Facebook refused the token that Matillion holds: code 190 and, where it can be told, the subcode."""

    subcode: int | None
    message: str

    @property
    def reason(self) -> str:
        """Code and subcode as `190/463`."""
        return "190" if self.subcode is None else f"190/{self.subcode}"


@dataclass(frozen=True, slots=True)
class Run:
    """One finished component of a job, or a job where it lists no components. Times: unix seconds, UTC."""

    job: str
    component: str
    state: RunState
    ended_at: int
    message: str
    fault: TokenFault | None = None

    @property
    def reads_instagram(self) -> bool:
        """Whether the component itself is an Instagram one, by its name or type."""
        return "instagram" in self.component.casefold()

    @property
    def proves_instagram(self) -> bool:
        """Whether its success proves a read: an Instagram component's, or a job's of that name without a list."""
        return self.reads_instagram or (not self.component and "instagram" in self.job.casefold())

    @property
    def concerns_instagram(self) -> bool:
        """Whether a refused token in it may be the entry's: not where it names another of Facebook's connectors.

        A component is named by people ("Load posts"), and only Facebook words a refused token this way.
        """
        names = f"{self.component} {self.job}".casefold()
        return "instagram" in names or "facebook" not in names


@dataclass(frozen=True, slots=True)
class Seen:
    """What the runs showed of Matillion's token: when it last worked, when it was last refused, and how."""

    worked_at: int | None = None
    failed_at: int | None = None
    fault: TokenFault | None = None
    job: str = ""

    def as_record(self) -> dict[str, object]:
        """Return plain values to keep; `seen_from_record` brings them back."""
        return {
            "worked_at": self.worked_at,
            "failed_at": self.failed_at,
            "subcode": self.fault.subcode if self.fault else None,
            "message": self.fault.message if self.fault else "",
            "job": self.job,
        }


def seen_from_record(record: Mapping[str, object]) -> Seen | None:
    """Return what `as_record` kept, or None where the record is damaged."""
    worked, failed, subcode = (record.get(key) for key in ("worked_at", "failed_at", "subcode"))
    message, job = record.get("message"), record.get("job")
    if not isinstance(worked, int | None) or not isinstance(failed, int | None) or not isinstance(subcode, int | None):
        return None
    if not isinstance(message, str) or not isinstance(job, str):
        return None
    return Seen(worked, failed, TokenFault(subcode, message) if failed is not None else None, job)


def token_fault(message: str) -> TokenFault | None:
    """Recognise, in a task's message, that Facebook refused the token; None for every other message."""
    by_text = next((subcode for pattern, subcode in _BY_TEXT if pattern.search(message)), None)
    has_code, has_words = _CODE.search(message), _WORDS.search(message)
    if not has_code and (not has_words or (_OTHER_CODE.search(message) and by_text is None)):
        return None
    stated = _SUBCODE.search(message)
    subcode = int(stated["subcode"] or stated["pair"]) if stated else by_text
    said = _SAID.search(message)
    return TokenFault(subcode, harmless(redact(said["text"] if said else message), 500))


def read_runs(answer: object) -> tuple[Run, ...]:
    """Read a list of tasks leniently: rows that are no task are left out; the latest end comes first."""
    rows = answer.get("tasks", answer.get("data")) if isinstance(answer, Mapping) else answer
    if not isinstance(rows, list):
        return ()
    runs = [run for row in rows if isinstance(row, Mapping) for run in _runs_of(row)]
    return tuple(sorted(runs, key=lambda run: run.ended_at, reverse=True))


def what_was_seen(runs: Iterable[Run]) -> Seen:
    """Return what the runs prove: a success of an Instagram component, or a token that Facebook refused."""
    runs = tuple(runs)
    worked = max((run for run in runs if run.proves_instagram and run.state == "success"), key=_end, default=None)
    failed = max(
        (run for run in runs if run.concerns_instagram and run.state == "failed" and run.fault), key=_end, default=None
    )
    latest = max((run for run in (worked, failed) if run is not None), key=_end, default=None)
    return Seen(
        worked_at=worked.ended_at if worked else None,
        failed_at=failed.ended_at if failed else None,
        fault=failed.fault if failed else None,
        job=latest.job if latest else "",
    )


def _end(run: Run) -> int:
    return run.ended_at


def _runs_of(task: Mapping[str, Any]) -> Iterator[Run]:
    job = _text(task.get("jobName"))
    below = task.get("tasks")
    components = [row for row in below if isinstance(row, Mapping)] if isinstance(below, list) else []
    told_above = token_fault(_text(task.get("message"), 4_000))
    if components and told_above and not any(token_fault(_text(row.get("message"), 4_000)) for row in components):
        failed = [row for row in components if _state(row.get("state")) == "failed"]
        components = [{**row, "message": task.get("message")} for row in failed[:1]] or [task]
    for row in components or [task]:
        ended_at = _seconds(row.get("endTime")) or _seconds(task.get("endTime"))
        if ended_at is None:
            continue
        message = _text(row.get("message"), 4_000)
        name = " ".join(dict.fromkeys(filter(None, (_text(row.get("componentName")), _text(row.get("type"))))))
        yield Run(
            job=job,
            component=name if row is not task else "",
            state=_state(row.get("state")),
            ended_at=ended_at,
            message=harmless(redact(message), 500),
            fault=token_fault(message),
        )


def _state(value: object) -> RunState:
    word = value.upper() if isinstance(value, str) else ""
    if word in ("SUCCESS", "SUCCESSFUL", "COMPLETED"):
        return "success"
    return "failed" if word in ("FAILED", "FAILURE", "ERROR") else "other"


def _seconds(value: object) -> int | None:
    """Return unix seconds from epoch milliseconds; None for anything that is no moment."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 253_402_300_799_000:
        return None
    return int(value // 1000)


def _text(value: object, longest: int = 200) -> str:
    return harmless(value, longest) if isinstance(value, str) else ""

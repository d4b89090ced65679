"""What finished Matillion tasks show about the token that Matillion stores. Pure functions on parsed JSON.

Task shape from matillion.md section 3.5; Facebook's texts from graph-api.md section 10.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tui.harmless import harmless
from tui.redact import redact

_WORKED = ("SUCCESS", "SUCCESSFUL", "COMPLETED")
_FAILED = ("FAILED", "FAILURE", "ERROR")
_BY_TEXT = (
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
_SUBCODE = re.compile(r"subcode\W{1,6}(?P<subcode>4\d\d)\b|\b190\s*/\s*(?P<pair>4\d\d)\b", re.IGNORECASE)
_CODE = re.compile(r"(?:\bcode\W{1,6}|\(#|\berror\W{1,4})190\b|\b190\s*/\s*4\d\d\b", re.IGNORECASE)
_WORDS = re.compile(
    r"OAuthException|error validating access token|(?:invalid|expired|malformed)[\w ]* access token"
    r"|access token[\w ]* (?:invalid|expired|could not be decrypted)",
    re.IGNORECASE,
)
_MESSAGE = re.compile(r'"message"\s*:\s*"(?P<text>[^"\\]{8,})"')
"""Facebook's own message, where a task's message holds its whole JSON answer."""
_OTHER_CODE = re.compile(r"(?:\bcode\W{1,6}|\(#)(?!190\b)\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TokenError:
    """Facebook refused the token that Matillion stores: code 190 and, where it is known, the subcode."""

    subcode: int | None
    message: str


class Run(NamedTuple):
    """What a finished component of a job shows about Matillion's token, or a job where it lists no components.

    `proves`: the token worked; `refusal`: Facebook refused it. `ended_at`: unix seconds, UTC.
    """

    job: str
    ended_at: int
    proves: bool
    refusal: TokenError | None


@dataclass(frozen=True, slots=True)
class LastRuns:
    """The last run that proves that Matillion's token works, and the last that was refused (unix seconds, UTC).

    `subcode` and `message` are Facebook's, of the refused run; `job` is the job of the later of the two.
    """

    worked_at: int | None = None
    failed_at: int | None = None
    subcode: int | None = None
    message: str = ""
    job: str = ""

    @property
    def reason(self) -> str:
        """Facebook's code and subcode of the refused run, as `190/463`; empty where none was refused."""
        if self.failed_at is None:
            return ""
        return "190" if self.subcode is None else f"190/{self.subcode}"

    def since(self, moment: int) -> tuple[int | None, int | None]:
        """Return when it last worked or was refused since `moment`: only the later of the two, None for the other."""
        worked, failed = (at if at is not None and at >= moment else None for at in (self.worked_at, self.failed_at))
        if worked is not None and failed is not None:
            return (worked, None) if worked > failed else (None, failed)
        return worked, failed


def token_error(message: str) -> TokenError | None:
    """Return Facebook's refusal of the token, found in a task's message; None for every other message."""
    by_text = next((subcode for pattern, subcode in _BY_TEXT if re.search(pattern, message, re.IGNORECASE)), None)
    has_code, has_words = _CODE.search(message), _WORDS.search(message)
    if not has_code and (not has_words or (_OTHER_CODE.search(message) and by_text is None)):
        return None
    stated = _SUBCODE.search(message)
    subcode = int(stated["subcode"] or stated["pair"]) if stated else by_text
    quoted = _MESSAGE.search(message)
    return TokenError(subcode, harmless(redact(quoted["text"] if quoted else message), 500))


def last_runs(answer: object) -> LastRuns:
    """Return the last success of an Instagram component, and the last run with a refused token.

    Reads a list of tasks leniently: rows that are not tasks are skipped.
    """
    rows = answer.get("tasks", answer.get("data")) if isinstance(answer, Mapping) else answer
    tasks = [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []
    runs = sorted((run for task in tasks for run in _runs_of(task)), key=lambda run: run.ended_at, reverse=True)
    failed = next((run for run in runs if run.refusal), None)
    error = failed.refusal if failed is not None else None
    return LastRuns(
        worked_at=next((run.ended_at for run in runs if run.proves), None),
        failed_at=failed.ended_at if failed else None,
        subcode=error.subcode if error else None,
        message=error.message if error else "",
        job=next((run.job for run in runs if run.proves or run.refusal), ""),
    )


def _runs_of(task: Mapping[str, Any]) -> Iterator[Run]:
    job, below = _text(task.get("jobName")), task.get("tasks")
    components = [row for row in below if isinstance(row, Mapping)] if isinstance(below, list) else []
    if components and _error_of(task) and not any(map(_error_of, components)):
        failed = [row for row in components if _state_of(row) in _FAILED]
        components = [{**row, "message": task.get("message")} for row in failed[:1]] or [task]
    for row in components or [task]:
        ended_at = _seconds(row.get("endTime")) or _seconds(task.get("endTime"))
        if ended_at is None:
            continue
        component = "" if row is task else f"{_text(row.get('componentName'))} {_text(row.get('type'))}".strip()
        # people name components ("Load posts"), so that only the name of another of Facebook's connectors excludes one
        names = f"{component} {job}".casefold()
        is_other = "facebook" in names and "instagram" not in names
        yield Run(
            job=job,
            ended_at=ended_at,
            proves=_state_of(row) in _WORKED and "instagram" in (component or job).casefold(),
            refusal=_error_of(row) if _state_of(row) in _FAILED and not is_other else None,
        )


def _error_of(row: Mapping[str, Any]) -> TokenError | None:
    return token_error(_text(row.get("message"), 4_000))


def _state_of(row: Mapping[str, Any]) -> str:
    return _text(row.get("state")).upper()


def _seconds(value: object) -> int | None:
    """Return unix seconds from epoch milliseconds; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 253_402_300_799_000:
        return None
    return int(value // 1000)


def _text(value: object, longest: int = 200) -> str:
    return harmless(value, longest) if isinstance(value, str) else ""

"""What a check found: a result, a code and facts, and how these are stored as text."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any, Literal, get_args

from tui.guide.checks import CHECKS, CheckName
from tui.matillion.errors import Failure, Problem
from tui.network.failures import NetworkFault
from tui.network.proxies import ProxyProblem
from tui.stored_json import from_record, json_object

Result = Literal["proven", "contradicted", "unknown"]


class Code(StrEnum):
    """What was found."""

    STORED_TEXT = "stored_text"
    """Stored by an earlier version as a finished text."""

    NO_CREDENTIALS = "no_credentials"
    NO_TOKEN = "no_token"  # noqa: S105 - the name of a code
    NO_MATILLION_ADDRESS = "no_matillion_address"
    NO_MATILLION_PROJECT = "no_matillion_project"

    OFFLINE = "offline"
    NO_ANSWER = "no_answer"
    COULD_NOT_ASK = "could_not_ask"
    FACEBOOK_ERROR = "facebook_error"
    APP_CREDENTIALS_REFUSED = "app_credentials_refused"
    REFUSED = "refused"
    TOKEN_OF_OTHER_APP = "token_of_other_app"  # noqa: S105 - the name of a code
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - the name of a code
    PERMISSION_REFUSED = "permission_refused"
    MATILLION_FAILED = "matillion_failed"

    CREDENTIALS_ACCEPTED = "credentials_accepted"
    APP_NAME_NOT_NOTED = "app_name_not_noted"
    APP_NAME_MATCHES = "app_name_matches"
    APP_NAME_DIFFERS = "app_name_differs"
    LOGIN_VALID = "login_valid"
    LOGIN_ENDED = "login_ended"
    LOGIN_NOT_SHOWN = "login_not_shown"
    LOGIN_OF_OTHER_APP = "login_of_other_app"
    PERMISSIONS_GRANTED = "permissions_granted"
    PERMISSIONS_MISSING = "permissions_missing"
    PERMISSIONS_NOT_EXPECTED = "permissions_not_expected"
    """There is nothing to compare the granted permissions with."""
    PAGES_LISTED = "pages_listed"
    PAGE_IN_PORTFOLIO = "page_in_portfolio"
    NO_PAGE = "no_page"
    NO_PAGE_WITH_BUSINESS_MANAGEMENT = "no_page_with_business_management"
    NO_PAGE_WITHOUT_BUSINESS_MANAGEMENT = "no_page_without_business_management"
    ACCOUNT_LINKED = "account_linked"
    ACCOUNT_NOT_LINKED = "account_not_linked"
    ACCOUNT_NOT_VISIBLE = "account_not_visible"
    ACCOUNT_WITHOUT_PAGE = "account_without_page"
    ACCOUNT_READ = "account_read"
    NO_ACCOUNT_TO_READ = "no_account_to_read"
    ADS_GRANTED = "ads_granted"
    ADS_MISSING = "ads_missing"
    ADS_NOT_NEEDED = "ads_not_needed"
    ADS_NOT_KNOWN = "ads_not_known"

    NO_CALLBACK = "no_callback"
    CALLBACK_OK = "callback_ok"
    CALLBACK_FLAWED = "callback_flawed"
    CALLBACK_SUSPICIOUS = "callback_suspicious"
    DIALOG_NOT_READ = "dialog_not_read"
    DIALOG_MATCHES = "dialog_matches"
    DIALOG_DIFFERS = "dialog_differs"
    APP_ID_MATCHES = "app_id_matches"
    MATILLION_ANSWERS = "matillion_answers"
    MATILLION_ANSWERS_OVER_HTTP = "matillion_answers_over_http"
    ENTRY_NOT_NAMED = "entry_not_named"
    ENTRY_LISTED = "entry_listed"
    ENTRY_NOT_LISTED = "entry_not_listed"
    RUN_SUCCEEDED = "run_succeeded"
    RUN_REFUSED = "run_refused"
    RUNS_TOO_OLD = "runs_too_old"
    NO_RUNS = "no_runs"


_NO_ANSWER = (Code.OFFLINE, Code.NO_ANSWER, Code.COULD_NOT_ASK)
_NOT_ASKED = (
    *(*_NO_ANSWER, Code.FACEBOOK_ERROR, Code.MATILLION_FAILED),
    *(Code.APP_CREDENTIALS_REFUSED, Code.REFUSED, Code.TOKEN_OF_OTHER_APP, Code.TOKEN_REFUSED),
)


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a finding; each code uses some of them. No secret is in it.

    `remedy` is that of a refused app or person.
    `reason` is Facebook's code and subcode as `190/463`, `message` its own words; where it sent none, `fault`, `host`,
    `detail`, `status`, `via`, `proxy_variable` and `proxy_problem` are those of FacebookError. `accounts` are the
    Instagram accounts linked to `pages`, in the same order. `from_matillion`: the expected permissions are those that
    Matillion asks for. `at` is unix seconds, UTC.
    """

    text: str = ""
    remedy: str = ""
    reason: str = ""
    message: str = ""
    fault: str = ""
    host: str = ""
    detail: str = ""
    status: int = 0
    via: str = ""
    proxy_variable: str = ""
    proxy_problem: ProxyProblem | None = None
    seconds: float = 0.0
    app_id: str = ""
    app_name: str = ""
    noted_name: str = ""
    token_app_id: str = ""
    token_kind: str = ""
    granted: tuple[str, ...] = ()
    declined: tuple[str, ...] = ()
    unused: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    from_matillion: bool = False
    pages: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    token: str = ""
    portfolio: str = ""
    posts: int | None = None
    posts_read: int = 0
    followers: int | None = None
    insights: tuple[str, ...] = ()
    callback_url: str = ""
    matillion_url: str = ""
    client_id: str = ""
    redirect_uri: str = ""
    scopes: tuple[str, ...] = ()
    version: str = ""
    entry: str = ""
    entries: tuple[str, ...] = ()
    job: str = ""
    at: int = 0
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A result with what was found."""

    result: Result
    code: Code
    facts: Facts = Facts()

    @property
    def had_no_answer(self) -> bool:
        """Whether nobody answered, or somebody else than who was asked: a later check may get an answer."""
        failure = self.facts.failure
        return self.code in _NO_ANSWER or (failure is not None and failure.could_not_ask)

    @property
    def could_ask(self) -> bool:
        """Whether there was an answer: no network or a refused token says nothing about a step."""
        return self.result != "unknown" or self.code not in _NOT_ASKED


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one check found at `at` (unix seconds, UTC); `later_failure`: why it could not be checked since."""

    check: CheckName
    finding: Finding
    at: int
    later_failure: Finding | None = None

    @property
    def result(self) -> Result:
        """The result of the finding."""
        return self.finding.result

    def as_row(self) -> tuple[str, str, str, int]:
        """Return check, result, text and time to store; `evidence_from_row` reads them."""
        record = _as_record(self.finding)
        if self.later_failure is not None:
            record["later_failure"] = _as_record(self.later_failure)
        return self.check, self.result, json.dumps(record), self.at


def evidence_from_row(check: str, result: str, text: str, at: int) -> Evidence | None:
    """Return stored evidence; None where another version of igauth stored what this one does not know."""
    if check not in CHECKS:
        return None
    name: Any = check
    is_record = text.startswith('{"code"')
    record = json_object(text) if is_record else {"code": Code.STORED_TEXT, "text": text}
    finding = _from_record({**record, "result": result})
    return Evidence(name, finding, at, _from_record(record.get("later_failure"))) if finding is not None else None


def _as_record(finding: Finding) -> dict[str, Any]:
    return {"code": finding.code, "result": finding.result, **asdict(finding.facts)}


def _from_record(record: object) -> Finding | None:
    facts = from_record(Facts, record)
    if facts is None or not isinstance(record, dict) or record.get("result") not in get_args(Result):
        return None
    try:
        if facts.proxy_problem is not None:
            facts = replace(facts, proxy_problem=ProxyProblem(*facts.proxy_problem))
        if facts.failure is not None:
            facts = replace(facts, failure=_failure(record["failure"]))
        return Finding(record["result"], Code(record["code"]), facts)
    except (ValueError, LookupError, TypeError):  # another version of igauth stored it
        return None


def _failure(record: Mapping[str, Any]) -> Failure | None:
    """Return a stored failure with its codes. Raises ValueError, LookupError or TypeError for unknown ones."""
    problem, failure = Problem(record["problem"]), from_record(Failure, record)
    fault, flaw = record.get("fault"), record.get("proxy_problem")
    return failure and replace(
        failure,
        problem=problem,
        fault=NetworkFault(fault) if fault else None,
        proxy_problem=ProxyProblem(*flaw) if flaw else None,
    )

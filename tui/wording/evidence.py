"""What is said about evidence: the name of each check, its result, what was found and what to do next."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace

from tui.credentials import inspect
from tui.facebook.errors import FacebookError, Fault
from tui.guide.checks import CheckName
from tui.guide.evidence import Code, Evidence, Facts, Finding, Result
from tui.matillion.address import DialogAddress
from tui.matillion.callback import callback_warnings
from tui.matillion.differences import Parameter, compare
from tui.redact import redact
from tui.wording import matillion
from tui.wording.facebook import fault_sentence
from tui.wording.flaws import message
from tui.wording.surfaces import Surface, sentences
from tui.wording.text import Action, Do, Text
from tui.wording.times import stamp

CHECK_NAMES: Mapping[CheckName, str] = {
    "app_credentials": "App ID and App Secret",
    "app_name": "App name",
    "callback_rules": "Callback URL format",
    "callback_match": "App ID and callback in Matillion",
    "login_done": "Login through this app",
    "permissions": "Permissions granted",
    "pages": "Facebook Pages",
    "instagram_account": "Instagram account on a Page",
    "first_read": "First read of the account",
    "ads_permission": "Ads permission",
    "matillion_reached": "Connection to Matillion",
    "matillion_entry": "OAuth entry in Matillion",
    "matillion_runs": "Last runs in Matillion",
}
RESULTS: Mapping[Result, str] = {"proven": "OK", "contradicted": "not OK", "unknown": "unknown"}
_SHOWN_NAMES = 4
_LOG_IN = Action(Do.LOG_IN)
_CREDENTIALS = Action(Do.CHECK_CREDENTIALS)
_CHECK_ADDRESS = Action(Do.CHECK_ADDRESS)
_VERIFY = Action(Do.CHECK_STEP)
_EMPTY_LIST = (
    "Facebook returns an empty list and reports success. Either no Page was selected at login, or you have no role on"
    " it, or a business portfolio owns it"
)
_SELECT_PAGE = "Select the Page at login."

_TEXTS: Mapping[Code, Text] = {
    Code.STORED_TEXT: Text("{text}"),
    Code.NO_CONNECTION: Text("There is no connection to Facebook.", next=Action(Do.RUN_DOCTOR)),
    Code.NO_CREDENTIALS: Text("App ID or App Secret is missing (step 10).", next=Action(Do.ADD_PROFILE)),
    Code.NO_TOKEN: Text("This profile has no token yet. It shows what Facebook lets you read.", next=_LOG_IN),
    Code.NO_MATILLION_ADDRESS: Text("This profile has no Matillion address (optional).", next=Action(Do.SET_MATILLION)),
    Code.NO_MATILLION_PROJECT: Text(
        "Group and project of the jobs are not in the Matillion settings (optional).", next=Action(Do.SET_MATILLION)
    ),
    Code.OFFLINE: Text("offline. {said}"),
    Code.NO_ANSWER: Text("offline, or very slow: no answer within {seconds:g} s.", next=_VERIFY),
    Code.COULD_NOT_ASK: Text("Facebook gave no usable answer. {said}", next=_VERIFY),
    Code.FACEBOOK_ERROR: Text("Facebook answered with an error. {said}", next=_VERIFY),
    Code.APP_CREDENTIALS_REFUSED: Text(
        "Facebook refused App ID or App Secret. {said}",
        hint="Step 10 shows where they are.",
        next=_CREDENTIALS,
    ),
    Code.TOKEN_OF_OTHER_APP: Text("The token belongs to another app. {said}", next=_LOG_IN),
    Code.TOKEN_REFUSED: Text("The token is no longer valid. {said}", next=_LOG_IN),
    Code.PERMISSION_REFUSED: Text("A permission is missing. {said}", hint="Allow everything at login.", next=_LOG_IN),
    Code.CREDENTIALS_ACCEPTED: Text("Facebook accepts App ID {app_id} with this App Secret."),
    Code.APP_NAME_NOT_NOTED: Text(
        "Facebook calls the app “{app_name}”. The Display name of step 4 is not noted.", next=Action(Do.NOTE_NAME)
    ),
    Code.APP_NAME_MATCHES: Text("Facebook calls the app “{app_name}”, as noted in step 4."),
    Code.APP_NAME_DIFFERS: Text(
        "Facebook calls the app “{app_name}”, step 4 notes “{noted_name}”.",
        "These may be the credentials of another app.",
        hint="Compare on the Apps page, or correct the note.",
    ),
    Code.LOGIN_VALID: Text("A {token_kind} token issued through this app is valid."),
    Code.LOGIN_ENDED: Text(
        "A login through this app was completed. Its token is no longer valid ({reason}).", next=_LOG_IN
    ),
    Code.LOGIN_NOT_SHOWN: Text("The stored token shows no person's login through this app.", next=_LOG_IN),
    Code.LOGIN_OF_OTHER_APP: Text("The token was issued by app {token_app_id}, not by {app_id}.", next=_LOG_IN),
    Code.PERMISSIONS_GRANTED: Text("Granted, everything that {expected_by}: {granted}."),
    Code.PERMISSIONS_MISSING: Text(
        "Of what {expected_by}: {lacking}. Granted: {granted}.",
        hint="Add a missing permission to the app's use case, then allow it at login."
        " Facebook offers a declined permission only when asked again.",
        next=_LOG_IN,
    ),
    Code.PERMISSIONS_NOT_EXPECTED: Text(
        "Granted: {granted}. Which permissions Matillion needs is not known yet.", next=_CHECK_ADDRESS
    ),
    Code.PAGES_LISTED: Text("{page_count}: {pages}."),
    Code.PAGE_IN_PORTFOLIO: Text(
        "No Page is listed, but your business portfolio holds {pages}.",
        hint="Give yourself full control of the Page in the portfolio. Select the Page at login.",
        next=_LOG_IN,
    ),
    Code.NO_PAGE: Text(
        f"No Page is listed. {_EMPTY_LIST} and business_management was not granted.", hint=_SELECT_PAGE, next=_LOG_IN
    ),
    Code.NO_PAGE_WITH_BUSINESS_MANAGEMENT: Text(
        f"No Page is listed. {_EMPTY_LIST}. business_management is granted, so check the first two.",
        hint=_SELECT_PAGE,
        next=_LOG_IN,
    ),
    Code.NO_PAGE_WITHOUT_BUSINESS_MANAGEMENT: Text(
        f"No Page is listed. {_EMPTY_LIST} and business_management is not granted.",
        hint=f"{_SELECT_PAGE} For a portfolio's Page allow business_management too.",
        next=_LOG_IN,
    ),
    Code.ACCOUNT_LINKED: Text("Linked: {linked}."),
    Code.ACCOUNT_NOT_LINKED: Text(
        "No Instagram account is linked to {pages}.",
        hint="Make the account a Business or Creator account, link it in the Page's settings, and select it at login.",
    ),
    Code.ACCOUNT_NOT_VISIBLE: Text(
        "instagram_basic is not granted. Without it Facebook shows no Instagram account.",
        hint="Allow it at login.",
        next=_LOG_IN,
    ),
    Code.ACCOUNT_WITHOUT_PAGE: Text("No Page is listed, so no Instagram account can be found. Fix the Page first."),
    Code.ACCOUNT_READ: Text("Read @{account}: {figures}."),
    Code.NO_ACCOUNT_TO_READ: Text("There is no Instagram account to read. Fix the Page and its account first."),
    Code.ADS_GRANTED: Text("Granted: {granted}."),
    Code.ADS_MISSING: Text(
        "{pages} belongs to the portfolio {portfolio}, and neither ads_read nor ads_management is granted.",
        "Facebook will refuse insights.",
        hint="Do step 9, add ads_read to the use case, and allow it at login.",
        next=_LOG_IN,
    ),
    Code.ADS_NOT_NEEDED: Text("No business portfolio holds your Pages, so no ads permission is needed."),
    Code.ADS_NOT_KNOWN: Text(
        "Neither ads_read nor ads_management is granted.",
        "They are needed only where your role on the Page comes through a business portfolio, which igauth cannot see"
        " without business_management.",
    ),
    Code.NO_CALLBACK: Text("There is no callback URL yet. Copy it from Manage OAuth (M2).", next=_CREDENTIALS),
    Code.CALLBACK_OK: Text("{callback_url} has the format that Facebook requires.", "{cautions}"),
    Code.CALLBACK_FLAWED: Text("The callback URL cannot be right.", "{flaws}", next=_CREDENTIALS),
    Code.CALLBACK_SUSPICIOUS: Text("The callback URL may be wrong.", "{flaws}", next=_CREDENTIALS),
    Code.DIALOG_NOT_READ: Text("Matillion's login page was not checked yet (step A3).", next=_CHECK_ADDRESS),
    Code.DIALOG_NOT_COMPARABLE: Text("The profile has no App ID or callback URL to compare with.", next=_CREDENTIALS),
    Code.DIALOG_MATCHES: Text("App ID and callback match exactly.", "{asks}"),
    Code.DIALOG_DIFFERS: Text(
        "{differences}.",
        hint="Fix {fix}, then check the address of a newly opened page.",
        next=_CHECK_ADDRESS,
    ),
    Code.MATILLION_ANSWERS: Text("Matillion answers and accepts this user."),
    Code.MATILLION_ANSWERS_OVER_HTTP: Text(
        "Matillion answers and accepts this user.",
        "Its address is http, but Facebook accepts only an https callback.",
    ),
    Code.ENTRY_NOT_NAMED: Text("{entries} The name of yours is not known.", next=Action(Do.SET_MATILLION)),
    Code.ENTRY_LISTED: Text("Matillion lists {entry}. Whether it is Configured cannot be read from outside."),
    Code.ENTRY_NOT_LISTED: Text(
        "Matillion lists no entry named {entry}. {similar}{entries}",
        hint="Create it (M3, M4), or correct the name in the Matillion settings.",
    ),
    Code.RUN_SUCCEEDED: Text("An Instagram run of job {job} succeeded at {at}."),
    Code.RUN_REFUSED: Text(
        "Facebook refused a run at {at}. {said}", hint="Authorize the entry again: steps 11 and 12."
    ),
    Code.RUNS_TOO_OLD: Text("The last Instagram run ended before the last authorization.", hint="Run the job again."),
    Code.NO_RUNS: Text("No Instagram component has run in the last days.", hint="Run the job once."),
}
"""What is said about each code; names in braces are facts. MATILLION_FAILED has the text of the failure."""


def evidence_text(found: Evidence, surface: Surface, profile: str = "") -> str:
    """Return what was found and what to do next, in one paragraph without secrets."""
    text = sentences(finding_text(found.finding, profile), surface)
    if found.later_failure is not None:
        text += f" Checked again without an answer: {sentences(finding_text(found.later_failure, profile), surface)}"
    return redact(text)


def finding_text(finding: Finding, profile: str = "") -> Text:
    """Return what is said about a finding."""
    if finding.facts.failure is not None:
        text = matillion.failure(finding.facts.failure)
        return replace(text, what=f"offline. {text.what}") if finding.facts.failure.offline else text
    text = _TEXTS[finding.code]
    words = _words(finding.facts)
    next_action = replace(text.next, profile=profile) if text.next is not None else None
    what, why, hint = (part.format(**words).strip() for part in (text.what, text.why, text.hint))
    return replace(text, what=what, why=why, hint=hint, next=next_action)


def _words(facts: Facts) -> dict[str, object]:
    """Return the facts as the texts need them."""
    words: dict[str, object] = asdict(facts)
    lacking = {"declined": facts.declined, "unused for 90 days": facts.unused, "missing": facts.missing}
    figures = (
        f"{facts.posts} posts" if facts.posts is not None else "",
        f"{facts.posts_read} read",
        f"{facts.followers} followers" if facts.followers is not None else "",
        f"insights: {', '.join(facts.insights)}" if facts.insights else "",
    )
    return words | {
        "said": _said(facts),
        "token_kind": facts.token_kind.replace("_", " "),
        "expected_by": "Matillion asks for" if facts.from_matillion else "the profile expects",
        "granted": ", ".join(facts.granted) or "nothing",
        "lacking": "; ".join(f"{title}: {', '.join(scopes)}" for title, scopes in lacking.items() if scopes),
        "pages": _some(facts.pages),
        "page_count": f"{len(facts.pages)} Page{'s' if len(facts.pages) != 1 else ''}",
        "linked": _some(f"@{name} on {page}" for name, page in zip(facts.accounts, facts.pages, strict=False)),
        "account": _some(facts.accounts),
        "figures": ", ".join(filter(None, figures)),
        "at": stamp(facts.at),
        "entries": f"Matillion lists {_some(facts.entries)}." if facts.entries else "Matillion lists no entries.",
        "similar": _similar(facts),
        **_callback_words(facts),
    }


def _said(facts: Facts) -> str:
    """Return what happened to a call, or Facebook's own words with its code."""
    if facts.fault not in Fault.__members__:
        return f'Facebook ({facts.reason}): "{facts.message}"'
    fault = Fault[facts.fault]
    error = FacebookError(fault=fault, host=facts.host, detail=facts.detail, status=facts.status)
    return fault_sentence(error, fault)


def _callback_words(facts: Facts) -> dict[str, object]:
    if not facts.callback_url:
        return {}
    severe = [flaw for flaw in inspect("callback_url", facts.callback_url) if flaw.severity != "note"]
    address = DialogAddress(facts.client_id, facts.redirect_uri, (), "", "", 0)
    compared = [one for one in compare(address, facts.app_id, facts.callback_url) if one.differences]
    told = [f"{one.parameter}, {matillion.difference(one, place)}" for one in compared for place in one.differences]
    asks = [f"Matillion asks for {', '.join(facts.scopes)}."] if facts.scopes else []
    asks += [f"Graph API version {facts.version}."] if facts.version else []
    return {
        "flaws": " ".join(dict.fromkeys(message("callback_url", flaw) for flaw in severe)),
        "cautions": " ".join(
            matillion.caution(one) for one in callback_warnings(facts.callback_url, facts.matillion_url)
        ),
        "differences": ". ".join(told[:6]),
        "fix": "step A2" if [one.parameter for one in compared] == [Parameter.APP_ID] else "M2 and step 8",
        "asks": " ".join(asks),
    }


def _similar(facts: Facts) -> str:
    wanted = facts.entry.strip().casefold()
    similar = next((name for name in facts.entries if name.strip().casefold() == wanted), "")
    return f"“{similar}” differs only in case or blanks. " if similar else ""


def _some(names: Iterable[str]) -> str:
    every = list(names)
    more = len(every) - _SHOWN_NAMES
    return ", ".join(every[:_SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "")

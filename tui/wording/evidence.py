"""What is said about evidence: the name of each check, its result, what was found and what to do next."""

from collections.abc import Mapping
from dataclasses import asdict, replace

from tui.credentials.inspection import inspect
from tui.facebook.errors import FacebookError, Fault
from tui.guide.checks import CheckName
from tui.guide.evidence import Evidence, Facts, Finding, Result
from tui.matillion.address import DialogAddress
from tui.matillion.callback import callback_warnings
from tui.matillion.differences import Parameter, compare
from tui.redact import redact
from tui.wording import matillion
from tui.wording.counts import counted, listed
from tui.wording.facebook import fault_sentence
from tui.wording.flaws import message
from tui.wording.network import proxy_problem
from tui.wording.surfaces import Surface, sentences
from tui.wording.text import Text
from tui.wording.texts import phrase, phrases, text_of
from tui.wording.times import stamp

RESULTS: Mapping[Result, str] = {"proven": "OK", "contradicted": "not OK", "unknown": "unknown"}


def check_name(check: CheckName) -> str:
    """Return the name of a check."""
    return phrase("evidence", "check", check)


def evidence_text(found: Evidence, surface: Surface, profile: str = "") -> str:
    """Return what was found and what to do next, in one paragraph without secrets."""
    text = sentences(finding_text(found.finding, profile), surface)
    if found.later_failure is not None:
        text += f" Checked again without an answer: {sentences(finding_text(found.later_failure, profile), surface)}"
    return redact(text)


def finding_text(finding: Finding, profile: str = "") -> Text:
    """Return what is said about a finding."""
    if finding.facts.failure is not None:
        return matillion.failure(finding.facts.failure, profile)
    if finding.facts.remedy in phrases("remedies"):
        card = text_of("remedies", finding.facts.remedy, {})
        return replace(card, what=f"{card.what} {_said(finding.facts)}")
    text = text_of("evidence", finding.code, _words(finding.facts))
    if finding.facts.token and finding.result != "proven":
        text = replace(text, what=f"{text.what} Token: {finding.facts.token}.")
    return replace(text, next=text.next and replace(text.next, profile=profile))


def _words(facts: Facts) -> dict[str, object]:
    """Return the facts as the texts need them."""
    words: dict[str, object] = asdict(facts)
    lacking = {"declined": facts.declined, "unused for 90 days": facts.unused, "missing": facts.missing}
    figures = (
        counted(facts.posts, "post") if facts.posts is not None else "",
        f"{facts.posts_read} read",
        counted(facts.followers, "follower") if facts.followers is not None else "",
        f"insights: {', '.join(facts.insights)}" if facts.insights else "",
    )
    return words | {
        "said": _said(facts),
        "named": f": {facts.token}" if facts.token else "",
        "token_kind": facts.token_kind.replace("_", " "),
        "expected_by": "Matillion asks for" if facts.from_matillion else "the profile expects",
        "granted": ", ".join(facts.granted) or "nothing",
        "lacking": "; ".join(f"{title}: {', '.join(scopes)}" for title, scopes in lacking.items() if scopes),
        "pages": listed(facts.pages),
        "page_count": counted(len(facts.pages), "Page"),
        "linked": listed((f"@{name} on {page}" for name, page in zip(facts.accounts, facts.pages, strict=False))),
        "account": listed(facts.accounts),
        "figures": ", ".join(filter(None, figures)),
        "at": stamp(facts.at),
        "entries": f"Matillion lists {listed(facts.entries)}." if facts.entries else "Matillion lists no entries.",
        "similar": _similar(facts),
        **_callback_words(facts),
    }


def _said(facts: Facts) -> str:
    """Return what happened to a call, or Facebook's own words with its code."""
    if facts.fault not in Fault.__members__:
        return f'Facebook ({facts.reason}): "{facts.message}"'
    fault = Fault[facts.fault]
    error = FacebookError(
        fault=fault,
        host=facts.host,
        detail=facts.detail,
        status=facts.status,
        via=facts.via,
        proxy_variable=facts.proxy_variable,
        proxy_problem=facts.proxy_problem,
    )
    hint = proxy_problem(facts.proxy_problem).hint if facts.proxy_problem else ""
    return f"{fault_sentence(error)} {hint}".rstrip()


def _callback_words(facts: Facts) -> dict[str, object]:
    if not (facts.callback_url or facts.client_id):
        return {}
    flaws = inspect("callback_url", facts.callback_url) if facts.callback_url else []
    severe = [flaw for flaw in flaws if flaw.severity != "note"]
    address = DialogAddress(facts.client_id, facts.redirect_uri, (), "", "", 0)
    compared = [one for one in compare(address, facts.app_id, facts.callback_url) if one.differences]
    places = [f"{one.parameter}, {matillion.difference(one, place)}" for one in compared for place in one.differences]
    asks = [f"Matillion asks for {', '.join(facts.scopes)}."] if facts.scopes else []
    asks += [f"Graph API version {facts.version}."] if facts.version else []
    return {
        "flaws": " ".join(dict.fromkeys(message("callback_url", flaw) for flaw in severe)),
        "cautions": " ".join(
            matillion.caution(one) for one in callback_warnings(facts.callback_url, facts.matillion_url)
        ),
        "differences": ". ".join(places[:6]),
        "fix": "step A2" if [one.parameter for one in compared] == [Parameter.APP_ID] else "M2 and step 8",
        "asks": " ".join(asks),
    }


def _similar(facts: Facts) -> str:
    wanted = facts.entry.strip().casefold()
    similar = next((name for name in facts.entries if name.strip().casefold() == wanted), "")
    return f"“{similar}” differs only in case or blanks. " if similar else ""

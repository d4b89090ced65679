"""The lines of `igauth doctor`: what was found, and what to do about it."""

from collections.abc import Mapping
from dataclasses import replace
from shlex import quote
from typing import TYPE_CHECKING

from tui.harmless import harmless
from tui.services.doctor.findings import Code, Finding, TimerSeen
from tui.wording.counts import counted
from tui.wording.surfaces import CommandLine, sentences
from tui.wording.text import Text
from tui.wording.texts import text_of
from tui.wording.times import clock_difference

if TYPE_CHECKING:
    from tui.services.doctor.findings import Value

_ITSELF = "igauth doctor "
"""Begins the last sentence of an advice for other commands."""
_AGAIN = "Correct it, then run igauth doctor again."
_KEYS = "Change that line of [keys] in config.toml; `man igauth` lists every key and action."


def doctor_line(finding: Finding) -> tuple[str, str]:
    """Return what was found, and what to do; the latter is empty where nothing is to be done."""
    text = _value_text(finding.value, finding.facts) if finding.value and finding.code is Code.VALUE else _text(finding)
    step = CommandLine().step(text.next) if text.next else ""
    return f"{text.what} {text.why}".rstrip(), " ".join(part for part in (text.hint, step) if part)


def _text(finding: Finding) -> Text:
    from tui.vault.choice import BackendChoice
    from tui.wording.vault import store_line

    facts: dict[str, object] = {name: harmless(str(fact)) for name, fact in finding.facts.items()}
    for noun in ("token", "secret", "certificate", "candidate"):
        facts[f"counted_{noun}s"] = counted(finding.facts.get(f"{noun}s", 0), noun)
    facts["difference"] = clock_difference(float(str(finding.facts.get("seconds", 0))))
    facts["place"] = _place(finding.facts)
    facts["quoted"] = quote(str(finding.facts.get("path") or finding.facts.get("program")))
    facts["suggestion"] = f" Did you mean {facts['meant']}?" if facts.get("meant") else ""
    facts["braced"] = f"{{{facts.get('word')}}}"
    if isinstance(finding.value, BackendChoice):
        facts["store_line"] = store_line(finding.value)
    if finding.code is Code.PLAIN_SECRET:
        return text_of("doctor", str(finding.facts["kind"]), facts, finding.code)
    return text_of("doctor", finding.code, facts)


def _place(facts: Mapping[str, object]) -> str:
    """Return the file, with the line where it is known."""
    line = facts.get("line")
    return f"{facts.get('path')}, line {line}" if line else str(facts.get("path"))


def _value_text(value: "Value", place: Mapping[str, object]) -> Text:
    from tui.facebook.errors import FacebookError
    from tui.network.proxies import ProxyProblem
    from tui.services.hook_record import HookFailed
    from tui.settings import SettingsError
    from tui.settings.errors import KeymapProblem
    from tui.settings.schema import IgnoredKeys, UnknownKey
    from tui.timer.installed import TimerFault
    from tui.tokens.automation import RunFailure
    from tui.tokens.delivery import Delivery
    from tui.vault.choice import BackendChoice
    from tui.vault.permissions import FileReport
    from tui.wording.automation import absent_hint, run_failure_text, timer_what
    from tui.wording.delivery import delivery_text
    from tui.wording.facebook import advice, facebook_text
    from tui.wording.failures import failure_text
    from tui.wording.hooks import last_hook_failure
    from tui.wording.network import proxy_problem
    from tui.wording.schedule import fault_text
    from tui.wording.settings import ignored_keys, keymap_problem, unknown_key
    from tui.wording.vault import file_report, notice_text, store_line

    match value:
        case UnknownKey():
            return Text(f"{_place(place)}: {unknown_key(value)}", hint="Correct the key's name, or remove the line.")
        case IgnoredKeys():
            return ignored_keys(value)
        case KeymapProblem():
            return Text(keymap_problem(value), hint=_KEYS)
        case BackendChoice():
            return Text(store_line(value))
        case Delivery():
            return delivery_text(value)
        case HookFailed():
            return last_hook_failure(value)
        case ProxyProblem():
            return proxy_problem(value)
        case FileReport():
            return file_report(value)
        case TimerSeen():
            timer, now = value
            return Text(timer_what(timer, now), hint=absent_hint(timer) if timer.missed(now) else "")
        case RunFailure():
            return run_failure_text(value)
        case TimerFault():
            return fault_text(value)
        case FacebookError():
            text = facebook_text(value)
            text = replace(text, hint=text.hint.partition(_ITSELF)[0].rstrip(), next=None)  # to try again: this command
            return Text(text.what, text.why, hint=advice(text, CommandLine()))
        case Exception():
            text = failure_text(value) or Text(str(value))
            return Text(sentences(text, CommandLine()), hint=_AGAIN) if isinstance(value, SettingsError) else text
        case _:
            return notice_text(value)

"""Every code of igauth doctor has a text."""

import pytest

from tui.facebook.errors import FacebookError, Fault
from tui.services.doctor.findings import Code, Finding
from tui.services.doctor.plain_secrets import SecretKind
from tui.vault.choice import BackendChoice
from tui.wording.doctor import doctor_line

FACTS = dict.fromkeys(
    (
        *("path", "mode", "hosts", "profile", "app_id", "tokens", "journal", "secrets", "store", "url", "host"),
        *("milliseconds", "asked", "served", "seconds", "delivered", "total", "kind", "line", "entry", "meant"),
        *("name", "used", "word", "key", "program", "programs", "detail", "variable", "proxy", "certificates"),
    ),
    "1",
)


KINDS = {Code.PLAIN_SECRET: SecretKind}
"""Codes whose text depends on a kind too."""


@pytest.mark.parametrize("code", [code for code in Code if code is not Code.VALUE])
def test_every_code_has_a_text(code: Code) -> None:
    for kind in KINDS.get(code, ["1"]):
        finding = Finding("check", "warning", code, {**FACTS, "kind": str(kind)}, BackendChoice("database"))
        text, cure = doctor_line(finding)
        assert text
        if code is not Code.PLACEHOLDER_UNKNOWN:  # which is about braces
            assert "{" not in text + cure


@pytest.mark.parametrize("fault", Fault)
def test_doctor_does_not_advise_itself(fault: Fault) -> None:
    _, cure = doctor_line(Finding("network", "failure", value=FacebookError(fault=fault, detail="1")))
    assert "igauth doctor" not in cure

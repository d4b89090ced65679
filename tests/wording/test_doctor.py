"""Every code of igauth doctor has a text."""

import pytest

from tui.services.doctor.findings import Code, Finding
from tui.vault.choice import BackendChoice
from tui.wording.doctor import doctor_line

FACTS = dict.fromkeys(
    (
        *("path", "mode", "hosts", "profile", "app_id", "tokens", "journal", "secrets", "store", "url", "host"),
        *("proxies", "trust", "milliseconds", "asked", "served", "seconds", "delivered", "total"),
    ),
    "1",
)


@pytest.mark.parametrize("code", [code for code in Code if code is not Code.VALUE])
def test_every_code_has_a_text(code: Code) -> None:
    text, cure = doctor_line(Finding("check", "warning", code, FACTS, BackendChoice("database")))
    assert text
    assert "{" not in text + cure

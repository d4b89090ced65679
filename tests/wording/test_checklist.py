"""The checklist to hand over: complete, without secrets, and safe as Markdown."""

import json

from tui.guide.checks import CheckName
from tui.guide.content import load_guide
from tui.guide.evidence import Code, Evidence, Facts, Finding
from tui.guide.progress import GuideState
from tui.redact import Secret
from tui.wording.checklist import Checklist

GUIDE = load_guide()
SECRET = "9c" * 16
TOKEN = "EAA" + "b7Q" * 40


def checklist(note: str = "") -> Checklist:
    accepted = Finding("proven", Code.CREDENTIALS_ACCEPTED, Facts(app_id="1"))
    refused = Finding("contradicted", Code.PERMISSION_REFUSED, Facts(reason="10", message=f"no {TOKEN} *loudly*"))
    evidence: dict[CheckName, Evidence] = {
        "app_credentials": Evidence("app_credentials", accepted, 1_800_000_100),
        "pages": Evidence("pages", refused, 1_800_000_200),
    }
    state = GuideState("acme", evidence=evidence).toggled("1", 1_800_000_000).noted("9", note)
    return Checklist(GUIDE, state.noted("4", f"secret is {SECRET}, see <b>[x](y)</b>"))


def test_the_json_is_versioned_complete_and_in_utc() -> None:
    values = json.loads(json.dumps(checklist().json()))
    assert values["schema"] == 1
    assert [step["id"] for step in values["steps"]] == [step.id for step in GUIDE.steps]
    assert values["counts"] == {
        "total": 14,
        "done": 5,
        "proven": 4,
        "ticked": 1,
        "contradicted": 2,
        "open": 7,
        "not_needed": 0,
    }
    assert values["next"] == "P1"
    by_id = {step["id"]: step for step in values["steps"]}
    assert by_id["1"]["ticked_at"] == "2027-01-15T08:00:00Z"
    assert by_id["10"]["status"] == "proven"
    assert by_id["10"]["evidence"][0]["at"] == "2027-01-15T08:01:40Z"
    assert [step["id"] for step in by_id["P2"]["steps"]] == ["M1", "M2", "M3", "M4", "M5"]
    assert by_id["4"]["fields"][2] == {
        "name": "Business account",
        "what": GUIDE.step("4").fields[2].what,
        "optional": True,
    }


def test_each_form_shows_each_result() -> None:
    steps = checklist().json()["steps"]
    found = {(entry["check"], entry["result"]) for step in steps for entry in step["evidence"]}
    assert found == {("app_credentials", "proven"), ("pages", "contradicted")}
    for text in ("\n".join(checklist().brief()), "\n".join(checklist().text()), checklist().markdown()):
        assert "Facebook Pages: not OK." in text
        assert "App ID and App Secret: OK." in text


def test_no_form_of_the_checklist_holds_a_secret() -> None:
    secret = Secret("an app secret that has no shape at all")
    shown = checklist(f"note: {secret.reveal()}")
    for text in (json.dumps(shown.json()), shown.markdown(), "\n".join(shown.brief())):
        assert "hidden" in text
        for value in (SECRET, TOKEN, secret.reveal()):
            assert value not in text


def test_markdown_shows_every_step_and_escapes_notes() -> None:
    text = checklist().markdown()
    for step in GUIDE.walk():
        assert f" {step.id}. " in text
    assert "## [✓] 10. Copy App ID and App Secret" in text
    assert "<b>" not in text
    assert "\\<b\\>\\[x\\](y)" in text
    assert "\n\n\n" not in text


def test_the_brief_form_has_one_line_for_each_step() -> None:
    lines = checklist().brief()
    assert lines[1].startswith("Profile: acme. 5 of 14 done, 4 proven, 2 contradicted. Next: P1. ")
    assert "[x]  1  Log in to the Facebook Developer Portal (ticked)" in lines
    assert "    [!] A4  Allow everything (contradicted)" in lines
    assert any("Noted: secret is" in line for line in lines)
    assert all("\n" not in line for line in lines)


def test_no_form_shows_a_placeholder() -> None:
    for text in (json.dumps(checklist().json()), checklist().markdown(), "\n".join(checklist().text())):
        assert "{credentials}" not in text.replace("\\", "")

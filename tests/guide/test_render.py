"""The checklist to hand over: complete, safe to pass on, and plain text stays plain."""

import json

from tui.guide.checks import Evidence
from tui.guide.content import load_guide
from tui.guide.progress import Progress
from tui.guide.render import as_json, as_lines, as_markdown, as_text
from tui.redact import Secret

GUIDE = load_guide()
SECRET = "9c" * 16
TOKEN = "EAA" + "b7Q" * 40


def situation() -> tuple[Progress, dict[str, Evidence]]:
    progress = Progress("acme").toggled("1", 1_800_000_000).noted("4", f"secret is {SECRET}, see <b>[x](y)</b>")
    evidence = {
        "app_credentials": Evidence("app_credentials", "proven", "Facebook accepts it.", 1_800_000_100),
        "pages": Evidence("pages", "contradicted", f"Facebook said {TOKEN} *loudly*", 1_800_000_200),
    }
    return progress, evidence


def test_the_json_is_versioned_complete_and_in_utc() -> None:
    progress, evidence = situation()
    told = json.loads(json.dumps(as_json(GUIDE, progress, evidence)))
    assert told["schema"] == 1
    assert [step["id"] for step in told["steps"]] == [step.id for step in GUIDE.steps]
    assert told["counts"] == {"total": 14, "done": 3, "proven": 2, "ticked": 1, "contradicted": 2, "open": 9}
    by_id = {step["id"]: step for step in told["steps"]}
    assert by_id["1"]["ticked_at"] == "2027-01-15T08:00:00Z"
    assert by_id["10"]["status"] == "proven"
    assert by_id["10"]["evidence"][0]["at"] == "2027-01-15T08:01:40Z"
    assert [step["id"] for step in by_id["P2"]["steps"]] == ["M1", "M2", "M3", "M4", "M5"]
    assert by_id["4"]["fields"][2] == {
        "name": "Business account",
        "what": GUIDE.step("4").fields[2].what,
        "optional": True,
    }


def test_what_is_contradicted_is_called_so_in_every_form() -> None:
    progress, evidence = situation()
    steps = as_json(GUIDE, progress, evidence)["steps"]
    found = {(entry["check"], entry["result"]) for step in steps for entry in step["evidence"]}
    assert found == {("app_credentials", "proven"), ("pages", "contradicted")}
    for lines in (as_lines(GUIDE, progress, evidence), as_text(GUIDE, progress, evidence)):
        assert ": contradicted: Facebook said" in "\n".join(lines)
        assert ": proven: Facebook accepts" in "\n".join(lines)
    assert ": contradicted: Facebook said" in as_markdown(GUIDE, progress, evidence)


def test_no_form_of_the_checklist_holds_a_secret() -> None:
    progress, evidence = situation()
    kept = Secret("an app secret that has no shape at all")
    progress = progress.noted("9", f"note: {kept.reveal()}")
    shown = [json.dumps(as_json(GUIDE, progress, evidence)), as_markdown(GUIDE, progress, evidence)]
    shown.append("\n".join(as_lines(GUIDE, progress, evidence)))
    for text in shown:
        assert "hidden" in text
        for value in (SECRET, TOKEN, kept.reveal()):
            assert value not in text


def test_the_markdown_shows_every_step_and_makes_no_mark_up_of_notes_and_names() -> None:
    progress, evidence = situation()
    text = as_markdown(GUIDE, progress, evidence)
    for step in GUIDE.walk():
        assert f" {step.id}. " in text
    assert "## [✓] 10. Copy App ID and App Secret" in text
    assert "<b>" not in text
    assert "\\<b\\>\\[x\\](y)" in text
    assert text.endswith("\n")
    assert "\n\n\n" not in text


def test_the_lines_fit_one_step_each_with_its_glyph_and_note() -> None:
    progress, evidence = situation()
    lines = as_lines(GUIDE, progress, evidence)
    assert lines[1] == "Profile: acme. 3 of 14 done, 2 proven, 2 contradicted."
    assert "[x]  1  Log in to the Facebook Developer Portal (ticked)" in lines
    assert "    [!] A4  Allow everything (contradicted)" in lines
    assert any("note: secret is" in line for line in lines)
    assert all("\n" not in line for line in lines)

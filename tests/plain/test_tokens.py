"""Tokens in plain mode: found in a long list, and what can be printed of one."""

from tests.commands.running import Person
from tests.plain.speaking import Speaker
from tui.wording.plain import NO_TOKENS_MATCH

MENU = "(? lists choices): "
TOKENS = f"Tokens {MENU}"


def test_tokens_are_found_by_words_state_and_profile(environ: dict[str, str], person: Person) -> None:
    person.import_tokens("user_long", "user_due", "user_expired")
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        listed = speaker.say("3", TOKENS).splitlines()
        lines = {name: next(line for line in listed if f". {name}: " in line) for name in ("user_long", "user_expired")}
        speaker.say("/", "Words to look for")
        found = speaker.say("EXPIRED", TOKENS)
        assert lines["user_expired"][:20] in found
        assert "user_long" not in found
        speaker.say("/", "Words to look for")
        assert NO_TOKENS_MATCH in speaker.say("nothing like it", TOKENS)
        assert "expired: 1 token" in speaker.say("f", "Which state")
        found = speaker.say("expired", TOKENS)
        assert lines["user_expired"][:20] in found
        assert "user_long: " not in found
        grouped = speaker.say("G", TOKENS)
        assert "Profile acme:" in grouped
        assert lines["user_long"][:20] in grouped
        number = lines["user_expired"].partition(".")[0]
        speaker.say(number, f"Token user_expired {MENU}")
        assert speaker.quit() == 0


def test_status_line_and_page_tokens_are_printed(environ: dict[str, str], person: Person) -> None:
    person.import_tokens("user_long")
    with Speaker(environ) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("3", TOKENS)
        speaker.say("1", f"Token user_long {MENU}")
        speaker.say("c", "Print which")
        assert "| user_long | valid | " in speaker.say("Markdown", f"Token user_long {MENU}")
        speaker.say("c", "Print which")
        speaker.say("page token", "Of which Page")
        speaker.say("1", "(yes or no, enter: no)")
        said = speaker.say("yes", f"Token user_long {MENU}")
        value = next(line for line in said.splitlines() if line.startswith("EAA"))
        assert value != person.value("user_long")
        assert speaker.quit() == 0

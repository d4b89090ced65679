"""Delivery in plain mode: after a refresh, and said in the list until it works."""

import json
import os
from pathlib import Path

from tests.commands.running import Person
from tests.plain.speaking import Speaker

MENU = "(? lists choices): "


def test_a_refresh_delivers_and_the_list_says_what_failed(person: Person, own_home: Path, tmp_path: Path) -> None:
    person.import_tokens("user_due")
    command = json.dumps(["test", "-e", str(tmp_path / "open")])
    file = own_home / "config.toml"
    file.write_text(f'{file.read_text()}\n[[deliver]]\nname = "store"\nprofile = "acme"\ncommand = {command}\n')
    with Speaker({name: value for name, value in os.environ.items() if name.startswith("IGAUTH_")}) as speaker:
        speaker.hear(f"igauth {MENU}")
        speaker.say("3", f"Tokens {MENU}")
        speaker.say("R", "user_due was not delivered to store")
        speaker.say("b", f"igauth {MENU}")
        speaker.say("3", ": user_due was not delivered to store")
        (tmp_path / "open").touch()
        speaker.say("R", "Delivered user_due to store.")
        assert speaker.quit() == 0

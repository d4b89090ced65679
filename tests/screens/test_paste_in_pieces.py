"""A paste that a slow line cuts arrives whole in the field it was meant for, and the keyboard goes on."""

import pytest
from textual.widgets import Input

from tests.screens.credentials_form import WRONG, field, focus, on_credentials
from tests.screens.driving import opened
from tests.screens.slow_line import SlowLine
from tests.screens.test_login import logging_in
from tui.sandbox import RunningSandbox
from tui.screens.login import LoginScreen
from tui.terminal.input_pieces import LONGEST_SILENCE, PASTE_BEGINS, PASTE_ENDS
from tui.widgets.credential_field import CredentialField
from tui.wording.app import PASTE_CUT, PASTE_WITHOUT_FIELD

GAPS = (0.05, 0.15, 0.6, 3.0)
CUTS = [*range(1, len(PASTE_BEGINS) + 1), len(PASTE_BEGINS) + 9]
CUTS += [len(PASTE_BEGINS) + len(WRONG) + cut for cut in range(len(PASTE_ENDS))]


@pytest.mark.parametrize("gap", GAPS)
async def test_a_cut_paste_is_whole_in_credentials(facebook: RunningSandbox, gap: float) -> None:
    whole = f"{PASTE_BEGINS}{WRONG}{PASTE_ENDS}"
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        line = SlowLine(person)
        for cut in CUTS:
            await focus(person, "client_token")
            secret = field(person, "client_token")
            secret.set_value("")
            await line.send(whole[:cut], whole[cut:], gap=gap)
            await person.wait_for(lambda secret=secret: secret.value == WRONG)  # type: ignore[misc]
            await line.send("7", gap=gap)
            await person.wait_for(lambda secret=secret: secret.value == f"{WRONG}7")  # type: ignore[misc]


@pytest.mark.parametrize("gap", GAPS)
async def test_a_cut_paste_is_whole_in_the_login(facebook: RunningSandbox, gap: float) -> None:
    whole = f"{PASTE_BEGINS}{WRONG}{PASTE_ENDS}"
    async with logging_in(facebook) as person:
        line = SlowLine(person)
        for cut in CUTS:
            answer = person.screen.query_one("#answer", CredentialField)
            answer.focus_input()
            await person.pilot.pause()
            answer.set_value("")
            await line.send(whole[:cut], whole[cut:], gap=gap)
            await person.wait_for(lambda answer=answer: answer.value == WRONG)  # type: ignore[misc]
            await line.send("7", gap=gap)
            await person.wait_for(lambda answer=answer: answer.value == f"{WRONG}7")  # type: ignore[misc]
            assert isinstance(person.screen, LoginScreen)


async def test_a_paste_without_an_end_is_taken_with_a_notice(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await focus(person, "client_token")
        line = SlowLine(person)
        await line.send(f"{PASTE_BEGINS}{WRONG}", gap=LONGEST_SILENCE + 0.5)
        await person.wait_for(lambda: field(person, "client_token").value == WRONG)
        await person.wait_for(lambda: PASTE_CUT in person.notices)
        await line.send("7", gap=0.1)
        await person.wait_for(lambda: field(person, "client_token").value == f"{WRONG}7")


async def test_a_paste_whose_dialog_has_closed_goes_nowhere(facebook: RunningSandbox) -> None:
    async with opened(facebook, tokens=(), start="credentials") as person:
        await on_credentials(person)
        await person.press("ctrl+r")
        await person.wait_for(lambda: len(person.app.screen_stack) == 2 and isinstance(person.app.focused, Input))
        line = SlowLine(person)
        await line.send(PASTE_BEGINS[:1], gap=0.3)
        await person.wait_for(lambda: len(person.app.screen_stack) == 1)
        before = [entry.value for entry in person.screen.query(Input)]
        assert "" in before, "there must be an empty field that the paste could go to"
        await line.send(f"{PASTE_BEGINS[1:]}{WRONG}{PASTE_ENDS}", gap=0.3)
        await person.wait_for(lambda: PASTE_WITHOUT_FIELD in person.notices)
        assert [entry.value for entry in person.screen.query(Input)] == before

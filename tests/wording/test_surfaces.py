"""Each surface shows an action in its own way, and honours changed keys."""

import pytest

from tui.actions import ACTIONS
from tui.wording.surfaces import CommandLine, PlainMenu, Screen, Surface, sentences
from tui.wording.text import Action, Do, Text, Who

SURFACES: tuple[Surface, ...] = (Screen(), Screen(in_form=True), CommandLine(), PlainMenu())


@pytest.mark.parametrize("do", Do)
def test_every_action_has_a_way_on_every_surface(do: Do) -> None:
    action = Action(do, "acme", "acme-uk")
    for surface in SURFACES:
        step = surface.step(action)
        assert step
        assert "{" not in step


def test_a_way_names_a_known_action() -> None:
    known = {action.id for action in ACTIONS}
    assert {do.key for do in Do if do.key} <= known


def test_a_changed_key_is_shown() -> None:
    action = Action(Do.LOG_IN, "acme", "acme-uk")
    assert "f11" in Screen({"log_in": "f11"}).step(action)
    assert "f11" not in Screen().step(action)


def test_the_command_line_names_a_command_and_no_key() -> None:
    step = CommandLine().step(Action(Do.LOG_IN, "acme", "acme-uk"))
    assert step.endswith("igauth login --profile acme --name acme-uk")


def test_an_option_without_a_value_is_left_out() -> None:
    assert CommandLine().step(Action(Do.LOG_IN, "acme")).endswith("igauth login --profile acme")


def test_the_order_of_a_text() -> None:
    text = Text("What.", "Why.", Who.META, Action(Do.VERIFY), hint="Hint.")
    shown = sentences(text, CommandLine())
    assert shown.startswith("What. Why. ")
    assert shown.index(str(Who.META)) < shown.index("Hint.") < shown.index("igauth status")


def test_the_reader_is_not_asked_to_act_twice() -> None:
    assert sentences(Text("What.", who=Who.YOU), CommandLine()) == "What."


@pytest.mark.parametrize("do", Do)
def test_a_form_names_every_key(do: Do) -> None:
    assert "press ," not in Screen(in_form=True).step(Action(do, "acme", "acme-uk"))


@pytest.mark.parametrize("in_form", [False, True])
def test_no_key_is_named_that_opens_the_screen_shown(in_form: bool) -> None:
    for scope, do in (("guide", Do.OPEN_GUIDE), ("credentials", Do.ENTER_APP_SECRET), ("tokens", Do.OPEN_TOKENS)):
        assert Screen(in_form=in_form, scope=scope).step(Action(do, "acme")).endswith(" here.")
    assert Screen(scope="login").step(Action(Do.LOG_IN, "acme")) == Screen().step(Action(Do.NEW_LOGIN, "acme"))


def test_a_key_of_another_screen_follows_the_key_that_opens_it() -> None:
    assert Screen(scope="guide").step(Action(Do.REFRESH)).endswith("press 3, then r.")
    assert Screen(in_form=True, scope="credentials").step(Action(Do.REFRESH)).endswith("press f8, then r.")
    assert Screen(scope="tokens").step(Action(Do.REFRESH)).endswith("press r.")


@pytest.mark.parametrize("in_form", [False, True])
def test_the_key_that_leaves_is_named_in_a_form_too(in_form: bool) -> None:
    assert Screen(in_form=in_form).key("leave") == "esc"


def test_a_form_names_no_letter_that_is_typed_there() -> None:
    changed = {"show_guide": "z", "verify": "question_mark,f12", "help": "space"}
    form = Screen(changed, in_form=True)
    assert (form.key("show_guide"), form.key("verify"), form.key("help")) == ("", "f12", "")
    assert Screen(changed).key("show_guide") == "z"


def test_a_dialog_is_left_before_a_key_is_pressed() -> None:
    shown = Screen(scope="tokens", in_dialog=True)
    assert shown.step(Action(Do.LOG_IN)).endswith("press esc, then l.")
    assert shown.step(Action(Do.CHECK_CREDENTIALS)).endswith("press esc, then 2.")
    assert shown.step(Action(Do.REFRESH)).endswith("press esc, then r.")

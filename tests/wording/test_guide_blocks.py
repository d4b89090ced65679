"""What a page of the guide says, as blocks."""

from tui.guide.content import load_guide
from tui.guide.progress import StepMark
from tui.wording.guide import NO_PROFILE_TO_CHECK, Block, Kind, StepView
from tui.wording.surfaces import CommandLine, sentences
from tui.wording.text import Action, Do

SURFACE = CommandLine()


def _blocks(step_id: str, profile: str = "acme") -> list[Block]:
    view = StepView(SURFACE, profile, str, shows_unchecked=True)
    return list(view.blocks(load_guide().step(step_id), StepMark(), {}))


def _checks(step_id: str, profile: str) -> str:
    (block,) = (block for block in _blocks(step_id, profile) if block.kind is Kind.CHECK)
    return block.text


def test_without_a_profile_no_check_is_offered() -> None:
    offered = SURFACE.step(Action(Do.CHECK_STEP))
    assert offered in _checks("P1", "acme")
    assert offered not in _checks("P1", "")
    assert sentences(NO_PROFILE_TO_CHECK, SURFACE) in _checks("P1", "")


def test_a_part_names_its_step_and_the_step_its_parts() -> None:
    for step in load_guide().walk():
        mores = [block.text for block in _blocks(step.id) if block.kind is Kind.MORE]
        assert len(mores) == bool(step.substeps or step.parent)
        for other in (step.parent, *(below.id for below in step.substeps[:1])):
            assert all(other in text for text in mores)


def test_the_page_as_it_is_today_comes_first() -> None:
    pages = [block.sketch.date for block in _blocks("3") if block.sketch]
    assert pages[0]
    assert "" in pages

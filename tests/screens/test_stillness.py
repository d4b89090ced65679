"""A screen that nothing happens on is laid out no more."""

import pytest

from tests.screens.driving import Person, opened
from tests.screens.test_guide import ready, to
from tui.sandbox import RunningSandbox
from tui.widgets.step_pane import StepPage


@pytest.fixture
def layouts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the name of each screen that is laid out."""
    from textual.screen import Screen

    laid_out: list[str] = []
    real = Screen._refresh_layout

    def refresh_layout(self: Screen[object], *given: object, **named: object) -> None:
        laid_out.append(type(self).__name__)
        real(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Screen, "_refresh_layout", refresh_layout)
    return laid_out


async def comes_to_rest(person: Person, layouts: list[str]) -> bool:
    """Tell whether three pauses in a row see no layout, within some."""
    still = 0
    for _ in range(60):
        before = len(layouts)
        await person.pilot.pause(0.02)
        still = still + 1 if len(layouts) == before else 0
        if still == 3:
            return True
    return False


@pytest.mark.parametrize("width", [60, 100])
async def test_the_guide_comes_to_rest_at_the_edge_of_fitting(
    facebook: RunningSandbox, width: int, layouts: list[str]
) -> None:
    async with opened(facebook, start="guide", is_seeded=False, size=(width, 60)) as person:
        await ready(person)
        for step in ("P1", "4"):
            await to(person, step)
            await person.pilot.resize_terminal(width, 90)
            assert await comes_to_rest(person, layouts)
            beside, text = person.screen.query_one("#beside-steps"), person.screen.query_one(StepPage)
            fits = 90 - beside.size.height + text.size.height
            for height in (fits + 1, fits, fits - 1, fits - 2):
                await person.pilot.resize_terminal(width, height)
                assert await comes_to_rest(person, layouts), f"{step} at {width}x{height}: endless layout"
                assert ("more below" in person.text) is (height < fits), person.text


async def test_a_letter_typed_into_a_field_moves_nothing(facebook: RunningSandbox, layouts: list[str]) -> None:
    async with opened(facebook, start="credentials", is_seeded=False) as person:
        await person.press("tab", "tab")
        await person.type("abc")
        await person.wait_for("This has 3 characters")
        assert await comes_to_rest(person, layouts)
        layouts.clear()
        await person.type("d")
        await person.wait_for("This has 4 characters")
        assert await comes_to_rest(person, layouts)
        assert layouts == []

"""Going to one token or one step from wherever one is."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tui.app import IgauthApp


def go_to_token(app: "IgauthApp", name: str) -> None:
    """Open the tokens with the cursor on one of them."""
    from tui.screens.tokens import TokensScreen

    app.go("tokens")

    def show() -> None:
        if isinstance(app.screen, TokensScreen):
            app.screen.show_token(name)

    app.call_after_refresh(show)


def go_to_step(app: "IgauthApp", step_id: str, profile_name: str = "") -> None:
    """Open the guide at one step, with another profile in front where one is named."""
    from tui.screens.guide import GuideScreen

    if profile_name:
        app.profile_name = profile_name
    app.go("guide")

    def show() -> None:
        if isinstance(app.screen, GuideScreen):
            app.screen.show_step(step_id)

    app.call_after_refresh(show)

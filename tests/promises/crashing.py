"""igauth with a fault planted in it: `python -m tests.promises.crashing WHERE`. Not a test itself.

WHERE: `handler` (a message handler of the app), `worker` (a worker), `render` (a widget that draws), `start`
(before the first paint), `extension` (in the middle of a refresh). Each has the secrets in its local variables.
"""

import sys
from typing import TYPE_CHECKING, Any

from tui import services
from tui.__main__ import main
from tui.redact import Secret

if TYPE_CHECKING:
    from tui.app import IgauthApp


def _fail(app: "IgauthApp", *_: Any) -> None:
    services = app.session.services
    profile = services.settings.profiles[0].name
    app_secret = services.vault.profile_secrets.get("app_secret", profile)
    token_value = services.vault.tokens.value("user_due")
    assert isinstance(app_secret, Secret)
    access_token, typed = token_value.reveal(), app_secret.reveal()
    address = f"https://graph.facebook.com/v26.0/debug_token?input_token={access_token}&access_token=1|{typed}"
    raise RuntimeError(f"failed at {address}", access_token, {"client_secret": typed})


async def _fail_in_worker(app: "IgauthApp") -> None:
    _fail(app)


def plant(where: str) -> None:
    """Put the fault in its place."""
    from tui.app import IgauthApp

    match where:
        case "handler":
            setattr(IgauthApp, "action_help", _fail)  # noqa: B010 - mypy forbids assigning to a method
        case "worker":
            setattr(IgauthApp, "action_help", _start_failing_worker)  # noqa: B010
        case "render":
            setattr(IgauthApp, "action_help", _make_drawing_fail)  # noqa: B010
        case "start":
            setattr(IgauthApp, "on_mount", _fail)  # noqa: B010
        case _:
            raise SystemExit(f"no such place: {where}")


def _start_failing_worker(app: "IgauthApp") -> None:
    app.run_worker(_fail_in_worker(app))


def _make_drawing_fail(app: "IgauthApp") -> None:
    from tui.widgets.status_line import StatusLine

    setattr(StatusLine, "render", lambda line: _fail(line.app))  # noqa: B010
    app.refresh(layout=True)


if __name__ == "__main__":
    place = sys.argv.pop(1)
    open_services = services.open_services

    def open_and_plant(*given: Any, **named: Any) -> services.Services:
        """The environment is prepared before the app is imported: the order of the start is part of what is tested."""
        opened = open_services(*given, **named)
        plant(place)
        return opened

    services.open_services = open_and_plant
    main()

"""Asks Facebook about many tokens side by side, and reports where that failed."""

from collections.abc import Callable

from tui.commands.failure import explain
from tui.facebook.errors import FacebookError
from tui.services import Services
from tui.tokens.errors import NoCredentials, StoreError
from tui.wording.counts import listed


async def ask_all(services: Services, names: list[str], report: Callable[[str], None]) -> bool:
    """Inspect tokens, at most as many at once as the settings say; tell whether all could be asked about.

    The same failure of many tokens goes to `report` once. A token that could not be asked about keeps its last state.
    """
    failures: dict[str, list[str]] = {}
    throttled = ""

    def asked(name: str, error: Exception | None) -> None:
        nonlocal throttled
        if error is None:
            return
        if not isinstance(error, FacebookError | StoreError | NoCredentials):
            raise error
        message = explain(error)[0]
        if isinstance(error, FacebookError) and error.cause == "throttled":
            message = throttled = throttled or message
        failures.setdefault(message, []).append(name)

    await services.keeper.inspect_many(names, asked)
    for message, affected in failures.items():
        report(f"could not ask about {listed(sorted(affected), 5)}: {message}")
    return not failures

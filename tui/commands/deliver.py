"""`igauth deliver`: gives tokens to the destinations of `[[deliver]]` in config.toml."""

from collections.abc import Iterable

import click

from tui.commands.failure import say_failure
from tui.commands.names import token_named
from tui.commands.options import NAME, passphrase_option
from tui.commands.pipe import put, say
from tui.commands.running import open_command, run_work, say_notices
from tui.process import Refused
from tui.services import Services
from tui.tokens.delivery import Delivery, DeliveryState
from tui.vault.errors import VaultError
from tui.wording.delivery import delivery_text
from tui.wording.surfaces import CommandLine, sentences
from tui.wording.texts import phrase

DONE, FAILED = 0, 1


@click.command()
@click.argument("names", nargs=-1, type=NAME, metavar="[NAME]...")
@click.option("--again", is_flag=True, help="Deliver also what was delivered already, over whatever is there.")
@passphrase_option()
def deliver(names: tuple[str, ...], again: bool) -> int:
    """Deliver tokens to the commands and files that [[deliver]] in config.toml names, where they are not delivered yet.

    A timer, `igauth refresh` and the full-screen view do the same. Exit status 1: something is not delivered.
    """
    services = open_command()
    if not services.settings.deliver:
        raise Refused(phrase("delivery", "done", "nothing_set"))
    for name in names:
        token_named(services, name)
    return run_work(services, lambda: _deliver(services, names, again))


async def _deliver(services: Services, names: tuple[str, ...], again: bool) -> int:
    from tui.services.delivery import deliver

    tried: list[Delivery] = []

    def report(delivery: Delivery) -> None:
        tried.append(delivery)
        put_delivery(delivery)

    found = await deliver(services, report, names or None, again=again)
    for delivery in found:
        if delivery.state is DeliveryState.WITHHELD:
            put_delivery(delivery)
    if names and not found:
        raise Refused(phrase("delivery", "done", "not_selected").format(tokens=", ".join(names)))
    is_done = all(delivery.state is DeliveryState.DELIVERED for delivery in found)
    if is_done and not tried:
        say(phrase("delivery", "done", "nothing"))
    say_notices(services)
    return DONE if is_done else FAILED


def put_delivery(delivery: Delivery) -> None:
    """Print what came of a delivery: on stderr where something is to be done."""
    text = sentences(delivery_text(delivery), CommandLine())
    if delivery.state is DeliveryState.DELIVERED:
        put(text)
    else:
        say(f"igauth: {text}")


async def deliver_saved(services: Services, *names: str) -> list[Delivery]:
    """Deliver tokens that were saved or extended just now, with messages on stderr; return what failed."""
    failed: list[Delivery] = []
    if not services.settings.deliver:
        return failed
    from tui.services.delivery import deliver

    def report(delivery: Delivery) -> None:
        if delivery.state is not DeliveryState.DELIVERED:
            failed.append(delivery)
        say(sentences(delivery_text(delivery), CommandLine()))

    try:
        await deliver(services, report, names)
    except VaultError as error:  # the token is saved all the same, and the next run delivers it
        say_failure(error)
    return failed


def say_undelivered(found: Iterable[Delivery]) -> None:
    """Print what could not be delivered when it was last tried."""
    for delivery in found:
        if delivery.state is DeliveryState.FAILED:
            put_delivery(delivery)

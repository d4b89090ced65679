"""What came of delivering a token, and what to do where it failed."""

from collections.abc import Iterable
from typing import assert_never

from tui.tokens.delivery import Delivery, DeliveryState
from tui.wording.surfaces import Surface, sentences
from tui.wording.text import Action, Do, Text
from tui.wording.texts import phrase, text_of
from tui.wording.times import ago
from tui.wording.token_details import Fact


def delivery_text(delivery: Delivery) -> Text:
    """Return how a token stands with one destination, after it was tried."""
    record = delivery.record
    facts = {
        "token": delivery.token,
        "to": delivery.destination,
        "detail": record.detail,
        "said": f': "{record.said}"' if record.said else "",
    }
    if delivery.state is DeliveryState.WITHHELD:
        return text_of("delivery", "withheld", facts, "withheld", _about(delivery))
    if record.problem is None:
        return Text(phrase("delivery", "done", "delivered").format_map(facts))
    return text_of("delivery", record.problem, facts, "problem", _about(delivery))


def delivery_facts(deliveries: Iterable[Delivery], now: float, surface: Surface) -> list[Fact]:
    """Return how a token stands with each destination, failures first."""
    in_order = sorted(deliveries, key=lambda one: one.state is not DeliveryState.FAILED)
    return [Fact("delivery", _fact(one, now, surface)) for one in in_order]


def _fact(delivery: Delivery, now: float, surface: Surface) -> str:
    record = delivery.record
    match delivery.state:
        case DeliveryState.FAILED:
            tried = f"{ago(now - record.failed_at)}: " if record.failed_at is not None else ""
            return f"{tried}{sentences(delivery_text(delivery), surface)}"
        case DeliveryState.DELIVERED:
            return f"{delivery.destination}, {ago(now - (record.delivered_at or 0))}"
        case DeliveryState.PENDING:
            return f"{delivery.destination}: {phrase('delivery', 'done', 'pending')}"
        case DeliveryState.WITHHELD:
            return f"{delivery.destination}: {phrase('delivery', 'done', 'withheld')}"
        case _:
            assert_never(delivery.state)


def _about(delivery: Delivery) -> Action:
    return Action(Do.DELIVER, token=delivery.token)

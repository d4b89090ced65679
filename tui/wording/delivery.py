"""What came of delivering a token, and what to do where it failed."""

from tui.tokens.delivery import Delivery, DeliveryState
from tui.wording.text import Action, Do, Text
from tui.wording.texts import phrase, text_of


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


def _about(delivery: Delivery) -> Action:
    return Action(Do.DELIVER, token=delivery.token)

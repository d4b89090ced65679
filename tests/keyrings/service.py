"""A secret service of our own, as a program: `silent` never answers, `locked` answers only that it is locked."""

import sys

from jeepney import Message, MessageType, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection
from jeepney.low_level import HeaderFields


def answer(message: Message) -> Message | None:
    """Return the answer of a locked service; None for what it leaves open, such as Unlock while its window is open."""
    match message.header.fields.get(HeaderFields.member):
        case "ReadAlias":
            return new_method_return(message, "o", ("/org/freedesktop/secrets/collection/login",))
        case "Get":
            return new_method_return(message, "v", (("b", True),))
        case "OpenSession":
            return new_method_return(message, "vo", (("s", ""), "/org/freedesktop/secrets/session/1"))
        case _:
            return None


def serve(mode: str) -> None:
    """Take the service's name on the session's bus, and answer in this mode until the bus ends."""
    bus = open_dbus_connection()
    Proxy(message_bus, bus).RequestName("org.freedesktop.secrets")
    print("ready", flush=True)
    while True:
        message = bus.receive()
        is_call = message.header.message_type is MessageType.method_call
        if mode == "locked" and is_call and (reply := answer(message)) is not None:
            bus.send(reply)


if __name__ == "__main__":
    serve(sys.argv[1])

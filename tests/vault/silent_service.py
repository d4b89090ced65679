"""A secret service that never answers, as a program of its own: it takes the name on the session's bus and is silent."""

import time

from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

if __name__ == "__main__":
    bus = open_dbus_connection()
    Proxy(message_bus, bus).RequestName("org.freedesktop.secrets")
    print("ready", flush=True)
    time.sleep(3600)

"""Which way of logging in fits this line best."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Door = Literal["browser", "listener", "paste", "device"]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What can be seen of this line: over SSH, a browser here, what the app allows."""

    over_ssh: bool
    local_browser: bool
    listener_possible: bool
    device_possible: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """The likeliest door and the reason, as one sentence."""

    door: Door
    why: str


def propose(seen: Surroundings) -> Proposal:
    """Return the door to put first; the others stay open beside it."""
    if seen.local_browser and not seen.over_ssh and seen.listener_possible:
        return Proposal(
            "browser", "A browser is on this machine: open this link in it and confirm; the answer comes by itself."
        )
    if seen.over_ssh and seen.listener_possible:
        return Proposal(
            "paste",
            "You are on SSH: open this link in your own browser, confirm, paste the address it ends at, even if that"
            " page does not load.",
        )
    if seen.device_possible and not seen.listener_possible:
        return Proposal(
            "device",
            "The app allows device login: type the code below in on any device; nothing has to be pasted back.",
        )
    if not seen.listener_possible:
        return Proposal(
            "paste",
            "The app is live, so Facebook sends the answer to its own page: open this link, confirm, paste that page's"
            " address.",
        )
    return Proposal(
        "paste",
        "No browser was found here: open this link elsewhere, confirm, and paste the address it ends at, even if that"
        " page does not load.",
    )


def surroundings(
    environ: Mapping[str, str], *, local_browser: bool, listener_possible: bool, device_possible: bool
) -> Surroundings:
    """Read the environment: SSH_CONNECTION, SSH_TTY and SSH_CLIENT are set by sshd."""
    over_ssh = any(environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"))
    return Surroundings(over_ssh, local_browser, listener_possible, device_possible)

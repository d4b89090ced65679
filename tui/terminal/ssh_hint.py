"""The command that lets a browser elsewhere reach the login listener here."""

import ipaddress
import shlex
import socket
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SshHint:
    """What to run on the machine that has the browser; `other` is the same by this host's other name."""

    command: str
    other: str | None = None
    other_host: str = ""


def ssh_hint(environ: Mapping[str, str], forwards: Iterable[str], hostname: str | None = None) -> SshHint:
    """Return the `ssh -L` line for each `HOST:PORT` of `forwards`, under its own port.

    The host is the address the person's own ssh came in on, else the host name. A name with a dot is preferred; a jump
    host or another name may still be needed, which is why both are given where they differ.
    """
    name = socket.gethostname() if hostname is None else hostname
    user = environ.get("USER") or environ.get("LOGNAME") or ""
    address, ssh_port = _came_in_on(environ)
    if address is None:
        return SshHint(_line(forwards, user, name, ssh_port))
    first, second = (name, address) if "." in name and not name.endswith((".local", ".internal")) else (address, name)
    return SshHint(_line(forwards, user, first, ssh_port), _line(forwards, user, second, ssh_port), shlex.quote(second))


def _came_in_on(environ: Mapping[str, str]) -> tuple[str | None, int]:
    """SSH_CONNECTION is `client client-port server server-port`."""
    parts = environ.get("SSH_CONNECTION", "").split()
    if len(parts) != 4 or not (parts[3].isascii() and parts[3].isdigit()):
        return None, 22
    try:
        address = ipaddress.ip_address(parts[2])
    except ValueError:
        return None, 22
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address), int(parts[3])


def _line(forwards: Iterable[str], user: str, host: str, ssh_port: int) -> str:
    there = shlex.quote(f"{user}@{host}" if user else host)
    extra = f"-p {ssh_port} " if ssh_port != 22 else ""
    options = " ".join(f"-L {place.rpartition(':')[2]}:{place}" for place in forwards)
    return f"ssh {extra}{options} {there}"

"""The situations that need real programs, or more than a variable: installed proxies, keyrings, clocks, odd files."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.bench.homes import make_home
from tests.network.servers import GRAPH, served, silent
from tests.network.situations import IN_A_URL, LOGIN, Around, Make, Situation, Stage


class Missing(Exception):
    """A program or right that a situation needs is not here; the text names it."""


def need(*programs: str) -> None:
    """Raise Missing unless these are installed."""
    for program in programs:
        if shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/sbin") is None:
            raise Missing(f"{program} is not installed")


def need_root() -> None:
    """Raise Missing unless a file can be mounted over another."""
    if os.geteuid() or subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True).returncode:
        raise Missing("it needs root")


@contextlib.contextmanager
def started(argv: Sequence[str], port: int, environ: Mapping[str, str] | None = None) -> Iterator[None]:
    """Run a server while the block runs; it has to listen on `port`."""
    path = f"{os.environ['PATH']}:/usr/sbin:/sbin"
    process = subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={"PATH": path, "HOME": "/nonexistent", **(environ or {})},
    )
    try:
        wait(lambda: _listens(port), f"{argv[-1]} does not listen", 20)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)


def wait(condition: Callable[[], bool], otherwise: str, longest: float = 10) -> None:
    """Wait until the condition is true. Raises RuntimeError with `otherwise`."""
    end = time.monotonic() + longest
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError(otherwise)
        time.sleep(0.1)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def mounted(source: Path, target: str, *argv: str) -> list[str]:
    """Return a command line that sees `source` in the place of `target`, and nothing else of the kind."""
    return ["unshare", "--mount", "sh", "-c", f'mount --bind "$0" {target} && exec "$@"', str(source), *argv]


def knowing(where: Stage, *argv: str) -> list[str]:
    """Return a command line that resolves GRAPH to this machine."""
    hosts = where.folder / "hosts"
    hosts.write_text(f"127.0.0.1 localhost {GRAPH}\n")
    return mounted(hosts, "/etc/hosts", *argv)


def environ_of(where: Stage, proxy: str, **more: str) -> dict[str, str]:
    """Return the variables for asking through a proxy that resolves names but not ports."""
    return where.environ(HTTPS_PROXY=proxy, IGAUTH_GRAPH_URL=f"https://{GRAPH}:{where.front.port}", **more)


def _read(log: Path) -> str:
    return log.read_text() if log.exists() else ""


# --- installed proxies --------------------------------------------------------------------------------------------

_SQUID = """\
http_port 127.0.0.1:{port}
hosts_file {folder}/hosts
pid_filename {folder}/squid.pid
access_log stdio:{folder}/access.log all
cache_log {folder}/cache.log
logformat all %ts %>a %Ss/%03>Hs %rm %ru %un %[>h
cache deny all
coredump_dir {folder}
shutdown_lifetime 0 seconds
auth_param basic program /usr/lib/squid/basic_ncsa_auth {folder}/passwd
auth_param basic realm rig
acl known proxy_auth REQUIRED
http_access {rule}
http_access deny all
"""


def by_squid(given: str = "", *, rule: str = "allow known", named: str = "") -> Make:
    """Go through a squid that asks for a login."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        need("squid", "openssl")
        folder, port = where.own_folder(), free_port()
        folder.chmod(0o777)
        (folder / "hosts").write_text(f"127.0.0.1 {GRAPH}\n")
        user, _, password = LOGIN.partition(":")
        hashed = subprocess.run(
            ["openssl", "passwd", "-apr1", "-stdin"], input=password, capture_output=True, text=True, check=True
        ).stdout
        (folder / "passwd").write_text(f"{user}:{hashed}")
        (folder / "squid.conf").write_text(_SQUID.format(port=port, folder=folder, rule=rule))
        with started(["squid", "-N", "-f", str(folder / "squid.conf")], port):
            log = folder / "access.log"
            environ = environ_of(where, f"http://{given}127.0.0.1:{port}")
            yield Around(
                environ, named=named or f"127.0.0.1:{port}", log=lambda: log.read_text() if log.exists() else ""
            )

    return make


def by_tinyproxy(given: str = "") -> Make:
    """Go through a tinyproxy that asks for a login."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        need("tinyproxy")
        need_root()
        port, folder = free_port(), where.own_folder()
        log, conf = folder / "log", folder / "conf"
        conf.write_text(
            f'Port {port}\nListen 127.0.0.1\nLogFile "{log}"\nLogLevel Info\nBasicAuth kay plainword\nAllow 127.0.0.1\n'
        )
        with started(knowing(where, "tinyproxy", "-d", "-c", str(conf)), port):
            environ = environ_of(where, f"http://{given}127.0.0.1:{port}")
            yield Around(environ, named=f"127.0.0.1:{port}", log=lambda: _read(log))

    return make


def by_microsocks(given: str = "") -> Make:
    """Go through a microsocks that asks for a login."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        need("microsocks")
        need_root()
        port = free_port()
        argv = knowing(where, "microsocks", "-i", "127.0.0.1", "-p", str(port), "-u", "kay", "-P", "plainword")
        with started(argv, port):
            yield Around(environ_of(where, f"socks5://{given}127.0.0.1:{port}"), named=f"127.0.0.1:{port}")

    return make


_DANTE = """\
logoutput: {folder}/dante.log
internal: 127.0.0.1 port = {port}
external: lo
clientmethod: none
socksmethod: none
client pass {{ from: 127.0.0.0/8 to: 0.0.0.0/0 }}
socks {rule} {{ from: 0.0.0.0/0 to: 0.0.0.0/0 log: connect error }}
"""


def by_dante(rule: str) -> Make:
    """Go through a dante whose rule for every host is `pass` or `block`."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        need("danted")
        need_root()
        port, folder = free_port(), where.own_folder()
        conf = folder / "conf"
        conf.write_text(_DANTE.format(port=port, folder=folder, rule=rule))
        with started(knowing(where, "danted", "-f", str(conf), "-p", str(folder / "pid")), port):
            environ = environ_of(where, f"socks5h://127.0.0.1:{port}")
            yield Around(environ, named=f"127.0.0.1:{port}", log=lambda: _read(folder / "dante.log"))

    return make


def by_mitmproxy(*, trusted: bool) -> Make:
    """Go through an inspecting proxy; its authority is in this machine's own store, or nowhere."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        need("mitmdump", "update-ca-certificates")
        need_root()
        folder, port = where.own_folder(), free_port()
        argv = ["mitmdump", "-q", "--listen-host", "127.0.0.1", "--listen-port", str(port)]
        argv += ["--set", f"confdir={folder}"]
        argv += ["--set", f"ssl_verify_upstream_trusted_ca={where.authority.file}"]
        with started(knowing(where, *argv), port):
            added, store = folder / "added", folder / "certs"
            for one in (added, store):
                one.mkdir(exist_ok=True)
            if trusted:
                shutil.copy(folder / "mitmproxy-ca-cert.pem", added / "mitmproxy.crt")
            subprocess.run(
                ["update-ca-certificates", "--localcertsdir", str(added), "--etccertsdir", str(store)],
                check=True,
                capture_output=True,
            )
            environ = environ_of(where, f"http://127.0.0.1:{port}", SSL_CERT_FILE="-unset-")
            yield Around(environ, prefix=tuple(mounted(store, "/etc/ssl/certs")), named=GRAPH)

    return make


# --- clock --------------------------------------------------------------------------------------------------------


_SHIFTED = """\
import time
real, real_ns = time.time, time.time_ns
time.time = lambda: real() + {offset}
time.time_ns = lambda: real_ns() + {offset} * 10**9
"""


def by_clock(offset: int) -> Make:
    """Ask Facebook itself while this machine's clock is wrong by so many seconds.

    Python's own clock is set: libfaketime takes locks that slow igauth's threads down to a minute on a busy machine.
    """

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        folder = where.own_folder()
        (folder / "sitecustomize.py").write_text(_SHIFTED.format(offset=offset))
        yield Around({"IGAUTH_GRAPH_URL": where.facebook.graph_url, "PYTHONPATH": str(folder)})

    return make


# --- keyrings -----------------------------------------------------------------------------------------------------

_SILENT_SERVICE = """\
import time
from jeepney import message_bus
from jeepney.io.blocking import open_dbus_connection
connection = open_dbus_connection("SESSION")
connection.send_and_get_reply(message_bus.RequestName("org.freedesktop.secrets"))
while True:
    time.sleep(60)
"""


@contextlib.contextmanager
def _bus(folder: Path) -> Iterator[dict[str, str]]:
    """Run a session bus that starts no service by itself; yield its variable."""
    need("dbus-daemon")
    conf, address = folder / "bus.conf", f"unix:path={folder}/bus"
    conf.write_text(
        f"<busconfig><type>session</type><listen>{address}</listen><auth>EXTERNAL</auth>"
        '<policy context="default"><allow send_destination="*"/><allow eavesdrop="true"/><allow own="*"/></policy>'
        "</busconfig>"
    )
    process = subprocess.Popen(["dbus-daemon", f"--config-file={conf}", "--nofork"], stderr=subprocess.DEVNULL)
    try:
        wait(Path(address.removeprefix("unix:path=")).exists, "no session bus")
        yield {"DBUS_SESSION_BUS_ADDRESS": address}
    finally:
        process.terminate()
        process.wait(5)


@contextlib.contextmanager
def _on_the_bus(argv: Sequence[str], environ: Mapping[str, str], given: str = "") -> Iterator[None]:
    """Run a program that takes the name of the secret service."""
    path = {"PATH": os.environ["PATH"]}
    process = subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**path, **environ}
    )
    assert process.stdin is not None
    process.stdin.write(given.encode())
    process.stdin.close()
    asked = ["dbus-send", "--session", "--print-reply", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]
    asked += ["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]

    def has_owner() -> bool:
        done = subprocess.run(asked, capture_output=True, text=True, check=False, env={**path, **environ})
        return "true" in done.stdout

    try:
        wait(has_owner, f"{argv[0]} is not on the bus")
        yield
    finally:
        process.kill()
        process.wait(5)


def _gnome(person: Path, environ: Mapping[str, str], *, unlocked: bool) -> contextlib.AbstractContextManager[None]:
    need("gnome-keyring-daemon")
    argv = ["gnome-keyring-daemon", "--foreground", "--components=secrets", *(["--unlock"] if unlocked else [])]
    return _on_the_bus(argv, {"HOME": str(person), **environ}, "kay" if unlocked else "")


def by_keyring(service: str, *, stored: bool) -> Make:
    """Let a home whose secrets are in a keyring (`stored`), or a new one, meet `service`.

    It is `none` (no bus), `bus` (no service), `silent`, `locked` or `unlocked`.
    """

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        folder = where.own_folder()
        person, home = folder / "person", folder / "home"
        person.mkdir()
        environ = {"IGAUTH_GRAPH_URL": where.facebook.graph_url, "HOME": str(person)}
        with contextlib.ExitStack() as stack:
            bus = stack.enter_context(_bus(folder))
            with _gnome(person, bus, unlocked=True):
                if stored:
                    where.fill(home, environ | bus)
            if service == "none":
                bus = {}
            elif service == "silent":
                need("dbus-send")
                script = folder / "silent.py"
                script.write_text(_SILENT_SERVICE)
                stack.enter_context(_on_the_bus([where.python, str(script)], bus))
            elif service != "bus":
                stack.enter_context(_gnome(person, bus, unlocked=service == "unlocked"))
            yield Around(environ | bus, named="keyring", home=home, is_new=not stored)

    return make


# --- many tokens --------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _many_tokens(where: Stage) -> Iterator[Around]:
    """Let 200 tokens meet a host that takes every connection and never answers."""
    home = make_home(where.own_folder() / "home", 200)
    with served(silent()) as peer:
        yield Around({"IGAUTH_GRAPH_URL": peer.url}, named=peer.address, home=home, can_log_in=False, longest=60)


# --- home and files -----------------------------------------------------------------------------------------------


def by_home(change: Callable[[Path], object], named: str = "config.toml") -> Make:
    """Change a home that works."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        yield Around({"IGAUTH_GRAPH_URL": where.facebook.graph_url}, prepare=change, named=named)

    return make


def _as(content: bytes) -> Callable[[Path], object]:
    return lambda home: (home / "config.toml").write_bytes(content)


def _before(content: bytes) -> Callable[[Path], object]:
    return lambda home: (home / "config.toml").write_bytes(content + (home / "config.toml").read_bytes())


def _instead(name: str, make: Callable[[Path], object]) -> Callable[[Path], object]:
    def change(home: Path) -> None:
        (home / name).unlink(missing_ok=True)
        make(home / name)

    return change


def _quoted(home: Path) -> None:
    text = (home / "config.toml").read_text()
    (home / "config.toml").write_text(re.sub(r'"([^"]*)"', "“\\1”", text))


def by_stranger(**variables: str) -> Make:
    """Run without IGAUTH_HOME, as a user whom the system does not know."""

    @contextlib.contextmanager
    def make(where: Stage) -> Iterator[Around]:
        environ = {"IGAUTH_GRAPH_URL": where.facebook.graph_url, "IGAUTH_HOME": "-unset-", **variables}
        need("setpriv")
        need_root()
        prefix = ("setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups")
        yield Around(environ, prefix=prefix, named="IGAUTH_HOME")

    return make


SURROUNDINGS: tuple[Situation, ...] = (
    Situation("squid with a login", by_squid(f"{IN_A_URL}@"), works=True),
    Situation("squid, no login given", by_squid()),
    Situation("squid, wrong login", by_squid("kay:wrong@")),
    Situation("squid denies the host", by_squid(rule="deny all")),
    Situation("tinyproxy with a login", by_tinyproxy("kay:plainword@"), works=True),
    Situation("tinyproxy, no login given", by_tinyproxy()),
    Situation("microsocks with a login", by_microsocks("kay:plainword@"), works=True),
    Situation("microsocks, wrong login", by_microsocks("kay:wrong@")),
    Situation("microsocks, no login given", by_microsocks()),
    Situation("dante passes", by_dante("pass"), works=True),
    Situation("dante blocks", by_dante("block")),
    Situation("mitmproxy, its CA in the system store", by_mitmproxy(trusted=True), works=True),
    Situation("mitmproxy, its CA nowhere", by_mitmproxy(trusted=False)),
    Situation("clock three hours ahead", by_clock(3 * 3_600), works=True),
    Situation("clock 100 days ahead", by_clock(100 * 86_400), works=True),
    Situation("clock 100 days behind", by_clock(-100 * 86_400), works=True),
    Situation("keyring unlocked", by_keyring("unlocked", stored=True), works=True),
    Situation("keyring locked", by_keyring("locked", stored=True)),
    Situation("keyring silent", by_keyring("silent", stored=True)),
    Situation("keyring: a bus, no service", by_keyring("bus", stored=True)),
    Situation("keyring: no bus", by_keyring("none", stored=True)),
    Situation("new home, keyring locked", by_keyring("locked", stored=False)),
    Situation("new home, keyring silent", by_keyring("silent", stored=False)),
    Situation("new home, a bus, no service", by_keyring("bus", stored=False), works=True),
    Situation("new home, keyring unlocked", by_keyring("unlocked", stored=False), works=True),
    Situation("200 tokens, host is silent", _many_tokens),
    Situation("no HOME, no passwd entry", by_stranger(HOME="-unset-")),
    Situation("HOME that is no folder, no passwd entry", by_stranger(HOME="/nonexistent")),
    Situation("config.toml is a FIFO", by_home(_instead("config.toml", os.mkfifo))),
    Situation("config.toml is a device", by_home(_instead("config.toml", lambda path: path.symlink_to("/dev/zero")))),
    Situation("config.toml is a folder", by_home(_instead("config.toml", Path.mkdir))),
    Situation("config.toml of 2 MB", by_home(_before(b"# much\n" * 300_000))),
    Situation("config.toml nested 100,000 times", by_home(_as(b"a = " + b"[" * 100_000))),
    Situation("config.toml with a number of 10,000 digits", by_home(_as(b"window_days = " + b"9" * 10_000))),
    Situation("config.toml in UTF-16", by_home(_as("window_days = 5\n".encode("utf-16")))),
    Situation("config.toml with typographic quotes", by_home(_quoted)),
    Situation("config.toml with a byte-order mark", by_home(_before(b"\xef\xbb\xbf")), works=True),
    Situation("the database is a FIFO", by_home(_instead("igauth.db", os.mkfifo), "igauth.db")),
    Situation("a side file is a FIFO", by_home(_instead("igauth.db-wal", os.mkfifo), "igauth.db")),
)

"""The vault with 10,000 tokens beside bare sqlite3 running exactly the statements that the vault ran."""

import shutil
import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median
from unittest.mock import patch

from tests.bench.figures import Figure, Series
from tests.bench.homes import a_token, homes
from tui.redact import Secret
from tui.vault.vault import Vault, open_vault

_MANY = 10_000
_OPENINGS = 25
_NAME = "igauth.db"


@contextmanager
def statements_of_new_connections(into: list[str]) -> Iterator[None]:
    """Note every statement, values filled in, that connections opened meanwhile run."""
    connect = sqlite3.connect

    def traced(*arguments: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)  # type: ignore[call-overload]
        connection.set_trace_callback(into.append)
        return connection

    with patch("sqlite3.connect", traced):
        yield


def opened(home: Path) -> Vault:
    """Open the vault of a home as the program does."""
    return open_vault(home / _NAME, time.time, throw_away=True)


def extend(vault: Vault, number: int) -> None:
    """Store one extension, as a refresh does."""
    now = int(time.time())
    token = a_token(number)
    version = vault.tokens.add_issued(
        token.name, token.profile, Secret(f"EAA{now}{number:08d}{'y' * 170}"), at=now, origin="x"
    )
    vault.tokens.make_current(token.name, version, replace(token, extended_at=now, inspected_at=now))


def storing(runs: int) -> list[Figure]:
    """Open, list by deadline, store an extension; then the same statements without the vault, on a copy."""
    found: dict[str, list[float]] = defaultdict(list)
    with homes(_MANY) as made:
        home = made[_MANY]
        for number in range(runs + 1):
            copy = home / f"copy-{number}.db"
            shutil.copyfile(home / _NAME, copy)
            statements: dict[str, list[str]] = {"open": [], "list": [], "tokens": [], "store": []}
            heard: list[str] = []
            with statements_of_new_connections(heard):
                vault = opened(home)
            statements["open"] = heard[:]
            for name, work in (
                ("list", vault.tokens.brief_tokens),
                ("tokens", vault.tokens.tokens),
                ("store", lambda vault=vault, number=number: extend(vault, number)),
            ):
                heard.clear()
                work()
                statements[name] = heard[:]
            vault.close()
            _measure(home, copy, number, statements, found, is_warming=number == 0)
            copy.unlink()
    return [
        _figure("open", "open", found),
        _figure("list by deadline", "list", found),
        _figure("(whole tokens, Pages and all, for comparison)", "tokens", found, None),
        _figure("store one extension", "store", found),
    ]


def _figure(what: str, name: str, found: dict[str, list[float]], reach: float | None = 1.5) -> Figure:
    floor = Series("bare sqlite3", tuple(found[f"bare {name}"]))
    return Figure("vault", f"vault of {_MANY:,}: {what}", "ms", Series(name, tuple(found[name])), reach, floor)


def _measure(
    home: Path,
    copy: Path,
    number: int,
    statements: dict[str, list[str]],
    found: dict[str, list[float]],
    *,
    is_warming: bool,
) -> None:
    times = _open_in_turns(home, copy, statements["open"])
    vault = opened(home)
    times["list"] = time_of(vault.tokens.brief_tokens)
    times["tokens"] = time_of(vault.tokens.tokens)
    times["store"] = time_of(lambda: extend(vault, _MANY - 1 - number))
    vault.close()
    bare = sqlite3.connect(copy, isolation_level=None)
    for name in ("list", "tokens", "store"):
        times[f"bare {name}"] = time_of(partial(_replay, bare, statements[name]))
    bare.close()
    if not is_warming:
        for name, milliseconds in times.items():
            found[name].append(milliseconds)


def _open_in_turns(home: Path, copy: Path, statements: list[str]) -> dict[str, float]:
    """Open both again and again, one after the other: a single opening is over too soon to stand out from noise."""
    mine, bare = [], []
    for _ in range(_OPENINGS):
        began = time.perf_counter()
        vault = opened(home)
        mine.append(_since(began))
        vault.close()
        began = time.perf_counter()
        connection = sqlite3.connect(copy, isolation_level=None)
        _replay(connection, statements)
        bare.append(_since(began))
        connection.close()
    return {"open": median(mine), "bare open": median(bare)}


def _replay(connection: sqlite3.Connection, statements: list[str]) -> None:
    for statement in statements:
        connection.execute(statement).fetchall()


def time_of(work: Callable[[], object]) -> float:
    """Return the milliseconds that `work` takes."""
    began = time.perf_counter()
    work()
    return _since(began)


def _since(began: float) -> float:
    return (time.perf_counter() - began) * 1000

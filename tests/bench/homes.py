"""Homes with as many tokens as a measurement needs: all living, all inspected just now, so that nobody is asked."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from time import time

from tui.facebook.pages import Page
from tui.facebook.permissions import GranularScope
from tui.redact import Secret
from tui.tokens.token import DAY, Token
from tui.vault.vault import Vault, open_vault

PROFILE = "acme"
APP_ID = "1234567890123456"
SCOPES = ("instagram_basic", "instagram_manage_insights", "pages_read_engagement", "pages_show_list")
_CONFIG = f"""\
inspect_interval_minutes = 1440
[profiles.{PROFILE}]
app_id = "{APP_ID}"
callback_url = "https://matillion.example.com/rest/v1/oauth/callback"
"""
_TERMINAL = {"LANG": "C.UTF-8", "HOME": "/nonexistent", "TERM": "xterm-256color", "COLORTERM": "truecolor"}
_KEPT = ("PATH", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV")
_NOBODY = "http://127.0.0.1:9"
"""Where nothing listens: a measurement asks no network."""


def make_home(folder: Path, tokens: int) -> Path:
    """Make a home with one profile and `tokens` tokens, as if a person had logged in with each."""
    folder.mkdir(mode=0o700, parents=True)
    (folder / "config.toml").write_text(_CONFIG)
    (folder / "config.toml").chmod(0o600)
    vault = open_vault(folder / "igauth.db", time, throw_away=True)
    vault.secrets.choose()
    vault.profile_secrets.set("app_secret", PROFILE, Secret("0123456789abcdef0123456789abcdef"))
    fill(vault, tokens)
    vault.close()
    return folder


def fill(vault: Vault, count: int) -> None:
    """Store tokens whose deadlines are spread over the coming two months."""
    with vault.database.transaction():  # one commit: only the setting up is hurried by it
        for number in range(count):
            token = a_token(number)
            value = Secret(f"EAA{number:08d}{'x' * 180}")
            version = vault.tokens.add_issued(token.name, token.profile, value, at=token.obtained_at, origin="login")
            vault.tokens.add_token(token, version)


def a_token(number: int) -> Token:
    """Return what is known of the token of that number."""
    now = int(time())
    end = now + (1 + number * 37 % 59) * DAY + number * 61 % DAY
    page = Page(f"1020{number:06d}", f"Shop {number}", f"1784{number:06d}", f"shop{number}", ("ANALYZE",))
    return Token(
        name=f"shop-{number:05d}",
        profile=PROFILE,
        app_id=APP_ID,
        kind="user",
        subject_id=f"77{number:06d}",
        subject_name="Dana Whitfield",
        obtained_at=now - 3 * DAY,
        issued_at=now - 3 * DAY,
        expires_at=end,
        data_access_expires_at=end + 30 * DAY,
        scopes=SCOPES,
        granular_scopes=tuple(GranularScope(scope, (page.page_id,)) for scope in SCOPES[2:]),
        inspected_at=now,
        verdict="valid",
        origin="login",
        fingerprint=f"{number:016x}",
        pages=(page,),
    )


def environment(home: Path | None = None) -> dict[str, str]:
    """Return what a shell on a modern terminal says; igauth then asks nobody but loopback."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    folder = {"IGAUTH_HOME": str(home), "IGAUTH_GRAPH_URL": _NOBODY, "IGAUTH_DIALOG_URL": _NOBODY} if home else {}
    return {**_TERMINAL, **kept, **folder}


@contextmanager
def homes(*sizes: int) -> Iterator[Mapping[int, Path]]:
    """Make a home of each size, gone at the end."""
    with TemporaryDirectory(prefix="igauth-bench-") as folder:
        yield {size: Path(shutil.copytree(_template(size), Path(folder) / f"home-{size}")) for size in sizes}


@cache
def _template(tokens: int) -> Path:
    """Make a home of that size once; every measurement has a copy of it."""
    return make_home(Path(_templates().name) / f"home-{tokens}", tokens)


@cache
def _templates() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="igauth-bench-")


def igauth(*arguments: str) -> tuple[str, ...]:
    """Return the command line of the installed program, as a person's shell runs it."""
    beside = Path(sys.executable).with_name("igauth")
    return (str(beside), *arguments) if beside.exists() else (sys.executable, "-m", "tui", *arguments)


def python(*arguments: str) -> tuple[str, ...]:
    """Return a command line of the interpreter that runs this."""
    return (sys.executable, *arguments)

"""The settings of config.toml and the environment: what has no effect, and what can never match."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from tui.likely import closest
from tui.services.doctor.findings import Code, Finding, found
from tui.services.doctor.plain_secrets import plain_secrets
from tui.settings import Home, Settings, SettingsError
from tui.settings.places import place_of
from tui.settings.schema import Destination
from tui.settings.toml_text import read_text

_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|[0-9a-f:.]*:[0-9a-f:.]*")
"""A host as the settings' addresses give it: a name in lower case, or an IP address without brackets."""
_PLACEHOLDER = re.compile(r"\{([A-Za-z_]+)\}")


def file_findings(home: Home) -> Iterator[Finding]:
    """Return the secrets that stand in the file, also where it cannot be parsed."""
    for secret in plain_secrets(_text(home)):
        facts = {"kind": secret.kind, "key": secret.key}
        yield found("configuration", "failure", Code.PLAIN_SECRET, path=home.config_file, line=secret.line, **facts)


def settings_findings(settings: Settings, home: Home) -> Iterator[Finding]:
    """Return what is wrong with settings that could be read."""
    text, file = _text(home), home.config_file

    def line(*key: str | int) -> int:
        place = place_of(text, key)
        return place.line if place is not None else 0

    secrets = {secret.key for secret in plain_secrets(text)}
    for key in settings.unknown_keys:
        if key.key not in secrets:
            yield Finding("configuration", "warning", Code.VALUE, {"path": file, "line": line(*key.where)}, key)
    if settings.ignored:
        yield Finding("configuration", "failure", value=settings.ignored)
    if not settings.is_meta:
        hosts = ", ".join(dict.fromkeys((settings.graph_url, settings.dialog_url)))
        yield found("configuration", "warning", Code.OTHER_HOSTS, hosts=hosts)
    for host in settings.trusted_hosts:
        if not (meant := _host_in(host)) or meant != host:
            code = Code.TRUSTED_HOST_WRITTEN_OTHERWISE if meant else Code.TRUSTED_HOST_IMPOSSIBLE
            at = line("trusted_hosts")
            yield found("configuration", "warning", code, path=file, line=at, entry=host, meant=meant)
    yield from _profile_findings(settings, file, line)
    for number, destination in enumerate(settings.deliver):
        yield from _destination_findings(destination, file, line("deliver", number))


def _profile_findings(settings: Settings, file: Path, line: Callable[[str], int]) -> Iterator[Finding]:
    if not settings.profiles:
        yield Finding("profiles", "warning", Code.NO_PROFILE)
    elif (name := settings.default_profile) and settings.profile(name) is None:
        names = [profile.name for profile in settings.profiles]
        facts = {"name": name, "used": names[0], "meant": closest(name, names)}
        yield found(
            "profiles", "warning", Code.DEFAULT_PROFILE_UNKNOWN, path=file, line=line("default_profile"), **facts
        )


def _destination_findings(one: Destination, file: Path, line: int) -> Iterator[Finding]:
    """Return the placeholders of a `[[deliver]]` entry that are not replaced."""
    words = _PLACEHOLDER.findall(one.file)
    # braces in an argument may be the command's own, as in awk '{print}'
    in_command = [word for part in one.command for word in _PLACEHOLDER.findall(part)]
    words += [word for word in in_command if closest(word, ["name"])]
    for word in dict.fromkeys(words):
        if word != "name":
            yield found("delivery", "warning", Code.PLACEHOLDER_UNKNOWN, path=file, line=line, word=word)


def _text(home: Home) -> str:
    try:
        return read_text(home.config_file)
    except SettingsError:  # reported by who opens the settings
        return ""


def _host_in(entry: str) -> str:
    """Return the host of an entry in the form that matches; empty where it can only be something else."""
    try:
        parts = urlsplit(entry if "//" in entry else f"//{entry}")
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""
    if _HOST.fullmatch(entry):
        return entry  # as it is, such as ::1
    return host if _HOST.fullmatch(host) and parts.path in ("", "/") else ""

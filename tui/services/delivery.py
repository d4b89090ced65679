"""Delivers tokens to the commands and files of `[[deliver]]`, and stores what came of it."""

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import NamedTuple

from tui.file_lock import exclusive
from tui.network.silence import is_given_up, note_answer, note_no_answer, one_run
from tui.redact import Secret
from tui.services import delivered_file
from tui.services.child import LIMIT, run_child
from tui.services.hooks import token_facts
from tui.services.root import Services
from tui.settings.schema import Destination
from tui.stored_json import from_record, json_object
from tui.tokens.delivery import (
    RESTORED_AT,
    Delivery,
    DeliveryProblem,
    DeliveryState,
    Record,
    can_be_delivered,
    delivery_state,
    is_older,
    issued_at,
)
from tui.tokens.errors import NoSuchToken, StoreError
from tui.tokens.token import Token
from tui.vault.errors import VaultError, translated
from tui.vault.files import open_private, private_folder

_PATIENCE, _POLL = 60.0, 0.1
"""Seconds to wait for another igauth that delivers to the same destination."""


class Refused(NamedTuple):
    """Why a token was not delivered."""

    problem: DeliveryProblem
    detail: str = ""
    said: str = ""


def deliveries(services: Services, tokens: Iterable[Token]) -> tuple[Delivery, ...]:
    """Return what is stored of each token and destination. Blocks for the disk; raises VaultError."""
    by_name, now = {token.name: token for token in tokens}, services.clock.now()
    found = []
    for destination, name in _selected(services, by_name.values()):
        token, label = by_name.get(name), label_of(destination, name)
        if token is None:
            problem = DeliveryProblem.NO_TOKEN if name else DeliveryProblem.NO_PROFILE
            record = Record(problem=problem, detail=destination.profile)
            found.append(Delivery(name, label, DeliveryState.FAILED, record))
        else:
            record = _Records(services, destination).read(name)
            its_state = delivery_state(record, token, now, services.settings.window_of(token.profile))
            found.append(Delivery(name, label, its_state, record))
    return tuple(found)


async def deliver(
    services: Services,
    on_tried: Callable[[Delivery], None],
    names: Collection[str] | None = None,
    *,
    again: bool = False,
) -> tuple[Delivery, ...]:
    """Deliver what is not delivered yet, of these tokens or of all; `on_tried` gets what came of each.

    With `again` also what was delivered, over whatever is there. Return how each token stands with each of its
    destinations. Raises VaultError where nothing can be stored.
    """
    tokens = await asyncio.to_thread(services.tokens)
    with one_run():
        for destination, name in _selected(services, tokens):
            if names is not None and name not in names:
                continue
            if (tried := await _Attempt(services, destination, name, again).run()) is not None:
                on_tried(tried)
    stored = await asyncio.to_thread(lambda: deliveries(services, services.tokens()))
    found = tuple(delivery for delivery in stored if names is None or delivery.token in names)
    for delivery in found:
        if delivery.record.problem in (DeliveryProblem.NO_TOKEN, DeliveryProblem.NO_PROFILE):
            on_tried(delivery)
    return found


def label_of(destination: Destination, name: str) -> str:
    """Return what a destination is called."""
    shown = destination.name or destination.file or Path(destination.command[0]).name
    return shown.replace("{name}", name) if name else shown


def _selected(services: Services, tokens: Iterable[Token]) -> Iterator[tuple[Destination, str]]:
    """Yield each destination with the names of its tokens; an empty name where its profile does not exist."""
    tokens = tuple(tokens)
    for destination in services.settings.deliver:
        names = destination.tokens or [token.name for token in tokens if token.profile == destination.profile]
        if destination.profile and services.settings.profile(destination.profile) is None:
            names = [""]
        for name in dict.fromkeys(names):
            yield destination, name


class _Records:
    """What is stored of one destination: a changed command or file is another destination."""

    def __init__(self, services: Services, destination: Destination) -> None:
        self._meta = services.meta
        what = [destination.command, destination.file, destination.format, destination.variable]
        self.digest = hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]

    def read(self, name: str) -> Record:
        stored = json_object(self._meta.get(self._key)).get(name)
        if not isinstance(stored, dict):
            return Record()
        problem = stored.get("problem")
        known = DeliveryProblem(problem) if problem in list(DeliveryProblem) else problem and DeliveryProblem.FAILED
        return from_record(Record, {**stored, "problem": known}) or Record()

    def store(self, name: str, record: Record) -> None:
        """Store one record. The destination's lock must be held."""
        self._meta.set(self._key, json.dumps({**json_object(self._meta.get(self._key)), name: asdict(record)}))

    @property
    def _key(self) -> str:
        return f"delivery/{self.digest}"


class _Attempt:
    def __init__(self, services: Services, destination: Destination, name: str, again: bool) -> None:
        self._services, self._destination, self._name, self._again = services, destination, name, again
        self._records = _Records(services, destination)

    async def run(self) -> Delivery | None:
        """Deliver if that is due; return what came of it."""
        if not await asyncio.to_thread(self._is_due):
            return None
        try:
            async with self._alone():
                if not await asyncio.to_thread(self._is_due):  # another process has done it meanwhile
                    return None
                return await self._run()
        except TimeoutError:
            note_no_answer(self._records.digest)
            return self._result(DeliveryState.FAILED, Record(problem=DeliveryProblem.LOCKED))

    async def _run(self) -> Delivery:
        services, now = self._services, int(self._services.clock.now())
        before = await asyncio.to_thread(self._records.read, self._name)
        refused: Refused | None
        try:
            token, value = await asyncio.to_thread(self._current)
        except (StoreError, VaultError) as error:
            refused = Refused(DeliveryProblem.NO_VALUE, type(error).__name__)
        else:
            refused = await self._hand_over(token, value, before)
        if refused is not None:
            record = replace(before, failed_at=now, **refused._asdict())
            await asyncio.to_thread(self._records.store, self._name, record)
            return self._result(DeliveryState.FAILED, record)
        record = Record(token.fingerprint, issued_at(token), now)
        await asyncio.to_thread(self._records.store, self._name, record)
        label = label_of(self._destination, self._name)
        note = services.history.note
        await asyncio.to_thread(
            lambda: note(
                "deliver",
                "delivered",
                label,
                token=token.name,
                profile=token.profile,
                new_fingerprint=token.fingerprint,
            )
        )
        return self._result(DeliveryState.DELIVERED, record)

    def _result(self, its_state: DeliveryState, record: Record) -> Delivery:
        return Delivery(self._name, label_of(self._destination, self._name), its_state, record)

    def _is_due(self) -> bool:
        services = self._services
        try:
            token = services.token_store.token(self._name)
        except NoSuchToken:
            return False
        window, now = services.settings.window_of(token.profile), services.clock.now()
        if not can_be_delivered(token, now, window):
            return False
        its_state = delivery_state(self._records.read(token.name), token, now, window)
        is_there = not self._destination.file or delivered_file.holds(self._destination, token)
        return self._again or its_state is not DeliveryState.DELIVERED or not is_there

    def _current(self) -> tuple[Token, Secret]:
        """Return the token and its value as they are now, both of one version."""
        store = self._services.token_store
        while True:
            token, value = store.token(self._name), store.value(self._name)
            if store.token(self._name).fingerprint == token.fingerprint:  # else it was extended in between
                return token, value

    async def _hand_over(self, token: Token, value: Secret, before: Record) -> Refused | None:
        if not self._again and is_older(token, before):
            return Refused(DeliveryProblem.NEWER_DELIVERED)
        content = delivered_file.content_for(self._destination, token, value)
        if self._destination.file:
            return await asyncio.to_thread(self._write, token, content, before)
        restored_at = int(await asyncio.to_thread(self._services.meta.get, RESTORED_AT) or 0)
        if not self._again and not before.fingerprint and issued_at(token) <= restored_at:
            return Refused(DeliveryProblem.RESTORED)
        facts = token_facts(self._services, token)
        facts |= {
            "IGAUTH_DESTINATION": label_of(self._destination, token.name),
            "IGAUTH_FINGERPRINT": token.fingerprint,
        }
        command = [argument.replace("{name}", token.name) for argument in self._destination.command]
        if is_given_up(self._records.digest):
            return Refused(DeliveryProblem.SKIPPED)
        try:
            ended = await run_child(command, facts, LIMIT, content)
        except (OSError, ValueError) as error:
            return Refused(DeliveryProblem.NOT_STARTED, getattr(error, "strerror", None) or str(error))
        if ended.status is None:
            note_no_answer(self._records.digest)
            return Refused(DeliveryProblem.SLOW, f"{LIMIT:.0f}")
        note_answer(self._records.digest)
        return Refused(DeliveryProblem.FAILED, str(ended.status), ended.said) if ended.status else None

    def _write(self, token: Token, content: Secret, before: Record) -> Refused | None:
        known = {
            before.fingerprint,
            *(version.fingerprint for version in self._services.token_store.versions(token.name)),
        }
        try:
            problem = delivered_file.refusal(self._destination, token, known.__contains__, again=self._again)
            if problem is None:
                delivered_file.write(self._destination, token, content)
        except OSError as error:
            return Refused(DeliveryProblem.NOT_WRITTEN, error.strerror or type(error).__name__)
        return Refused(problem) if problem else None

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        """Hold the destination against other threads and processes. Raises TimeoutError, VaultError."""
        folder = self._services.home.data_folder / "locks"
        await asyncio.to_thread(private_folder, folder)
        path, waited = folder / f"{self._records.digest}.delivery", 0.0
        patience = 0.0 if is_given_up(self._records.digest) else _PATIENCE
        while not _entered(lock := exclusive(path, 0, lambda path: open_private(path, os.O_RDWR | os.O_CREAT)), path):
            if waited >= patience:
                raise TimeoutError
            await asyncio.sleep(_POLL)
            waited += _POLL
        try:
            yield
        finally:
            lock.__exit__(None, None, None)


def _entered(lock: AbstractContextManager[int], path: Path) -> bool:
    """Try once to take a lock; tell whether nobody else holds it. Raises VaultError."""
    with translated(path):
        try:
            lock.__enter__()
        except TimeoutError:
            return False
    return True

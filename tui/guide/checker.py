"""Runs the checks in parallel, each with a time limit; each call is made once. Nothing is changed anywhere."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from tui.clock import Clock
from tui.facebook.errors import FacebookError
from tui.facebook.models import AppCredentials
from tui.guide import judging
from tui.guide.checks import CheckName
from tui.guide.evidence import Code, Evidence, Facts, Finding
from tui.matillion.address import DialogAddress
from tui.matillion.errors import MatillionError
from tui.matillion.runs import LastRuns
from tui.redact import Secret
from tui.settings import Profile

if TYPE_CHECKING:
    from tui.facebook.client import GraphClient
    from tui.matillion.client import MatillionClient

T = TypeVar("T")
_OF_TOKEN: tuple[CheckName, ...] = (
    *("login_done", "permissions", "pages", "instagram_account", "first_read", "ads_permission"),
)
"""Checks that look at one token."""


@dataclass(frozen=True, slots=True)
class CheckInputs:
    """What the checks examine: one profile and its data."""

    profile: Profile
    app: AppCredentials | None = None
    token: Secret | None = None
    dialog: DialogAddress | None = None
    token_name: str = ""


class _Missing(Exception):
    """A check cannot run: something is not entered yet."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code = code


@dataclass(eq=False)
class Checks:
    """The checks of one profile. `timeout` in seconds for each check; the clients stay the caller's to close."""

    inputs: CheckInputs
    graph: "GraphClient"
    matillion: "MatillionClient | None"
    clock: Clock
    timeout: float = 20.0
    last_runs: LastRuns | None = None
    """What the last runs showed about Matillion's token, once `matillion_runs` was checked."""
    _asked: dict[object, asyncio.Task[Any]] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        self._by_name: Mapping[CheckName, Callable[[], Awaitable[Finding]]] = {
            "app_credentials": self._app_credentials,
            "app_name": self._app_name,
            "callback_rules": self._callback_rules,
            "callback_match": self._callback_match,
            "app_id_match": self._app_id_match,
            "login_done": self._login_done,
            "permissions": self._permissions,
            "pages": self._pages,
            "instagram_account": self._instagram_account,
            "first_read": self._first_read,
            "ads_permission": self._ads_permission,
            "matillion_reached": self._matillion_reached,
            "matillion_entry": self._matillion_entry,
            "matillion_runs": self._matillion_runs,
        }

    async def run(
        self, names: Iterable[CheckName], on_found: Callable[[Evidence], object] = lambda _: None
    ) -> tuple[Evidence, ...]:
        """Run the named checks in parallel; `on_found` gets each result at once. Nothing is cached from earlier runs.

        Returns them in the order named. A cancel ends every call under way.
        """
        self._asked.clear()
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(self._one(name, on_found)) for name in dict.fromkeys(names)]
        finally:
            for task in self._asked.values():
                task.cancel()
            await asyncio.gather(*self._asked.values(), return_exceptions=True)
        return tuple(task.result() for task in tasks)

    async def _one(self, name: CheckName, on_found: Callable[[Evidence], object]) -> Evidence:
        try:
            async with asyncio.timeout(self.timeout):
                finding = await self._by_name[name]()
        except TimeoutError:
            finding = judging.unknown(Code.NO_ANSWER, Facts(seconds=self.timeout))
        except _Missing as missing:
            finding = judging.unknown(missing.code)
        except FacebookError as error:
            finding = judging.judge_error(error, name)
        except MatillionError as error:
            finding = judging.unknown(Code.MATILLION_FAILED, Facts(failure=error.failure))
        if name in _OF_TOKEN and self.inputs.token is not None:
            finding = replace(finding, facts=replace(finding.facts, token=self.inputs.token_name))
        found = Evidence(name, finding, int(self.clock.now()))
        on_found(found)
        return found

    # --- calls, each once a run -----------------------------------------------------------------------

    def _app(self) -> AppCredentials:
        if self.inputs.app is None:
            raise _Missing(Code.NO_CREDENTIALS)
        return self.inputs.app

    def _token(self) -> Secret:
        if self.inputs.token is None:
            raise _Missing(Code.NO_TOKEN)
        return self.inputs.token

    async def _once(self, method: Callable[[AppCredentials, Secret], Coroutine[Any, Any, T]]) -> T:
        """Share one call among the checks; the time limit of one check does not cancel it for the others."""
        app, token = self._app(), self._token()
        if method not in self._asked:
            self._asked[method] = asyncio.create_task(method(app, token))
        answer: T = await asyncio.shield(self._asked[method])
        return answer

    async def _granted(self) -> frozenset[str]:
        return frozenset(p.name for p in await self._once(self.graph.permissions) if p.status == "granted")

    # --- Facebook ---------------------------------------------------------------------------------------------

    async def _app_credentials(self) -> Finding:
        await self.graph.check_app(self._app())
        return judging.proven(Code.CREDENTIALS_ACCEPTED, Facts(app_id=self._app().app_id))

    async def _app_name(self) -> Finding:
        info = await self.graph.app_info(self._app())
        return judging.judge_app_name(info, self.inputs.profile.app_name)

    async def _login_done(self) -> Finding:
        app, token = self._app(), self._token()
        return judging.judge_login(await self.graph.inspect(app, token), app.app_id)

    async def _permissions(self) -> Finding:
        dialog, profile = self.inputs.dialog, self.inputs.profile
        asked = dialog.scopes if dialog is not None else ()
        expected = asked or (profile.scopes if not profile.config_id else ())
        return judging.judge_permissions(await self._once(self.graph.permissions), expected, from_matillion=bool(asked))

    async def _pages(self) -> Finding:
        pages = await self._once(self.graph.pages)
        try:
            granted = None if pages else await self._granted()
            businesses = await self._once(self.graph.businesses) if granted and "business_management" in granted else ()
        except FacebookError:
            granted, businesses = None, ()
        return judging.judge_pages(pages, granted, businesses)

    async def _instagram_account(self) -> Finding:
        pages = await self._once(self.graph.pages)
        is_linked = any(page.instagram_id for page in pages)
        try:
            granted = await self._granted() if pages and not is_linked else None
        except FacebookError:
            granted = None
        return judging.judge_instagram(pages, granted)

    async def _first_read(self) -> Finding:
        linked = next((page for page in await self._once(self.graph.pages) if page.instagram_id), None)
        if linked is None:
            return judging.unknown(Code.NO_ACCOUNT_TO_READ)
        return judging.judge_reading(await self.graph.read_instagram(self._app(), self._token(), linked.instagram_id))

    async def _ads_permission(self) -> Finding:
        granted = await self._granted()
        if not granted.isdisjoint(judging.ADS) or "business_management" not in granted:
            return judging.judge_ads(granted, (), ())
        pages, businesses = await asyncio.gather(self._once(self.graph.pages), self._once(self.graph.businesses))
        return judging.judge_ads(granted, pages, businesses)

    # --- callback and Matillion -------------------------------------------------------------------------------

    async def _callback_rules(self) -> Finding:
        profile = self.inputs.profile
        return judging.judge_callback(profile.callback_url, profile.matillion.base_url)

    async def _callback_match(self) -> Finding:
        return judging.judge_sent_callback(self.inputs.dialog, self.inputs.profile.callback_url)

    async def _app_id_match(self) -> Finding:
        return judging.judge_sent_app_id(self.inputs.dialog, self.inputs.profile.app_id)

    def _instance(self) -> "MatillionClient":
        if self.matillion is None:
            raise _Missing(Code.NO_MATILLION_ADDRESS)
        return self.matillion

    async def _matillion_reached(self) -> Finding:
        instance = self._instance()
        await instance.test()
        return judging.judge_reached(instance.target.base_url)

    async def _matillion_entry(self) -> Finding:
        instance = self._instance()
        return judging.judge_entries(await instance.oauth_entries(), instance.target.oauth_entry)

    async def _matillion_runs(self) -> Finding:
        instance = self._instance()
        target = instance.target
        if not target.group or not target.project:
            raise _Missing(Code.NO_MATILLION_PROJECT)
        self.last_runs = await instance.last_runs(target.group, target.project, self.clock.now())
        return judging.judge_runs(self.last_runs, target.authorised_at)

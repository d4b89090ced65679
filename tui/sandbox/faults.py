"""Faults asked for by a test or a demo: which calls they hit, and how often."""

from __future__ import annotations

from dataclasses import dataclass

from tui.sandbox.clock import DAY
from tui.sandbox.errors import GraphError


def _limit(message: str, code: int) -> GraphError:
    return GraphError(message, code, transient=True)


# Graph errors to be had by name, each with the text last seen (graph-api.md section 10).
ERRORS: dict[str, GraphError] = {
    "server_error": GraphError("An unknown error has occurred.", 1, status=500),
    "unavailable": GraphError("(#2) Service temporarily unavailable", 2, status=500, transient=True),
    "throttle": _limit("(#4) Application request limit reached", 4),
    "throttle_user": _limit("(#17) User request limit reached", 17),
    "throttle_instagram": _limit(
        "(#80002) There have been too many calls to this Instagram account. Wait a bit and try again.", 80002
    ),
    "blocked": GraphError("(#200) API access blocked.", 200),
    "policy": GraphError("The action attempted has been deemed abusive or is otherwise disallowed", 368),
    "code_3": GraphError("(#3) Application does not have the capability to make this API call.", 3),
    "code_9": _limit("(#9) User is performing too many actions", 9),
    "code_12": GraphError("(#12) this API is deprecated for versions v2.2 and higher", 12),
    "code_32": _limit("(#32) Page request limit reached", 32),
    "code_341": _limit("(#341) Application limit reached", 341),
    "code_412": GraphError("(#412) The user has not installed the application", 412),
    "code_506": GraphError("(#506) Duplicate status message", 506),
    "code_613": _limit("(#613) Calls to this api have exceeded the rate limit.", 613),
    "code_1609005": GraphError("(#1609005) There was a problem scraping data from the provided link.", 1609005),
    "code_2635": GraphError(
        "(#2635) You are calling a deprecated version of the Ads API. Please upgrade to the latest version: v26.0.",
        2635,
    ),
    "throttle_ads_insights": _limit("(#80000) There have been too many calls from this ad-account.", 80000),
    "throttle_pages": _limit("(#80001) There have been too many calls to this Page account.", 80001),
    "throttle_ads": _limit("(#80004) There have been too many calls to this ad-account.", 80004),
    # Types of old servers.
    "old_api_type": GraphError("(#100) Invalid parameter", 100, type="FacebookApiException"),
    "old_token_type": GraphError("Error validating access token.", 190, type="OAuthAccessTokenException"),
    # Looks like a dead token, but passes: is_transient beats the text.
    "transient_190": GraphError(
        "Error validating access token: The session has been invalidated because the user changed their password or "
        "Facebook has changed the session for security reasons.",
        190,
        460,
        transient=True,
    ),
    "error_data": GraphError(
        "(#100) Invalid parameter",
        100,
        2207001,
        title="Something is not right",
        user_message="Check what you entered.",
        extra={"error_data": {"blame_field_specs": [["metric"]]}},
    ),
}

BREAKAGE = frozenset(
    (
        "delay",  # answer after `seconds`
        "reset",  # break the connection in the middle of the body
        "drop",  # break the connection before any answer
        "truncated",  # half of the JSON, with a correct length
        "html",  # a proxy's page
        "empty",  # 200 without a body
        "redirect",  # 302 to another host
        "not_json",  # the text/plain form of old servers
        "status_401",  # an error carries HTTP 401
    )
)
KINDS = BREAKAGE | ERRORS.keys()


@dataclass(slots=True)
class Fault:
    """`path`: a piece of the call's path, empty for all. `times` None: until cleared."""

    kind: str
    path: str = ""
    times: int | None = 1
    seconds: float = 0.0
    location: str = "https://elsewhere.example.com/"


class FaultBoard:
    """The faults that wait for their call, oldest first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(
        self,
        kind: str,
        *,
        path: str = "",
        times: int | None = 1,
        seconds: float = 0.0,
        location: str = "https://elsewhere.example.com/",
    ) -> None:
        """Raises ValueError for a kind there is not and for a wait that never ends."""
        if not 0 <= seconds <= DAY:
            raise ValueError(f"0 to {DAY} seconds are wanted, not {seconds}")
        if kind not in KINDS:
            raise ValueError(f"no fault {kind!r}; there are: {', '.join(sorted(KINDS))}")
        self._faults.append(Fault(kind, path, times, seconds, location))

    def clear(self) -> None:
        self._faults.clear()

    def take(self, path: str) -> Fault | None:
        """The first fault for this path, counted down."""
        for fault in self._faults:
            if fault.path in path:
                if fault.times is not None:
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                return fault
        return None

    def __len__(self) -> int:
        return len(self._faults)

"""Tokens of a portfolio's system users, made by API (graph-api.md sections 5 and 7)."""

from __future__ import annotations

from tui.sandbox.access import identify
from tui.sandbox.call import Answer, GraphCall
from tui.sandbox.errors import bad_request, no_permission, not_authorized, unsupported_get
from tui.sandbox.state import State


def issue(state: State, call: GraphCall, owner: str) -> Answer:
    """POST /{system-user}/access_tokens or /{portfolio}/system_user_access_tokens. Always wants the proof."""
    caller = identify(state, call, need_proof=True)
    if caller.token is None or caller.token.person is None:
        raise no_permission()
    person = state.people_by_id.get((caller.app.id, owner))
    if call.path.endswith("system_user_access_tokens"):
        person = caller.token.person if owner in state.businesses else None
    if person is None:
        raise unsupported_get(owner, "post")
    if "business_management" not in caller.token.scopes:
        raise not_authorized()
    if call.path.endswith("/access_tokens") and call.get("business_app") != caller.app.id:
        raise bad_request("(#100) The parameter business_app is required")
    grant = state.grants.get((caller.app.id, person.key))
    asked = tuple(scope for scope in call.get("scope").replace(",", " ").split() if scope)
    sixty_days = call.get("set_token_expires_in_60_days") == "true"
    token = state.issue(
        "system_user",
        caller.app,
        person,
        expires_at=state.long_end() if sixty_days else 0,
        long_lived=True,
        scopes=asked or caller.token.scopes,
        pages=grant.pages if grant else None,
    )
    body: dict[str, object] = {"access_token": token.value}
    if sixty_days:
        body["expires_in"] = token.expires_at - int(state.clock.now())
    return Answer(body)

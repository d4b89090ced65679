"""Login on a device without a browser (graph-api.md section 9)."""

from __future__ import annotations

from tui.sandbox import likeness
from tui.sandbox.call import Answer, GraphCall
from tui.sandbox.errors import GraphError, bad_request, no_token, system_error, wrong_signature
from tui.sandbox.oauth import token_body
from tui.sandbox.records import DeviceSession
from tui.sandbox.specs import AppSpec
from tui.sandbox.state import State
from tui.sandbox.vocabulary import PERMISSIONS

DEVICE_LIFE = 420
INTERVAL = 5


def _app(state: State, call: GraphCall) -> AppSpec:
    """The app of `APPID|CLIENTTOKEN`. Raises 101, 190, or 3 where the app's toggle is off."""
    value = call.token
    if not value:
        raise no_token()
    app_id, _, client_token = value.partition("|")
    app = state.apps.get(app_id)
    if app is None or app.status != "active":
        raise system_error()
    if client_token != app.client_token:
        raise wrong_signature()
    if not app.device_login:
        raise bad_request("(#3) Application does not have the capability to make this API call.", 3)
    return app


def start(state: State, call: GraphCall) -> Answer:
    """POST /device/login."""
    app = _app(state, call)
    scopes = tuple(scope for scope in call.get("scope").replace(",", " ").split() if scope)
    unknown = [scope for scope in scopes if scope not in PERMISSIONS or scope not in app.permissions]
    if unknown:
        raise bad_request(f"Invalid Scopes: {', '.join(unknown)}")
    seed = state.serial()
    session = DeviceSession(
        likeness.device_code(seed), likeness.user_code(seed), app, scopes or ("public_profile",), state.clock.now()
    )
    state.devices[session.code] = session
    state.devices_by_user_code[session.user_code] = session
    return Answer(
        {
            "code": session.code,
            "user_code": session.user_code,
            "verification_uri": f"{call.base_url}/device",
            "expires_in": DEVICE_LIFE,
            "interval": INTERVAL,
        }
    )


def expired(state: State, session: DeviceSession) -> bool:
    return state.clock.now() - session.made_at > DEVICE_LIFE


def poll(state: State, call: GraphCall) -> Answer:
    """POST /device/login_status: the token once the person has agreed, an error with a subcode before."""
    app = _app(state, call)
    session = state.devices.get(call.get("code"))
    if session is None or session.app.id != app.id:
        raise bad_request("(#100) Invalid parameter")
    now = state.clock.now()
    too_fast = session.last_poll and now - session.last_poll < INTERVAL
    session.last_poll = now
    if expired(state, session):
        raise _device_error(
            state,
            463,
            1349152,
            "The session has expired",
            "Activation Code Expired",
            "The code you entered has expired. Please go back to your device for a new code and try again.",
        )
    if session.declined:
        raise _device_error(state, 31, 1349173, "User has declined to authorize your application", "", "")
    if session.person is None and too_fast:
        raise _device_error(
            state,
            17,
            1349172,
            "User request limit reached",
            "OAuth Device Excessive Polling",
            "Your device is polling too frequently. Space your requests with a minium interval of 5 seconds.",
        )
    if session.person is None:
        raise _device_error(
            state,
            31,
            1349174,
            "This request requires the user to take a pending action",
            "Device Login Authorization Pending",
            "User has not yet authorized your application. Continue polling.",
        )
    return Answer(_token(state, session))


_OLD_WORDS = {
    1349174: "authorization_pending",
    1349172: "slow_down",
    1349152: "code_expired",
    1349173: "authorization_declined",
}


def _device_error(state: State, code: int, subcode: int, message: str, title: str, text: str) -> GraphError:
    if state.odd_types:
        message = _OLD_WORDS[subcode]
    return GraphError(message, code, subcode, transient=False, title=title, user_message=text)


def _token(state: State, session: DeviceSession) -> dict[str, object]:
    assert session.person is not None
    grant = state.grant_for(session.app, session.person)
    token = state.issue(
        "user",
        session.app,
        session.person,
        expires_at=state.long_end(),
        long_lived=True,
        scopes=[scope for scope in session.scopes if scope in grant.granted],
        pages=grant.pages,
    )
    del state.devices[session.code]
    state.devices_by_user_code.pop(session.user_code, None)
    body = token_body(state, token)
    body["data_access_expiration_time"] = token.data_access_expires_at
    return body

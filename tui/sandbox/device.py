"""Login on a device without a browser (graph-api.md section 9)."""

from tui.sandbox import identifiers
from tui.sandbox.call import Answer, GraphCall, words
from tui.sandbox.errors import error
from tui.sandbox.oauth import token_body
from tui.sandbox.specs import AppSpec
from tui.sandbox.state import DeviceSession, State

DEVICE_LIFE = 420
INTERVAL = 5


def _app(state: State, call: GraphCall) -> AppSpec:
    """Return the app of `APPID|CLIENTTOKEN`. Raises 101, 190, or 3 where the app's toggle is off."""
    if not call.token:
        raise error("no_token")
    app_id, _, client_token = call.token.partition("|")
    app = state.apps.get(app_id)
    if app is None or app.status != "active":
        raise error("system_error")
    if client_token != app.client_token:
        raise error("wrong_signature")
    if not app.device_login:
        raise error("code_3")
    return app


def start(state: State, call: GraphCall) -> Answer:
    """POST /device/login."""
    app, scopes = _app(state, call), words(call.get("scope"))
    unknown = [scope for scope in scopes if scope not in app.permissions]
    if unknown:
        raise error("invalid_scopes", scopes=", ".join(unknown))
    seed = state.serial()
    code, user_code = identifiers.device_code(seed), identifiers.user_code(seed)
    session = DeviceSession(code, user_code, app, scopes or ("public_profile",), state.clock.now())
    state.devices[code] = state.devices_by_user_code[user_code] = session
    return Answer(
        {
            "code": code,
            "user_code": user_code,
            "verification_uri": f"{call.base_url}/device",
            "expires_in": DEVICE_LIFE,
            "interval": INTERVAL,
        }
    )


def expired(state: State, session: DeviceSession) -> bool:
    return state.clock.now() - session.made_at > DEVICE_LIFE


def poll(state: State, call: GraphCall) -> Answer:
    """POST /device/login_status: the token once the person has allowed, an error with a subcode before."""
    app = _app(state, call)
    session = state.devices.get(call.get("code"))
    if session is None or session.app.id != app.id:
        raise error("invalid_parameter")
    now = state.clock.now()
    too_fast = session.last_poll and now - session.last_poll < INTERVAL
    session.last_poll = now
    if expired(state, session):
        raise error("device_expired")
    if session.declined:
        raise error("device_declined")
    if session.person is None:
        raise error("device_too_fast" if too_fast else "device_pending")
    grant = state.grant_for(app, session.person)
    scopes = [scope for scope in session.scopes if scope in grant.granted]
    token = state.issue("user", app, session.person, scopes, state.long_end())
    del state.devices[session.code], state.devices_by_user_code[session.user_code]
    return Answer({**token_body(state, token), "data_access_expiration_time": token.data_access_expires_at})

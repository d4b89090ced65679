"""One question that anybody may ask, with no secret in it: the answer tells whether a Graph API is there."""

from tui.facebook.calls import says_no_token
from tui.facebook.errors import FacebookError, Fault
from tui.facebook.transport import Answer, Call
from tui.facebook.wire import decode

WHERE = "me"
_SESSION_CODES = (102, 190)
"""What some servers say where there is no token."""


def question(version: str) -> Call:
    """Ask whose token it is, without a token: a Graph API refuses that with a code (graph-api.md section 10)."""
    return Call(WHERE, f"{version}/{WHERE}", repeat="never")


def require_refusal(answer: Answer, host: str) -> None:
    """See that the answer is a Graph API's refusal.

    Raises FacebookError: a page of a portal or a proxy, JSON of another service, or Facebook's own trouble.
    """
    try:
        decode(answer, WHERE)
    except FacebookError as error:
        if says_no_token(error) or error.code in _SESSION_CODES:
            return
        if error.fault is None and not error.fbtrace_id:
            raise FacebookError(fault=Fault.FOREIGN_JSON, host=host, status=answer.status, where=WHERE) from None
        error.host = error.host or host
        raise
    raise FacebookError(fault=Fault.FOREIGN_JSON, host=host, status=answer.status, where=WHERE)

"""Everything that can go wrong with a call to Matillion ETL: one exception type, with a code and facts."""

from dataclasses import dataclass
from enum import StrEnum

from tui.network.failures import NetworkFault
from tui.network.proxies import ProxyProblem


class Problem(StrEnum):
    """Why a call to Matillion gave no usable answer."""

    BAD_ADDRESS = "bad_address"
    """No host in it, or a port that is none."""
    ADDRESS_WITHOUT_SCHEME = "address_without_scheme"
    ADDRESS_WITH_MORE = "address_with_more"
    """With a user or a query."""
    BAD_CA_FILE = "bad_ca_file"
    BAD_FINGERPRINT = "bad_fingerprint"
    PASSWORD_OVER_HTTP = "password_over_http"  # noqa: S105 - the name of a problem
    OTHER_HOST = "other_host"
    """The password was stored for another host."""
    UNREACHABLE = "unreachable"
    """No connection; `fault` or `proxy_problem` of the failure says why."""
    TIMEOUT = "timeout"
    UNTRUSTED = "untrusted"
    OTHER_CERTIFICATE = "other_certificate"
    """The certificate is not the pinned one."""
    UNAUTHORIZED = "unauthorized"
    NOT_FOUND = "not_found"
    WEB_PAGE = "web_page"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    """HTTP status 200 with `"success": false`."""
    SERVER = "server"
    HTTP_STATUS = "http_status"
    NOT_JSON = "not_json"
    NOT_MATILLION = "not_matillion"
    """JSON without any list: another service."""
    TOO_LARGE = "too_large"


_NO_ANSWER_OF_ITS_OWN = (
    *(Problem.SERVER, Problem.UNTRUSTED, Problem.OTHER_CERTIFICATE, Problem.WEB_PAGE, Problem.REDIRECTED),
    *(Problem.NOT_JSON, Problem.NOT_MATILLION, Problem.TOO_LARGE),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed call. Texts are harmless and hold no secret; `said` are the words of the server or the system.

    `status` is the HTTP status, `seconds` the time limit, `stored_for` the host that the password belongs to,
    `fingerprint` that of the certificate which was presented (SHA-256, hex). `fault` says who failed on the way, `via`
    and `proxy_variable` which proxy was taken, `proxy_problem` why none could be.
    """

    problem: Problem
    host: str = ""
    status: int = 0
    seconds: float = 0.0
    said: str = ""
    stored_for: str = ""
    fingerprint: str = ""
    file: str = ""
    fault: NetworkFault | None = None
    via: str = ""
    proxy_variable: str = ""
    proxy_problem: ProxyProblem | None = None

    @property
    def offline(self) -> bool:
        """Whether nothing answered at all."""
        return self.problem in (Problem.UNREACHABLE, Problem.TIMEOUT)

    @property
    def could_not_ask(self) -> bool:
        """Whether nothing was learned: no answer, none of the instance's own, or it has a problem itself."""
        return self.offline or self.problem in _NO_ANSWER_OF_ITS_OWN


class MatillionError(Exception):
    """A call gave no usable answer."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(f"{failure.problem} {failure.status or failure.host or failure.file}".rstrip())
        self.failure = failure

"""What Facebook answers where it refuses a whole app or a person: the sandbox's fault, code, text and our remedy."""

from typing import NamedTuple

from tui.facebook.errors import FacebookError
from tui.facebook.remedies import RemedyCode, Subject
from tui.sandbox.errors import error


class Case(NamedTuple):
    """`fault`: how the sandbox calls it."""

    fault: str
    remedy: RemedyCode
    subject: Subject

    @property
    def code(self) -> int:
        return error(self.fault).code

    @property
    def message(self) -> str:
        return error(self.fault).message

    def raised(self, where: str = "debug_token") -> FacebookError:
        return FacebookError(self.message, code=self.code, where=where, status=400)


CASES = tuple(
    Case(fault, RemedyCode(remedy), subject)
    for fault, remedy, subject in (
        ("blocked", "api-access-blocked", Subject.APP),
        ("disrupted", "data-use-checkup", Subject.APP),
        ("disrupted_otherwise", "api-access-disrupted", Subject.APP),
        ("deactivated", "api-access-deactivated", Subject.APP),
        ("in_development", "app-in-development", Subject.APP),
        ("not_active", "app-not-active", Subject.APP),
        ("second_factor", "two-factor-415", Subject.PERSON),
        ("method", "method-refused", Subject.PERSON),
    )
)

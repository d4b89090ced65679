"""Words for what is stored: errors and notices of the vault, the secret store, and the modes of files."""

from tui.vault.choice import BackendChoice
from tui.vault.errors import FileProblem, StoreUndecided, VaultError, WrongPassphrase
from tui.vault.notices import Notice
from tui.vault.permissions import FileReport
from tui.wording.counts import counted
from tui.wording.text import Text
from tui.wording.texts import phrase, phrases, text_of


def vault_error(error: VaultError, ways: str = "") -> Text:
    """Return what happened and what to do. `ways`: how another secret store is chosen here, where none is yet."""
    if error.problem is None:
        group, code = "VaultError", type(error).__name__
    else:
        group, code = type(error.problem).__name__, error.problem.value
    if isinstance(error, WrongPassphrase):
        group, code = "WrongPassphrase", error.source
    facts = {**vars(error), "because": _after_colon(error.detail)}
    facts |= {name: phrases("vault", table).get(error.detail, "") for name, table in _ABOUT_KEYRING.items()}
    text = text_of("vault", code, facts, group)
    if isinstance(error, StoreUndecided):
        return Text(text.what, hint=f"{text.hint} {ways or phrase('vault', 'undecided', 'or')}")
    what = f"{error.path} is not used: it {text.what}." if isinstance(error.problem, FileProblem) else text.what
    saved = f"The new token is not lost: it is saved in {error.saved_in} and imported at the next start."
    return Text(what, saved if error.saved_in else "", hint=text.hint)


_ABOUT_KEYRING = {"reason": "Reason", "way": "way"}
"""Facts of a text about the keyring, and the tables that have them by the error's detail."""


def _after_colon(detail: str) -> str:
    return f": {detail}" if detail else ""


def notice_text(notice: Notice) -> Text:
    """Return what the vault did on its own, or could not do."""
    nouns = {"tokens": "token", "secret_values": "secret", "history": "line", "secrets": "deleted secret"}
    facts = {name: counted(fact, nouns[name]) if name in nouns else fact for name, fact in notice.facts.items()}
    why = vault_error(notice.error) if notice.error else Text("")
    back = phrases("vault", "back").get(str(facts.get("store")))
    text = text_of("vault", notice.code, {**facts, "reason": why.what, "back": back}, "NoticeCode")
    return Text(text.what, text.why, hint=text.hint or why.hint)


STORES: dict[str, str] = {"keyring": "keyring", "sealed": "encrypted database", "database": "database"}
"""The secret stores as they are named in a sentence."""


def store_meaning(choice: BackendChoice) -> str:
    """Return what the choice of a secret store means for the person."""
    return phrase("vault", "meaning", choice.name)


def why_not_better(choice: BackendChoice) -> str:
    """Return why secrets are not in a better store; empty for the best one."""
    reason = phrases("vault", "Reason").get(choice.reason)
    if reason is None:  # else a sentence that an earlier igauth stored
        return phrases("vault", "decided").get(choice.reason, choice.reason)
    return f"The keyring is not used: {reason}{f' ({choice.detail})' if choice.detail else ''}."


def store_line(choice: BackendChoice) -> str:
    """Return which secret store is used, what that means, and why not a better one."""
    return f"Secret store: {choice.name}. {store_meaning(choice)} {why_not_better(choice)}".rstrip()


def undecided_text(code: str) -> str:
    """Return a text of the question where secrets should be stored: the keyring is locked or silent."""
    return phrase("vault", "undecided", code)


def unlock_text(code: str, **facts: object) -> str:
    """Return a text shown while somebody has to unlock the keyring."""
    return phrase("vault", "unlock", code).format_map(facts)


def displaced_line(count: int) -> str:
    """Return how many secrets are not in the chosen store; empty where all are."""
    what = f"{counted(count, 'secret')} {'is' if count == 1 else 'are'}"
    return f"{what} in the database for now, because the chosen secret store did not take it." if count else ""


def file_report(report: FileReport) -> Text:
    """Return what is wrong with a file of the home and what to do; `report` has a problem."""
    assert report.problem is not None
    text = text_of("vault", report.problem, {"path": report.path}, "FileProblem")
    return Text(f"{report.path} {text.what}{_after_colon(report.detail)} ({report.mode:04o})", hint=text.hint)

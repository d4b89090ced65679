"""A Page, the Instagram account linked to it, and what is asked of Facebook to know both (graph-api.md section 5)."""

from dataclasses import dataclass, field

from tui.redact import Secret

PAGE_FIELDS = "id,name,access_token,tasks,instagram_business_account{id,username}"
"""What is asked of each Page: the facts of `Page`."""


@dataclass(frozen=True, slots=True)
class Page:
    """One Page of `/me/accounts`; `instagram_id` is empty where no professional account is linked.

    `token` is the Page's own, empty where it is not known; what is stored beside a user's token never has it.
    What only a test read asks of an account is in `InstagramReading`.
    """

    page_id: str
    name: str
    instagram_id: str = ""
    instagram_username: str = ""
    tasks: tuple[str, ...] = ()
    token: Secret = field(default=Secret(""), compare=False)

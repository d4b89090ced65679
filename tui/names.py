"""What can be the name of a profile or a token, and the name that is meant where a text cannot be one."""

import re
import unicodedata

LONGEST = 64
_NAME = re.compile(rf"[A-Za-z0-9._-]{{1,{LONGEST}}}")


def is_name(text: str) -> bool:
    """Return whether this can be the name of a profile or a token."""
    return _NAME.fullmatch(text) is not None


def suggested_name(text: str) -> str:
    """Return the name most like a text that cannot be one (`Client Two`: `client-two`); empty where nothing is left."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9._]+", "-", plain).strip("-")[:LONGEST].rstrip("-")

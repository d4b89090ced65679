"""What can be the name of a profile or a token, and the name that is meant where a text cannot be one."""

import re
import unicodedata
from collections.abc import Container
from itertools import chain, count

LONGEST = 64
_NAME = re.compile(rf"[A-Za-z0-9._-]{{1,{LONGEST}}}")


def is_name(text: str) -> bool:
    """Return whether this can be the name of a profile or a token."""
    return _NAME.fullmatch(text) is not None


def free_name(wanted: str, taken: Container[str]) -> str:
    """Return a name that is not taken: the wanted one, else with the first number from 2 that makes it free."""
    numbered = (f"{wanted}-{number}" for number in count(2))
    return next(name for name in chain([wanted], numbered) if name not in taken)


def suggested_name(text: str) -> str:
    """Return the name most like a text that cannot be one (`Client Two`: `client-two`); empty where nothing is left."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9._]+|[-._]{2,}", "-", plain).strip("-")[:LONGEST].rstrip("-")

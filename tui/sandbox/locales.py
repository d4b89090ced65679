"""Error texts in the caller's language, for the few that Facebook is known to translate (graph-api.md section 10)."""

from __future__ import annotations

import re

from tui.sandbox.errors import GraphError

_SESSION = re.compile(r"Error validating access token: Session has expired on (.+?)\. The current time is (.+?)\.")
_SESSION_TEXTS = {
    "de": "Fehler beim Überprüfen des Zugriffsschlüssels: Die Sitzung ist am {0} abgelaufen. Es ist jetzt {1}.",
    "es": "Error al validar el identificador de acceso: la sesión caducó el {0}. La hora actual es {1}.",
    "ja": "アクセストークンの検証エラー: セッションは{0}に期限切れになりました。現在の時刻は{1}です。",
}
_USER_TEXTS = {
    "de": {
        "Device Login Authorization Pending": "Anmeldung auf dem Gerät steht noch aus",
        "User has not yet authorized your application. Continue polling.": (
            "Die Person hat deine App noch nicht autorisiert. Frage weiter ab."
        ),
        "Activation Code Expired": "Aktivierungscode abgelaufen",
    },
}


def localize(error: GraphError, locale: str) -> GraphError:
    """Return the same error with its texts in that language, where it is translated."""
    language = locale.replace("_", "-").split("-")[0].lower()
    match = _SESSION.fullmatch(error.message)
    if match and language in _SESSION_TEXTS:
        error.message = _SESSION_TEXTS[language].format(*match.groups())
    texts = _USER_TEXTS.get(language, {})
    error.title = texts.get(error.title, error.title)
    error.user_message = texts.get(error.user_message, error.user_message)
    return error

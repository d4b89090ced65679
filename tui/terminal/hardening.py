"""Takes Textual's debugging switches away, which would send keys and pastes elsewhere."""

from collections.abc import MutableMapping

_TELL_TALES = "TEXTUAL"


def forget_debugging(environ: MutableMapping[str, str]) -> None:
    """Take Textual's own switches out of `environ`; to be called before Textual is imported, which reads them then.

    TEXTUAL_LOG writes each key and paste to a file as it came, devtools send them on, TEXTUAL_SCREENSHOT paints
    what is revealed into a file.
    """
    for name in [name for name in environ if name == _TELL_TALES or name.startswith(f"{_TELL_TALES}_")]:
        del environ[name]

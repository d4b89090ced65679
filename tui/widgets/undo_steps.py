"""The texts of a field that an undo goes back to: a step for each paste, each fix and each series of keys."""

from collections import deque

_STEPS_KEPT = 50


class UndoSteps:
    """Follows the text of one field."""

    def __init__(self) -> None:
        self.text = ""
        """The text as it is known here."""
        self._steps: deque[str] = deque(maxlen=_STEPS_KEPT)
        self._typing = False

    def start(self, text: str) -> None:
        """Begin with a stored text; there is nothing to undo."""
        self._steps.clear()
        self.text = text

    def enter(self, text: str) -> bool:
        """Note what was typed or pasted; tell whether it was typed, key by key."""
        typed = abs(len(text) - len(self.text)) <= 1
        if not (typed and self._typing):
            self._remember(self.text)
        self._typing = typed or len(text) <= 1  # what is typed over a selected or emptied text is one step with that
        self.text = text
        return typed

    def replace(self, before: str, text: str) -> None:
        """Note that a text took the place of another, by a fix."""
        self._remember(before)
        self._typing = False
        self.text = text

    def undo(self) -> str | None:
        """Go back one step and return its text; None where there is none."""
        if not self._steps:
            return None
        self._typing = False
        self.text = self._steps.pop()
        return self.text

    def _remember(self, text: str) -> None:
        if not self._steps or self._steps[-1] != text:
            self._steps.append(text)

"""Waits for a key while something that Textual did not paint stands in the terminal."""

from textual import events
from textual.screen import ModalScreen


class AnyKey(ModalScreen[None]):
    """Closes at the next key, which does nothing else."""

    def on_key(self, event: events.Key) -> None:
        """Close; not at ctrl+c, by which people copy what they have selected."""
        event.stop()
        event.prevent_default()
        if event.key != "ctrl+c":
            self.dismiss()

"""What a person types or pastes, or a pipe brings, as whole texts: lines that arrive together belong together."""

from collections.abc import AsyncGenerator
from typing import TextIO

from tui.plain.entry import Entry
from tui.plain.line import END_OF_INPUT, Arrivals
from tui.plain.mode import unlimited


async def typed_texts(stream: TextIO | None) -> AsyncGenerator[str, None]:
    """Yield each text, until the input ends.

    On a terminal the line discipline's limit of 4096 bytes a line is lifted meanwhile.
    """
    if stream is None:
        return
    arrivals = Arrivals(stream.fileno())
    with unlimited(stream.fileno(), has_echo=True):
        chunk = b"?"
        while chunk not in (b"", END_OF_INPUT):
            entry = Entry(is_whole=True)
            while not entry.is_ended or await arrivals.go_on():
                chunk = await arrivals.next()
                if chunk in (b"", END_OF_INPUT):
                    break
                entry.feed(chunk)
            if entry.text.strip():
                yield entry.text

"""The ways from here to the person's clipboard, and which of them fit this terminal and this text.

Chosen by what terminal.md section 1 measured; every way but a local tool fails silently.
"""

import base64
from dataclasses import dataclass
from enum import StrEnum

from tui.terminal.capabilities import Capabilities, LocalTool
from tui.terminal.kinds import MANNERS

LONGEST_OSC = 100_000
"""Bytes of text that passed bare, through tmux's passthrough and by load-buffer (terminal.md section 1)."""

LONGEST_IN_MOSH = 12_000
"""Bytes of text that pass through mosh 1.4: it cuts one of more than 12,284 without a sign (surroundings.md)."""

LONGEST_IN_SCREEN = 90_000
"""Bytes of text that passed through screen 4.9.0 when cut into pieces (measured; terminal.md tried 2,000)."""

LONGEST_BARE_NEAR_SCREEN = 400
"""Bytes of text that a screen swallows bare; from some 560 on it paints the rest of the sequence (measured)."""

SCREEN_PIECE = 700
"""Bytes of one DCS, its wrapping included: screen 4.9 drops one of 768 or more whole and in silence."""


class Way(StrEnum):
    """How a text travels."""

    LOCAL_TOOL = "local tool"
    TMUX_BUFFER = "tmux buffer"
    TMUX_KEPT = "tmux buffer alone"
    """Nothing goes on to the terminal around tmux."""
    OSC = "OSC 52"
    SHORT_OSC = "OSC 52, short"
    TMUX = "OSC 52 through tmux"
    TMUX_TWICE = "OSC 52 through two tmux"
    SCREEN = "OSC 52 through screen"


@dataclass(frozen=True, slots=True)
class Route:
    """One way to try, and the tool it takes where it takes one."""

    way: Way
    tool: LocalTool | None = None

    @property
    def longest(self) -> int:
        """Bytes of text this way carries."""
        return {Way.SCREEN: LONGEST_IN_SCREEN, Way.SHORT_OSC: LONGEST_BARE_NEAR_SCREEN}.get(self.way, LONGEST_OSC)

    def sequence(self, text: str) -> str:
        """Return what has to be written to the terminal; an empty `text` empties the clipboard."""
        bare = osc52(text)
        match self.way:
            case Way.OSC | Way.SHORT_OSC:
                return bare
            case Way.TMUX:
                return through_tmux(bare)
            case Way.TMUX_TWICE:
                return through_tmux(through_tmux(bare))
            case Way.SCREEN:
                return through_screen(bare)
            case Way.LOCAL_TOOL | Way.TMUX_BUFFER | Way.TMUX_KEPT:
                return ""

    @property
    def needs_line(self) -> bool:
        """Whether it writes to the terminal, and ends with its line."""
        return self.way not in {Way.LOCAL_TOOL, Way.TMUX_BUFFER, Way.TMUX_KEPT}


def plan_copy(text: str, seen: Capabilities, *, holds_back: bool = False) -> tuple[Route, ...]:
    """Return the ways to try for `text`, in order; none where nothing can reach a clipboard.

    A local tool that succeeded makes the rest needless: it alone can be known to have arrived. `holds_back`: nothing
    goes to a terminal that may paint it, or into a recording.
    """
    size = len(text.encode("utf-8", "surrogatepass"))
    local = tuple(Route(Way.LOCAL_TOOL, tool) for tool in seen.tools)
    return tuple(
        route for route in (*local, *_through_terminal(seen, holds_back)) if size <= longest_through(route, seen)
    )


def longest_through(route: Route, seen: Capabilities) -> int:
    """Return the bytes of text that `route` carries at this terminal."""
    return LONGEST_IN_MOSH if seen.is_mosh and route.tool is None else route.longest


def osc52(text: str) -> str:
    """Return the sequence that puts `text` into the terminal's CLIPBOARD, and not a byte more."""
    coded = base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")
    return f"\x1b]52;c;{coded}\x07"


def through_tmux(sequence: str) -> str:
    """Return `sequence` wrapped so that a tmux with allow-passthrough hands it on."""
    doubled = sequence.replace("\x1b", "\x1b\x1b")
    return f"\x1bPtmux;{doubled}\x1b\\"


def through_screen(sequence: str) -> str:
    """Return `sequence` cut into pieces that screen hands on, each at most SCREEN_PIECE bytes with its wrapping."""
    room = SCREEN_PIECE - len("\x1bP\x1b\\")
    pieces = (sequence[start : start + room] for start in range(0, len(sequence), room))
    return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)


def _through_terminal(seen: Capabilities, holds_back: bool) -> tuple[Route, ...]:
    if seen.multiplexer == "tmux":
        return _in_tmux(seen, holds_back)
    if not MANNERS[seen.kind].takes_copies or seen.is_silent:
        return ()
    if holds_back and (seen.recorder or seen.is_mosh):
        return ()
    if seen.multiplexer == "screen":
        # the same process may still reach a tmux outside of screen by its socket
        return (Route(Way.SCREEN), Route(Way.TMUX_BUFFER)) if seen.tmux else (Route(Way.SCREEN),)
    match seen.around:
        case "tmux":
            return Route(Way.OSC), Route(Way.TMUX)
        case "screen":
            return (Route(Way.SCREEN),)
        case "tmux or screen":
            # tmux's wrapping and a long bare one would be painted by a screen, screen's is swallowed by a tmux
            return Route(Way.SHORT_OSC), Route(Way.SCREEN)
        case "none":
            return (Route(Way.OSC),)


def _in_tmux(seen: Capabilities, holds_back: bool) -> tuple[Route, ...]:
    if holds_back and seen.recorder:
        return ()
    is_held = holds_back and not seen.is_proven
    if seen.tmux is None:
        return () if is_held else (Route(Way.OSC), Route(Way.TMUX))
    if is_held or seen.tmux.sends_clipboard is False or not MANNERS[seen.kind].takes_copies:
        return (Route(Way.TMUX_KEPT),)
    routes = [Route(Way.TMUX_BUFFER)]
    if seen.tmux.passes_through:
        routes.append(Route(Way.TMUX))
        if seen.tmux.client_term.startswith("tmux"):
            routes.append(Route(Way.TMUX_TWICE))
    return tuple(routes)

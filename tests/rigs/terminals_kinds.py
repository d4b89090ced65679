"""The terminals of the table, and how each is started."""

import os
import shutil
from collections.abc import Mapping
from typing import NamedTuple

_XTERM = "xterm -xrm XTerm*metaSendsEscape:true -e "
"""For an editor in an xterm; as shipped, that one sends alt with a letter as a letter with an accent."""


class Kind(NamedTuple):
    """A terminal: `command` starts it, with `{file}` for the program that runs in it."""

    command: str
    paste: str = "shift+Insert"
    """The keys by which its people paste."""
    needs: str = ""
    """The program that has to be installed, where it is not the first word."""
    paints: bool = False
    """Whether it paints an OSC sequence as text."""
    desk: str = "x11"
    is_typed: bool = False
    """Whether it opens a shell, into which `{file}` has to be typed."""
    page: str = ""
    """Address of the page, for a terminal in a browser."""


TERMINALS: Mapping[str, Kind] = {
    "xterm": Kind("xterm -e {file}"),
    "kitty": Kind("kitty {file}", paste="ctrl+shift+v"),
    "alacritty": Kind("alacritty -e {file}", paste="ctrl+shift+v"),
    "zutty": Kind("zutty -e {file}"),
    "urxvt": Kind("urxvt -e {file}"),
    "st": Kind("st -e {file}"),
    "mlterm": Kind("mlterm -e {file}"),
    "konsole": Kind("dbus-run-session -- konsole -e {file}", paste="ctrl+shift+v", needs="konsole"),
    "qterminal": Kind("dbus-run-session -- qterminal -e {file}", paste="ctrl+shift+v", needs="qterminal"),
    "gnome-terminal": Kind(
        "dbus-run-session -- gnome-terminal --wait -- {file}", paste="ctrl+shift+v", needs="gnome-terminal"
    ),
    "xfce4-terminal": Kind(
        "dbus-run-session -- xfce4-terminal --disable-server -x {file}", paste="ctrl+shift+v", needs="xfce4-terminal"
    ),
    "terminator": Kind("dbus-run-session -- terminator -u -x {file}", paste="ctrl+shift+v", needs="terminator"),
    "pterm": Kind("pterm -e {file}"),
    "foot": Kind("foot {file}", paste="ctrl+shift+v", desk="wayland"),
    "ansi-term": Kind(
        _XTERM + "emacs -nw -Q --eval '(ansi-term \"{file}\")'",
        paste="",
        needs="emacs",
        paints=True,
    ),
    "vterm": Kind(
        _XTERM + "emacs -nw -q --eval '(progn (require (quote vterm)) (setq vterm-shell \"{file}\") (vterm))'",
        paste="ctrl+y",
        needs="emacs",
    ),
    "vim": Kind(_XTERM + "vim -u NONE -c 'terminal ++curwin {file}'", needs="vim"),
    "nvim": Kind(_XTERM + "nvim -u NONE -c 'terminal {file}' -c startinsert", needs="nvim"),
    "shellinabox": Kind(
        "shellinaboxd --disable-ssl --no-beep --localhost-only --port={port} --service=/:{user}:{group}:/:{file}",
        paste="shift+Insert",
        needs="shellinaboxd",
        paints=True,
        page="http://127.0.0.1:{port}/",
    ),
    "jupyter": Kind(
        "{jupyter} notebook --allow-root --no-browser --port={port} --IdentityProvider.token= "
        "--ServerApp.disable_check_xsrf=True "
        "--ServerApp.terminado_settings=\"{{'shell_command': ['{file}']}}\"",
        paste="ctrl+shift+v",
        needs="{jupyter}",
        page="http://127.0.0.1:{port}/terminals/1",
    ),
    "cockpit": Kind(
        "/usr/lib/cockpit/cockpit-ws --no-tls --address=127.0.0.1 --port={port} --local-session=cockpit-bridge",
        is_typed=True,
        needs="/usr/lib/cockpit/cockpit-ws",
        page="http://127.0.0.1:{port}/cockpit/@localhost/system/terminal.html",
    ),
}


def jupyter() -> str:
    """Return the program that serves JupyterLab's terminal."""
    return os.environ.get("JUPYTER", "jupyter")


def is_installed(name: str) -> bool:
    """Tell whether a terminal can be opened here."""
    kind = TERMINALS[name]
    needed = kind.needs.format(jupyter=jupyter()) or kind.command.split()[0]
    others = ["weston", "wl-paste"] if kind.desk == "wayland" else ["chromium"] if kind.page else []
    return all(shutil.which(program) for program in [needed, *others])

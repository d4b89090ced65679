#!/bin/bash
# keyrings.sh: igauth beside real keyrings on this machine: none, out of reach, gnome-keyring locked and unlocked, KeePassXC
# locked and unlocked, and a silent service. It needs no root; what is not installed is left out.
# IGAUTH: the program (default: igauth). PYTHON: one that has the tests' packages (default: python3).
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
IGAUTH=${IGAUTH:-igauth} PYTHON=${PYTHON:-python3}
export IGAUTH PYTHON
FOLDER=$(mktemp -d)
export HOME=$FOLDER/home IGAUTH_HOME=$FOLDER/igauth
mkdir -p "$HOME/.config/keepassxc" "$HOME/.cache"
unset DISPLAY DBUS_SESSION_BUS_ADDRESS
DISPLAYED=
finish() {
    local status=$?
    [ -z "$DISPLAYED" ] || kill "$DISPLAYED"
    rm -rf "$FOLDER"
    return "$status"
}
trap finish EXIT
say() { printf '\n== %s\n' "$*"; }
failed() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null || { say "$1 is not installed: left out"; return 1; }; }
# a bus without services of its own
printf '<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth><policy context="default">%s</policy></busconfig>' \
    '<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>' >"$FOLDER/bus.conf"
# session COMMAND: runs a line of shell in a session of its own.
session() { dbus-run-session --config-file="$FOLDER/bus.conf" -- bash -c "$1" 2>&1 | tee "$FOLDER/said"; }
# expects STATUS TEXT: what the last add printed and how it ended.
expects() {
    grep -q "status $1" "$FOLDER/said" || failed "the status is not $1"
    grep -q "$2" "$FOLDER/said" || failed "it does not say: $2"
    rm -rf "$IGAUTH_HOME"
}
export ADD='echo 0123456789abcdef0123456789abcdef | "$IGAUTH" add acme --app-id 1234567890123456; echo "status $?"'

say "No bus"
bash -c "$ADD" 2>&1 | tee "$FOLDER/said"
expects 0 'DBUS_SESSION_BUS_ADDRESS is not set'
say "A bus without a keyring"
session "$ADD"
expects 0 'no program in this session provides one'
say "A silent service"
session "cd '$HERE/../..'; \"\$PYTHON\" -m tests.keyrings.service silent & sleep 2; $ADD; kill %1"
expects 1 'did not answer within'

if has gnome-keyring-daemon; then
    say "gnome-keyring, unlocked"
    session "printf pw | gnome-keyring-daemon --unlock --components=secrets; sleep 1; $ADD"
    expects 0 'Secret store: keyring'
    say "gnome-keyring, locked, no display"
    session "printf wrong | gnome-keyring-daemon --unlock --components=secrets; sleep 1; $ADD"
    expects 1 'The keyring is locked'
    say "gnome-keyring, locked, and unlocked as igauth advises"
    session "printf wrong | gnome-keyring-daemon --unlock --components=secrets; sleep 1
        printf pw | gnome-keyring-daemon --replace --unlock --components=secrets; sleep 1; $ADD"
    expects 0 'Secret store: keyring'
fi

if has keepassxc && has Xvfb; then
    export DISPLAY=:97
    Xvfb $DISPLAY -screen 0 1024x768x24 >"$FOLDER/xvfb" 2>&1 &
    DISPLAYED=$!
    printf '[FdoSecrets]\nEnabled=true\nConfirmAccessItem=false\nShowNotification=false\n' >"$HOME/.config/keepassxc/keepassxc.ini"
    printf 'pw\npw\n' | keepassxc-cli db-create -p "$HOME/all.kdbx" >"$FOLDER/made" 2>&1
    printf 'pw\n' | keepassxc-cli export -q -f xml "$HOME/all.kdbx" >"$FOLDER/all.xml"
    # the group that the secret service shows
    "$PYTHON" -c "
import base64, pathlib, re, sys, uuid
file = pathlib.Path(sys.argv[1])
text = file.read_text()
group = uuid.UUID(bytes=base64.b64decode(re.search(r'<Root>.*?<UUID>(.*?)</UUID>', text, re.S).group(1)))
item = f'<Item><Key>FDO_SECRETS_EXPOSED_GROUP</Key><Value>{{{group}}}</Value></Item>'
file.write_text(text.replace('</Meta>', f'<CustomData>{item}</CustomData></Meta>', 1))" "$FOLDER/all.xml"
    rm "$HOME/all.kdbx"
    printf 'pw\npw\n' | keepassxc-cli import -p "$FOLDER/all.xml" "$HOME/all.kdbx" >"$FOLDER/made" 2>&1
    say "KeePassXC, locked, no terminal"
    session "keepassxc '$HOME/all.kdbx' & sleep 5; $ADD; kill %1"
    expects 1 'The keyring is locked'
    say "KeePassXC, unlocked"
    echo pw >"$FOLDER/password"
    session "keepassxc --pw-stdin '$HOME/all.kdbx' <'$FOLDER/password' & sleep 5; $ADD; kill %1"
    expects 0 'Secret store: keyring'
fi
say "All as it should be"

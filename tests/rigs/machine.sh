# Sourced by the rigs. A Debian of its own in a folder: as a plain tree, or booted with its systemd as process 1.
# shellcheck shell=bash
# RIGS: the folder that the machines are kept in (default: /var/tmp/igauth-rigs).

set -euo pipefail
RIGS=${RIGS:-/var/tmp/igauth-rigs}
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SOURCE=$(cd "$HERE/../.." && pwd)
INSIDE=(env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TERM=dumb LANG=C.UTF-8)
[ "$(id -u)" = 0 ] || { echo "The rigs need root." >&2; exit 64; }

say() { printf '\n== %s\n' "$*"; }
shown() { printf '   %s\n' "$*"; }
failed() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

# wait_for SECONDS WHAT COMMAND...: until the command succeeds.
wait_for() {
    local end=$(($(date +%s) + $1)) what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        [ "$(date +%s)" -lt "$end" ] || failed "$what did not happen"
        sleep 1
    done
}

# machine_make NAME SUITE [PACKAGE...]: once; a machine that is there is used again.
machine_make() {
    local tree=$RIGS/$1 base=$RIGS/base-$2 mirror
    local NETWORK=() # the mirror is out there
    [ ! -e "$tree.made" ] || return 0
    say "Making $tree: $2 with ${*:3}"
    if [ ! -e "$base.made" ]; then
        command -v debootstrap >/dev/null || apt-get install -y -qq debootstrap >/dev/null
        mirror=$(apt-cache policy | awk '$2 ~ "/debian/?$" && !seen++ {print $2}')
        mkdir -p "$RIGS"
        rm -rf "$base"
        debootstrap --variant=minbase --include=ca-certificates,python3-venv "$2" "$base" "$mirror" >"$base.log" 2>&1 \
            || failed "debootstrap, see $base.log"
        touch "$base.made"
    fi
    rm -rf "$tree"
    cp -a --reflink=auto "$base" "$tree"
    tree_in "$1" env DEBIAN_FRONTEND=noninteractive sh -c \
        'apt-get update -qq -o Acquire::Check-Valid-Until=false && apt-get install -y -qq --no-install-recommends "$@"' sh "${@:3}" >"$tree.log" 2>&1 \
        || failed "apt-get install, see $tree.log"
    touch "$tree.made"
}

# own_network: from now on trees and machines have a network of their own, where there is only loopback.
own_network() {
    : >>"$RIGS/network"
    findmnt "$RIGS/network" >/dev/null || unshare --net="$RIGS/network" true
    NETWORK=(nsenter --net="$RIGS/network")
    "${NETWORK[@]}" ip link set lo up
}
NETWORK=()

# machine_boot NAME: starts the tree's systemd.
machine_boot() {
    local tree=$RIGS/$1 group
    group=$(findmnt -rn -t cgroup2 -o TARGET | head -1)/igauth-rig-$1
    mkdir -p "$group"
    setsid "${NETWORK[@]}" sh "$HERE/boot.sh" "$tree" "$group" </dev/null >"$tree.console" 2>&1 &
    echo $! >"$tree.pid"
    BOOTED+=("$1")
    wait_for 90 "the start of $1 (see $tree.console)" _is_up "$1"
}

_is_up() {
    case $(machine_in "$1" systemctl is-system-running) in running | degraded) ;; *) return 1 ;; esac
}

# machine_in NAME COMMAND...: runs a command inside a booted machine, as root.
machine_in() {
    nsenter --target "$(pgrep -P "$(cat "$RIGS/$1.pid")")" --all "${INSIDE[@]}" "${@:2}"
}

# machine_as NAME USER COMMAND: runs a line of shell inside as a user who has logged in.
machine_as() { machine_in "$1" runuser -l "$2" -c "$3"; }

# machine_stop NAME: shuts a booted machine down.
machine_stop() {
    local pid
    [ -e "$RIGS/$1.pid" ] || return 0
    pid=$(cat "$RIGS/$1.pid")
    machine_in "$1" systemctl poweroff >/dev/null 2>&1 || true
    for _ in $(seq 20); do
        kill -0 "$pid" 2>/dev/null || break
        sleep 1
    done
    kill -KILL "$pid" 2>/dev/null || true
    rm -f "$RIGS/$1.pid"
}

# tree_in NAME COMMAND...: runs a command in a tree that is not booted, with this machine's network.
tree_in() {
    _enter "$@"
    "${ENTER[@]}"
}

# tree_start NAME COMMAND...: the same in the background, until the rig ends. STARTED_LAST is its process.
tree_start() {
    _enter "$@"
    "${ENTER[@]}" </dev/null >>"$RIGS/$1.started.log" 2>&1 &
    STARTED_LAST=$!
    disown  # the shell reports no end of it
    STARTED+=("$STARTED_LAST")
}

_enter() {
    ENTER=("${NETWORK[@]}" unshare --mount --pid --fork --kill-child sh -c
        'mount -t proc proc "$1/proc"; mount --bind /dev "$1/dev"; tree=$1; shift; exec chroot "$tree" "$@"'
        sh "$RIGS/$1" "${INSIDE[@]}" "${@:2}")
}

STARTED=()
end_started() { for pid in "${STARTED[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done; }
end_rig() {
    local status=$?
    end_started
    for machine in "${BOOTED[@]}"; do machine_stop "$machine"; done
    [ ${#NETWORK[@]} = 0 ] || umount "$RIGS/network"
    return "$status"
}
trap end_rig EXIT

# start_facebook NAME FOLDER [OPTION]: the sandbox, from the igauth in PROGRAM; it outlives a machine that is booted again.
start_facebook() {
    rm -rf "${RIGS:?}/$1$2"
    mkdir -p "$RIGS/$1$2"
    cp "$HERE/facebook.py" "$RIGS/$1$2"
    tree_start "$1" "$PROGRAM/bin/python" "$2/facebook.py" "$2" "${@:3}"
    wait_for 30 "the start of the sandbox" test -e "$RIGS/$1$2/facts.json"
}

# fact NAME FOLDER EXPRESSION: of the facts that the sandbox has printed. token_value NAME FOLDER TOKEN: one of its tokens.
fact() { python3 -c "import json, sys; facts = json.load(open(sys.argv[1])); print($3)" "$RIGS/$1$2/facts.json"; }
token_value() { fact "$1" "$2" "next(token['value'] for token in facts['tokens'] if token['name'] == '$3')"; }

# install_igauth NAME FOLDER: builds the wheel of this source and installs it inside, in an environment in FOLDER.
install_igauth() {
    local tree=$RIGS/$1 version wheels
    version=$(tree_in "$1" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    wheels=$RIGS/wheels-$version
    mkdir -p "$wheels" "$tree/opt/wheels"
    rm -rf "$wheels"/igauth-*.whl "${tree:?}$2"
    {
        python3 -m pip wheel --no-deps --wheel-dir "$wheels" "$SOURCE"
        python3 -m pip download --dest "$wheels" --python-version "$version" --only-binary=:all: "$wheels"/igauth-*.whl
        cp "$wheels"/*.whl "$tree/opt/wheels"
        tree_in "$1" python3 -m venv "$2"
        tree_in "$1" "$2/bin/python" -m pip install --no-index --find-links /opt/wheels igauth
    } >"$tree.pip.log" 2>&1 || failed "the installation of igauth, see $tree.pip.log"
    shown "$(tree_in "$1" "$2/bin/igauth" --version) on Python $version"
}

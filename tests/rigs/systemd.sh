#!/bin/bash
# systemd.sh [trixie|sid]...: a booted Debian runs the user's timer with sealed secrets, also after a time it was off.
. "$(dirname "$0")/machine.sh"

PROGRAM=/opt/igauth FACEBOOK=/opt/rig/facebook
PASSPHRASE='a passphrase with $HOME, 100% and "quotes"'
own_network

inside() { machine_in "$MACHINE" "$@"; }
as() { machine_as "$MACHINE" "$@"; }
home_of() { printf '%s/home/%s' "$TREE" "$1"; }

# a_person NAME: has a token that is due, in sealed secrets, and installs the timer.
a_person() {
    inside useradd --create-home --shell /bin/bash "$1"
    inside sh -c "echo 'export IGAUTH_GRAPH_URL=$(fact "$MACHINE" $FACEBOOK "facts['graph_url']")' >/home/$1/.profile"
    fact "$MACHINE" $FACEBOOK "facts['app_secret']" \
        | as "$1" "igauth add acme --app-id $(fact "$MACHINE" $FACEBOOK "facts['app_id']") 2>/dev/null"
    token_value "$MACHINE" $FACEBOOK user_due | as "$1" "igauth import first --profile acme 2>/dev/null"
    echo "$PASSPHRASE" | as "$1" "igauth secrets --move-to sealed"
    echo "$PASSPHRASE" | as "$1" "igauth schedule install --with systemd --yes"
}

# another_due_token NAME: gives the next run something to extend.
another_due_token() {
    printf '%s\n' "$PASSPHRASE" >"$(home_of "$1")/passphrase"
    inside chown "$1:" "/home/$1/passphrase"
    inside chmod 600 "/home/$1/passphrase"
    token_value "$MACHINE" $FACEBOOK user_due \
        | as "$1" "igauth import second --profile acme --passphrase-file passphrase 2>/dev/null; rm passphrase"
}

extended() { as "$1" "igauth history --token $2 --json" | grep -q '"actor": *"timer"'; }

# told NAME [OF]: what the surfaces say, in OF (such as "+3 days") from now.
told() {
    as "$1" "{ faketime '${2:-+0 seconds}' igauth status; faketime '${2:-+0 seconds}' igauth schedule show; } >/dev/null || true" 2>&1 \
        | sed 's/^/   /'
}

# with_timer NAME [LINE...]: the timer as it was installed, with these lines instead of its own.
with_timer() {
    local folder
    folder=$(home_of "$1")/.config/systemd/user/igauth.timer.d
    mkdir -p "$folder"
    printf '%s\n' '[Timer]' "${@:2}" >"$folder/rig.conf"
    as "$1" 'systemctl --user daemon-reload && systemctl --user restart igauth.timer'
}

# log_in NAME: a session that stays open until log_out.
log_in() {
    machine_as "$MACHINE" "$1" 'exec sleep 3600' >/dev/null 2>&1 &
    wait_for 30 "the login of $1" inside systemctl is-active "user@$(inside id -u "$1").service"
}
log_out() {
    inside loginctl terminate-user "$1"
    wait_for 60 "the end of the session of $1" inside sh -c "! systemctl -q is-active user@$(inside id -u "$1").service"
}

run() {
    MACHINE=$1 TREE=$RIGS/$1
    say "$MACHINE"
    machine_make "$MACHINE" "$MACHINE" systemd systemd-sysv dbus dbus-user-session libpam-systemd faketime curl
    install_igauth "$MACHINE" $PROGRAM
    ln -sf $PROGRAM/bin/igauth "$TREE/usr/local/bin/igauth"
    start_facebook "$MACHINE" $FACEBOOK
    machine_boot "$MACHINE"
    shown "$(inside systemctl --version | head -1), $(inside systemctl is-system-running || true)"
    for person in lingers leaves; do
        inside sh -c "loginctl disable-linger $person; userdel --remove --force $person" 2>/dev/null || true
        wait_for 30 "the end of $person" inside sh -c "! id $person"
        a_person $person
    done
    inside loginctl enable-linger lingers
    as lingers 'igauth doctor || true' | grep -E '^[a-z]+ +timer'

    say "$MACHINE: the timer runs with the sealed secrets"
    log_in leaves
    for person in lingers leaves; do
        with_timer $person OnCalendar= OnCalendar=minutely RandomizedDelaySec=0
        wait_for 150 "a run of the timer of $person" extended $person first
        with_timer $person RandomizedDelaySec=0
        as $person "igauth history --token first --limit 1"
        told $person
    done
    log_out leaves

    say "$MACHINE: it was off when a run was due"
    for person in lingers leaves; do another_due_token $person; done
    machine_stop "$MACHINE"
    for person in lingers leaves; do
        touch --date '2 days ago' "$(home_of $person)/.local/share/systemd/timers/stamp-igauth.timer"
    done
    machine_boot "$MACHINE"
    wait_for 150 "the run after the start, without a login" extended lingers second
    as lingers "igauth history --token second --limit 1"
    told lingers
    ! inside systemctl -q is-active "user@$(inside id -u leaves).service" || failed "leaves is logged in"
    log_in leaves
    wait_for 150 "the run after the login" extended leaves second
    as leaves "igauth history --token second --limit 1"
    log_out leaves

    say "$MACHINE: a run that cannot start, for want of its credential"
    inside sh -c 'rm /home/lingers/.config/systemd/user/*.cred'
    ! as lingers 'systemctl --user start igauth.service' || failed "the run has started"
    as lingers 'systemctl --user show igauth.service --property=Result,ExecMainStatus' | sed 's/^/   /'
    seen_as_missed

    say "$MACHINE: a run that cannot start, since the program has moved"
    cp -a "$TREE$PROGRAM" "$TREE/opt/moved"
    sed -i "1s#$PROGRAM#/opt/moved#" "$TREE/opt/moved/bin/igauth"
    mv "$TREE$PROGRAM" "$TREE$PROGRAM.away"
    ln -sf /opt/moved/bin/igauth "$TREE/usr/local/bin/igauth"
    ! as leaves 'systemctl --user start igauth.service' || failed "the run has started"
    as leaves 'systemctl --user show igauth.service --property=Result,ExecMainStatus' | sed 's/^/   /'
    as leaves 'igauth doctor || true' | grep -A1 -E '^(failure|warning) +(timer|schedule)' || failed "doctor does not report it"
    rm -rf "${TREE:?}$PROGRAM" "$TREE/opt/moved"
    machine_stop "$MACHINE"
}

# seen_as_missed: what is said the next days. The sandbox's clock goes along, for igauth believes Facebook's.
seen_as_missed() {
    told lingers '+30 hours'
    as lingers "faketime '+30 hours' igauth status 2>&1 >/dev/null || true" | grep -q miss || failed "status does not report the missed run"
    told lingers '+3 days'
    as lingers "faketime '+3 days' igauth status --format nagios || true" | grep WARNING || failed "nagios does not warn"
    as lingers 'igauth doctor || true' | grep -A1 -E '^(failure|warning) +(timer|schedule)' || failed "doctor does not report it"
}

[ $# -gt 0 ] || set -- trixie sid
for machine in "$@"; do run "$machine"; done
say "All as it should be: $*"

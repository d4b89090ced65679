#!/bin/bash
# keyring.sh: secrets in a real gnome-keyring. A timer is installed only where its runs can open it, and a run that cannot
# is reported.
. "$(dirname "$0")/machine.sh"

MACHINE=keyring TREE=$RIGS/keyring
PROGRAM=/opt/igauth FACEBOOK=/opt/rig/facebook
own_network

inside() { machine_in $MACHINE "$@"; }
as() { machine_as $MACHINE kay "$1"; }
# without_login COMMAND: as kay, while nobody is logged in.
without_login() { inside runuser -u kay -- env HOME=/home/kay sh -c ". /home/kay/.profile; cd; $1"; }
# unlocked COMMAND: in a session in which the keyring was unlocked, as a login on the desktop does.
unlocked() {
    as "eval \$(printf kay | gnome-keyring-daemon --unlock --components=secrets --daemonize 2>/dev/null)
        export DBUS_SESSION_BUS_ADDRESS; sleep 1; $1"
}
log_out() {
    inside loginctl terminate-user kay
    wait_for 60 "the end of kay's session" inside sh -c "! systemctl -q is-active user@$(inside id -u kay).service"
}

machine_make $MACHINE trixie systemd systemd-sysv dbus dbus-user-session libpam-systemd gnome-keyring cron
install_igauth $MACHINE $PROGRAM
ln -sf $PROGRAM/bin/igauth "$TREE/usr/local/bin/igauth"
start_facebook $MACHINE $FACEBOOK
machine_boot $MACHINE
inside sh -c 'loginctl terminate-user kay; crontab -r -u kay; userdel --remove --force kay' 2>/dev/null || true
inside useradd --create-home --shell /bin/bash kay
inside sh -c "echo 'export IGAUTH_GRAPH_URL=$(fact $MACHINE $FACEBOOK "facts['graph_url']")' >/home/kay/.profile"
fact $MACHINE $FACEBOOK "facts['app_secret']" >"$TREE/home/kay/secret"
token_value $MACHINE $FACEBOOK user_due >"$TREE/home/kay/token"
inside chown kay: /home/kay/secret /home/kay/token

say "Logged in, with the keyring unlocked"
unlocked "igauth add acme --app-id $(fact $MACHINE $FACEBOOK "facts['app_id']") <secret
    igauth import first --profile acme <token
    igauth schedule install --with cron --yes" 2>&1 | tee "$TREE/var/tmp/said" | sed 's/^/   /'
grep -q 'Secret store: keyring' "$TREE/var/tmp/said" || failed "the secrets are not in the keyring"
grep -q 'not logged in' "$TREE/var/tmp/said" || failed "nobody said that a run needs a login"

say "Nobody is logged in: cron runs the line"
log_out
inside sh -c "crontab -l -u kay | sed -E 's/^[0-9]+ [0-9]+ /* * /' | crontab -u kay -"
reported() { without_login "igauth status || true" 2>&1 | grep 'failed since'; }
wait_for 150 "the report of the run that failed" reported
without_login "igauth doctor || true" | grep -A1 -E '^failure +timer' | sed 's/^/   /'
inside crontab -r -u kay

say "Nobody is logged in: no timer can be installed"
! without_login 'igauth schedule install --with cron --yes >/dev/null' || failed "a timer was installed"
[ -z "$(inside crontab -l -u kay 2>/dev/null)" ] || failed "a line was written"

say "Logged in, with the keyring locked: no timer can be installed"
for kind in cron systemd; do
    ! as "igauth schedule install --with $kind --yes >/dev/null" || failed "a timer was installed"
done

log_out

say "The secrets are moved out of the keyring: cron runs the line"
unlocked 'igauth secrets --move-to database; igauth schedule install --with cron --yes >/dev/null' 2>&1 | sed 's/^/   /'
log_out
inside sh -c "crontab -l -u kay | sed -E 's/^[0-9]+ [0-9]+ /* * /' | crontab -u kay -"
extended() { without_login 'igauth history --token first --json' | grep -q '"actor": *"timer"'; }
wait_for 150 "a run that extends the token" extended
without_login 'igauth status'
say "All as it should be"

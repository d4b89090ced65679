#!/bin/bash
# cron.sh [cron|cronie|busybox|systemd-cron]...: real daemons run the line that igauth installs, in a home with a difficult name.
. "$(dirname "$0")/machine.sh"

PROGRAM='/opt/100% of igauth'
PERSON_HOME="/home/100% of \$HOME's \"best\" files"
SECOND_HOME="$PERSON_HOME/a second \$HOME, 50%"
PASSPHRASE='a passphrase with $HOME, 100% and "quotes"'
MAIL=/var/mail/received

# as_person HOME COMMAND: a line of shell, as the person at the first or the second home.
as_person() { tree_in "$DAEMON" runuser -l rig -c ". /opt/rig/$1; $2"; }

# fact_of HOME EXPRESSION: of what that home takes for Facebook.
fact_of() { fact "$DAEMON" "/opt/rig/$1.facts" "$2"; }

make() {
    local packages=("$DAEMON")
    [ "$DAEMON" != systemd-cron ] || packages+=(systemd systemd-sysv dbus)
    machine_make "$DAEMON" trixie "${packages[@]}"
    shown "$(tree_in "$DAEMON" dpkg-query -W "$DAEMON")"
    [ "$DAEMON" != busybox ] || install -D -m 4755 "$TREE/bin/busybox" "$TREE/usr/local/bin/crontab"
    mkdir -p "$TREE/var/spool/cron/crontabs"
}

start_daemon() {
    case $DAEMON in
    cron) tree_start "$DAEMON" cron -f ;;
    cronie) tree_start "$DAEMON" crond -n ;;
    busybox) tree_start "$DAEMON" busybox crond -f ;;
    systemd-cron) machine_boot "$DAEMON" ;;
    esac
}

prepare() {
    install_igauth "$DAEMON" "$PROGRAM"
    tree_in "$DAEMON" id rig >/dev/null 2>&1 || tree_in "$DAEMON" useradd --no-create-home --home-dir "$PERSON_HOME" rig
    rm -rf "${TREE:?}$PERSON_HOME" "$TREE"/var/spool/cron/crontabs/rig "$TREE/opt/rig"
    mkdir -p "$TREE$PERSON_HOME" "$TREE/opt/rig"
    tree_in "$DAEMON" chown rig: "$PERSON_HOME"
    printf '#!/bin/sh\ncat >>%s\n' "$MAIL" >"$TREE/usr/sbin/sendmail"
    chmod 755 "$TREE/usr/sbin/sendmail"
    : >"$TREE$MAIL"
    chmod 666 "$TREE$MAIL"
    start_facebook "$DAEMON" /opt/rig/first.facts
    FIRST_FACEBOOK=$STARTED_LAST
    start_facebook "$DAEMON" /opt/rig/second.facts --behind-proxy
    for home in first second; do
        printf "export PATH='%s/bin':\$PATH IGAUTH_GRAPH_URL=%s\n" "$PROGRAM" "$(fact_of $home "facts['graph_url']")" \
            >"$TREE/opt/rig/$home"
    done
    {
        printf "export IGAUTH_HOME='%s' SSL_CERT_FILE=/opt/rig/second.facts/ca.pem\n" "${SECOND_HOME//\'/\'\\\'\'}"
        printf "export HTTPS_PROXY='%s'\n" "$(fact_of second "facts['proxy_url']")"
    } >>"$TREE/opt/rig/second"
    for home in first second; do
        fact_of $home "facts['app_secret']" \
            | as_person $home "igauth add acme --app-id $(fact_of $home "facts['app_id']") 2>/dev/null"
        token_value "$DAEMON" "/opt/rig/$home.facts" user_due | as_person $home "igauth import user_due --profile acme 2>/dev/null"
    done
    echo "$PASSPHRASE" >"$TREE/opt/rig/passphrase"
    tree_in "$DAEMON" chown rig: /opt/rig/passphrase
    chmod 600 "$TREE/opt/rig/passphrase"
    as_person second 'igauth secrets --move-to sealed </opt/rig/passphrase'
    sed -i '1i passphrase_command = ["cat", "/opt/rig/passphrase"]' "$TREE$SECOND_HOME/config.toml"
    tree_in "$DAEMON" chown rig: "$SECOND_HOME/config.toml"
}

# somebody_elses: lines that are nobody's business, in bytes that are no text.
somebody_elses() {
    printf 'MAILTO=me\n# caf\351 \302\205 \f\n5 4 1 1 * /bin/true 100\\%% \n\n\n'
    [ "$DAEMON" = cron ] || printf '1 1 1 1 * /bin/true \r\n' # Debian's `crontab -l` prints it as the letters \r
    [ "$DAEMON" = busybox ] || printf '@yearly /bin/true\n'     # busybox crond 1.37.0 crashes at it
}

# spooled: the crontab as the daemon has it, without the head that Debian's crontab writes.
spooled() { LC_ALL=C sed -E '1,3{/^# (DO NOT EDIT|\(.* installed on|\(Cron version)/d}' "$TREE/var/spool/cron/crontabs/rig"; }

crontab_of_person() { tree_in "$DAEMON" runuser -u rig -- crontab "$@"; }

# soon: moves igauth's lines to the next minute, and nothing else of them.
soon() {
    local at
    at=$(date -u -d '+70 seconds' '+%-M %-H')
    crontab_of_person -l | LC_ALL=C sed -E "/igauth/ s/^[0-9]+ [0-9]+ /$at /" >"$TREE/tmp/soon"
    chmod 644 "$TREE/tmp/soon"
    crontab_of_person /tmp/soon
}

extended_by_timer() { as_person "$1" "igauth history --json" | grep -q '"actor": *"timer"'; }

run() {
    DAEMON=$1 TREE=$RIGS/$1
    say "$DAEMON"
    make
    prepare

    say "$DAEMON: a person without a crontab"
    as_person first "igauth schedule install --with cron --yes" || failed "install into no crontab"
    as_person first "igauth schedule remove --yes" || failed "remove"
    [ -z "$(crontab_of_person -l 2>/dev/null)" ] || failed "something is left in the crontab"

    say "$DAEMON: beside somebody else's lines"
    somebody_elses >"$TREE/tmp/others"
    chmod 644 "$TREE/tmp/others"
    crontab_of_person /tmp/others
    cmp "$TREE/tmp/others" <(spooled) || failed "the crontab is not what was given to it"
    spooled >"$TREE/tmp/before"
    for home in first second; do as_person $home "igauth schedule install --with cron --yes" || failed "install $home"; done
    crontab_of_person -l | LC_ALL=C grep -a igauth >"$TREE/tmp/lines"
    [ "$(wc -l <"$TREE/tmp/lines")" = 2 ] || failed "not one line for each home"
    [ "$(wc -L <"$TREE/tmp/lines")" -lt 300 ] || failed "a line of 300 characters or more"
    ! grep -q 'word' "$TREE/tmp/lines" || failed "the proxy's password is in the crontab"

    say "$DAEMON: the daemon runs both lines"
    soon
    : >"$TREE/opt/rig/second.facts/proxied"
    start_daemon
    for home in first second; do
        wait_for 150 "a run that extends the token of the $home home" extended_by_timer $home
        as_person $home "igauth history --limit 2; igauth schedule show >/dev/null; igauth status || true"
    done
    shown "CONNECT of the second home: $(sort "$TREE/opt/rig/second.facts/proxied" | uniq -c)"
    [ -s "$TREE/opt/rig/second.facts/proxied" ] || failed "nothing went through the proxy"
    [ ! -s "$TREE$MAIL" ] || failed "mail of runs that worked: $(cat "$TREE$MAIL")"

    say "$DAEMON: Facebook is away"
    kill -KILL "$FIRST_FACEBOOK"
    soon
    wait_for 150 "mail about the run that failed" test -s "$TREE$MAIL"
    sed 's/^/   mail: /' "$TREE$MAIL"
    as_person first "{ igauth schedule show; igauth status; } >/dev/null || true" 2>&1 | sed 's/^/   /'
    as_person first "igauth doctor || true" | grep -E '^failure +timer|^failure +run' || failed "doctor does not report it"

    say "$DAEMON: remove"
    for home in first second; do as_person $home "igauth schedule remove --yes"; done
    spooled >"$TREE/tmp/after"
    cmp "$TREE/tmp/before" "$TREE/tmp/after" || failed "the crontab is not what it was"
    shown "the crontab is byte for byte what it was"
    machine_stop "$DAEMON"
    end_started
    STARTED=()
}

[ $# -gt 0 ] || set -- cron cronie busybox systemd-cron
for daemon in "$@"; do run "$daemon"; done
say "All as it should be: $*"

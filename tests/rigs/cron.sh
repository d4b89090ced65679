#!/bin/bash
# cron.sh [cron|cronie|busybox]...: real daemons run the line that igauth installs, in a home with a difficult name.
. "$(dirname "$0")/machine.sh"

PROGRAM='/opt/100% of igauth'
PERSON_HOME="/home/100% of \$HOME's \"best\" files"
SECOND_HOME="$PERSON_HOME/a second \$HOME, 50%"
MAIL=/var/mail/received

# as_person HOME COMMAND: a line of shell, as the person at the first or the second home.
as_person() { tree_in "$DAEMON" runuser -l rig -c ". /opt/rig/$1; $2"; }

# fact_of HOME EXPRESSION: of what that home takes for Facebook.
fact_of() { fact "$DAEMON" "/opt/rig/$1.facts" "$2"; }

prepare() {
    case $DAEMON in
    busybox)
        START=(busybox crond -f -l 0 -c /var/spool/cron/crontabs)
        mkdir -p "$TREE/var/spool/cron/crontabs"
        install -m 4755 "$TREE/bin/busybox" "$TREE/usr/local/bin/crontab"
        ;;
    cronie) START=(crond -n) ;;
    cron) START=(cron -f) ;;
    esac
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
}

# somebody_elses: lines that are nobody's business, in bytes that are no text. (busybox crond 1.37 crashes at `@yearly`.)
somebody_elses() {
    printf 'MAILTO=me\n# caf\351 \302\205 \f\n5 4 1 1 * /bin/true 100\\%% \r\n\n\n'
    [ "$DAEMON" = busybox ] || printf '@yearly /bin/true\n'
}

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
    machine_make "$DAEMON" trixie "$DAEMON"
    shown "$(tree_in "$DAEMON" dpkg-query -W -f '${Package} ${Version}' "$DAEMON")"
    prepare

    say "$DAEMON: a person without a crontab"
    as_person first "igauth schedule install --with cron --yes" || failed "install into no crontab"
    as_person first "igauth schedule remove --yes" || failed "remove"
    [ -z "$(crontab_of_person -l 2>/dev/null)" ] || failed "something is left in the crontab"

    say "$DAEMON: beside somebody else's lines"
    somebody_elses >"$TREE/tmp/others"
    chmod 644 "$TREE/tmp/others"
    crontab_of_person /tmp/others
    crontab_of_person -l >"$TREE/tmp/before"
    for home in first second; do as_person $home "igauth schedule install --with cron --yes" || failed "install $home"; done
    crontab_of_person -l | LC_ALL=C grep -a igauth >"$TREE/tmp/lines"
    [ "$(wc -l <"$TREE/tmp/lines")" = 2 ] || failed "not one line for each home"
    [ "$(wc -L <"$TREE/tmp/lines")" -lt 300 ] || failed "a line of 300 characters or more"
    ! grep -q 'word' "$TREE/tmp/lines" || failed "the proxy's password is in the crontab"

    say "$DAEMON: the daemon runs both lines"
    soon
    : >"$TREE/opt/rig/second.facts/proxied"
    tree_start "$DAEMON" "${START[@]}"
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
    crontab_of_person -l >"$TREE/tmp/after"
    cmp "$TREE/tmp/before" "$TREE/tmp/after" || failed "the crontab is not what it was"
    shown "the crontab is byte for byte what it was"
    end_started
    STARTED=()
}

[ $# -gt 0 ] || set -- cron cronie busybox
for daemon in "$@"; do run "$daemon"; done
say "All as it should be: $*"

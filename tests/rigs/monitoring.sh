#!/bin/bash
# monitoring.sh: Icinga 2 and node_exporter read what igauth really writes, for three people on one machine: dana has
# tokens in several states, erik a timer that works and then misses its runs, carl 300 tokens.
. "$(dirname "$0")/machine.sh"

MACHINE=monitoring TREE=$RIGS/monitoring
METRICS=/var/lib/prometheus/node-exporter
PROGRAM=/opt/igauth FACEBOOK=/opt/rig/facebook
own_network

inside() { machine_in $MACHINE "$@"; }

# a_person NAME TOKEN...: has a home with these tokens of the sandbox.
a_person() {
    inside useradd --create-home "$1" 2>/dev/null || inside rm -rf "/home/$1/.local" "/home/$1/.config"
    inside sh -c "echo 'export IGAUTH_GRAPH_URL=$(fact $MACHINE $FACEBOOK "facts['graph_url']")' >/home/$1/.profile"
    fact $MACHINE $FACEBOOK "facts['app_secret']" \
        | machine_as $MACHINE "$1" "igauth add acme --app-id $(fact $MACHINE $FACEBOOK "facts['app_id']") 2>/dev/null"
    for token in "${@:2}"; do
        token_value $MACHINE $FACEBOOK "$token" \
            | machine_as $MACHINE "$1" "igauth import $token --profile acme 2>/dev/null"
    done
}

# many_tokens NAME COUNT: imports that many copies of a token.
many_tokens() {
    cat >"$TREE/opt/rig/many.py" <<'MANY'
import asyncio, os, sys
from tui.redact import Secret
from tui.services import open_services

async def many(count: int, value: Secret) -> None:
    services = open_services(os.environ, "command")
    for number in range(count):
        await services.keeper.adopt(f"instagram-account-number-{number}", "acme", value, "import")
    await services.close()

asyncio.run(many(int(sys.argv[1]), Secret(sys.stdin.read().strip())))
MANY
    token_value $MACHINE $FACEBOOK user_long | machine_as $MACHINE "$1" "$PROGRAM/bin/python /opt/rig/many.py $2"
}

# service NAME PERSON [WORD...]: the check of README.md for another person, with words before igauth.
service() {
    sed "s/dana/$2/; s/\"igauth\"/\"igauth $1\"/; s/instagram tokens/$1/; s#, \"/usr/local/bin/igauth\"#${*:3}&#" \
        <<<"$RECIPE" >>"$OBJECTS"
}

# block WORD: the code block of README.md that has the word in it, and is no crontab.
block() { awk -v word="$1" '/^```/ { if (open && text ~ word) printf "%s", text; open = !open; text = ""; next } { text = text $0 "\n" }' "$SOURCE/README.md"; }

machine_make $MACHINE trixie systemd systemd-sysv dbus curl sudo socat faketime icinga2 prometheus-node-exporter prometheus
install_igauth $MACHINE $PROGRAM
ln -sf /opt/igauth/bin/igauth "$TREE/usr/local/bin/igauth"
rm -f "$TREE"/var/spool/icinga2/perfdata/* "$TREE$METRICS"/* "$TREE/var/tmp/graphite"
start_facebook $MACHINE $FACEBOOK

say "Icinga 2 runs the check that README.md has, for each of them"
OBJECTS=$TREE/etc/icinga2/conf.d/rig.conf
RECIPE=$(block 'object CheckCommand "igauth"' | sed 's/= 15m/= 5s/')
printf '%s\n' "$RECIPE" >"$OBJECTS"
service "tokens of erik" erik
service "erik in three days" erik ', "/usr/bin/faketime", "+3 days"'
service "tokens of carl" carl
cat >>"$OBJECTS" <<'CONTROL'
object CheckCommand "control" { command = [ "/bin/echo", "a check whose data Icinga warns about|x=U" ] }
object Service "control" { host_name = NodeName; check_command = "control"; check_interval = 5s }
CONTROL
tree_in $MACHINE icinga2 feature enable perfdata graphite >/dev/null
machine_boot $MACHINE
inside systemctl stop icinga2
rm -f "$TREE"/var/log/icinga2/*.log
inside systemd-run -q --unit graphite socat -u TCP-LISTEN:2003,fork,reuseaddr OPEN:/var/tmp/graphite,creat,append
a_person dana user_long user_due user_expired page_never
a_person erik user_long
for _ in 1 2; do machine_as $MACHINE erik 'igauth keep </dev/null'; done # the second shows that something starts them
a_person carl
many_tokens carl 300
printf 'nagios ALL = (dana, erik, carl) NOPASSWD: /usr/local/bin/igauth status *, /usr/bin/faketime * /usr/local/bin/igauth status *\n' \
    >"$TREE/etc/sudoers.d/igauth"
inside icinga2 daemon -C >"$TREE/var/tmp/warnings" 2>&1 || true
! grep -E 'warning|critical' "$TREE/var/tmp/warnings" || failed "Icinga finds fault with the configuration"
inside systemctl start icinga2

results() { cat "$TREE"/var/spool/icinga2/perfdata/service* 2>/dev/null; }
checked() { results | grep -q "SERVICEDESC::$1.*igauth_\|SERVICEDESC::$1.*SERVICEPERFDATA::."; }
state_of() { results | grep "SERVICEDESC::$1" | tail -1 | grep -oE 'SERVICESTATE::[A-Z]+' | cut -d: -f3; }
for expected in "instagram tokens=CRITICAL" "tokens of erik=OK" "erik in three days=WARNING" "tokens of carl=OK"; do
    name=${expected%=*}
    wait_for 120 "a check of '$name'" checked "$name"
    shown "$name: $(state_of "$name")"
    [ "$(state_of "$name")" = "${expected#*=}" ] || failed "not ${expected#*=}"
done
for person in dana erik carl; do
    machine_as $MACHINE $person "igauth status --format nagios || true" | sed -E 's/^/   /; s/^(.{150}).*/\1.../'
done
machine_as $MACHINE erik "faketime '+3 days' igauth status --format nagios || true" | sed 's/^/   /'
wait_for 60 "the warning about the control" inside grep -qE 'warning.*control' /var/log/icinga2/icinga2.log
shown "control: $(inside grep -E 'warning.*control' /var/log/icinga2/icinga2.log | head -1)"
inside grep -E 'warning|critical' /var/log/icinga2/icinga2.log \
    | grep -E 'instagram tokens|tokens of|in three days' >"$TREE/var/tmp/warnings" || true
[ ! -s "$TREE/var/tmp/warnings" ] || failed "Icinga warns: $(head -5 "$TREE/var/tmp/warnings")"
values() { grep -aoE "$1[^ ]*perfdata[^ ]*\.value [^ ]+" "$TREE/var/tmp/graphite" | cut -d' ' -f1 | sort -u; }
shown "values in Graphite: $(values instagram_tokens | wc -l) of dana, $(values tokens_of_carl | wc -l) of carl's 300 tokens, which fit in 8,000 bytes"
[ "$(values tokens_of_carl | wc -l)" -gt 50 ] || failed "data of carl is lost"

say "node_exporter reads the files of all"
inside chmod 1777 $METRICS
for person in dana erik carl; do
    machine_as $MACHINE $person "igauth status --format prometheus --output $METRICS/$person.prom" || true
    inside sh -c "promtool check metrics <$METRICS/$person.prom" || failed "promtool refuses $person.prom"
done
scraped() { inside curl -sf http://127.0.0.1:9100/metrics; }
scraped >"$TREE/var/tmp/scraped"
grep -q '^node_textfile_scrape_error 0$' "$TREE/var/tmp/scraped" || failed "node_exporter cannot read a file"
! grep -E '^# TYPE igauth_.* untyped' "$TREE/var/tmp/scraped" || failed "a series without a type"
cat "$TREE$METRICS"/*.prom | grep -c '^igauth_' >"$TREE/var/tmp/written"
shown "series written: $(cat "$TREE/var/tmp/written"), read by node_exporter: $(grep -c '^igauth_' "$TREE/var/tmp/scraped")"
[ "$(cat "$TREE/var/tmp/written")" = "$(grep -c '^igauth_' "$TREE/var/tmp/scraped")" ] || failed "series are lost"
! inside journalctl -q --no-pager -u prometheus-node-exporter | grep -iE 'level=(warn|error).*textfile' || failed "node_exporter complains"
say "All as it should be"

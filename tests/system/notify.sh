#!/bin/sh
# What a service manager is told: by sd_notify's protocol, at a socket of ours.
. "${srcdir:-.}/tests/lib/server.sh"

HEARER=${HEARER:-./tests/lib/hearer}

# hear ADDRESS: what is said there goes to $dir/heard.
hear() {
	: >"$dir/heard"
	"$HEARER" "$1" >"$dir/heard" 2>&1 &
	hearer=$!
	started="$started $hearer"
	wait_until heard '^hearing'
}

heard() {
	grep -q -e "$1" "$dir/heard"
}

# heard_times WORDS N: so often at least.
heard_times() {
	test "$(grep -c -e "$1" "$dir/heard")" -ge "$2"
}

deaf() {
	kill "$hearer"
	wait "$hearer" 2>/dev/null
	rm -f "$dir/notify"
}

# start_told ADDRESS [NAME=VALUE …]: a server with these in its environment.
start_told() {
	conf "$more"
	launch env "NOTIFY_SOCKET=$@" "$PIGATOD" "$dir/conf"
	wait_until logged 'pigatod ready' || return 1
	address=$(logged_address address)
	intch=$(logged_address intch)
}
more=

# ---- states ----

hear "$dir/notify"
start_told "$dir/notify" || { not_ok "it starts"; done_testing; exit 1; }
shows "READY when it serves, with its pid" \
	wait_until heard "^READY=1 MAINPID=$server\$"
shows "STATUS tells the figures" wait_until heard \
	'^STATUS=serving: 0 workers, 0 services, 0 requests waiting, 0 in flight$'
peers <<'END'
w open
w send W 1 echo
w expect W 1
c open
c send C 2 nobody r1 x {"timeout":-1}
c send C 2 nobody r2 x {"timeout":-1}
c send C 2 echo r3 x {"timeout":-1}
w expect W 2 c echo \e r3 x {"timeout":-1}
END
shows "… also those of a server that has nothing to do since" wait_until heard \
	'^STATUS=serving: 1 worker, 1 service, 2 requests waiting, 1 in flight$'
shows "no watchdog that nobody asked for" sh -c '! grep -q WATCHDOG "$1"' - \
	"$dir/heard"

kill -HUP "$server"
shows "RELOADING, with the time" \
	wait_until heard '^RELOADING=1 MONOTONIC_USEC=[1-9][0-9]*$'
shows "… and READY when it is done" wait_until heard_times '^READY=1' 2
echo 'no_such_option = 1;' >>"$dir/conf"
kill -HUP "$server"
shows "READY also when a reload was refused" \
	wait_until heard_times '^READY=1' 3
shows "… each after its RELOADING" heard_times '^RELOADING=1' 2

kill -USR2 "$server"
shows "STOPPING when it drains, and time is asked for" \
	wait_until heard '^STOPPING=1 EXTEND_TIMEOUT_USEC='
shows "… and again as long as it lasts" \
	wait_until heard '^EXTEND_TIMEOUT_USEC=[0-9]* STATUS=draining: '
kill -TERM "$server"
ended
shows "STOPPING is said once" test "$(grep -c STOPPING "$dir/heard")" = 1

start_told "$dir/notify"
admin=$(logged_address admin)
: >"$dir/heard"
"$PEER" "$admin" 2>"$dir/peer" <<'END'
c open
c send C 2 nobody r1 x {"timeout":-1}
c send C 2 $conf r2 {"cmd":"drain"} {}
c expect C 3 \e r2 0 {} {}
END
shows "STOPPING when an operator drains it" \
	wait_until heard '^STOPPING=1 EXTEND_TIMEOUT_USEC='
kill -HUP "$server"
wait_until logged 'settings reloaded'
shows "… and READY no more after that" \
	sh -c '! grep -q -e READY -e RELOADING "$1"' - "$dir/heard"
kill -USR2 "$server"
kill -TERM "$server"
ended
shows "USR2 is its first word then, and TERM stops it" test "$status" = 0

# ---- the watchdog ----

start_told "$dir/notify" WATCHDOG_USEC=100000
shows "the watchdog is fed, also when nothing happens" \
	wait_until heard_times '^WATCHDOG=1' 10
stop
deaf

hear "@pigatod-test-$$"
start_told "@pigatod-test-$$" WATCHDOG_USEC=2000 WATCHDOG_PID=1
shows "a socket without a file" wait_until heard '^READY=1'
kill -HUP "$server"
wait_until heard_times '^READY=1' 2
shows "somebody else's watchdog is not fed" \
	sh -c '! grep -q WATCHDOG "$1"' - "$dir/heard"
kill -TERM "$server"
ended
shows "STOPPING when it is told to stop" wait_until heard '^STOPPING=1'
deaf

# ---- detached ----

hear "$dir/notify"
conf "daemonize = true; pid_file = \"$dir/pid_file\";
log_file = \"$dir/log\";"
# The parent is the process that the watchdog is for.
sh -c 'WATCHDOG_USEC=100000 WATCHDOG_PID=$$ NOTIFY_SOCKET=$1; shift
	export WATCHDOG_USEC WATCHDOG_PID NOTIFY_SOCKET; exec "$@"' \
	- "$dir/notify" "$PIGATOD" "$dir/conf"
server=$(cat "$dir/pid_file")
started="$started $server"
shows "a server that detached says which process it is now" \
	wait_until heard "^READY=1 MAINPID=$server\$"
shows "… and feeds the watchdog" wait_until heard_times '^WATCHDOG=1' 3
kill -TERM "$server"
wait_until test ! -e "$dir/pid_file"
deaf

# ---- nobody, or nonsense ----

for where in "$dir/nobody" nonsense @ "/$(printf '%0120d' 0)"; do
	start_told "$where"
	shows "it serves though nobody is at $(echo "$where" | cut -c 1-12)" \
		stop
	shows "… of which it warns" logged 'warn: .*service manager\|NOTIFY'
done

done_testing

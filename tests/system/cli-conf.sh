#!/bin/sh
# pigato-cli conf and monitor, a drain by them, and how they find the administrative endpoint.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/cli.sh"

conf 'dispatch = "rr";'
gives_nothing() {
	cli 0 "$@" && test ! -s "$dir/out"
}

start || { not_ok "the server starts"; done_testing; exit 1; }

shows "the endpoint in the run directory is found" \
	gives "dispatch = \"rr\";  # $dir/conf:4" conf get dispatch
shows "set tells what has changed, and nothing else" \
	gives 'dispatch = "load";  # was "rr"' \
	conf set dispatch load heartbeat 600000
shows "several that begin alike are told" \
	gives 'default_concurrency = 100;  # default' conf get 'default_c*'
shows "a wrong value is told" cli 2 conf set dispatch x
shows "… with what would be right" says 'must be one of load, rand, rr'
bytes=$(printf '\377')
shows "… and one that is no text" cli 2 conf set dispatch "$bytes"
shows "… with what would be" says 'wanted: names and values in UTF-8'
shows "… as well as a name" cli 2 conf get "$bytes"
shows "half a pair is a mistake in usage" cli 2 conf set dispatch
shows "… as is what is no deed" cli 2 conf rewrit
shows "… which names the nearest" says 'the nearest is rewrite'
shows "rewrite" gives '1 written' conf rewrite
shows "… has put it into the file" grep -q 'dispatch = "load"' "$dir/conf"
shows "reload" gives_nothing conf reload
shows "the answer as JSON" gives '{
  "written": 0
}' conf rewrite --json
# ---- counters ----

serve echo --echo -e "$address" || not_ok "a worker starts"
"$CLI" request echo 1 -e "$address" >/dev/null
shows "requests are counted" cli 0 info requests
shows "… one so far" says '^served:1$'
shows "reset lets counters begin anew" gives_nothing conf reset
shows "… all of them" cli 0 info requests
shows "… from nothing" says '^served:0$'
shows "… what there is stays" cli 0 info workers
shows "… a worker" says '^workers:1$'
shows "the answer as JSON is empty" gives '{}' conf reset --json

# ---- where ----

mkdir "$dir/away"
RUNTIME_DIRECTORY=$dir/away
shows "a place with none is told" \
	cli 3 --connect-timeout 200 --admin "ipc://$dir/away/x" conf get hwm
shows "--admin goes over that" \
	gives 'hwm = 100000;  # default' --admin "$admin" conf get hwm
PIGATO_ADMIN_URL=$admin
export PIGATO_ADMIN_URL
shows "PIGATO_ADMIN_URL does" gives 'hwm = 100000;  # default' conf get hwm
unset PIGATO_ADMIN_URL
printf 'dir --names\nconf get hwm\ndir --names\n' >"$dir/lines"
shows "in a shell both endpoints are talked to" sh -c '
	test "$("$1" -e "$2" --admin "$3" <"$4")" = "echo
hwm = 100000;  # default
echo"' - "$CLI" "$address" "$admin" "$dir/lines"
shows "the public address denies it" \
	cli 6 --admin "$address" conf get hwm

# ---- monitor ----

RUNTIME_DIRECTORY=$dir

shows "monitor starts" background monitor monitor -l debug -m 'moni*'
asks() {
	cli 5 request monitored 1 --failfast -e "$address"
	grep -q 'request client=.* service=monitored' "$dir/monitor.out"
}
shows "… and prints what happens" wait_until asks
shows "… of what was wanted alone" \
	sh -c '! grep -q "service=echo" "$1"' - "$dir/monitor.out"
kill -TERM "$(cat "$dir/monitor.pid")"
shows "… until it is stopped" ends monitor 143
shows "a level that is none is told" cli 2 monitor --level loud
shows "… with what would be right" says 'level is warn, info or debug'

# asks_bytes: for a service whose name is no text, and for others.
asks_bytes() {
	cli 5 request "$bytes$bytes" 1 --failfast -e "$address" &&
		cli 5 request other 1 --failfast -e "$address" &&
		grep -q 'request client=.* service=\\xff\\xff' "$dir/monitor.out"
}
shows "names that are no text may be meant" \
	background monitor monitor -l debug -m "$bytes*"
shows "… and are told of" wait_until asks_bytes
shows "… alone" sh -c '! grep -q "service=other" "$1"' - "$dir/monitor.out"
kill -TERM "$(cat "$dir/monitor.pid")"
shows "… until it is stopped" ends monitor 143

background monitor monitor -l debug
shows "a broker is watched" wait_until asks
kill -KILL "$server"
ended
shows "… which goes" wait_until grep -q 'gone; trying on' "$dir/monitor.err"
: >"$dir/monitor.out"
start || not_ok "the server comes back"
shows "… and comes back, and is watched on" wait_until asks
kill -TERM "$(cat "$dir/monitor.pid")"
shows "… until that is stopped" ends monitor 143

shows "the worker stops" stops echo

# ---- drain ----

peers <<'END'
c open
c send C 2 nobody r1 x {"timeout":-1}
c send C 4
c expect C 4
END
shows "monitor starts" background watcher monitor
is_watched() {
	cli 0 requests && says '[$]monitor'
}
wait_until is_watched
shows "conf drain" gives_nothing conf drain
shows "… is no second signal" gives_nothing conf drain
shows "… which the log tells" logged 'info: drain by request client='
peers <<'END'
c open
c send C 2 nobody r2 x {}
c expect C 3 \e r2 -1 "DRAINING" {}
v open
v send W 1 nobody
v expect W 1
v expect W 2 * nobody \e r1 x {"timeout":-1}
v send W 3 c \e r1 0 "yo" {}
v expect W 5
END
ended
shows "… ends the server with 0 when all is answered" test "$status" = 0
shows "… and all monitors, by an error" ends watcher 1
shows "… with a name" grep -q DRAINING "$dir/watcher.err"

done_testing

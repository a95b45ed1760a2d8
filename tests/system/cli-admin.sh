#!/bin/sh
# pigato-cli for operators: what it shows of a broker, and what it does to it.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/cli.sh"
. "${srcdir:-.}/tests/lib/completion.sh"
unset PIGATO_ADMIN_URL XDG_RUNTIME_DIR
export RUNTIME_DIRECTORY="$dir"

start || { not_ok "the server starts"; done_testing; exit 1; }
PIGATO_URL=$address
export PIGATO_URL
serve echo --echo || not_ok "a worker starts"
serve 'echo@1.0.0' --echo || not_ok "another worker starts"

# has FILE-PATTERN …: each is in what was said.
has() {
	for pattern_; do
		says "$pattern_" || { echo "not there: $pattern_"; return 1; }
	done
}

# ---- info ----

shows "a request is answered" gives 1 request echo 1
shows "info finds the socket in the run directory" cli 0 info
shows "… and has headings and lines" has '^# Server$' "^pid:$server$" \
	'^# Requests$' '^served:1$'
shows "… spreads in a line" has '^worker_us:count=1,mean=[0-9]*,p50='
shows "… and an empty line between sections" has '^$'
shows "a section alone" cli 0 info requests
shows "… is that" sh -c '! grep -q "^# Server" "$1"' - "$dir/out"
shows "two sections" cli 0 info errors workers
shows "… are both there" has '^# Workers' '^# Errors'
shows "--json is JSON" cli 0 info server --json
shows "… indented" has '^  "server": {$'
shows "a section that is none: 2" cli 2 info nonsense
shows "… and which there are" has 'there are server, .* latency$'
shows "latency tells of the loop" cli 0 latency
shows "… in lines" has '^turns:[1-9]' '^turn_us:count='

# ---- where ----

shows "an address that is not for operators: 6" cli 6 -e "$address" info
shows "… and the line says which is" has "^pigato-cli: info: $address" \
	'--admin URL'
shows "--admin names it" cli 0 -e "$address" --admin "$admin" info
shows "… behind the command as well" cli 0 info --admin "$admin"
shows "PIGATO_ADMIN_URL, too" env RUNTIME_DIRECTORY=/none \
	PIGATO_ADMIN_URL="$admin" "$CLI" info
shows "nobody there: 3" env PIGATO_ADMIN_URL="ipc://$dir/nobody" sh -c \
	'"$1" --connect-timeout 100 info; test $? = 3' - "$CLI"
shows "nowhere to look: 2" env -u RUNTIME_DIRECTORY XDG_RUNTIME_DIR= \
	PIGATO_ADMIN_URL=nonsense sh -c '"$1" info; test $? = 2' - "$CLI"

# ---- lists ----

# row COLUMNS PATTERN: one of the columns' rows, which end with tabs, is so.
tab=$(printf '\t')
row() {
	tr "$tab" ' ' <"$dir/out" | grep -q -e "$1"
}

shows "workers" cli 0 workers
shows "… are columns under their names" row '^worker service state in_flight'
shows "… of each worker" row '^W-[^ ]* echo free 0 100 0 1 0 [1-9]'
shows "… with or without the other services'" row '^W-[^ ]* echo@1.0.0 free'
shows "those of a service" cli 0 workers --service echo --names
shows "… alone" sh -c 'test $(wc -l <"$1") = 1' - "$dir/out"
worker=$(cat "$dir/out")
shows "one worker" cli 0 workers --worker "$worker" --bare
shows "… without a heading" sh -c 'test $(wc -l <"$1") = 1' - "$dir/out"
shows "services" cli 0 services
shows "… with figures" row '^echo 1 0 0 1 0 0 0'
shows "… by how they begin" gives 'echo
echo@1.0.0' services --prefix echo --names
shows "more than the limit" cli 0 services --limit 1 --names
shows "… is told" has '^pigato-cli: services: 1 of [3-9] are shown'
shows "as JSON" cli 0 services --service echo --json
shows "… all is there" has '^\[$' '"service": "echo"' '"p99_9":'
shows "clients" cli 0 clients
shows "… and how often they asked" row '^C-[^ ]* [01] [1-9]'

many_services
count() {
	"$CLI" "$@" --names >"$dir/out" 2>"$dir/err" && sort -u "$dir/out" |
		grep -c '^many-\|^r-'
}
shows "a long list is followed to its end" \
	test "$(count services --limit 0)" = 1440
shows "… or to the limit" test "$(count services --limit 1200)" -ge 1190
shows "… which it says" grep -q '^pigato-cli: services: 1200 of 14' "$dir/err"
shows "another one as well" test "$(count requests --limit 0)" = 1440

# ---- requests, and to end them ----

background long request nobody
# waits SERVICE: a request for it does; sets $client and $rid.
waits() {
	"$CLI" requests --service "$1" --bare >"$dir/row" &&
		test -s "$dir/row" && read -r rid client _ <"$dir/row"
}
shows "a request that waits is listed" wait_until waits nobody
shows "route tells of it" \
	cli 5 route --client "$client" --rid "$rid"
shows "… that nobody would get it" has '^nobody: given to nobody'
shows "cancel ends it" cli 0 cancel "$client" "$rid"
shows "… for its client, too" ends long 1
shows "… by the name of that error" grep -q CANCELLED "$dir/long.err"
shows "… and it is gone" cli 1 cancel "$client" "$rid"
shows "… which is told" has 'no such request'
shows "the oldest" cli 0 requests --oldest --limit 1 --names
shows "… are those that came first" has '^r-1-1-a$'

# ---- who would get it ----

shows "route names the worker" cli 0 route echo
shows "… at once" has "^echo: given to $worker, 0 in its queue"
shows "… and why" row "^$worker chosen echo 0 100"
shows "… with data as well, which is not looked at" cli 0 route echo '"data"'
shows "a version that nobody has: 5" cli 5 route 'echo@^2.0.0'
shows "… passes over one that looks like it" row '^echo@1.0.0 version 1'
shows "the worker that is named" cli 0 route echo --worker "$worker"
shows "… or that is none: 5" cli 5 route echo --worker nobody
shows "route as JSON" cli 0 route echo --json
shows "… indented" has "^  \"worker\": \"$worker\""

# ---- pause ----

shows "a service is paused" cli 0 service pause echo
shows "… which is said" has '^service:echo$'
shows "… and route knows" cli 5 route echo
shows "… why" has 'it is paused' service_paused
background paused request echo '"later"'
shows "… a request waits" wait_until waits echo
shows "it is resumed" cli 0 service resume echo --json
shows "… which is said in JSON" has '^  "service": "echo"'
shows "… and the request answered" ends paused 0
shows "one that is built in cannot be paused: 2" cli 2 service pause '$info'
shows "… which the broker says" has '^pigato-cli: service: .*built in'

# ---- workers leave ----

shows "no such worker: 5" cli 5 worker drain nobody
shows "… is told" has '^pigato-cli: worker: no such worker$'
shows "a worker is drained" cli 0 worker drain "$worker"
shows "… and had nothing to do" has "^worker:$worker$" '^in_flight:0$'
other=$("$CLI" workers --service echo@1.0.0 --names)
background busy request busy
story "a worker takes a request" <<'END'
w open killme
w send W 1 busy
w until W 2 =c busy \e =r ...
END
shows "a worker is killed" cli 0 worker kill killme
shows "… and had one" has '^in_flight:1$'
shows "… which is lost" ends busy 1
shows "… by name" grep -q WORKER_LOST "$dir/busy.err"
shows "the other one was left alone" \
	test "$("$CLI" workers --service echo@1.0.0 --names)" = "$other"

# ---- slow requests ----

shows "slowlog" cli 0 slowlog
shows "… is columns" row '^number ago_ms service end queue_us worker_us'
shows "… and can be emptied" cli 0 slowlog reset
shows "… which is said" has '^dropped:[0-9]'

wrong "no such thing to do to a worker" 'nearest is kill' worker kil x
wrong "… to a service" 'nearest is resume' service resmue x
wrong "… to the slow log" 'nearest is reset' slowlog rest
wrong "… to the cache" 'wanted: stats, flush' cache nonsense
wrong "a worker without its id" 'wanted: worker kill | drain ID' worker kill
wrong "half a request" 'go together' requests --client x
wrong "two filters" 'not both' requests --oldest --worker x
wrong "two filters of workers" 'not both' workers --service x --worker x
wrong "two filters of services" 'not both' services --service x --prefix x
wrong "nothing to route" 'wanted: either' route
wrong "half a pending request" 'go together' route --rid x
wrong "a pending request of a service" 'wanted: either' \
	route x --client x --rid x

# ---- at a terminal ----

TERM=xterm
NO_COLOR=1
LC_ALL=C.UTF-8
export TERM NO_COLOR LC_ALL

story "a worker with an odd name" <<'END'
w open
w send W 1 wide-\xe4\xb8\xad\xe6\x96\x87\x1b[31m
w expect W 1
END
person "a list is a table, names do nothing, wide ones take their room" <<'END'
expect pigato>
type services --prefix wide
expect \x0aSERVICE            WORKERS  QUEUED
expect \x0awide-\xe4\xb8\xad\xe6\x96\x87\\x1b[31m        1       0
expect pigato>
type workers -s echo@1.0.0
expect SILENT
expect echo@1.0.0  free
expect 100
expect pigato>
keys work\x09s --ser\x09 echo@1.0.0 --names
type \e
expect \x0aW-
expect pigato>
keys worker dr\x09kill
keys me\x09
type \e
expect no such worker
expect pigato>
type quit
end 0
END

if command -v bash >/dev/null; then
	shows "bash completes deeds" completes 'pigato-cli worker ' 'kill drain'
	shows "… their workers" completes "pigato-cli worker kill ${other%??}" "$other"
	shows "… services" completes 'pigato-cli service pause echo@' echo@1.0.0
	shows "… sections" completes 'pigato-cli info ser' 'server services'
fi

shows "the workers stop" stops echo
shows "… both" stops echo@1.0.0
shows "the server stops" stop
done_testing

#!/bin/sh
# pigato-cli stat: lines of rates.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/cli.sh"
unset PIGATO_ADMIN_URL
conf "bind = ( \"ipc://$dir/sock\" );"
sed -i 1d "$dir/conf"

start || { not_ok "the server starts"; done_testing; exit 1; }
PIGATO_URL=$address
export PIGATO_URL
serve echo --echo || not_ok "a worker starts"

lines() {
	test "$(wc -l <"$dir/out")" = "$1"
}

shows "a line each interval, under a heading" \
	cli 0 stat --interval 0.1 --count 21
shows "… which is repeated every 20 lines" \
	test "$(grep -c '^TIME  *REQ/S' "$dir/out")" = 2
shows "… so many" lines 23
shows "--stat is the same" cli 0 --stat -i 0.1 -n 1
shows "… behind other options, too" cli 0 -e "$admin" --stat -i 0.1 -n 1
shows "… and is no option of a command" cli 2 request echo --stat
shows "--csv has one heading" cli 0 stat --csv --interval 0.1 --count 21
shows "… of names" says '^time,requests_per_s,'
shows "… and no other" lines 22
# The request that asks is one: 10 a second, if nobody is late; 1 in a minute.
shows "… rates of what is asked here" \
	grep -q '^[-0-9]*T[:0-9]*Z,[0-9]*[1-9.][0-9.]*,0.0,0.0,' "$dir/out"
shows "--json has objects" cli 0 stat --json --interval 0.1 --count 1
shows "… of the same" says '^{"time":"[^"]*","requests_per_s":[0-9.]*,.*}$'
wrong "two forms" 'not both' stat --csv --json
wrong "an interval that is none" 'wanted: seconds' stat --interval 1s
wrong "one that is too short" 'wanted: seconds' stat --interval 0.01
shows "no broker: 3" cli 3 --admin "ipc://$dir/nobody" --connect-timeout 100 \
	stat

# has PATTERN: the lines so far.
has() {
	grep -q -e "$1" "$dir/stat.out"
}

"$CLI" request echo 1 --count 100 >/dev/null
background stat --connect-timeout 200 stat --json --interval 0.1
shows "rates" wait_until has requests_per_s
"$CLI" request echo 1 --count 1000 >/dev/null
shows "… of requests and replies" wait_until \
	has '"requests_per_s":[1-9][0-9]*\.[0-9],"served_per_s":[1-9]'
shows "… and what there is" has '"workers":1,'
stopped=$server
shows "the server stops" stop
shows "… which is told" wait_until grep -q "no broker answers" "$dir/stat.err"
start
n_lines=$(wc -l <"$dir/stat.out")
more() {
	test "$(wc -l <"$dir/stat.out")" -gt $((n_lines + 2))
}
shows "… and when it is back, it goes on" wait_until more
shows "… without a rate below nothing" sh -c '! grep -q ":-" "$1"' - \
	"$dir/stat.out"
test "$stopped" != "$server" || not_ok "another server"
kill -TERM "$(cat "$dir/stat.pid")"
shows "a signal ends it" ends stat 143
shows "output that nobody reads ends it" sh -c \
	'"$1" stat -i 0.1 | head -n 1 | grep -q TIME' - "$CLI"

shows "the worker stops" stops echo
shows "the server stops" stop
done_testing

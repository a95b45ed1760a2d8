#!/bin/sh
# libpigato-client and the real pigatod: features, then brokers that are
# killed, stopped and started again under load.
. "${srcdir:-.}/tests/lib/server.sh"

LIVE=${LIVE:-./tests/client/live}

# work ADDRESS …: workers in the background, until the end.
work() {
	"$LIVE" work "$@" </dev/null >/dev/null 2>&1 &
	started="$started $!"
}

# load ADDRESSES: requests in the background; what they say is in $dir/load.
load() {
	: >"$dir/load"
	rm -f "$dir/load-status"
	(
		"$LIVE" load "$1" 20000 >"$dir/load" 2>&1 &
		echo $! >"$dir/load-pid"
		wait $!
		echo $? >"$dir/load-status"
	) </dev/null 2>/dev/null &
	wait_until test -s "$dir/load-pid"
	started="$started $(cat "$dir/load-pid")"
}

loaded() {
	grep -q -e "$1" "$dir/load"
}

load_ended_well() {
	wait_until test -s "$dir/load-status"
	cat "$dir/load"
	test "$(cat "$dir/load-status")" = 0
}

# again: the server that was killed, at the address it had.
again() {
	sed "s|^bind = .*|bind = ( \"$address\" );|" "$dir/conf" >"$dir/new"
	mv "$dir/new" "$dir/conf"
	start
}

start || { not_ok "the server starts"; done_testing; exit 1; }
work "$address"
shows "calls, errors, streams, options, cancel" "$LIVE" features "$address"

load "$address"
wait_until loaded 'done 20%'
kill -KILL "$server"
wait_until loaded 'disconnect'
ended
again
wait_until loaded 'done 50%'
kill -KILL "$server"
ended
again
shows "a broker killed twice under load: all are answered" load_ended_well

load "$address"
wait_until loaded 'done 20%'
kill -STOP "$server"
wait_until loaded 'disconnect'
kill -CONT "$server"
shows "a broker stopped under load: all are answered" load_ended_well

first=$server
first_address=$address
conf ""
start
second_address=$address
work "$second_address"
load "$first_address,$second_address"
wait_until loaded 'done 20%'
kill -KILL "$first"
wait_until test -s "$dir/status"
rm -f "$dir/status" # of the first
shows "one of two brokers killed: all are answered" load_ended_well
shows "and the program has been told" loaded "disconnect $first_address"
shows "the other one stops as it should" stop

done_testing

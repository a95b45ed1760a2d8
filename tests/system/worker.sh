#!/bin/sh
# Our own client and workers in one loop, at the real pigatod: features, then
# workers that leave and brokers that are killed and stopped under load.
. "${srcdir:-.}/tests/lib/server.sh"

PAIR=${PAIR:-./tests/client/pair}

# load calm|storm ADDRESSES: in the background; what it says is in $dir/load.
load() {
	: >"$dir/load"
	rm -f "$dir/load-status" "$dir/load-pid"
	(
		"$PAIR" "$1" "$2" 20000 >"$dir/load" 2>&1 &
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
shows "each feature" "$PAIR" features "$address"

load calm "$address"
shows "workers that drain under load lose nothing" load_ended_well
shows "… and break no protocol" sh -c '! grep "broke the protocol" "$1"' - \
	"$dir/log"

load storm "$address"
wait_until loaded 'done 20%'
kill -KILL "$server"
wait_until loaded 'worker disconnect'
ended
again
wait_until loaded 'done 50%'
kill -TERM "$server"
ended
again
shows "a broker killed, then stopped: all are accounted for" load_ended_well

load storm "$address"
wait_until loaded 'done 20%'
kill -STOP "$server"
wait_until loaded 'worker disconnect'
kill -CONT "$server"
shows "a broker halted for a while: all are accounted for" load_ended_well

first=$server
first_address=$address
conf ""
start
load storm "$first_address,$address"
wait_until loaded 'done 20%'
kill -KILL "$first"
shows "one of two brokers killed: all are accounted for" load_ended_well
shows "and the workers have been told" \
	loaded "worker disconnect $first_address"
rm -f "$dir/status" # of the first
shows "the other one stops as it should" stop

done_testing

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

start || { not_ok "the server starts"; done_testing; exit 1; }
work "$address"
shows "calls, errors, streams, options, cancel" "$LIVE" features "$address"

load "$LIVE" load "$address" 20000
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

load "$LIVE" load "$address" 20000
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
load "$LIVE" load "$first_address,$second_address" 20000
wait_until loaded 'done 20%'
kill -KILL "$first"
ended "$first"
shows "one of two brokers killed: all are answered" load_ended_well
shows "and the program has been told" loaded "disconnect $first_address"
shows "the other one stops as it should" stop

done_testing

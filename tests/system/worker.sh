#!/bin/sh
# Our own client and workers in one loop, at the real pigatod: features, then
# workers that leave and brokers that are killed and stopped under load.
. "${srcdir:-.}/tests/lib/server.sh"

PAIR=${PAIR:-./tests/client/pair}

start || { not_ok "the server starts"; done_testing; exit 1; }
shows "each feature" "$PAIR" features "$address"

load "$PAIR" calm "$address" 20000
shows "workers that drain under load lose nothing" load_ended_well
shows "… and break no protocol" sh -c '! grep "broke the protocol" "$1"' - \
	"$dir/log"

load "$PAIR" storm "$address" 20000
wait_until loaded 'done 20%'
kill -KILL "$server"
wait_until loaded 'worker disconnect'
ended
again
wait_until loaded 'done 50%'
kill -TERM "$server"
ended
again --heartbeat 1000
shows "a broker killed, then stopped: all are accounted for" load_ended_well

# Heartbeats: a worker that leaves meanwhile cannot say so.
load "$PAIR" storm "$address" 20000
wait_until loaded 'done 20%'
kill -STOP "$server"
wait_until loaded 'worker disconnect'
kill -CONT "$server"
shows "a broker halted for a while: all are accounted for" load_ended_well

first=$server
first_address=$address
conf ""
start
load "$PAIR" storm "$first_address,$address" 20000
wait_until loaded 'done 20%'
kill -KILL "$first"
shows "one of two brokers killed: all are accounted for" load_ended_well
shows "and the workers have been told" \
	loaded "worker disconnect $first_address"
shows "the other one stops as it should" stop

if grep -q ' lo$' /proc/net/if_inet6 2>/dev/null; then
	start --bind 'tcp://[::1]:*'
	shows "each feature by IPv6" timeout 120 "$PAIR" features "$address"
	shows "that server stops as it should" stop
else
	skip "each feature by IPv6" "there is none"
fi

done_testing

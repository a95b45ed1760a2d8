#!/bin/sh
# Brokers and workers that come to harm under load, and what becomes of the
# requests: each has to end once, by its own reply or by an error that fits.
# The load runs on until the harm has been seen, and some more has been done
# afterwards.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/fault/load.sh"

quick
start || { not_ok "the server starts"; done_testing; exit 1; }

# ---- the broker ----

work "$address"
one=$worker
work "$address"
two=$worker

ask "$address" -r
for round in 1 2 3; do
	kill -KILL "$server"
	ended
	again
	goes_on ask
done
accounts "a broker killed again and again: with retry all are answered"

ask "$address" -t 700
kill -KILL "$server"
ended
again
goes_on ask
accounts "… without retry some are lost, by name" NO_BROKER TIMEOUT WORKER_LOST

ask "$address" -r
kill -TERM "$server"
ended
shows "a broker that is to stop under load stops well" test "$status" = 0
again
goes_on ask
accounts "… and with retry all are answered"

ask "$address" -t 700
kill -TERM "$server"
ended
again
goes_on ask
accounts "… without retry some are lost, by name" NO_BROKER TIMEOUT WORKER_LOST

ask "$address" -r
kill -STOP "$server"
wait_until said ask '^disconnect'
kill -CONT "$server"
goes_on ask
accounts "a broker halted until it is left: with retry all are answered"

ask "$address"
kill -STOP "$server"
kill -CONT "$server"
goes_on ask
accounts "a broker halted for a moment: all are answered"

# ---- workers ----

ask "$address"
for round in 1 2 3; do
	work "$address"
	goes_on $worker
	dismiss $worker || break
	goes_on ask
done
shows "workers that are drained under load end well" dismiss $worker
accounts "… and nothing of theirs is lost"

ask "$address" -r
work "$address"
goes_on $worker
kill -KILL "$worker_pid"
wait_until logged "worker gone.*why="
goes_on ask
accounts "a worker killed: with retry all are answered"

ask "$address"
work "$address"
goes_on $worker
kill -KILL "$worker_pid"
goes_on ask
accounts "… without retry its own are WORKER_LOST" WORKER_LOST

ask "$address" -r
work "$address"
goes_on $worker
kill -STOP "$worker_pid"
goes_on ask
wait_until logged "worker gone.*why="
kill -CONT "$worker_pid"
goes_on $worker
accounts "a worker halted until it is given up: all are answered"

dismiss $one $two $worker
shows "workers leave when there is nothing to do" test $? = 0

# ---- streams ----

work "$address" -s
one=$worker
ask "$address" -s
accounts "replies in parts come whole"
ask "$address" -rs
work "$address" -s
goes_on $worker
kill -KILL "$worker_pid"
goes_on ask
kill -KILL "$server"
ended
again
goes_on ask
accounts "… or end by name, whoever is killed" \
	WORKER_LOST PARTIAL_LOST NO_BROKER
dismiss $one
shows "the last broker stops as it should" stop

# ---- two brokers ----

for policy in failover spread; do
	brokers
	work "$first_address,$second_address"
	wait_until said $worker "^connect $first_address"
	wait_until said $worker "^connect $second_address"
	ask "$first_address,$second_address" -r -p $policy
	kill -KILL "$first"
	wait_until said ask "^disconnect $first_address"
	goes_on ask
	accounts "$policy: one of two brokers killed, all are answered"

	ask "$first_address,$second_address" -r -p $policy
	shows "… also of those that never find the first one" goes_on ask
	accounts "… all of them"
	dismiss $worker
	stop
done

done_testing

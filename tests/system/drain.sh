#!/bin/sh
# A server that drains: what it has goes on, what is new goes elsewhere.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/fault/load.sh"

# total NAME: of the last line of the log.
total() {
	sed -n "s/.* stopped.* $1=\([0-9]*\).*/\1/p" "$dir/log"
}

# ends NAME: how many requests of the load ended so.
ends() {
	sed -n "s/^$1 //p" "$dir/ask" | grep . || echo 0
}

# ---- by hand ----

conf 'log_level = "debug";'
start || { not_ok "the server starts"; done_testing; exit 1; }
mkfifo "$dir/fifo"
peers <"$dir/fifo" &
peers_pid=$!
started="$started $peers_pid"
exec 3>"$dir/fifo"
cat >&3 <<'END'
w open
w send W 1 echo
w expect W 1
c open
c send C 2 echo r1 "hi" {}
w expect W 2 c echo \e r1 "hi" {}
c send C 2 later r2 "hi" {}
c send C 4
c expect C 4
END
wait_until logged 'request client=c rid=r2'
kill -USR2 "$server"
wait_until logged 'draining requests=2'
cat >&3 <<'END'
c send C 2 echo r3 "hi" {}
c expect C 3 \e r3 -1 "DRAINING" {}
c send C 2 $dir r4 "echo" {}
c expect C 3 \e r4 0 ["w"] {}
c send C 4
c expect C 4
v open
v send W 1 later
v expect W 1
v expect W 2 c later \e r2 "hi" {}
w send W 3 c \e r1 0 "yo" {}
c expect C 3 \e r1 0 "yo" {}
v send W 3 c \e r2 0 "yo" {}
c expect C 3 \e r2 0 "yo" {}
w expect W 5
v expect W 5
END
exec 3>&-
shows "USR2: what was accepted is answered, what is new gets DRAINING" \
	wait $peers_pid
ended
shows "… and it ends with 0" test "$status" = 0
shows "… and says so" logged 'info: drained'

start
peers <<'END'
c open
c send C 2 nobody r1 x {"timeout":-1}
c send C 4
c expect C 4
END
kill -USR2 "$server"
wait_until logged 'draining requests=1'
kill -USR2 "$server"
ended
shows "a second USR2 ends it at once, with 0" test "$status" = 0

start
peers <<'END'
c open
c send C 2 nobody r1 x {"timeout":-1}
c send C 4
c expect C 4
END
kill -USR2 "$server"
wait_until logged 'draining requests=1'
kill -TERM "$server"
ended
shows "so does TERM" test "$status" = 0

conf 'drain_timeout = 300; log_level = "debug";'
start
peers <<'END' &
w open
w send W 1 echo
w expect W 1
c open
c send C 2 echo r1 x {"timeout":-1}
c send C 2 echo r2 x {"timeout":-1,"retry":1}
c send C 2 nobody r3 x {"timeout":-1}
w expect W 2 c echo \e r1 x {"timeout":-1}
w expect W 2 c echo \e r2 x {"timeout":-1,"retry":1}
c expect C 3 \e r2 -1 "DRAINING" {}
c expect C 3 \e r1 -1 "WORKER_LOST" {}
c expect C 3 \e r3 -1 "DRAINING" {}
w expect W 5
END
peers_pid=$!
started="$started $peers_pid"
wait_until logged 'request client=c rid=r3'
kill -USR2 "$server"
shows "at drain_timeout each client hears of its request" wait $peers_pid
ended
shows "… and it ends with 0" test "$status" = 0
shows "… and says why" logged 'drain timeout requests=[0-9]'

# ---- under load ----

quick
start
work "$address"
one=$worker
work "$address"
two=$worker
ask "$address" -t 2000
kill -USR2 "$server"
ended
shows "a drain under load ends with 0" test "$status" = 0
wait_until said ask '^disconnect'
accounts "… and all that was accepted is answered" DRAINING NO_BROKER TIMEOUT
shows "… no reply is lost on its way" \
	test "$(ends OK)" = "$(total replies)"
shows "… none is left out" test "$(total requests)" = \
	$(($(total replies) + $(total draining)))
shows "… and new ones were told" test "$(ends DRAINING)" -gt 0
again
dismiss $one $two
stop

brokers
work "$first_address,$second_address"
wait_until said $worker "^connect $first_address"
wait_until said $worker "^connect $second_address"
ask "$first_address,$second_address" -r
kill -USR2 "$first"
wait_until said ask "^disconnect $first_address"
goes_on ask
accounts "one of two brokers drained: with retry the other one answers"
dismiss $worker
stop

done_testing

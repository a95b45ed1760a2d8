#!/bin/sh
# What signals do to a running server.
. "${srcdir:-.}/tests/lib/server.sh"

serves() {
	peers <<-END
	c open
	c send C 4
	c expect C 4
	END
}

start || { not_ok "the server starts"; done_testing; exit 1; }
kill -TERM "$server"
ended
shows "TERM ends it with status 0" test "$status" = 0

start
kill -INT "$server"
ended
shows "INT ends it with status 0" test "$status" = 0

start
kill -PIPE "$server"
shows "PIPE is ignored" serves

peers <<'END' &
w open
w send W 1 echo
w expect W 1
v open
v send W 1 echo
v expect W 1
w expect W 5
v expect W 5
END
peers_pid=$!
wait_until sh -c 'test $(grep -c "worker ready" "$1") = 2' - "$dir/log"
stop
shows "TERM disconnects the workers" wait $peers_pid

# A worker that does not read keeps the last messages from leaving.
conf 'hwm = 10;'
start
peers <<'END' &
deaf open-deaf
deaf send W 1 deaf
deaf expect W 1
c open
repeat 90 c send C 2 deaf big\# \*400000 {}
c send C 4
c expect C 4
c send W 1 done
end open
end until never
END
peers_pid=$!
started="$started $peers_pid"
wait_until logged 'worker ready service=done'
kill -TERM "$server"
wait_until logged 'stopping'
kill -TERM "$server"
ended
shows "a second TERM ends it at once, with status 1" test "$status" = 1
kill "$peers_pid" 2>/dev/null
wait "$peers_pid" 2>/dev/null

# ---- HUP ----

conf 'log_level = "info";'
start
conf 'log_level = "debug"; dispatch = "rr";'
kill -HUP "$server"
shows "HUP reads the settings again" wait_until logged 'settings reloaded'
peers <<'END'
c open
c send C 2 nobody r1 x {"failfast":1}
c expect C 3 \e r1 -1 "NO_WORKER"
END
shows "… and puts them in force" logged ' debug: request '

cp "$dir/conf" "$dir/good"
conf 'dispatch = "no-such-policy";'
kill -HUP "$server"
shows "HUP with a bad file says what is wrong" \
	wait_until logged 'no-such-policy'
shows "… and keeps the old settings" wait_until logged 'old settings'
shows "… and the server serves" serves

cp "$dir/good" "$dir/conf"
echo 'io_threads = 2;' >>"$dir/conf"
kill -HUP "$server"
shows "HUP warns of what only a restart can change" \
	wait_until logged 'warn: .*io_threads'
shows "it still stops well" stop

# ---- USR1 ----

conf "log_file = \"$dir/server.log\";"
launch "$PIGATOD" "$dir/conf"
wait_until grep -q 'pigatod ready' "$dir/server.log"
mv "$dir/server.log" "$dir/old.log"
kill -USR1 "$server"
shows "USR1 opens the log anew" wait_until test -s "$dir/server.log"
stop
shows "… where the rest is written" grep -q 'stopped' "$dir/server.log"
shows "… and not to the old one" \
	sh -c '! grep -q stopped "$1"' - "$dir/old.log"

done_testing

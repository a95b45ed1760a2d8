#!/bin/sh
# Limits for new requests, and reloads, with load on.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/fault/load.sh"
BENCH=${BENCH:-./pigato-benchmark}

# ends NAME: how many requests of the load ended so.
ends() {
	sed -n "s/^$1 //p" "$dir/ask" | grep . || echo 0
}

# ---- by hand ----

conf 'max_queue = 2;'
start || { not_ok "the server starts"; done_testing; exit 1; }
story "beyond max_queue a new request gets BUSY" <<'END'
c open
c send C 2 nobody r1 x {}
c send C 2 nobody r2 x {}
c send C 2 nobody r3 x {}
c expect C 3 \e r3 -1 "BUSY" {}
c send C 2 $dir r4 "nobody" {}
c expect C 3 \e r4 0 [] {}
w open
w send W 1 echo
w expect W 1
c send C 2 echo r5 x {}
w expect W 2 c echo \e r5 x {}
END
shows "… of which the log warns" \
	logged 'warn: requests are refused limit=max_queue service=nobody'
shows "pigato-cli names it" exits 1 "$PIGATO_CLI" -e "$address" request nobody
shows "… in words" says 'BUSY\|too much to do'
sed 's/max_queue = 2/max_queue = 1/' "$dir/conf" >"$dir/new"
mv "$dir/new" "$dir/conf"
kill -HUP "$server"
wait_until logged 'settings reloaded'
story "a limit that is lowered drops nothing" <<'END'
d open
d send C 2 nobody r1 x {}
d expect C 3 \e r1 -1 "BUSY" {}
v open
v send W 1 nobody
v expect W 1
v expect W 2 c nobody \e r1 x {}
v expect W 2 c nobody \e r2 x {}
END
shows "the server stops" stop
shows "what was refused is counted" logged ' busy=3'

conf 'max_clients = 2000000000;'
start
shows "more clients than open files are warned of" \
	logged 'warn: more clients than open files.*max_clients=2000000000'
stop

# libzmq takes the process down when no descriptor is left for a peer that
# connects over ipc, unless it is told that nobody is there.
serves_on() {
	kill -0 "$server" && peers <<-END
	c open
	c send C 4
	c expect C 4
	END
}
cat >"$dir/conf" <<END
bind = [ "tcp://127.0.0.1:*", "ipc://$dir/peers" ];
intch = "tcp://127.0.0.1:*";
END
launch sh -c 'ulimit -n 70; exec "$@"' - "$PIGATOD" "$dir/conf"
wait_until logged 'pigatod ready'
for address in $(sed -n 's/.* listening address=//p' "$dir/log"); do
	"$BENCH" -e "$address" -c 100 -n 100 --wait 1 --timeout 500 --quiet \
		>"$dir/out" 2>&1 </dev/null
	shows "more peers than open files, at ${address%%:*}: it serves on" \
		wait_until serves_on
done
shows "it stops" stop
shows "too few open files to start with are an error" \
	exits 1 sh -c 'ulimit -n 20; exec "$@"' - "$PIGATOD" "$dir/conf"
shows "… with what would be right" says 'open_files=20 least=66'

conf 'max_memory = "1M"; max_frame = "1M"; max_message = "1M";'
start
story "max_memory, by the size of requests" <<'END'
c open
c send C 2 nobody r1 \*500000 {}
c send C 2 other r2 \*400000 {}
c send C 2 third r3 \*400000 {}
c expect C 3 \e r3 -1 "BUSY" {}
c send C 2 third r3 small {"failfast":1}
c expect C 3 \e r3 -1 "NO_WORKER" {}
c send C 2 nobody r4 \*200000 {}
c expect C 3 \e r4 -1 "BUSY" {}
END
shows "… and half of it for a service, unless told otherwise" \
	logged 'max_memory=1048576 max_service_queue_bytes=524288'
stop

# ---- under load ----

quick
echo 'max_service_queue = 10;' >>"$dir/conf"
start
work "$address" -s
one=$worker
ask "$address" -s -d 300
goes_on ask
accounts "a queue that is full under load: BUSY or a reply for each" BUSY
shows "… some of each" test "$(ends OK)" -gt 0 -a "$(ends BUSY)" -gt 0

sed '/max_service_queue/d' "$dir/conf" >"$dir/plain"
cp "$dir/plain" "$dir/conf"
kill -HUP "$server"
wait_until logged 'settings reloaded'
ask "$address" -s
for policy in rr rand load; do
	for limit in -1 1000; do
		cp "$dir/plain" "$dir/conf"
		echo "dispatch = \"$policy\"; max_queue = $limit;" >>"$dir/conf"
		n=$(grep -c 'settings reloaded' "$dir/log")
		kill -HUP "$server"
		wait_until sh -c 'test $(grep -c "settings reloaded" "$1") \
			-gt $2' - "$dir/log" "$n"
		goes_on ask
	done
done
accounts "reloads under load: all are answered"
dismiss $one
shows "the server stops" stop

done_testing

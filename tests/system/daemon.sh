#!/bin/sh
# The pid file, and detaching.
. "${srcdir:-.}/tests/lib/server.sh"

serves() {
	peers <<-END
	c open
	c send C 4
	c expect C 4
	END
}

# ---- the pid file ----

pid_file=$dir/pigatod.pid
conf "pid_file = \"$pid_file\";"
start || { not_ok "the server starts"; done_testing; exit 1; }
shows "the pid file has the pid" test "$(cat "$pid_file")" = "$server"
shows "a second server with it ends with 1" exits 1 "$PIGATOD" "$dir/conf"
shows "… and names it" says "$pid_file"
shows "… and it is as it was" test "$(cat "$pid_file")" = "$server"
shows "the server stops" stop
shows "the pid file goes with it" test ! -e "$pid_file"

start
kill -KILL "$server"
ended
shows "a killed server leaves it behind" test -s "$pid_file"
start
shows "it is taken over" test "$(cat "$pid_file")" = "$server"
stop

echo "# precious" >"$pid_file"
shows "a file that is no pid file ends with 1" exits 1 "$PIGATOD" "$dir/conf"
shows "… and is left alone" grep -q precious "$pid_file"
rm "$pid_file"

ln -s "$dir/elsewhere" "$pid_file"
shows "a link is not followed" exits 1 "$PIGATOD" "$dir/conf"
shows "… and nothing written behind it" test ! -e "$dir/elsewhere"
rm "$pid_file"

# ---- detaching ----

# It is nobody's child here: who reaps it is not ours to say.
gone() {
	! kill -0 "$server" 2>/dev/null || test "$(stat_of 3)" = Z
}

# A field of /proc/PID/stat: 3 is the state, 6 the session.
stat_of() {
	cut -d ' ' -f "$1" "/proc/$server/stat"
}

conf "pid_file = \"$pid_file\"; log_file = \"$dir/log\"; daemonize = true;"
: >"$dir/log"
shows "the starting process ends with 0" exits 0 "$PIGATOD" "$dir/conf"
server=$(cat "$pid_file")
started="$started $server"
address=$(logged_address address)
intch=$(logged_address intch)
shows "and the server is up by then" logged 'pigatod ready'
shows "it serves" serves
shows "it has a session of its own" test "$(stat_of 6)" = "$server"
shows "a second one with that file fails" exits 1 "$PIGATOD" "$dir/conf"
shows "… and tells where the reason stands" says "not started; $dir/log"
kill -TERM "$server"
shows "TERM ends it" wait_until gone
shows "its pid file goes with it" wait_until test ! -e "$pid_file"
shows "it has said good-bye" wait_until logged 'stopped'

cat >"$dir/conf" <<END
bind = ( "ipc://$dir/nowhere/socket" );
intch = "ipc://$dir/intch";
pid_file = "$pid_file";
daemonize = true;
END
shows "a start that fails fails the starting process" \
	exits 1 "$PIGATOD" "$dir/conf"
shows "… which says why" says "$dir/nowhere/socket"
shows "… and leaves no pid file" test ! -e "$pid_file"

done_testing

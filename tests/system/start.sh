#!/bin/sh
# Starting, refusing to start, and the exit status of each.
. "${srcdir:-.}/tests/lib/server.sh"

serves() {
	peers <<-END
	c open
	c send C 4
	c expect C 4
	END
}

# ---- what ends at once ----

shows "--version ends with 0" exits 0 "$PIGATOD" --version
shows "… names the libraries" says libzmq
shows "--help ends with 0" exits 0 "$PIGATOD" --help
shows "… and tells of every option" says heartbeat_liveness
shows "--dump-config ends with 0" exits 0 "$PIGATOD" --dump-config
shows "… and tells where a value is from" says default
shows "--test-config ends with 0" exits 0 "$PIGATOD" --test-config
if [ -w /dev/full ]; then
	for option in --version --help --dump-config; do
		shows "$option that cannot be written is a failure" \
			exits 1 sh -c '"$1" $2 >/dev/full' - "$PIGATOD" $option
	done
fi
shows "two files are a mistake in usage" exits 2 "$PIGATOD" a.conf b.conf
shows "an option without its value, too" exits 2 "$PIGATOD" --hwm

conf 'heartbeet = 1;'
shows "a wrong option in the file ends with 78" \
	exits 78 "$PIGATOD" --test-config "$dir/conf"
shows "… and the right one is named" says heartbeat
shows "a file that is not there ends with 78" \
	exits 78 "$PIGATOD" "$dir/none.conf"

cat >"$dir/conf" <<END
bind = ( "tcp://0.0.0.0:*" );
END
shows "protected mode refuses to listen beyond loopback" \
	exits 78 "$PIGATOD" "$dir/conf"
shows "… and tells how to allow it" says protected_mode

# ---- serving ----

conf ''
shows "it starts" start
shows "it serves" serves
shows "it says where it listens" logged 'listening address=tcp://127.0.0.1:'
shows "it says which version it is" logged 'pigatod ready version='

first=$address
first_pid=$server
cat >"$dir/second.conf" <<END
bind = ( "$first" );
intch = "tcp://127.0.0.1:*";
END
shows "a second server at the same address ends with 1" \
	exits 1 "$PIGATOD" "$dir/second.conf"
shows "… with the address in the message" says "$first"
shows "… and the first one serves on" serves
cat >"$dir/second.conf" <<END
bind = ( "tcp://127.0.0.1:*" );
intch = "$intch";
END
shows "a second server at the same channel ends with 1" \
	exits 1 "$PIGATOD" "$dir/second.conf"
shows "… with that address in the message" says "$intch"
server=$first_pid
shows "TERM ends it with status 0" stop
shows "it says good-bye with its totals" logged 'stopped requests=0'

# ---- files as addresses ----

ipc_conf() {
	cat >"$dir/conf" <<-END
	bind = ( "ipc://$1" );
	intch = "ipc://$dir/intch";
	END
}

ipc_conf "$dir/socket"
shows "it starts at an ipc address" start
shows "it serves there" serves
first_pid=$server
cat >"$dir/second.conf" <<END
bind = ( "ipc://$dir/socket" );
intch = "ipc://$dir/intch2";
END
shows "a second server does not take the socket away" \
	exits 1 "$PIGATOD" "$dir/second.conf"
shows "… it says who is in the way" says "$dir/socket"
shows "… and the first one serves on" serves
kill -KILL "$server"
ended
shows "a socket left behind is taken over" start
shows "it serves there" serves
shows "it stops" stop
shows "it leaves no socket behind" test ! -e "$dir/socket"

echo precious >"$dir/file"
ipc_conf "$dir/file"
shows "a file that is no socket is not removed" \
	exits 1 "$PIGATOD" "$dir/conf"
shows "… its bytes are there" grep -q precious "$dir/file"
ipc_conf "$dir/nowhere/socket"
shows "a directory that is not there ends with 1" \
	exits 1 "$PIGATOD" "$dir/conf"
shows "… with the address in the message" says "$dir/nowhere/socket"

# ---- settings from standard input, the log in a file ----

conf ''
launch sh -c 'exec "$1" - <"$2"' - "$PIGATOD" "$dir/conf"
wait_until logged 'pigatod ready'
address=$(logged_address address)
shows "it reads its settings from standard input" serves
kill -HUP "$server"
shows "which HUP cannot read again" wait_until logged 'standard input'
shows "… and it serves on" serves
shows "it stops" stop

conf "log_file = \"$dir/server.log\";"
launch "$PIGATOD" "$dir/conf"
shows "it logs to a file" \
	wait_until grep -q 'pigatod ready' "$dir/server.log"
shows "… and to nothing else" test ! -s "$dir/log"
shows "it stops" stop

conf "log_file = \"$dir/nowhere/log\";"
shows "a log file that cannot be opened ends with 1" \
	exits 1 "$PIGATOD" "$dir/conf"
shows "… with its name" says "$dir/nowhere/log"

done_testing

# Shell tests in TAP, and a pigatod of their own. To be read by ".", from the
# top of the build directory. Nothing here waits for a duration: wait_until
# asks for a condition, again and again, for half a minute at most. Whatever
# was started is stopped at the end, by its process id.

PIGATOD=${PIGATOD:-./pigatod}
PEER=${PEER:-./tests/lib/peer}

dir=$(mktemp -d "${TMPDIR:-/tmp}/pigatod-test.XXXXXX") || exit 99
started=
n_tests=0
n_failed=0

# The administrative socket, and pigato-cli that looks for it, stay in here.
export RUNTIME_DIRECTORY="$dir"

cleanup() {
	for pid_ in $started; do
		kill -KILL "$pid_" 2>/dev/null
	done
	rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 99' HUP INT TERM

# ok WORDS: what was to be shown has been shown.
ok() {
	n_tests=$((n_tests + 1))
	echo "ok $n_tests - $1"
}

# not_ok WORDS: it has not; the log and the peers tell more.
not_ok() {
	n_tests=$((n_tests + 1))
	n_failed=$((n_failed + 1))
	echo "not ok $n_tests - $1"
	for file_ in "$dir/log" "$dir/out" "$dir/peer"; do
		test -s "$file_" && tail -n 15 "$file_" |
			cut -c 1-300 | sed "s|^|# ${file_##*/}: |"
	done
	return 0
}

# shows WORDS COMMAND …: the command must succeed.
shows() {
	words_=$1
	shift
	if "$@" >>"$dir/out" 2>&1; then ok "$words_"; else not_ok "$words_"; fi
}

# skip WORDS WHY
skip() {
	n_tests=$((n_tests + 1))
	echo "ok $n_tests - $1 # SKIP $2"
}

# done_testing: what runs without a harness ends with test "$n_failed" = 0.
done_testing() {
	echo "1..$n_tests"
}

# wait_until COMMAND …: false if it does not come true in time.
wait_until() {
	tries_=600
	until "$@" >/dev/null 2>&1; do
		tries_=$((tries_ - 1))
		test $tries_ -gt 0 || return 1
		sleep 0.05
	done
}

logged() {
	grep -q -e "$1" "$dir/log"
}

# conf TEXT: the file of the server to come: ports of the system's choice, no
# heartbeats to get in the way, and what TEXT adds.
conf() {
	cat >"$dir/conf" <<-END
	bind = ( "tcp://127.0.0.1:*" );
	intch = "tcp://127.0.0.1:*";
	heartbeat = 600000;
	$1
	END
}

# launch COMMAND …: in the background, its output in $dir/log, its exit
# status in $dir/status.PID when it ends; sets $server.
launch() {
	rm -f "$dir/pid"
	: >"$dir/log"
	(
		"$@" >>"$dir/log" 2>&1 &
		rm -f "$dir/status.$!"
		echo $! >"$dir/pid.new"
		mv "$dir/pid.new" "$dir/pid"
		wait $!
		echo $? >"$dir/status.$!.new"
		mv "$dir/status.$!.new" "$dir/status.$!"
	) </dev/null 2>/dev/null &
	wait_until test -s "$dir/pid" || return 1
	server=$(cat "$dir/pid")
	started="$started $server"
}

# The newest address in the log.
logged_address() {
	sed -n "s/.* listening $1=\([^ ]*\).*/\1/p" "$dir/log" | tail -n 1
}

# start [OPTION …]: a pigatod that serves; sets $server, $address, $intch,
# $admin.
start() {
	test -s "$dir/conf" || conf ""
	launch "$PIGATOD" "$dir/conf" "$@"
	wait_until logged 'pigatod ready' || return 1
	address=$(logged_address address)
	intch=$(logged_address intch)
	admin=$(logged_address admin)
}

# ended [PID]: waits until the server, or the one of that id, has ended; sets
# $status.
ended() {
	pid_=${1:-$server}
	wait_until test -s "$dir/status.$pid_" || return 1
	status=$(cat "$dir/status.$pid_")
	started=$(echo " $started " | sed "s/ $pid_ / /")
}

# stop: as a user would; true if it ended well.
stop() {
	kill -TERM "$server" && ended && test "$status" = 0
}

# peers: runs the script of standard input (tests/lib/peer.c says how).
peers() {
	"$PEER" "$address" "$intch" 2>"$dir/peer"
}

# again [OPTION …]: a server that was killed, at the address it had.
again() {
	sed "s|^bind = .*|bind = ( \"$address\" );|" "$dir/conf" >"$dir/new"
	mv "$dir/new" "$dir/conf"
	start "$@"
}

# load COMMAND …: in the background; what it says is in $dir/load, its exit
# status in $dir/load-status when it ends.
load() {
	: >"$dir/load"
	rm -f "$dir/load-status" "$dir/load-pid"
	(
		"$@" >"$dir/load" 2>&1 &
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

# story WORDS: the script of standard input must go as written, and the
# server must live on.
story() {
	words_=$1
	if peers && kill -0 "$server" 2>/dev/null; then
		ok "$words_"
	else
		not_ok "$words_"
	fi
}

# exits STATUS COMMAND …: output in $dir/out, what it says on errors as well.
exits() {
	want_=$1
	shift
	timeout 30 "$@" >"$dir/out" 2>&1 </dev/null
	test $? = "$want_"
}

says() {
	grep -q -e "$1" "$dir/out"
}

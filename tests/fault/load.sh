# Load for shell tests, by tests/fault/load: who asks, who answers, and whether
# all is accounted for. To be read by "." after tests/lib/server.sh.
#
#	FAULT_SOME       requests that show that it goes on (300)

LOAD=${FAULT_LOAD:-./tests/fault/load}
SOME=${FAULT_SOME:-300}
n_workers=0

# background NAME COMMAND …: its output in $dir/NAME, its status, when it has
# ended, in $dir/NAME.status; sets $pid.
background() {
	name_=$1
	shift
	rm -f "$dir/$name_.pid" "$dir/$name_.status"
	: >"$dir/$name_"
	(
		"$@" >"$dir/$name_" 2>&1 &
		echo $! >"$dir/$name_.new"
		mv "$dir/$name_.new" "$dir/$name_.pid"
		wait $!
		echo $? >"$dir/$name_.new"
		mv "$dir/$name_.new" "$dir/$name_.status"
	) </dev/null 2>/dev/null &
	wait_until test -s "$dir/$name_.pid" || return 1
	pid=$(cat "$dir/$name_.pid")
	started="$started $pid"
}

said() {
	grep -q -e "$2" "$dir/$1"
}

# work ENDPOINTS [OPTION …]: a worker that serves; sets $worker, the name of
# its output, and $worker_pid.
work() {
	n_workers=$((n_workers + 1))
	worker=worker.$n_workers
	endpoints_=$1
	shift
	background $worker "$LOAD" work "$@" "$endpoints_"
	worker_pid=$pid
	wait_until said $worker '^connect'
}

# ask ENDPOINTS [OPTION …]: the load; sets $asker_pid. Its output is "ask".
ask() {
	endpoints_=$1
	shift
	background ask "$LOAD" ask "$@" "$endpoints_"
	asker_pid=$pid
	goes_on ask
}

at() {
	sed -n 's/^at //p' "$dir/$1" | tail -n 1
}

is_past() {
	test "$(at "$1")" -ge "$2"
}

# goes_on NAME: some more have ended, or have been answered.
goes_on() {
	before_=$(at "$1")
	wait_until is_past "$1" $((${before_:-0} + SOME))
}

# accounts WORDS ERROR …: no more load; each has ended once, by its own reply,
# or by one of these errors.
accounts() {
	words_=$1
	shift
	kill -TERM "$asker_pid"
	wait_until test -s "$dir/ask.status"
	sed -n '/^sent/,$p' "$dir/ask" | tr '\n' ' ' | sed 's/^/# /'
	echo
	grep '^[A-Z]' "$dir/ask" >"$dir/ends"
	for error_ in OK "$@"; do
		sed "/^$error_ /d" "$dir/ends" >"$dir/ends.new"
		mv "$dir/ends.new" "$dir/ends"
	done
	if test "$(cat "$dir/ask.status")" = 0 && ! test -s "$dir/ends"; then
		ok "$words_"
	else
		tail -n 15 "$dir/ask" >"$dir/out"
		not_ok "$words_"
	fi
}

# dismiss NAME …: workers leave by a drain; true if they end well.
dismiss() {
	for name_ in "$@"; do
		kill -TERM "$(cat "$dir/$name_.pid")"
	done
	for name_ in "$@"; do
		wait_until test -s "$dir/$name_.status" || return 1
		test "$(cat "$dir/$name_.status")" = 0 || return 1
	done
}

# A worker's silence is noticed after 600 ms.
quick() {
	conf 'heartbeat = 200;'
	sed '/heartbeat = 600000/d' "$dir/conf" >"$dir/new"
	mv "$dir/new" "$dir/conf"
}

# brokers: two of them; sets $first, $first_address, $second, $second_address.
brokers() {
	quick
	start || return 1
	first=$server first_address=$address
	quick
	start || return 1
	second=$server second_address=$address
}

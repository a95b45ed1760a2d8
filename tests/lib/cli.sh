# pigato-cli in shell tests, beside server.sh: to be read after it.

CLI=${PIGATO_CLI:-./pigato-cli}
TERMINAL=${TERMINAL:-./tests/lib/terminal}
unset PIGATO_URL PIGATO_ADMIN_URL PIGATO_INTCH NO_COLOR XDG_STATE_HOME
HOME=$dir
export HOME

# cli STATUS ARGUMENT …: what it says is in $dir/out.
cli() {
	want_=$1
	shift
	exits "$want_" "$CLI" "$@"
}

# gives TEXT ARGUMENT …: that and nothing else on standard output, status 0.
gives() {
	want_=$1
	shift
	timeout 30 "$CLI" "$@" >"$dir/got" 2>"$dir/out" </dev/null || return 1
	printf '%s\n' "$want_" | cmp - "$dir/got"
}

# background NAME ARGUMENT …: its output in $dir/NAME.out, what it says beside
# that in $dir/NAME.err, its exit status in $dir/NAME.status at the end; sets
# $pid.
background() {
	name_=$1
	shift
	rm -f "$dir/$name_".*
	(
		"$CLI" "$@" >"$dir/$name_.out" 2>"$dir/$name_.err" &
		echo $! >"$dir/$name_.pid.new"
		mv "$dir/$name_.pid.new" "$dir/$name_.pid"
		wait $!
		echo $? >"$dir/$name_.status.new"
		mv "$dir/$name_.status.new" "$dir/$name_.status"
	) </dev/null 2>/dev/null &
	wait_until test -s "$dir/$name_.pid" || return 1
	pid=$(cat "$dir/$name_.pid")
	started="$started $pid"
}

# serve SERVICE ARGUMENT …: in the background, until it is registered.
serve() {
	background "$1" serve "$@" &&
		wait_until grep -q "serving $1 at" "$dir/$1.err"
}

# ends NAME STATUS: it comes to its end, and with that.
ends() {
	wait_until test -s "$dir/$1.status" || return 1
	started=$(echo " $started " | sed "s/ $(cat "$dir/$1.pid") / /")
	test "$(cat "$dir/$1.status")" = "$2"
}

# stops NAME: as a user would stop it.
stops() {
	kill -TERM "$(cat "$dir/$1.pid")" && ends "$1" 0
}

# gone FILE: the process whose number is in it. One that nobody has reaped is
# gone as well: its parent was killed, and its new one may not care.
gone() {
	number_=$(cat "$1")
	! kill -0 "$number_" 2>/dev/null ||
		grep -q '^State:.*Z' "/proc/$number_/status"
}

# wrong WORDS PATTERN ARGUMENT …: usage, and the line says so.
wrong() {
	words_=$1
	pattern_=$2
	shift 2
	shows "$words_" cli 2 "$@"
	shows "… in one line with what would be right" \
		sh -c 'test $(wc -l <"$1") = 1 && grep -q -e "$2" "$1"' - \
		"$dir/out" "$pattern_"
}

# completes LINE WORDS: by bash, to these.
completes() {
	got=$(PATH=$(dirname "$CLI"):$PATH completed \
		"${srcdir:-.}/utils/pigato-cli.bash-completion" \
		_pigato_cli "$1")
	test "$got" = "$2" || { echo "$1: $got"; return 1; }
}

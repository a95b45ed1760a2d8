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

# person WORDS ARGUMENT …: at a terminal, the script of standard input goes as
# written.
person() {
	words_=$1
	shift
	if "$TERMINAL" "$CLI" "$@" 2>"$dir/out"; then
		ok "$words_"
	else
		not_ok "$words_"
	fi
}

# many_services: 1440 of them have a request, many-1-1-a r-1-1-a to
# many-12-20-f.
many_services() {
	for i_ in 1 2 3 4 5 6 7 8 9 10 11 12; do
		echo "c$i_ open"
		for k_ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
			for l_ in a b c d e f; do
				echo "c$i_ send C 2 many-$i_-$k_-$l_ r-$i_-$k_-$l_ null {}"
			done
		done
		echo "c$i_ send C 4"
		echo "c$i_ expect C 4"
	done >"$dir/many"
	story "1440 services have requests" <"$dir/many"
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

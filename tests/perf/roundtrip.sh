#!/bin/sh
# What the library adds to a round trip, beside a bare DEALER that makes the
# same exchange: the time of a call, on a quiet machine; and what a machine's
# load does not change: the instructions and the system calls of the calling
# thread. Prints a table and judges nothing.
#
# usage: roundtrip.sh [REQUESTS-A-ROUND [ROUNDS [SIZE]]]
#
# ROUNDTRIP, from the environment, is the program, already built.

roundtrip=${ROUNDTRIP:-${top_builddir:-.}/tests/perf/roundtrip}
size=${3:-100}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

die() {
	echo "roundtrip.sh: $*" >&2
	exit 1
}

# instructions WHO REQUESTS: of so many calls, all in all.
instructions() {
	valgrind --tool=callgrind --callgrind-out-file="$tmp/callgrind.%p" \
		--toggle-collect="$1" "$roundtrip" -o "$1" "$2" 1 "$size" \
		2>"$tmp/$1" || die "valgrind: $(tail -n 1 "$tmp/$1")"
	sed -n 's/.* Collected : //p' "$tmp/$1" | sort -n | tail -n 1
}

# system_calls WHO REQUESTS: of the calling thread, all in all.
system_calls() {
	strace -o "$tmp/strace" "$roundtrip" -o "$1" "$2" 1 "$size" ||
		die "strace has failed"
	grep -c '(' "$tmp/strace"
}

# each KIND WHO: of one more call; what only the first ones do is left out.
each() {
	few=$("$1" "$2" 1000) && many=$("$1" "$2" 3000) || exit 1
	awk -v few="$few" -v many="$many" \
		'BEGIN { printf "%.1f\n", (many - few) / 2000 }'
}

# row WORDS KIND TOOL
row() {
	if ! command -v "$3" >/dev/null; then
		echo "$1: there is no $3"
		return
	fi
	bare=$(each "$2" bare) && library=$(each "$2" library) || exit 1
	printf '%-28s %10s %10s\n' "$1" "$bare" "$library"
}

[ -x "$roundtrip" ] || die "$roundtrip: no such program"
"$roundtrip" "$@" || exit
echo
printf '%-28s %10s %10s\n' "a call of $size bytes" bare library
row "instructions, its thread" instructions valgrind
row "system calls, its thread" system_calls strace

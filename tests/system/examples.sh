#!/bin/sh
# The programs of examples/, each against a real pigatod.
. "${srcdir:-.}/tests/lib/server.sh"

EXAMPLES=${EXAMPLES:-./examples}
sources=${srcdir:-.}/examples

# work PROGRAM ARGUMENT …: a worker in the background; sets $worker.
work() {
	name_=$1
	shift
	"$EXAMPLES/$name_" "$@" </dev/null >"$dir/$name_.log" 2>&1 &
	worker=$!
	started="$started $worker"
}

# gives COMMAND …: its output is that of standard input.
gives() {
	cat >"$dir/want"
	timeout 30 "$@" >"$dir/got" 2>"$dir/out" || return 1
	diff "$dir/want" "$dir/got" >>"$dir/out"
}

# leaves: the newest worker ends well when it is told to.
leaves() {
	kill -TERM "$worker"
	wait "$worker"
}

# quotes SYMBOL: as stocks_client prints them.
quotes() {
	awk -F, -v s="$1" 'NR > 1 && (s == "all" || $1 == s) {
		printf "%s %-10s %9.2f %7d\n", $2, $1, $3, $4; n++
	} END { printf "total {\"quotes\":%d}\n", n }' "$sources/quotes.csv"
}

start || { not_ok "the server starts"; done_testing; exit 1; }

work echo_worker "$address"
echo 'hello "there"' | gives "$EXAMPLES/echo_client" 'hello "there"' "$address"
shows "echo" test $? = 0

work stocks_worker "$sources/quotes.csv" 1 "$address"
quotes ACME | gives "$EXAMPLES/stocks_client" ACME "$address"
shows "stocks: the quotes of one symbol" test $? = 0
quotes all | gives "$EXAMPLES/stocks_client" all "$address"
shows "stocks: all quotes" test $? = 0
shows "stocks: a symbol that is not there is an error" \
	exits 1 "$EXAMPLES/stocks_client" NONE "$address"
shows "… in the worker's words" says 'no quotes of that symbol'

work aggregate "$address"
summary() {
	"$EXAMPLES/broadcast" summary '["ACME","NONE"]' "$address" \
		>"$dir/summary" 2>&1
}
figures() {
	want_=$(awk -F, '$1 == "ACME" { n++
		lo = n == 1 || $3 < lo ? $3 : lo
		hi = n == 1 || $3 > hi ? $3 : hi
	} END { printf "%d %.2f %.2f", n, lo, hi }' "$sources/quotes.csv")
	got_=$(sed 's/.*"quotes":\([0-9]*\),"low":\([0-9.]*\),"high":\([0-9.]*\)}.*/\1 \2 \3/' \
		"$dir/summary" | awk '{ printf "%d %.2f %.2f", $1, $2, $3 }')
	echo "$got_, want $want_"
	test "$got_" = "$want_"
}
shows "aggregate: it asks others, and replies" wait_until summary
shows "… with what they said" figures
shows "… and which of them had nothing to say" \
	grep '"NONE":{"error":"the worker reports an error"}' "$dir/summary"

mkdir "$dir/files"
head -c 300000 /dev/urandom >"$dir/files/data"
: >"$dir/files/empty"
work file_worker "$dir/files" "$address"
first=$worker
"$EXAMPLES/file_client" data "$address" >"$dir/copy" 2>"$dir/out"
shows "file: it comes as it is" cmp "$dir/copy" "$dir/files/data"
"$EXAMPLES/file_client" empty "$address" >"$dir/copy" 2>"$dir/out"
shows "file: an empty one, too" cmp "$dir/copy" "$dir/files/empty"
shows "file: one that is not there is an error" \
	exits 1 "$EXAMPLES/file_client" ../conf "$address"

work file_worker "$dir/files" "$address"
two_answer() {
	"$EXAMPLES/broadcast" file '"empty"' "$address" >"$dir/got" 2>&1
	test "$(grep -c '^W-.*: 0$' "$dir/got")" = 2
}
shows "broadcast: each worker answers" wait_until two_answer
shows "broadcast: nobody there is an error" \
	exits 1 "$EXAMPLES/broadcast" nobody 1 "$address"
shows "a worker that is told to leave does so" leaves
worker=$first
shows "… and the other one" leaves

ten="0 1 2 3 4 5 6 7 8 9"
printf '%s\n' $ten | gives "$EXAMPLES/loop_epoll" "$address"
shows "a loop of epoll" test $? = 0
if [ -x "$EXAMPLES/loop_uv" ]; then
	printf '%s\n' $ten | gives "$EXAMPLES/loop_uv" "$address"
	shows "a loop of libuv" test $? = 0
else
	skip "a loop of libuv" "there is no libuv"
fi

shows "the server stops" stop

done_testing

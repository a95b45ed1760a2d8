#!/bin/sh
# pigato-benchmark against the real pigatod, and against a worker and a broker
# that do what they should not (tests/lib/liar.c). Runs are small and bounded;
# what a figure is, is nobody's business here, only whether it adds up.
. "${srcdir:-.}/tests/lib/server.sh"

BENCH=${BENCH:-./pigato-benchmark}
LIAR=${LIAR:-./tests/lib/liar}
WELLFORMED=${WELLFORMED:-./tests/lib/wellformed}
unset PIGATO_URL

# bench OPTION …: a run that is good, at the server, without warm-up.
bench() {
	exits 0 "$BENCH" -e "$address" --warmup 0 "$@"
}

# bad OPTION …: one that is not.
bad() {
	exits 1 "$BENCH" -e "$address" --warmup 0 "$@"
}

# lie HOW OPTION …: 100 requests to a worker of that kind.
lie() {
	rm -f "$dir/liar"
	"$LIAR" "$address" svc "$1" >"$dir/liar" 2>&1 &
	liar=$!
	started="$started $liar"
	wait_until grep -q registered "$dir/liar"
	shift
	timeout 30 "$BENCH" -e "$address" --warmup 0 -w 0 --service svc \
		-n 100 -d 10 "$@" >"$dir/out" 2>&1 </dev/null
	status=$?
	kill "$liar"
	wait "$liar" 2>/dev/null
	return $status
}

# lies STATUS WORDS HOW OPTION …: such a run ends like this, and says so.
lies() {
	want_=$1
	said_=$2
	shift 2
	lie "$@"
	test $? = "$want_" && says "$said_"
}

# is NAME VALUE: a figure of the --csv in $dir/out.
is() {
	awk -F, -v name="$1" -v want="$2" '
		NR == 1 { n = NF; for (i = 1; i <= NF; i++) at[$i] = i }
		NR == 2 { good = NF == n && (name in at) && $at[name] == want }
		END { exit !(good && NR == 2) }' "$dir/out"
}

# grow NAME …: figures that are none of them smaller than the one before it.
grow() {
	awk -F, -v names="$*" '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		NR == 2 { n = split(names, name, " "); good = n > 0
			for (i = 1; i <= n; i++) {
				v = $at[name[i]]
				if (v == "" || v + 0 < last + 0) good = 0
				last = v
			} }
		END { exit !good }' "$dir/out"
}

# wrong WORDS OPTION …: a mistake in usage, told in one line with these words.
wrong() {
	said_=$1
	shift
	exits 2 "$BENCH" "$@" && says "$said_" &&
		test "$(wc -l <"$dir/out")" = 1
}

# ---- what ends at once ----

shows "--help ends with 0" exits 0 "$BENCH" --help
shows "… and tells of every option" says --broker-pid
shows "--version ends with 0" exits 0 "$BENCH" --version
shows "… and tells whose histogram it is" says histogram
if [ -w /dev/full ]; then
	shows "output that cannot be written is a failure" \
		exits 1 sh -c '"$1" --version >/dev/full' - "$BENCH"
fi
shows "no such option" wrong '--frob: no such option' --frob
shows "an option without its value" wrong 'want BYTES' --size
shows "one with a value too many" wrong 'want nothing' --csv=3
shows "what is no option" wrong 'named by -e' tcp://127.0.0.1:1
shows "a number out of range" wrong 'want a whole number, 1 to' --depth 0
shows "a number that is none" wrong 'want a whole number, 1 to' --clients 1x
shows "a rate that is none" wrong 'want a number' --rate nan
shows "… not a number to read by eye" wrong 'want a number' --seconds 0x10
shows "a policy that is none" wrong 'failover or spread' --policy best
shows "an endpoint that is none" wrong 'want tcp://' -e http://localhost
shows "a port that is none" wrong 'must be 1 to 65535' -e tcp://127.0.0.1:99999
shows "one of several" wrong '107 bytes' \
	-e "tcp://127.0.0.1:1,ipc://$(printf %0108d 0)"
shows "two lengths" wrong 'want one of the two' -n 5 -s 5
shows "two formats" wrong 'want one of the two' --csv --json
shows "two ways to send" wrong 'want one of the two' --waves 5 --rate 5
shows "no timeout at all" wrong '-1' --timeout 0
shows "a service without a name" wrong 'want --service' -w 0
shows "fewer requests than clients" wrong 'each of 9' -c 9 -n 5
shows "a picture that cannot be written" \
	wrong 'want a file' --plot "$dir/none/x.svg"
shows "a process that is none" wrong 'that runs' --broker-pid 0
shows "more clients than there are descriptors for" \
	sh -c 'ulimit -n 100; "$1" -c 50; test $? = 2' - "$BENCH"
shows "no broker ends with 3" exits 3 "$BENCH" --wait 0.2 -e "ipc://$dir/none"
shows "… and says where there is none" says "ipc://$dir/none"

# ---- good runs ----

conf ''
start || { not_ok "the server starts"; done_testing; exit 1; }

shows "a closed loop of several clients and workers" \
	bench -n 1000 -c 3 -d 20 -w 2 --csv
shows "… counts each reply" is replies 1000
shows "… none is lost" is lost 0
shows "… none is doubled" is doubled 0
shows "… none is wrong" is wrong 0
shows "… and says what it was" is mode '"closed"'
shows "… percentiles go up" grow min_us p50_us p75_us p90_us p99_us \
	p99_9_us p99_99_us max_us
shows "… the mean is between the ends" grow min_us mean_us max_us
shows "an open loop" bench -n 400 -c 2 --rate 4000 --csv
shows "… counts each reply" is replies 400
shows "… and says what it was" is mode '"open"'
shows "a rate above what the depth allows is caught up with" \
	bench -n 300 -d 1 --rate 100000 --csv
shows "… counts each reply" is replies 300
shows "… and none was left unsent" is unsent 0
shows "waves" bench -n 1000 --waves 300 --csv
shows "… count each reply" is replies 1000
shows "… and their number, the last one smaller" is waves_done 4
shows "partial replies" bench -n 200 --partials 7 --csv
shows "… count each of them" is partial_replies 1400
shows "for a time" bench -s 0.3 --json
shows "warm-up does not count" \
	exits 0 "$BENCH" -e "$address" --warmup 0.1 -n 100 --csv
shows "… of as many replies as asked for" is replies 100
shows "data of two bytes" bench -n 100 --size 2
shows "data of a megabyte" bench -n 20 -d 4 --size 1000000 --partials 2
shows "all about caches" bench -n 100 --cache 1000 --nocache --distinct 3
shows "retry, no timeout, a limit for workers" \
	bench -n 100 --retry --timeout -1 --concurrency 5
shows "the endpoint of the environment" \
	exits 0 env PIGATO_URL="$address" "$BENCH" -n 10 --warmup 0

# ---- what it tells ----

shows "text" bench -n 1000
shows "… with the load" says '1 client, 100 in flight each, 64 bytes'
shows "… with percentiles" says '99.99 %'
shows "… with its own CPU time" says 'own .* us a reply'
if [ -r /proc/net/tcp ] && [ -d "/proc/$server/fd" ]; then
	shows "… and the broker's, found by its address" \
		says "broker .* us a reply: .*($server)"
else
	skip "… and the broker's, found by its address" "no /proc"
fi
shows "the CPU time of a process that is named" \
	bench -n 100 --broker-pid $$
shows "… and no other's" says "broker .*($$)$"
shows "JSON" bench -n 500 --json
shows "… is JSON" "$WELLFORMED" json "$dir/out"
shows "… with the replies" says '"replies": 500,'
shows "… with the distribution up to all of them" says '\[100.0, [0-9.]*\]\]'
shows "CSV of two lines" bench -n 10 --csv
shows "… with fields as many as names" is replies 10
shows "a picture" bench -n 1000 --plot "$dir/plot.svg"
shows "… is XML" "$WELLFORMED" xml "$dir/plot.svg"
shows "… has a curve" grep -q '<polyline' "$dir/plot.svg"
shows "… and words at its axes" grep -q '>99.9 %<' "$dir/plot.svg"
if command -v xmllint >/dev/null; then
	shows "… xmllint says so, too" xmllint --noout "$dir/plot.svg"
fi
shows "… it needs nothing from elsewhere" \
	sh -c '! grep -q "href\|url(\|<script" "$1"' - "$dir/plot.svg"
if [ -w /dev/full ]; then
	shows "a picture that does not fit is a failure" \
		bad -n 10 --plot /dev/full
fi

shows "a service that the broker lets nobody serve is told at once" \
	exits 3 "$BENCH" -e "$address" -n 10 --wait 600 --service '$none'
shows "… in other words than that it is not there" says 'lets nobody serve'

# ---- a service of others ----

shows "nobody who serves is told at once" bad -w 0 --service nobody -n 5
shows "… with the name" says 'nobody serves nobody'
shows "… in one line, whatever it is" sh -c '"$1" -e "$2" -w 0 -n 5 --service "$(printf "a\nb\033c")" 2>&1 |
	grep -q "^pigato-benchmark: nobody serves a?b?c at"' - "$BENCH" "$address"
shows "no output at all is a failure" \
	exits 1 sh -c '"$1" -e "$2" -n 10 --warmup 0 >&-' - "$BENCH" "$address"
shows "… of the output alone" says 'cannot write to standard output'
shows "a worker of others" lies 0 'wrong 0' echo
shows "the same JSON in other bytes" lies 0 'wrong 0' spaced --partials 1
shows "partial replies in their order" lies 0 'wrong 0' stream012 --partials 3
shows "another content is wrong" lies 1 'wrong 10,' wrong
shows "… and shown" says 'the first wrong reply: "something else" to'
shows "replies of other requests are wrong" lies 1 'wrong 100,' swap
shows "errors are counted by name" lies 1 '10 times REMOTE' error
shows "no reply is a loss" lies 1 'lost 10,' mute --timeout 300
shows "a partial reply that comes twice is doubled" \
	lies 1 'doubled 100,' stream0112 --partials 3
shows "… that is missing is lost" lies 1 'lost 100,' stream02 --partials 3
shows "… at the end as well" lies 1 'lost 100,' stream01 --partials 3
shows "… out of order is wrong" lies 1 'wrong 100,' stream021 --partials 3
shows "… one too many is wrong" lies 1 'wrong 100,' stream0123 --partials 3
shows "a worker that replies twice is lost, and its request" \
	lies 1 'times WORKER_LOST' repeat
shows "what a rate leaves unsent is counted" \
	lies 1 'unsent [1-9]' deaf -d 1 --rate 5000 --timeout 50

# ---- a signal ----

# Interrupted when a worker of others has got the load's first request.
interrupt() {
	rm -f "$dir/liar"
	"$LIAR" "$address" svc echo >"$dir/liar" 2>&1 &
	liar=$!
	started="$started $liar"
	wait_until grep -q registered "$dir/liar"
	"$BENCH" -e "$address" --warmup 0 -s 600 -w 0 --service svc \
		>"$dir/out" 2>&1 </dev/null &
	bench=$!
	started="$started $bench"
	wait_until grep -q serving "$dir/liar"
	kill -TERM "$bench"
	wait "$bench"
	status=$?
	kill "$liar"
	test $status = 0
}
shows "a signal ends the load well" interrupt
shows "… and what was measured is told" says '/s (interrupted)'
shows "… nothing is lost by it" says 'lost 0, doubled 0, wrong 0, errors 0'

# ---- brokers ----

first=$address
first_pid=$server
cp "$dir/log" "$dir/first.log"
start || not_ok "a second server starts"
address=$first,$address
shows "two brokers, all in use" bench -n 1000 -c 2 --policy spread
shows "… each reply is there" says 'replies   1000 in'
shows "two brokers, one in use" bench -n 200 --policy failover
shows "… each reply is there" says 'replies   200 in'
shows "the second server stops" stop
shows "one of two is enough" bench -n 200
server=$first_pid
cp "$dir/first.log" "$dir/log"
kill -TERM "$server"

# lying HOW: there is a broker of that kind.
lying() {
	: >"$dir/liar"
	"$LIAR" 'tcp://127.0.0.1:*' "$1" >"$dir/liar" 2>&1 &
	started="$started $!"
	wait_until grep -q tcp: "$dir/liar" && address=$(cat "$dir/liar")
}
lying requests
shows "a broker that gives requests out twice is found out" bad -n 100
shows "… by its workers" says 'doubled [12][0-9][0-9],'
lying replies
shows "a broker that gives final replies twice is found out" bad -n 100
shows "… by its clients" says 'doubled [1-9]'
lying nothing
shows "one that does nothing twice is not" bench -n 100

done_testing

#!/bin/sh
# What operators who look on cost others: latencies of requests by the clock,
# with nobody looking on, and while `pigato-cli monitor` has all it gets of
# level debug, `top` shows services each second, and `info` is asked for five
# times a second. Both take turns; medians are compared. Prints a table and
# judges nothing. Operators sit at other machines as a rule: here what they run
# gets the CPU that nobody else wants. From the top of the build directory (make
# perf-observers):
#
#	tests/perf/observers.sh [--quick] [--rounds N] [--seconds S]
#
#	RATE	requests a second (5000)
. "${srcdir:-.}/tests/perf/rounds.sh"
read_options "$@"
command -v script >/dev/null || die "there is no script(1), which top wants"

observers=

# observe COMMAND …: in the background.
observe() {
	"$@" >/dev/null 2>"$dir/observer" &
	chrt --all-tasks --idle --pid 0 $! >/dev/null
	observers="$observers $!"
	started="$started $!"
}

ask_info() {
	while "$CLI" info; do
		sleep 0.2
	done
}

# The keyboard is a pipe that nobody writes to.
watch_top() {
	TERM=xterm exec script -qec "$CLI top --interval 1" /dev/null \
		<"$dir/keys"
}

is_watched() {
	"$CLI" requests | grep -q '[$]monitor'
}

observe_all() {
	observe "$CLI" monitor --level debug
	observe ask_info
	observe watch_top
	wait_until is_watched || die "no monitor"
}

dismiss_all() {
	for pid_ in $observers; do
		kill "$pid_" 2>/dev/null
		wait "$pid_" 2>/dev/null
	done
	observers=
}

mkfifo "$dir/keys"
exec 3<>"$dir/keys"
serve_as ''
for round in $(seq "$rounds"); do
	for who in $(in_turns "$round" alone watched); do
		test $who = alone || observe_all
		measure $who -s "$seconds" --rate "${RATE:-5000}"
		dismiss_all
	done
	echo "round $round of $rounds" >&2
done
"$CLI" info requests latency >"$dir/info"
stop

printf '%-36s %12s %12s %7s\n' \
	"$rounds rounds of $seconds s, ${RATE:-5000}/s" alone watched ratio
row 'latency p50, us' p50_us alone watched
row 'latency p99, us' p99_us alone watched
row 'latency p99.9, us' p99_9_us alone watched '<= 1.05'
row "broker's CPU per request, us" broker_cpu_us_per_reply alone watched

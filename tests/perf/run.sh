#!/bin/sh
# The figures of pigatod's speed and size, beside those of the floor: a bare
# libzmq forwarder without books (floor.c). Both serve the same load over
# loopback TCP, in turns; medians are compared. Prints a table and judges
# nothing: machines differ, ratios less so.
#
# usage: run.sh [--quick] [--rounds N] [--seconds S] [--scale N]
#               [--queued N] [PIGATOD]
#   --rounds   of the comparison with the floor (5)
#   --seconds  of each measurement (3)
#   --scale    workers, services (10000)
#   --queued   requests behind an unserved service (1000000)
#   --quick    2 rounds of 1 s, 1000 and 100000 instead
#
# PIGATOD, or the environment's, names the binary ($top_builddir/pigatod);
# FLOOR and LOAD programs already built.

here=$(cd "$(dirname "$0")" && pwd)
. "$here/median.sh"
rounds=5
scale_rounds=3
seconds=3
scale=10000
queued=1000000
pigatod=${PIGATOD:-${top_builddir:-.}/pigatod}

while [ $# -gt 0 ]; do
	case $1 in
	--quick) rounds=2 scale_rounds=1 seconds=1 scale=1000 queued=100000 ;;
	--rounds) rounds=$2; shift ;;
	--seconds) seconds=$2; shift ;;
	--scale) scale=$2; shift ;;
	--queued) queued=$2; shift ;;
	-*) sed -n 's/^# \{0,1\}//; 7,16p' "$0" >&2; exit 2 ;;
	*) pigatod=$1 ;;
	esac
	shift
done

tmp=$(mktemp -d) || exit 1
pid=
stop_server()
{
	[ -n "$pid" ] || return
	kill "$pid" 2>/dev/null
	wait "$pid" 2>/dev/null
	pid=
}
trap 'stop_server; rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM

die()
{
	echo "run.sh: $*" >&2
	[ -s "$tmp/log" ] && sed 's/^/  /' "$tmp/log" >&2
	exit 1
}

build()
{
	# shellcheck disable=SC2086 # flags are several words
	(cd "$here" && ${CC:-cc} -std=c11 -D_GNU_SOURCE -O2 "$@" \
		${CFLAGS:-} -lzmq -lpthread) || die "cannot build"
}

floor=${FLOOR:-$tmp/floor}
load=${LOAD:-$tmp/load}
[ -n "${FLOOR:-}" ] || build -o "$floor" floor.c
[ -n "${LOAD:-}" ] || build -o "$load" load.c drive.c echo.c swarm.c measure.c
[ -x "$pigatod" ] || die "$pigatod: no such program"
# shellcheck disable=SC3045 # where there is one
ulimit -n 65536 2>/dev/null || :

# start floor|pigatod [CONF LINE]: on a free port; sets pid and endpoint
port=$((20000 + $$ % 10000))
start()
{
	for try in 1 2 3 4 5 6 7 8 9 10; do
		port=$((port + 2))
		endpoint=tcp://127.0.0.1:$port
		: >"$tmp/log" # the last server's says that it listens
		if [ "$1" = floor ]; then
			"$floor" "$endpoint" 2>"$tmp/log" &
		else
			cat >"$tmp/conf" <<-EOF
			bind = ["$endpoint"];
			intch = "tcp://127.0.0.1:$((port + 1))";
			admin_bind = "none";
			hwm = 0;
			default_concurrency = -1;
			${2:-}
			EOF
			"$pigatod" "$tmp/conf" 2>"$tmp/log" &
		fi
		pid=$!
		for wait in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
			grep -q listening "$tmp/log" && return
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		stop_server
	done
	die "$1 does not start ($try tries, $wait waits)"
}

# measure NAME OPTION...: one run; its figures are lines of $tmp/NAME.FIGURE
measure()
{
	name=$1
	shift
	timeout 300 "$load" --pid "$pid" --seconds "$seconds" "$@" \
		"$endpoint" >"$tmp/out" 2>"$tmp/err"
	status=$?
	[ $status -eq 0 ] ||
		die "$name: exit status $status: $(cat "$tmp/out" "$tmp/err")"
	tr -d '{}"' <"$tmp/out" | tr ',' '\n' | while IFS=: read -r key value; do
		[ -n "$key" ] && echo "$value" >>"$tmp/$name.$key"
	done
}

# ---- beside the floor ----

for round in $(seq "$rounds"); do
	order='floor pigatod'
	[ $((round % 2)) -eq 1 ] || order='pigatod floor'
	for server in $order; do
		start "$server"
		measure "$server-100" --depth 100
		measure "$server-1" --depth 1
		stop_server
	done
	echo "round $round of $rounds" >&2
done

# compare WORDS FIGURE NAME NAME TARGET SCALE
compare()
{
	awk -v a="$(median "$tmp/$3.$2")" -v b="$(median "$tmp/$4.$2")" -v words="$1" \
		-v target="$5" -v scale="${6:-1}" 'BEGIN {
		printf "%-44s %10.1f %10.1f %7.2f  %s\n", words, a * scale,
			b * scale, (a > 0 ? b / a : 0), target }'
}

echo
printf '%-44s %10s %10s %7s\n' "1 client, 5 bytes, $rounds rounds of $seconds s" \
	floor pigatod ratio
compare 'requests/s at depth 100' rps floor-100 pigatod-100 '>= 0.90'
compare 'median latency at depth 1, us' p50_us floor-1 pigatod-1 '<= 1.10'
compare 'p99 latency at depth 1, us' p99_us floor-1 pigatod-1
compare 'p99 latency at depth 100, us' p99_us floor-100 pigatod-100
compare "broker's CPU per request, us" broker_cpu_per_100k \
	floor-100 pigatod-100 '' 10
compare 'the same at depth 1' broker_cpu_per_100k floor-1 pigatod-1 '' 10

# ---- as it grows ----

# Rare heartbeats: what ten thousand workers say of themselves is not what a
# request costs. What they cost still is measured and taken off.
calm='heartbeat = 30000;'

for round in $(seq "$scale_rounds"); do
	for case in one workers same services queued; do
		case $case in
		one) set -- ;;
		workers) set -- --idle-workers "$scale" --beat 20000 ;;
		same) set -- --idle-workers "$scale" --idle-on echo \
			--beat 20000 ;;
		services) set -- --services "$scale" --beat 20000 ;;
		queued) set -- --queued "$queued" ;;
		esac
		start pigatod "$calm"
		measure "$case" "$@"
		stop_server
	done
	for server in floor pigatod; do
		start "$server" "$calm"
		measure "round-$server" --workers 0 --services "$scale" \
			--round --service idle-0 --beat 20000
		stop_server
	done
	start floor
	measure floor-swarm --workers 0 --idle-workers "$scale" --beat 20000 \
		--seconds 0
	stop_server
	start pigatod "$calm"
	measure single --workers 0 --seconds 0 --queued "$((queued / 50))" \
		--queued-batch 1
	stop_server
	echo "scale round $round of $scale_rounds" >&2
done

grown()
{
	compare "$1: requests/s" rps one "$2" '>= 0.90'
	compare "$1: CPU, us" broker_cpu_net_per_100k one "$2" '<= 1.10' 10
}

echo
printf '%-44s %10s %10s %7s\n' 'pigatod as it grows' one many ratio
grown "$scale workers elsewhere" workers
grown "$scale paused workers on the service" same
grown "$scale services" services
grown "$queued queued" queued
echo
printf '%-44s %10s %10s %7s\n' "requests round $scale workers" floor pigatod ratio
compare 'requests/s' rps round-floor round-pigatod
compare "broker's CPU per request, us" broker_cpu_net_per_100k \
	round-floor round-pigatod '' 10

echo
awk -v n="$queued" -v kb="$(median "$tmp/queued.queued_kb")" \
	-v each="$(median "$tmp/queued.bytes_per_queued")" \
	-v single="$(median "$tmp/single.bytes_per_queued")" \
	-v f="$(median "$tmp/floor-swarm.bytes_per_swarm_worker")" \
	-v p="$(median "$tmp/workers.bytes_per_swarm_worker")" 'BEGIN {
	printf "%d queued requests: %.0f MB (want < 600 for a million), " \
		"%.0f bytes each;\n  %.0f bytes each where they come singly\n",
		n, kb / 1024, each, single
	printf "an idle worker: %.0f bytes, %.0f of them not libzmq'\''s " \
		"(want <= 4096)\n", p, p - f }'

#!/bin/sh
# How fast a kept reply is, beside the same request by way of a worker, and
# what the cache takes of the machine beside what it counts. Both ways take
# turns; medians are compared. Prints tables and judges nothing. From the top
# of the build directory (make perf-cache):
#
#	tests/perf/cache.sh [--quick] [--rounds N] [--seconds S]
. "${srcdir:-.}/tests/perf/rounds.sh"
read_options "$@"

# ---- speed ----

serve_as ''
for size in 64 4096; do
	for round in $(seq "$rounds"); do
		for way in $(in_turns "$round" worker kept); do
			ttl=0
			test "$way" = worker || ttl=600000
			measure "$way-$size" -s "$seconds" --size "$size" \
				--distinct 1 --cache $ttl
		done
		echo "$size bytes: round $round of $rounds" >&2
	done
done
stop

printf '%-36s %12s %12s %7s\n' "$rounds rounds of $seconds s" worker kept ratio
for size in 64 4096; do
	row "$size bytes: requests/s" replies_per_s worker-$size kept-$size \
		'>= 1.50'
	row "… median latency, us" p50_us worker-$size kept-$size
	row "… broker's CPU per request, us" broker_cpu_us_per_reply \
		worker-$size kept-$size
done

# ---- memory ----

max=$((64 << 20))

rss() {
	"$CLI" info memory | sed -n 's/^rss_bytes://p'
}

counted() {
	"$CLI" cache stats | sed -n 's/^memory_bytes://p'
}

# fill SIZE: different requests, of which many times as much is kept as there
# is room for; twice, as the second time is what goes on for ever.
fill() {
	n=$((max * 3 / ($1 * 2 + 400)))
	for _ in 1 2; do
		measure filled -n $n --distinct $n --size "$1" --cache 600000 \
			--warmup 0
	done
}

echo
printf '%-36s %12s %12s %7s\n' "cache_max_memory = $max" counted taken ratio
for size in 100 1000 10000 100000; do
	serve_as 'cache = false;'
	fill $size
	without=$(rss)
	stop
	serve_as "cache_max_memory = $max;"
	fill $size
	counted >"$dir/counted.$size"
	echo $(($(rss) - without)) >"$dir/taken.$size"
	stop
	row "$size bytes: of the machine's memory" $size counted taken
	awk -v n="$(cat "$dir/counted.$size")" -v max=$max \
		'BEGIN { printf "… of max_memory: %.4f  <= 1.01\n", n / max }'
done

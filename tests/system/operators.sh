#!/bin/sh
# What operators do to a broker with load on: whatever it is, each request has
# its own reply, or the error that was to be expected.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/fault/load.sh"

CLI=${PIGATO_CLI:-./pigato-cli}
BENCH=${BENCH:-./pigato-benchmark}

# op ARGUMENT …: what an operator says; it succeeds.
op() {
	timeout 30 "$CLI" "$@" >"$dir/out" 2>&1 </dev/null
}

# figure NAME SECTION: of info.
figure() {
	"$CLI" info "$2" | sed -n "s/^$1://p"
}

is() {
	test "$(figure "$1" "$2")" = "$3"
}

# job MEMBER: of the row of the load's service.
job() {
	"$CLI" services --service job --json |
		sed -n "s/^ *\"$1\": \([0-9]*\),*$/\1/p"
}

all_wait() {
	test "$(job in_flight)" = 0 && test "$(job queued)" -gt 0
}

# ids: of the load's workers, a line each.
ids() {
	"$CLI" workers --service job --names
}

quick
start || { not_ok "the server starts"; done_testing; exit 1; }
work "$address"
one=$worker
work "$address"
two=$worker

# ---- settings ----

ask "$address"
for n in 1 2 3 4 5; do
	op conf set default_timeout 6000$n dispatch rr &&
		op conf rewrite && says '^[12] written$' || break
	goes_on ask
done
shows "settings are rewritten under load" \
	grep -q '^default_timeout = 60005;$' "$dir/conf"
for policy in load rand rr; do
	sed "s/^dispatch = .*/dispatch = \"$policy\";/" "$dir/conf" >"$dir/new"
	mv "$dir/new" "$dir/conf"
	op conf reload || break
	goes_on ask
done
shows "… and read again" logged 'settings reloaded'
accounts "… all are answered"

# ---- a pause ----

ask "$address"
shows "a service is paused under load" op service pause job
shows "… all of its requests wait" wait_until all_wait
n=$(figure served requests)
shows "… others are answered" op -e "$address" request '$dir' '"job"'
shows "… and none of them meanwhile" is served requests "$n"
shows "it is resumed" op service resume job
shows "… and goes on" goes_on ask
accounts "… all are answered"

# ---- workers ----

ask "$address"
for id in $(ids); do
	op worker drain "$id" || break
	goes_on ask
done
shows "workers are drained under load" wait_until is drained workers 2
shows "… and come back" wait_until sh -c 'test $("$1" workers -s job --names |
	wc -l) = 2' - "$CLI"
goes_on ask
accounts "… all are answered"

ask "$address" -r
for n in 1 2 3; do
	op worker kill "$(ids | head -n 1)" || break
	wait_until is killed workers $n
	goes_on ask
done
shows "workers are killed under load" is killed workers 3
accounts "… with retry all are answered"

ask "$address"
op worker kill "$(ids | head -n 1)"
goes_on ask
accounts "… without some are lost, by name" WORKER_LOST

dismiss $one $two
shows "the workers end well" test $? = 0

# ---- the cache ----

# Replies are compared with what was asked for, whoever gives them.
load "$BENCH" -e "$address" -q --cache 600000 --distinct 50 -n 60000 \
	--warmup 0 --partials 2
shows "replies are kept under load" wait_until sh -c \
	'test $("$1" cache stats | sed -n "s/^hits://p") -gt 100' - "$CLI"
for n in 1 2 3; do
	op conf set cache false && op conf set cache true &&
		op conf set cache_max_memory 20K && op cache flush &&
		op conf set cache_max_memory 64M || break
done
shows "… flushed, limited, switched off and on" says '^cache_max_memory'
shows "… all are answered, and rightly" load_ended_well
shows "the server stops" stop

done_testing

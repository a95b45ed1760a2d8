#!/bin/bash
# All tests, from a fresh clone on Debian 12: installs what is missing, builds
# below build-test/ in every way there is, and runs everything, each for a
# bounded time. The last line says how many passed and failed.
#
#	utils/test.sh [STAGE …]      all stages, or those; --list names them
#
# What a stage printed is in build-test/STAGE.log. JOBS: of make, two for each
# processor, as tests mostly wait.
set -u

top=$(cd "$(dirname "$0")/.." && pwd)
out=$top/build-test
jobs=${JOBS:-$((2 * $(nproc)))}
fuzz_seconds=${FUZZ_SECONDS:-15}
passed=0
failed=0
skipped=0

# ---- stages: each prints TAP, or nothing but its complaints ----

# configure_in DIRECTORY OPTION …: fresh every time; takes seconds.
configure_in() {
	mkdir -p "$out/$1" && cd "$out/$1" || return 1
	shift
	quiet "$top/configure" --enable-werror "$@"
}

# quiet COMMAND …: what it said only if it fails, to command.out.
quiet() {
	"$@" >command.out 2>&1 || {
		cat command.out
		return 1
	}
}

# make check, and a line for each of its tests; behind them, indented so that
# nothing counts twice, what the logs of those that failed say beside successes.
check() {
	find . -name '*.trs' -delete
	make -s -j"$jobs" check >command.out 2>&1
	local rc=$? failed
	find . -name '*.trs' -exec awk '/^:test-result: / {
		result = $2
		sub(/^:test-result: [A-Z]+ */, "")
		print result ": " FILENAME " " $0
	}' {} +
	failed=$(find . -name '*.trs' -exec \
		grep -lE '^:global-test-result: (FAIL|ERROR)' {} +)
	test $rc = 0 || for log in ${failed:-command.out}; do
		printf '\n\t%s\n' "$log"
		grep -vE '^(ok |PASS: )' "${log%.trs}${failed:+.log}" |
			tail -n 40 | sed 's/^/\t/'
	done
	return $rc
}

stage_gcc() {
	configure_in gcc CC=gcc && check
}

stage_distcheck() {
	configure_in dist && quiet make -s -j"$jobs" distcheck \
		DISTCHECK_CONFIGURE_FLAGS=--enable-werror
}

stage_sanitizers() {
	configure_in sanitizers CC=clang --enable-sanitizers CFLAGS='-g -O1' &&
		check
}

# JavaScript peers, against the sanitized server.
stage_interop() {
	configure_in sanitizers CC=clang --enable-sanitizers CFLAGS='-g -O1' &&
		make -s -j"$jobs" check-interop
}

# Brokers and workers that are killed and halted under load.
stage_fault() {
	configure_in gcc CC=gcc && make -s -j"$jobs" check-fault
}

# The unit and trace tests under valgrind.
stage_valgrind() {
	configure_in gcc CC=gcc && make -s -j"$jobs" check-valgrind
}

# A million random steps and more, and ten million of the cache.
stage_simulator() {
	configure_in gcc CC=gcc && make -s -j"$jobs" check-sim check-cache
}

# Each target for a while, from its corpus.
stage_fuzz() {
	configure_in fuzz CC=clang --enable-fuzzing CFLAGS='-g -O1' &&
		make -s -j"$jobs" check-fuzz FUZZ_SECONDS="$fuzz_seconds"
}

# clang-tidy and cppcheck, whose findings are mended or argued at the place.
stage_lint() {
	configure_in gcc CC=gcc && make -s lint
}

# Debian packages, looked through, and installed in a root of their own.
stage_package() {
	configure_in gcc CC=gcc && JOBS=$jobs make -s check-package
}

# The first command of README.md, twice; nothing of it may stay.
stage_quickstart() {
	"$top/utils/quickstart.sh" && "$top/utils/quickstart.sh" &&
		! ls -l /proc/[0-9]*/exe 2>/dev/null | grep -F "$top/build/pigato"
}

stages='quickstart gcc distcheck sanitizers interop fault valgrind simulator
	fuzz lint package'

# ---- running them ----

bad='^(not ok |FAIL: |ERROR: |XPASS: )'

# count LOG: TAP lines and automake's both count; a stage without either
# counts as one test.
count() {
	local ok not_ok skip
	skip=$(grep -cE '^(ok .*# SKIP|SKIP: )' "$1")
	ok=$(grep -E '^(ok |PASS: )' "$1" | grep -vc '# SKIP')
	not_ok=$(grep -cE "$bad" "$1")
	if [ "$2" != 0 ] && [ "$not_ok" = 0 ]; then not_ok=1; fi
	if [ "$2" = 0 ] && [ "$ok" = 0 ]; then ok=1; fi
	passed=$((passed + ok))
	failed=$((failed + not_ok))
	skipped=$((skipped + skip))
	echo "$ok passed, $not_ok failed, $skip skipped"
}

run() {
	local log=$out/$1.log begun=$SECONDS rc
	printf '%s: ' "$1"
	(stage_"$1") >"$log" 2>&1 </dev/null
	rc=$?
	count "$log" $rc >"$out/counted"
	echo "$(cat "$out/counted") ($((SECONDS - begun)) s)"
	if [ $rc != 0 ]; then
		grep -E "$bad" "$log" | head -n 20
		grep -vE '^(ok |PASS: )' "$log" | tail -n 80
	fi
}

prepare() {
	echo "installing what is missing"
	"$top/utils/install-deps.sh" build run test package || return 1
	cd "$top" && autoreconf -i >"$out/autoreconf.log" 2>&1 || {
		cat "$out/autoreconf.log"
		return 1
	}
}

if [ "${1-}" = --list ]; then
	echo $stages
	exit 0
fi
for stage in "$@"; do
	declare -F "stage_$stage" >/dev/null || {
		echo "$0: no stage $stage; there are:" $stages >&2
		exit 2
	}
done
mkdir -p "$out"
if prepare; then
	for stage in ${*:-$stages}; do
		run "$stage"
	done
else
	failed=1
fi
test "$skipped" = 0 || echo "$skipped skipped"
echo "$passed passed, $failed failed"
test "$failed" = 0

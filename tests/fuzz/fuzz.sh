#!/bin/sh
# Each fuzzer for some seconds, as many at once as there are processors, from
# its corpus, which is left as it is; one line for each, as automake has it:
#
#	tests/fuzz/fuzz.sh SECONDS FUZZER …
#
# What broke it stays below fuzz-found/. From the environment: top_srcdir, and
# FUZZ_SEED, 1 if it is not set, so that two runs try the same; 0: by chance.

if [ $# -gt 2 ]; then
	seconds=$1
	shift
	printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh "$0" "$seconds"
	exit
fi

name=${2##*/fuzz_}
found=$PWD/fuzz-found
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$found" "$dir/new"
LSAN_OPTIONS=suppressions=$top_srcdir/tests/lsan.supp:print_suppressions=0
export LSAN_OPTIONS

if "./$2" -max_total_time="$1" -timeout=20 -seed="${FUZZ_SEED:-1}" \
	-artifact_prefix="$found/$name-" "$dir/new" \
	"$top_srcdir/tests/fuzz/corpus/$name" >"$dir/out" 2>&1; then
	runs=$(sed -n 's/^Done \([0-9]* runs\).*/\1/p' "$dir/out")
	echo "PASS: fuzz $name ($runs)"
else
	tail -n 60 "$dir/out"
	echo "FAIL: fuzz $name"
	exit 1
fi

#!/bin/sh
# Each fuzzer for some seconds, from its corpus, which is left as it is; one
# line for each, as automake has it:
#
#	tests/fuzz/fuzz.sh SECONDS FUZZER …
#
# What broke it stays below fuzz-found/. From the environment: top_srcdir.

seconds=$1
shift
found=$PWD/fuzz-found
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$found"
LSAN_OPTIONS=suppressions=$top_srcdir/tests/lsan.supp:print_suppressions=0
export LSAN_OPTIONS

for fuzzer in "$@"; do
	name=${fuzzer##*/fuzz_}
	mkdir "$dir/$name"
	if "./$fuzzer" -max_total_time="$seconds" -timeout=20 \
		-artifact_prefix="$found/$name-" "$dir/$name" \
		"$top_srcdir/tests/fuzz/corpus/$name" >"$dir/out" 2>&1; then
		echo "PASS: fuzz $name ($(sed -n 's/^Done \([0-9]* runs\).*/\1/p' \
			"$dir/out"))"
	else
		tail -n 60 "$dir/out"
		echo "FAIL: fuzz $name"
		failed=1
	fi
done
test -z "$failed"

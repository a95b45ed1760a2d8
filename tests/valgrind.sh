#!/bin/sh
# Each program under valgrind, one line for each, as automake has it:
#
#	tests/valgrind.sh PROGRAM …
#
# Output of those that fail is shown. From the environment: top_srcdir, and
# what the programs read.

MANY=2000 # see tests/lib/check.h
export MANY

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM

for program in "$@"; do
	if valgrind -q --error-exitcode=99 --leak-check=full \
		--show-leak-kinds=definite,indirect,possible \
		--errors-for-leak-kinds=definite,indirect,possible \
		--suppressions="$top_srcdir/tests/valgrind.supp" \
		"./$program" >"$dir/out" 2>&1; then
		echo "PASS: valgrind $program"
	else
		tail -n 100 "$dir/out"
		echo "FAIL: valgrind $program"
		failed=1
	fi
done
test -z "$failed"

#!/bin/sh
# Each program under valgrind, as many at once as there are processors; one
# line for each, as automake has it:
#
#	tests/valgrind.sh PROGRAM …
#
# Output of those that fail is shown. From the environment: top_srcdir, and
# what the programs read.

MANY=2000 # see tests/lib/check.h
export MANY

if [ $# -gt 1 ]; then
	printf '%s\n' "$@" | xargs -P "$(nproc)" -n 1 sh "$0"
	exit
fi

out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT
trap 'exit 1' HUP INT TERM

if valgrind -q --error-exitcode=99 --leak-check=full \
	--show-leak-kinds=definite,indirect,possible \
	--errors-for-leak-kinds=definite,indirect,possible \
	--suppressions="$top_srcdir/tests/valgrind.supp" \
	"./$1" >"$out" 2>&1; then
	echo "PASS: valgrind $1"
else
	tail -n 100 "$out"
	echo "FAIL: valgrind $1"
	exit 1
fi

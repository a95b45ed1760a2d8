#!/bin/sh
# JavaScript peers against pigatod: installs the npm packages beside the
# build, tells all stories of *.test.js, compares recorded frames, semver's
# answers and a histogram's percentiles, and sums up. Those of cross-*, where npm's peers and ours meet, are
# told at PIGATO's own broker as well. From the environment: PIGATOD,
# CROSS_PEER, top_srcdir, top_builddir, and what lib.js reads. Arguments: names
# of stories, without .test.js, frames, semver, hist; none: everything.
#
#	tests/interop/run-interop.sh                   # in the source tree
#	BROKER=js tests/interop/run-interop.sh worker  # PIGATO's own broker
set -u

top_srcdir=$(cd "${top_srcdir:-.}" && pwd) || exit 1
top_builddir=$(cd "${top_builddir:-.}" && pwd) || exit 1
PIGATOD=${PIGATOD:-$top_builddir/pigatod}
case $PIGATOD in
/*) ;;
*) PIGATOD=$(pwd)/$PIGATOD ;;
esac
CROSS_PEER=${CROSS_PEER:-$top_builddir/tests/interop/cross_peer}
export PIGATOD CROSS_PEER

src=$top_srcdir/tests/interop
run=$top_builddir/tests/interop-run
pairs=$top_builddir/tests/interop/semver/semver_pairs
hist_at=$top_builddir/tests/interop/hist/hist_at

die() {
	echo "interop: $1" >&2
	exit 1
}

# tell NAME COMMAND …: its TAP under its name, counted, and its status.
tell() {
	name=$1
	shift
	echo "# ---- $name"
	"$@" >"$run/tap" 2>"$run/err"
	status=$?
	cat "$run/tap"
	sed 's/^/# /' "$run/err"
	n_ok=$(grep -c '^ok ' "$run/tap")
	n_not=$(grep -c '^not ok ' "$run/tap")
	n_plan=$(sed -n 's/^1\.\.\([0-9][0-9]*\)$/\1/p' "$run/tap")
	if [ "${n_plan:-0}" != $((n_ok + n_not)) ] ||
		{ [ "$status" != 0 ] && [ "$n_not" = 0 ]; }; then
		echo "not ok - $name ended early, status $status"
		n_not=$((n_not + 1))
	fi
	passed=$((passed + n_ok))
	failed=$((failed + n_not))
}

# What is recorded today has to be what tests/wire/test_golden.c is told.
compare_frames() {
	rm -rf frames
	if node -r ./shim.js record-frames.js frames; then
		for file in client worker broker; do
			diff "$top_srcdir/tests/wire/$file.frames" \
				frames/$file.frames >&2 ||
				printf 'not '
			echo "ok - $file.frames are as the package sends them"
		done
	fi
	echo 1..3
}

command -v node >/dev/null 2>&1 || die "there is no node"
command -v npm >/dev/null 2>&1 || die "there is no npm"
mkdir -p "$run" || exit 1
rm -f "$run"/*.js
cp "$src"/*.js "$src/semver/semver_diff.js" "$src/hist/hist_diff.js" \
	"$top_srcdir/utils/record-frames.js" "$run" || exit 1
chmod u+w "$run"/*.js
"$top_srcdir/utils/npm-peers.sh" "$run" >"$run/npm.log" 2>&1 || {
	cat "$run/npm.log" >&2
	die "the npm packages cannot be installed"
}

passed=0 failed=0
cd "$run" || exit 1
for story in *.test.js; do
	name=${story%.test.js}
	case " ${*:-$name} " in
	*" $name "*) tell "$name" node -r ./shim.js "$story" ;;
	*) continue ;;
	esac
	case $name in
	cross-*)
		test -n "${BROKER-}" || tell "$name, PIGATO's own broker" \
			env BROKER=js node -r ./shim.js "$story"
		;;
	esac
done
case " ${*:-frames} " in
*" frames "*) tell frames compare_frames ;;
esac
case " ${*:-semver} " in
*" semver "*) tell semver node semver_diff.js "$pairs" ;;
esac
case " ${*:-hist} " in
*" hist "*) tell hist node hist_diff.js "$hist_at" ;;
esac
echo "interop: $passed passed, $failed failed"
test $failed = 0 && test $passed -gt 0

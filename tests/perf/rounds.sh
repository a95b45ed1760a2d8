# What comparisons with the packaged programs share: a pigatod of their own,
# pigato-benchmark, figures by name, medians. To be read by "." from the top
# of the build directory.

rounds=5
seconds=3
BENCH=${BENCH:-./pigato-benchmark}
CLI=${PIGATO_CLI:-./pigato-cli}
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/perf/median.sh"

die() {
	echo "${0##*/}: $*" >&2
	tail -n 15 "$dir/log" >&2
	exit 1
}

# read_options OPTION …: --rounds N, --seconds S, --quick.
read_options() {
	while test $# -gt 0; do
		case $1 in
		--rounds) rounds=$2; shift ;;
		--seconds) seconds=$2; shift ;;
		--quick) rounds=2 seconds=1 ;;
		*) echo "usage: $0 [--quick] [--rounds N] [--seconds S]" >&2
			exit 2 ;;
		esac
		shift
	done
}

# serve_as CONF-LINES: a server with these settings.
serve_as() {
	conf "$1"
	start || die "pigatod does not start"
}

# measure NAME OPTION …: a run of pigato-benchmark; each of its figures is a
# line more in $dir/NAME.FIGURE.
measure() {
	name_=$1
	shift
	timeout 300 "$BENCH" -e "$address" --json -q "$@" >"$dir/figures" \
		2>"$dir/out" </dev/null || die "$name_: $(cat "$dir/out")"
	sed -n 's/^ *"\([a-z0-9_]*\)": \([0-9.]*\),*$/\1 \2/p' "$dir/figures" |
		while read -r key_ value_; do
			echo "$value_" >>"$dir/$name_.$key_"
		done
}

# in_turns ROUND FIRST SECOND: that order, or the other one.
in_turns() {
	if test $(($1 % 2)) = 1; then echo "$2 $3"; else echo "$3 $2"; fi
}

# row WORDS FIGURE FIRST SECOND WANTED: medians of both, and their ratio.
row() {
	awk -v a="$(median "$dir/$3.$2")" -v b="$(median "$dir/$4.$2")" -v words="$1" \
		-v wanted="$5" 'BEGIN { printf "%-36s %12.1f %12.1f %7.2f  %s\n",
			words, a, b, (a > 0 ? b / a : 0), wanted }'
}

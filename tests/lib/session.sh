# Sessions in our documents, played anew, beside server.sh: to be read after
# it. A session is an indented block of Markdown whose first line is a command:
#
#	$ pigato-cli request echo '"hello"'
#	"hello"
#
# What stands below a command is what it printed, on either output; one that
# ends in & goes on behind the others. What is another one at each run, as
# addresses, ids, instants and figures, may differ: the shape has to be the same.

# Sessions may be played elsewhere.
PIGATOD=$(realpath "$PIGATOD")
PEER=$(realpath "$PEER")
PIGATO_CLI=$(realpath "${PIGATO_CLI:-./pigato-cli}")
BENCH=$(realpath "${BENCH:-./pigato-benchmark}")
HOME=$dir
export HOME
unset NO_COLOR PIGATO_URL PIGATO_INTCH
mkdir -p "$dir/bin"

# as NAME: what a session calls by NAME is what standard input says.
as() {
	{ echo '#!/bin/sh' && cat; } >"$dir/bin/$1"
	chmod +x "$dir/bin/$1"
}
as pigatod <<END
case " \$* " in
*" --bind "*) exec "$PIGATOD" "\$@" ;; # where it says itself
esac
exec "$PIGATOD" "\$@" --bind 'tcp://127.0.0.1:*' --intch 'tcp://127.0.0.1:*'
END
echo "exec \"$PIGATO_CLI\" \"\$@\"" | as pigato-cli
echo "exec \"$BENCH\" \"\$@\"" | as pigato-benchmark

# blocks FILE DIRECTORY: each indented block in a file of its own, 001, 002, …
# without its indent.
blocks() {
	mkdir -p "$2"
	awk -v to="$2" '
	/^\t/ {
		if (!within) {
			name = sprintf("%s/%03d", to, ++n)
			match($0, /^\t+/)
			indent = RLENGTH
		}
		for (; blank > 0; blank--) print "" >name
		within = 1
		print substr($0, indent + 1) >name
		next
	}
	/^$/ { if (within) blank++; next }
	{ if (within) close(name); within = 0; blank = 0 }' "$1"
}

# shape: what is left of an output when all is gone that differs.
shape() {
	sed -E 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z/TIME/g
		s/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/ID/g
		s/127\.0\.0\.1:[0-9]+/127.0.0.1:PORT/g
		s|ipc://[^ ]*/admin\.sock|ipc://DIR/admin.sock|g
		s/version=[0-9.]+/version=V/
		s/(=|pigatod \()[0-9]+/\1N/g
		s/[0-9]+\.[0-9]+/N/g
		s/[[:blank:]]+/ /g; s/ $//'
}

# figures: of pigato-benchmark no number is the same twice.
figures() {
	sed -E 's/[0-9]+(\.[0-9]+)?/N/g'
}

shape_for() {
	case $1 in
	pigato-benchmark*) figures | shape ;;
	*) shape ;;
	esac
}

# in_shape COMMAND OUTPUT WANTED: are they of one shape?
in_shape() {
	shape_for "$1" <"$2" >"$dir/shape.got"
	shape_for "$1" <"$3" >"$dir/shape.want"
	diff "$dir/shape.want" "$dir/shape.got"
}

# Jobs that are running, the youngest first, and how many there were.
jobs_=
n_jobs=0

# begin_job COMMAND: in the background.
begin_job() {
	n_jobs=$((n_jobs + 1))
	PATH=$dir/bin:$PATH sh -c "exec $1" </dev/null \
		>"$dir/job.$n_jobs" 2>&1 &
	started="$started $!"
	jobs_="$! $jobs_"
}

# know_address: of the pigatod that the job is, for those who come later.
know_address() {
	PIGATO_URL=$(sed -n 's/.* listening address=//p' "$1")
	PIGATO_INTCH=$(sed -n 's/.* listening intch=//p' "$1")
	export PIGATO_URL PIGATO_INTCH
}

# does COMMAND WANTED: prints what is wrong.
does() {
	case $1 in
	*" &")
		begin_job "${1% &}"
		wait_until in_shape "$1" "$dir/job.$n_jobs" "$2" ||
			in_shape "$1" "$dir/job.$n_jobs" "$2" || return
		case $1 in
		pigatod*) know_address "$dir/job.$n_jobs" ;;
		esac
		;;
	*)
		PATH=$dir/bin:$PATH timeout 60 sh -c "$1" </dev/null \
			>"$dir/said" 2>&1
		in_shape "$1" "$dir/said" "$2"
		;;
	esac
}

# end_jobs: the youngest first, so that workers can take their leave.
end_jobs() {
	for job_ in $jobs_; do
		kill -TERM "$job_" 2>/dev/null
		wait "$job_" 2>/dev/null
	done
	jobs_=
}

# plays FILE: the session, command by command.
plays() {
	rm -rf "$dir/steps"
	mkdir "$dir/steps"
	awk -v to="$dir/steps" '
	/^\$ / { close(out); name = sprintf("%s/%03d", to, ++n)
		out = name ".out"; printf "" >out
		print substr($0, 3) >name; close(name); next }
	{ print >out }' "$1"
	for step_ in "$dir"/steps/???; do
		command_=$(sed 's/[[:blank:]]*[[:blank:]]# .*//' "$step_")
		does "$command_" "$step_.out" || {
			echo "\$ $command_"
			end_jobs
			return 1
		}
	done
	end_jobs
}

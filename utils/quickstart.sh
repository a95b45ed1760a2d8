#!/bin/sh
# From a fresh clone on Debian 12 to an answered request: installs what is
# missing, builds in build/, starts pigatod on loopback with an echo worker,
# sends a request and asks for the directory. The ports are of the system's
# choice, and what it starts it stops again.
set -eu

top=$(cd "$(dirname "$0")/.." && pwd)
build=$top/build
tmp=$(mktemp -d "${TMPDIR:-/tmp}/pigatod.XXXXXX")
started=

stop() {
	for pid in $started; do
		kill "$pid" 2>/dev/null || :
	done
	wait
	rm -rf "$tmp"
}
trap stop EXIT
trap 'exit 1' HUP INT TERM

step() {
	echo "==> $*"
}

# quietly COMMAND …: its output is shown only if it fails.
quietly() {
	"$@" >"$tmp/out" 2>&1 || {
		cat "$tmp/out" >&2
		echo "$0: failed: $*" >&2
		exit 1
	}
}

# await FILE WORDS COMMAND: half a minute at most, until FILE has the words.
await() {
	tries=600
	until grep -q -e "$2" "$1" 2>/dev/null; do
		tries=$((tries - 1))
		if [ $tries = 0 ]; then
			cat "$1" >&2
			echo "$0: $3 did not start" >&2
			exit 1
		fi
		sleep 0.05
	done
}

step "installing what is missing"
"$top/utils/install-deps.sh" build

step "building in $build"
mkdir -p "$build"
cd "$top"
test -x configure || quietly autoreconf -i
cd "$build"
test -f Makefile || quietly ../configure
quietly make -j2 pigatod pigato-cli

step "starting pigatod"
./pigatod --bind 'tcp://127.0.0.1:*' --intch 'tcp://127.0.0.1:*' \
	--admin_bind none 2>"$tmp/log" &
started="$started $!"
await "$tmp/log" 'pigatod ready' pigatod
cat "$tmp/log"
address=$(sed -n 's/.* listening address=//p' "$tmp/log")

export PIGATO_URL="$address"
step "starting an echo worker: pigato-cli serve echo --echo"
./pigato-cli serve echo --echo >"$tmp/worker" 2>&1 &
started="$started $!"
await "$tmp/worker" serving 'the worker'
cat "$tmp/worker"

step "pigato-cli request echo '\"hello\"'"
./pigato-cli request echo '"hello"'
step "pigato-cli dir"
./pigato-cli dir

step "done; to go on by hand: build/pigatod conf/pigato.conf, build/pigato-cli"

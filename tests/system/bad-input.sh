#!/bin/sh
# Whatever a peer sends: nothing crashes, leaks or stalls; a worker that
# breaks the protocol is disconnected, a client's message is dropped.
. "${srcdir:-.}/tests/lib/server.sh"

conf 'max_frame = 300000; max_message = 500000;'
start || { not_ok "the server starts"; done_testing; exit 1; }

story "'C 4 req x', which kills PIGATO's own broker, is a heartbeat" <<'END'
c open
c send C 4 req x
c send C 4
c expect C 4
END

story "a service named constructor, which kills it too, is like any other" <<'END'
c open
c send C 2 constructor r1 "hi" {}
w open
w send W 1 constructor
w expect W 1
w expect W 2 c constructor \e r1 "hi" {}
w send W 3 c \e r1 0 "yo" {}
c expect C 3 \e r1 0 "yo" {}
w send W 5
c send C 2 __proto__ r2 "hi" {}
c send C 4
c expect C 4
END

# cut NAME FRAME …: the message with its last frames missing, one by one.
cut_short() {
	name=$1
	shift
	message=
	for frame; do
		message="$message $frame"
		printf '%s\n' "$name send$message"
	done
}

# replace BY NAME FRAME …: each frame in turn is BY instead.
replace() {
	by=$1
	name=$2
	shift 2
	i=0
	while [ $i -lt $# ]; do
		message=
		j=0
		for frame; do
			[ $i = $j ] && frame=$by
			message="$message $frame"
			j=$((j + 1))
		done
		printf '%s\n' "$name send$message"
		i=$((i + 1))
	done
}

# Each message comes from a peer of its own, as a worker would be gone.
all_messages() {
	"$@" a C 2 echo r1 '"hi"' '{"timeout":100}'
	"$@" b C 4 request r1
	"$@" c C 4 worker w
	"$@" d W 1 echo
	"$@" e W 4 '\e' '{"concurrency":1}'
	"$@" f W 3 c '\e' r1 0 '"hi"' '{}'
	"$@" g W 6 c '\e' r1 0 '"hi"' '{}'
	"$@" h W 7 c '\e' r1 0 '"hi"'
	"$@" i W 5
}

# The barrier: what was sent before it has been dealt with when it is over.
with_barrier() {
	for name in a b c d e f g h i; do echo "$name open"; done
	cat
	for name in a b c d e f g h i; do
		echo "$name send C 4"
		echo "$name until C 4"
	done
}

# The same from a worker: it registers, says it, and hears W 5 or not; it
# must be able to register anew.
as_worker() {
	n=0
	while read -r _ message; do
		n=$((n + 1))
		echo "w$((n % 50)) open $1-$n"
		echo "w$((n % 50)) send W 1 svc-$1"
		echo "w$((n % 50)) expect W 1"
		printf '%s\n' "w$((n % 50)) $message"
		echo "w$((n % 50)) send W 5"
		echo "w$((n % 50)) send W 1 svc-$1"
		echo "w$((n % 50)) until W 1"
		echo "w$((n % 50)) send W 5"
		echo "w$((n % 50)) close"
	done
}

all_messages cut_short | with_barrier >"$dir/script"
story "every frame missing" <"$dir/script"
all_messages replace '\e' | with_barrier >"$dir/script"
story "every frame empty" <"$dir/script"
all_messages replace '\x00\xff\x0a\x1b\xc3' | with_barrier >"$dir/script"
story "every frame binary" <"$dir/script"
all_messages replace '\*250000' | with_barrier >"$dir/script"
story "every frame huge" <"$dir/script"
all_messages cut_short | as_worker short >"$dir/script"
story "… of a worker that is registered, missing" <"$dir/script"
all_messages replace '\e' | as_worker empty >"$dir/script"
story "… of a worker that is registered, empty" <"$dir/script"
all_messages replace '\x00\xff' | as_worker binary >"$dir/script"
story "… of a worker that is registered, binary" <"$dir/script"
all_messages replace '\*250000' | as_worker huge >"$dir/script"
story "… of a worker that is registered, huge" <"$dir/script"

story "a peer without an id, and messages of nothing" <<'END'
c open \e
c send \e
c send \e \e
c send \e \e \e \e \e \e
c send C 4
c expect C 4
END

story "a service, rid and id of any bytes are passed on as they are" <<'END'
c open c\x00\xff\x0a
w open w\x01\x00
w send W 1 a\x00b\xff
w expect W 1
c send C 2 a\x00b\xff \x00\x0a\xfe \x00\x01 {}
w expect W 2 c\x00\xff\x0a a\x00b\xff \e \x00\x0a\xfe \x00\x01 {}
w send W 3 c\x00\xff\x0a \e \x00\x0a\xfe 0 \xff\x00 {}
c expect C 3 \e \x00\x0a\xfe 0 \xff\x00 {}
w send W 5
END

story "sixteen frames are taken, and the further ones passed on" <<'END'
w open
w send W 1 frames
w expect W 1
c open
c send C 2 frames r d {} 7 8 9 10 11 12 13 14 15 16
w expect W 2 c frames \e r d {} 7 8 9 10 11 12 13 14 15 16
w send W 3 c \e r 0 d {} 9 10 11 12 13 14 15 16
c expect C 3 \e r 0 d {} 9 10 11 12 13 14 15 16
w send W 5
END

story "seventeen of a client are dropped" <<'END'
w open
w send W 1 frames
w expect W 1
c open
c send C 2 frames r d {} 7 8 9 10 11 12 13 14 15 16 17
c send C 2 frames next d {}
w expect W 2 c frames \e next d {}
w send W 5
END

story "seventeen of a worker disconnect it" <<'END'
w open
w send W 1 frames
w expect W 1
w send W 4 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17
w expect W 5
END

story "a message over max_message is dropped, a client hears on" <<'END'
w open
w send W 1 large
w expect W 1
c open
c send C 2 large r \*300000 \*200000
c send C 2 large next d {}
w expect W 2 c large \e next d {}
w send W 5
END

story "… and disconnects a worker, whose request ends" <<'END'
w open
w send W 1 large
w expect W 1
c open
c send C 2 large r d {}
w expect W 2 c large \e r d {}
w send W 3 c \e r 0 \*299000 \*299000
w expect W 5
c expect C 3 \e r -1 "WORKER_LOST" ...
END

story "a frame over max_frame costs its sender the connection, no more" <<'END'
c open
c send C 4
c expect C 4
c send C 2 large r \*300001 {}
c close
d open
d send C 4
d expect C 4
END

shows "no line of the log holds a byte that is not plain" \
	sh -c '! LC_ALL=C grep -q "[^ -~]" "$1"' - "$dir/log"
shows "the server stops as it should" stop
shows "what was dropped is counted" logged 'malformed=[1-9]'
shows "and so are the errors of workers" logged 'protocol_errors=[1-9]'

done_testing

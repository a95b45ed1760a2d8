#!/bin/sh
# pigato-cli serve: what commands get, what becomes of their output, and that
# none outlives its reason.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/cli.sh"

start || { not_ok "the server starts"; done_testing; exit 1; }
PIGATO_URL=$address
export PIGATO_URL

# ---- data in, lines out ----

shows "a command serves" serve upper -- tr a-z A-Z
shows "its output is the reply" gives '"HI"' request upper '"hi"'
shows "… of many requests" sh -c '
	test "$("$1" request upper 1 --count 50 | sort | uniq -c | tr -d " ")" \
		= 501' - "$CLI"

cat >"$dir/lines" <<'END'
echo '{"json": [1, 2]}'
echo 12
echo plain text
echo
printf 'no end'
END
shows "a command with arguments serves" serve lines -- sh "$dir/lines"
shows "JSON goes as it is, other lines as strings" gives '{"json": [1, 2]}
12
"plain text"
""
"no end"' request lines
shows "… with --raw all as strings" serve rawlines --raw -- sh "$dir/lines"
shows "… which --raw prints as they were" gives '{"json": [1, 2]}
12
plain text

no end' request rawlines --raw
shows "--whole makes one reply of it" \
	serve whole --whole -- sh -c 'read n; printf "[\n%s\n]\n" "$n"'
shows "… final, and JSON" gives '["x"]' request whole '"x"'
shows "… or a string" serve text --whole -- printf 'a\nb\n'
shows "… without its last end of line" gives '"a\nb"' request text
shows "a command that prints nothing gives null" serve quiet -- true
shows "… and does not have to read" \
	sh -c 'head -c 3000000 /dev/zero | tr "\0" x |
		"$1" request quiet --text - | grep -qx null' - "$CLI"

# It writes a line, and the next one when it is told to.
cat >"$dir/steps" <<'END'
echo first
until [ -e "$1/go" ]; do sleep 0.05; done
echo second
END
shows "a slow command serves" serve steps -- sh "$dir/steps" "$dir"
background asker request steps
shows "partial replies are printed as they come" \
	wait_until grep -q first "$dir/asker.out"
: >"$dir/go"
shows "… to the end" ends asker 0
shows "… in their order, and without the null at the end" \
	sh -c 'printf "\"first\"\n\"second\"\n" | cmp - "$1"' - \
	"$dir/asker.out"

serve shell --raw --concurrency 2 -- sh
# run STATUS SCRIPT: by that service.
run() {
	cli "$1" request shell --text --raw "$2"
}

shows "ten thousand lines come in order" sh -c '
	"$1" request shell --raw --text "seq 10000" >"$2/got"
	seq 10000 | cmp - "$2/got"' - "$CLI" "$dir"
shows "a line of three million bytes comes" sh -c '
	test "$("$1" request shell --raw --text \
		"head -c 3000000 /dev/zero | tr \"\\0\" x" | wc -c)" = 3000001' \
	- "$CLI"
shows "bytes that are no UTF-8 are replaced" \
	gives "$(printf 'a\357\277\275b')" \
	request shell --text --raw "printf 'a\\377b'"
shows "the command knows what it is for" run 0 \
	'echo "$PIGATO_SERVICE/$PIGATO_CLIENT/$PIGATO_REQUEST"'
shows "… which service, client and request" says '^shell/C-.*/........-'
shows "an exit status is an error reply" run 1 'echo so far; exit 3'
shows "… which says so" says 'error: "exit status 3"'
shows "… behind what was printed" says '^so far'
shows "a signal, too" run 1 'kill -KILL $$'
shows "… by its number" says 'killed by signal 9'
shows "two run at once where two may" sh -c '
	for i in 1 2; do
		"$1" request shell --text --raw "
			: >$2/here.$i
			until [ -e $2/here.1 ] && [ -e $2/here.2 ]; do
				sleep 0.05
			done" &
	done
	wait' - "$CLI" "$dir"

serve alone --raw --concurrency 1 -- sh
shows "one at a time where one may" sh -c '
	for i in 1 2 3 4; do
		"$1" request alone --text "echo in >>$2/order; sleep 0.05;
			echo out >>$2/order" &
	done
	wait
	test "$(uniq "$2/order" | tr -d "\n")" = inoutinoutinoutinout' - \
	"$CLI" "$dir"
shows "it stops" stops alone

# What no broker takes by its own settings would end the worker's connection.
serve huge --raw --whole -- sh -c 'head -c 67108864 /dev/zero | tr "\0" x' ||
	not_ok "a service of huge replies"
shows "a reply that is too large is an error" cli 1 request huge
shows "… that says so" says 'more output in one piece than 64 MiB'
shows "… and its worker is still there" cli 0 dir huge
shows "… until it is stopped" stops huge

# ---- nothing is left open, nobody is left behind ----

shell=$(cat "$dir/shell.pid")
if [ -d /proc/self/fd ]; then
	count='ls /proc/self/fd | wc -l'
	here=$(echo "$count" | sh 2>/dev/null)
	shows "a command inherits nothing of ours" \
		gives "$here" request shell --text --raw "$count"
	# shellcheck disable=SC2012 # numbers
	before=$(ls "/proc/$shell/fd" | wc -l)
	"$CLI" request shell '"true"' --count 30 >"$dir/out"
	shows "after thirty requests as much is open as before" sh -c \
		'test "$(ls "/proc/$1/fd" | wc -l)" = "$2"' - "$shell" "$before"
	if [ -r "/proc/$shell/task/$shell/children" ]; then
		shows "… and there are no children" sh -c \
			'! grep -q . "/proc/$1/task/$1/children"' - "$shell"
	fi
else
	skip "what is open" "no /proc"
fi

shows "what a command leaves behind does not hold up its reply" run 0 \
	'sleep 1000 & echo $! >'"$dir/left"'; echo done'
shows "… and is ended" wait_until gone "$dir/left"

# hangs NAME OPTION …: a service whose commands hang, and write who they are.
hangs() {
	name=$1
	shift
	serve "$name" "$@" -- sh -c '
		sleep 1000 & echo $! >"$1.2"; echo $$ >"$1.1"; wait' - \
		"$dir/$name"
}

# begun NAME; ended_all NAME: its command, and what that has started.
begun() {
	wait_until test -s "$dir/$1.1"
}
ended_all() {
	wait_until gone "$dir/$1.1" && wait_until gone "$dir/$1.2"
}

hangs slow --timeout 300
shows "a command that takes too long is an error" cli 1 request slow
shows "… which says so" says 'error: "it took too long"'
shows "… and it is ended" ended_all slow

hangs stopped
background asker request stopped
shows "a command hangs" begun stopped
shows "its worker stops" stops stopped
shows "… and with it the command" ended_all stopped
shows "… its client is told" ends asker 1
shows "… in a word" grep -q WORKER_LOST "$dir/asker.err"

serve stubborn -- sh -c 'trap "" TERM; echo $$ >"$1"; while :; do
	sleep 0.1; done' - "$dir/stubborn.1"
background asker request stubborn
begun stubborn
shows "a worker stops whose command does not want to" stops stubborn
shows "… and it is ended as well" gone "$dir/stubborn.1"

hangs killed
background asker request killed
begun killed
kill -KILL "$(cat "$dir/killed.pid")"
if [ "$(uname)" = Linux ]; then
	shows "the command of a worker that is killed ends with it" \
		wait_until gone "$dir/killed.1"
	kill "$(cat "$dir/killed.2")"
fi
ends killed 137

hangs lonely --silence 100
story "the command of a client that falls silent" <<'END'
c open
c send C 2 lonely r null {"timeout":-1}
END
shows "… runs" begun lonely
story "… until its heartbeats cease" <<'END'
c open
c send C 4 request r
c send C 4
c expect C 4
END
shows "… and then no more" ended_all lonely

# It stops its worker, the first time.
cat >"$dir/fail-once" <<'END'
if mkdir "$1/tried" 2>/dev/null; then
	kill -TERM $PPID
	sleep 1000
fi
echo done
END
serve once -- sh "$dir/fail-once" "$dir"
background asker request once --retry
shows "the worker of a request stops" ends once 0
shows "another one comes" serve once -- sh "$dir/fail-once" "$dir"
shows "… and with --retry gets the request" ends asker 0
shows "… which it answers" grep -qx '"done"' "$dir/asker.out"

serve drained -- sh "$dir/steps" "$dir/drain"
mkdir "$dir/drain"
background asker request drained
wait_until grep -q first "$dir/asker.out"
kill -USR1 "$(cat "$dir/drained.pid")"
: >"$dir/drain/go"
shows "a drained worker finishes what it has begun" ends asker 0
shows "… and leaves" ends drained 0
shows "… so that nobody serves it" cli 5 request drained --failfast

# ---- the broker does not let it ----

shows "a service that the broker keeps to itself" cli 6 serve '$own' --echo
shows "… is an error that says so" says 'does not let us serve \$own$'
first=$server
first_address=$address
start || not_ok "another server starts"
shows "with several brokers that refuse as well" \
	cli 6 serve -e "$first_address, $address" '$own' --echo
shows "… of which each is told" \
	sh -c 'test "$(grep -c "let us serve" "$1")" = 2' - "$dir/out"
shows "the other server stops" stop
server=$first
address=$first_address
background half serve -e "$address,ipc://$dir/none" '$own' --echo
shows "one that is not there may still be another" \
	wait_until grep -q 'let us serve \$own; trying on' "$dir/half.err"
shows "… until it is stopped" stops half

# ---- the broker comes and goes ----

hangs orphan
background asker request orphan --timeout -1
begun orphan
kill -KILL "$server"
ended
shows "the broker is gone, and with it the commands" ended_all orphan
shows "… the worker is not" grep -q 'is gone; trying on' "$dir/orphan.err"
cat >"$dir/conf" <<END
bind = ( "$address" );
intch = "tcp://127.0.0.1:*";
heartbeat = 600000;
END
shows "… and the client hears of it" ends asker 3
shows "the broker is back" start
shows "… the worker as well" wait_until cli 0 dir upper
shows "… with what it did" gives '"HI"' request upper '"hi"'

for name in upper lines rawlines whole text quiet steps shell slow lonely \
	once orphan; do
	shows "$name stops" stops $name
done
shows "the server stops" stop
background waiting serve waiting --connect-timeout 100 --echo
shows "a worker without a broker says so" \
	wait_until grep -q 'has taken waiting so far' "$dir/waiting.err"
shows "… and stops like any other" stops waiting
done_testing

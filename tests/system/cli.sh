#!/bin/sh
# pigato-cli: its commands, what they print and their exit status.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/cli.sh"
. "${srcdir:-.}/tests/lib/completion.sh"

# ---- without a broker: what is wrong, and what would be right ----

shows "--help ends with 0" cli 0 --help
shows "… and names the commands" says completion
shows "--version ends with 0" cli 0 --version
shows "… and names libzmq" says libzmq
shows "a command tells of its options" cli 0 request --help
shows "… of each of them" says --failfast
shows "help does so, too" cli 0 help serve
shows "… of that command" says --concurrency
if [ -w /dev/full ]; then
	shows "output that cannot be written is an error" \
		exits 1 sh -c '"$1" --help >/dev/full' - "$CLI"
fi

wrong "no such command" 'nearest is request' requset
wrong "no such command, near to none" 'help tells' xyzzy
wrong "no such option" 'nearest is --failfast' request x --fialfast
wrong "no such option of the program" 'nearest is --endpoint' --endpiont x
wrong "the beginning of an option" 'nearest is --timeout' request x --time 5
wrong "a number that is none" 'wanted: milliseconds' request x --timeout soon
wrong "a number out of range" 'wanted: 1 to' request x --count 0
wrong "an option without its value" 'wants a value' request x --worker
wrong "a switch with a value" 'takes no value' request x --retry=1
wrong "no service" 'request SERVICE' request
wrong "one word too many" 'completion bash' completion bash more
wrong "an empty service" 'of some length' request ''
wrong "an address that is none" 'tcp://HOST:PORT' -e nonsense dir
wrong "a port that is none" 'must be 1 to 65535' -e tcp://127.0.0.1:99999 dir
wrong "one of a worker" 'must be 1 to 65535' -e tcp://a:0x serve echo --echo
wrong "one of a channel" 'must be 1 to 65535' watch --intch tcp://127.0.0.1:0
wrong "a path that is too long" '107 bytes' -e "ipc://$(printf %0108d 0)" ping
wrong "an empty service of dir" 'name of some length' dir ''
wrong "empty data" 'empty data is no JSON' request echo ''
wrong "data of a kilobyte that are no JSON" 'x is no JSON' \
	request echo "$(printf %01000d 0 | tr 0 x)"
# few COMMAND …: with so few descriptors it says so and ends by itself.
few() {
	for n in 6 8 10 12 14 16; do
		sh -c 'ulimit -n "$1"; shift; exec "$@"' - $n "$@" \
			>>"$dir/out" 2>&1 </dev/null
		test $? -lt 128 || return 1
	done
	says 'Too many open files'
}
shows "too few descriptors are no crash" few "$CLI" -e tcp://127.0.0.1:1 \
	--connect-timeout 100 dir
shows "… of a worker either" few timeout 1 "$CLI" -e tcp://127.0.0.1:1 \
	serve echo --echo
wrong "an address of a ping that is none" 'tcp://HOST:PORT' -e nonsense ping
wrong "a channel that is none" 'tcp://HOST:PORT' watch --intch nonsense
wrong "data that is no JSON" '--text' request x hello
wrong "data that is half JSON" '--text' request x '{"a":'
wrong "a file that is not there" 'No such file.*wanted: @' \
	request x "@$dir/none"
wrong "a worker that JSON cannot name" 'no UTF-8.*wanted' \
	request x --worker "$(printf '\377')"
wrong "two forms of output" 'not both' request x --json --raw
wrong "a worker that does nothing" 'COMMAND' serve x
wrong "a worker that does two things" 'not both' serve x --echo -- cat
wrong "a program that is not there" 'No such file' serve x -- "$dir/none"
wrong "a program that is none" 'Permission' serve x -- "$dir"
wrong "another shell's completion" 'wanted: bash' completion csh

nobody="ipc://$dir/nobody"
for command in "request x" dir ping; do
	# shellcheck disable=SC2086 # words are meant
	shows "$command without a broker ends with 3" \
		cli 3 -e "$nobody" --connect-timeout 100 $command
	shows "… and names the address" says "$nobody: no broker answers"
done
shows "watch without a broker ends with 3" \
	cli 3 --connect-timeout 100 watch --intch "$nobody"
shows "a request's own timeout may end it sooner" \
	cli 3 -e "$nobody" request x --timeout 50

# ---- one that answers ----

start || { not_ok "the server starts"; done_testing; exit 1; }
shows "the address is an option" cli 0 -e "$address" ping
shows "… of the command as well" cli 0 ping "--endpoint=$address"
PIGATO_URL=$address
export PIGATO_URL
shows "… or in the environment" cli 0 ping
shows "ping tells a time" says "$address answers after [0-9.]* ms"
shows "… and of several a summary" cli 0 ping --count 3 --interval 1
shows "… with all of them" says '3 of 3 answered'
shows "a reply that there is no output for is a failure" \
	exits 1 sh -c '"$1" -e "$2" ping --count 1 >&-' - "$CLI" "$address"
shows "… and says so" says 'cannot write to standard output'
shows "nothing to complain to changes no status" exits 5 sh -c \
	'"$1" -e "$2" request nobody --failfast 2>&- <&-' - "$CLI" "$address"
shows "of several brokers one that is silent is told" \
	cli 3 -e "$address,$nobody" --connect-timeout 2000 ping
shows "… as well as the other" says "$address answers"

shows "nobody there, with failfast: 5" cli 5 request nobody --failfast
shows "… and the error has its name" says NO_WORKER
# in_time STATUS LINE: by a client that is connected, as that may take longer.
in_time() {
	printf 'dir\n%s\n' "$2" | timeout 30 "$CLI" >"$dir/out" 2>&1
	test $? = "$1"
}

shows "nobody there, with a timeout: 4" in_time 4 'request nobody --timeout 50'
shows "… and the error has its name" says TIMEOUT

# ---- requests, and what is printed ----

shows "serve --echo starts" serve echo --echo
shows "the data comes back" gives '"hi"' request echo '"hi"'
shows "… byte by byte" gives '{"b": 1.50,  "a":123456789012345678901}' \
	request echo '{"b": 1.50,  "a":123456789012345678901}'
shows "a negative number is no option" gives -1 request echo -1
shows "without data it is null" gives null request echo
shows "text is sent as a string" gives '"it\"s"' request echo 'it"s' --text
shows "--raw prints it as text" gives 'it"s' request echo 'it"s' --text --raw
shows "--raw leaves other JSON alone" gives '[1]' request echo '[1]' --raw
shows "--json indents" gives '{
  "b": 1.50,
  "a": [
    1,
    {},
    []
  ]
}' request echo --json '{"b":1.50,"a":[1,{},[]]}'
shows "a reply of several lines is printed as one" \
	gives '{"a":1}' request echo '{"a":
	1}'
printf '  {"from": "file"}\n' >"$dir/data"
shows "data may be in a file" \
	gives '{"from": "file"}' request echo "@$dir/data"
shows "… or text" gives '  {"from": "file"}
' request echo "@$dir/data" --text --raw
shows "… or on standard input" sh -c \
	'test "$("$1" request echo - <"$2")" = "{\"from\": \"file\"}"' - \
	"$CLI" "$dir/data"
shows "--count asks again and again" gives '1
1
1' request echo 1 --count 3 --interval 1
shows "output that cannot be written ends it" exits 1 \
	sh -c '"$1" request echo 1 --count 1000 >/dev/full' - "$CLI"


# ---- what a worker sees of a request, and the client of its words ----

background options request options --timeout 12345 --retry --nocache \
	--coalesce --worker me
story "the options arrive" <<'END'
w open me
w send W 1 options
w until W 2 =c options \e =r null {"timeout":12345,"retry":1,"nocache":1,"coalesce":1,"workerId":"me"}
w send W 3 =c \e =r 0 "done" {}
w send W 5
END
shows "… and the reply" ends options 0
background beats request beats --heartbeat
story "--heartbeat tells the worker of its client" <<'END'
w open
w send W 1 beats
w until W 2 =c beats \e =r ...
w until W 4 =c \e =r
w send W 3 =c \e =r 0 {} {}
w send W 5
END
shows "… until there is a reply" ends beats 0

# error STATUS DATA: a worker ends a request so.
error() {
	background error request error
	peers <<-END
	w open
	w send W 1 error
	w until W 2 =c error \e =r ...
	w send W 3 =c \e =r -1 $2 {}
	w send W 5
	END
	ends error "$1"
}

shows "denied: 6" error 6 '"DENIED"'
shows "an error of the worker: 1" error 1 '{"why":"\x1b[31m"}'
shows "… with its description, which no terminal obeys" \
	grep -qF 'error: {"why":"\u001b[31m"}' "$dir/error.err"
shows "a broker that takes no more: 1" error 1 '"DRAINING"'
background odd request odd
story "a partial reply that is an error, and a reply that is no JSON" <<'END'
w open
w send W 1 odd
w until W 2 =c odd \e =r ...
w send W 6 =c \e =r 0 1 {}
w send W 6 =c \e =r -1 "no" {}
w send W 3 =c \e =r 0 not\sJSON\x0a {}
w send W 5
END
shows "… come to an end" ends odd 0
shows "… and out as they are" sh -c \
	'printf "1\nnot JSON\n\n" | cmp - "$1"' - "$dir/odd.out"
shows "… the error beside it" grep -q 'odd: error: "no"' "$dir/odd.err"

# ---- the directory ----

id=$(sed -n 's/.*serving echo at .* as //p' "$dir/echo.err")
shows "dir prints JSON" gives "{\"echo\":[\"$id\"]}" dir
shows "dir --json indents it" gives "{
  \"echo\": [
    \"$id\"
  ]
}" dir --json
shows "dir SERVICE prints who serves it" gives "[\"$id\"]" dir echo
shows "… and ends with 5 if nobody does" cli 5 dir nobody
shows "dir --names prints services" gives 'echo' dir --names
shows "a request may be for one worker" gives 1 request echo 1 -w "$id"
shows "… or for one that is not there" \
	in_time 4 'request echo 1 --worker none --timeout 50'

# ---- the internal channel ----

# Until it is seen: a subscription takes its time to arrive, and who came and
# went within a few milliseconds is in no message. echo is in each.
seen() {
	peers <<-'END'
	w open
	w send W 1 seen
	w expect W 1
	w send W 5
	END
	grep -q "^\\\$dir {$1" "$dir/watch.out"
}

PIGATO_INTCH=$intch
export PIGATO_INTCH
background watch watch
shows "watch tells where it listens" \
	wait_until grep -q "watching $intch" "$dir/watch.err"
shows "… and what comes, at once" wait_until seen '.*"echo":\["'
kill -TERM "$pid"
shows "it ends by a signal" ends watch 143
background watch watch --intch "$intch" '$dir' --count 1
shows "of one topic" wait_until seen ''
shows "… and so many messages" ends watch 0

# ---- completion ----

shows "completion prints what is installed" sh -c \
	'"$1" completion bash | cmp - "$2"' - "$CLI" \
	"${srcdir:-.}/utils/pigato-cli.bash-completion"

if command -v bash >/dev/null; then
	shows "bash completes commands" completes 'pigato-cli pi' ping
	shows "… options" completes 'pigato-cli request --no' --nocache
	shows "… of the program" completes 'pigato-cli --en' --endpoint
	shows "… services" wait_until completes 'pigato-cli request ec' echo
	PIGATO_URL=$nobody
	shows "… of the broker that is named" \
		wait_until completes "pigato-cli -e $address dir e" echo
	shows "… and none where none answers" \
		completes "pigato-cli dir e" ''
	PIGATO_URL=$address
	shows "… topics of help" completes 'pigato-cli help wa' watch
else
	skip "bash completes" "no bash"
fi

shows "the worker stops" stops echo
shows "the server stops" stop
done_testing

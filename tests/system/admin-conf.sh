#!/bin/sh
# $conf of a running server: get, set, rewrite, reload.
. "${srcdir:-.}/tests/lib/server.sh"

# at_conf DATA WANTED: what the answer to DATA, a word, must be; * is anything.
at_conf() {
	"$PEER" "$admin" 2>"$dir/peer" <<-END
	c open
	c send C 2 \$conf r1 $1 {}
	c expect C 3 \e r1 $2 {}
	END
}

# value NAME: what the server says it is.
value() {
	at_conf "{\"cmd\":\"get\",\"name\":\"$1\"}" \
		"0 {\"options\":[{\"name\":\"$1\",\"value\":$2,\"default\":$3,\"source\":\"$4\",\"reloadable\":$5}]}"
}

conf 'default_timeout = 5000;'
start || { not_ok "the server starts"; done_testing; exit 1; }
shows "get tells a value, and where it is from" \
	value default_timeout 5000 60000 "$dir/conf:4" true
shows "… of an option with its default" \
	value dispatch '"load"' '"load"' default true
shows "… that is a switch" value directory true true default false
shows "… and of several that begin alike" at_conf \
	'{"cmd":"get","name":"default_c*"}' \
	'0 {"options":[{"name":"default_concurrency","value":100,"default":100,"source":"default","reloadable":true}]}'
shows "an unknown one is an error" at_conf \
	'{"cmd":"get","name":"dispach"}' \
	'-1 "INVALID:\s$conf:\sdispach:\sno\ssuch\soption;\sthe\snearest\sis\sdispatch"'
shows "all of them are told" at_conf '{"cmd":"get"}' '0 *'
shows "what is no command is an error" at_conf \
	'{"cmd":"got"}' '-1 "INVALID:\sno\ssuch\scmd"'

# ---- set ----

shows "set changes a value" at_conf \
	'{"cmd":"set","name":"log_level","value":"debug"}' \
	'0 {"changed":[{"name":"log_level","old":"info","value":"debug"}]}'
shows "… and who did it is in the log" logged \
	'info: setting changed client=c option=log_level old=\\x22info\\x22 new=\\x22debug\\x22'
shows "… and it says so" value log_level '"debug"' '"info"' '$conf' true
shows "… and it has taken effect" logged 'debug: request '
shows "set takes several" at_conf \
	'{"cmd":"set","values":{"dispatch":"rr","default_timeout":40}}' \
	'0 {"changed":[{"name":"dispatch","old":"load","value":"rr"},{"name":"default_timeout","old":5000,"value":40}]}'
shows "… all of them" value default_timeout 40 60000 '$conf' true
peers <<'END'
c open
c send C 2 nobody r1 x {}
END
shows "… and they count" wait_until logged 'request expired client=c'
shows "one that is wrong is told as in a file" at_conf \
	'{"cmd":"set","values":{"dispatch":"load","heartbeat":1}}' \
	'-1 "INVALID:\s$conf:\sheartbeat\s=\s1:\smust\sbe\s10\sto\s3600000\sms"'
shows "… and keeps the others as they are" \
	value dispatch '"rr"' '"load"' '$conf' true
shows "what only a restart changes is refused" at_conf \
	'{"cmd":"set","name":"io_threads","value":2}' \
	'-1 "INVALID:\s$conf:\sio_threads\s=\s2:\sonly\sa\srestart\schanges\sthis\soption"'
shows "clients of the public address may not" "$PEER" "$address" <<'END'
c open
c send C 2 $conf r1 {"cmd":"get"} {}
c expect C 3 \e r1 -1 "DENIED" {}
END

# ---- rewrite ----

cat >"$dir/conf" <<END
# precious words
bind = ( "tcp://127.0.0.1:*" ); intch = "tcp://127.0.0.1:*";
/* no */ heartbeat = 600000; // default_timeout = 9;
#dispatch = "load";
default_timeout: /* in ms */ 5000 // here
END
chmod 0640 "$dir/conf"
ln -s conf "$dir/link"
mv "$dir/conf" "$dir/real.conf"
ln -s real.conf "$dir/conf"
shows "rewrite puts into the file what was set" at_conf \
	'{"cmd":"rewrite"}' '0 {"written":3}'
cat >"$dir/want" <<END
# precious words
bind = ( "tcp://127.0.0.1:*" ); intch = "tcp://127.0.0.1:*";
/* no */ heartbeat = 600000; // default_timeout = 9;
#dispatch = "load";
default_timeout: /* in ms */ 40 // here
dispatch = "rr";
log_level = "debug";
END
shows "… and touches nothing else" cmp "$dir/want" "$dir/conf"
shows "… keeps its mode" \
	test "$(ls -l "$dir/real.conf" | cut -c 1-10)" = -rw-r-----
shows "… follows a link" test -L "$dir/conf"
shows "… and leaves no other file" \
	test "$(ls "$dir" | grep -c real.conf)" = 1
shows "the values are from the file now" \
	value default_timeout 40 60000 "$dir/conf:5" true
shows "rewritten again nothing is written" at_conf \
	'{"cmd":"rewrite"}' '0 {"written":0}'

# ---- reload ----

shows "set" at_conf '{"cmd":"set","name":"dispatch","value":"rand"}' '0 *'
shows "reload reads the file, which wins" at_conf '{"cmd":"reload"}' '0 {}'
shows "… over what was set" \
	value dispatch '"rr"' '"load"' "$dir/conf:6" true
echo 'dispatch = "x";' >>"$dir/real.conf"
shows "a file that is wrong is told" at_conf '{"cmd":"reload"}' \
	"-1 \"INVALID:\s$dir/conf:8:\sduplicate\ssetting\sname\""
shows "… and changes nothing" \
	value dispatch '"rr"' '"load"' "$dir/conf:6" true
shows "… and is not rewritten" at_conf '{"cmd":"rewrite"}' \
	"-1 \"INVALID:\s$dir/conf:8:\sduplicate\ssetting\sname\""
cp "$dir/want" "$dir/real.conf"

# ---- what goes wrong with the file ----

set_one() {
	at_conf '{"cmd":"set","name":"max_timeout","value":12345}' '0 *'
}

rewrite_fails() {
	at_conf '{"cmd":"rewrite"}' '-1 *' && cmp "$dir/want" "$dir/real.conf" &&
		test "$(ls "$dir" | grep -c real.conf)" = 1
}

shows "set" set_one
rm "$dir/conf"
mkfifo "$dir/conf"
shows "what is no plain file is not rewritten" at_conf '{"cmd":"rewrite"}' \
	"-1 \"INVALID:\s$dir/conf:\scannot\sbe\srewritten:\sit\sis\sno\splain\sfile;\sit\sis\sas\sit\swas\""
rm "$dir/conf"
shows "what is not there is not made" at_conf '{"cmd":"rewrite"}' \
	"-1 \"INVALID:\s$dir/conf:\scannot\sbe\srewritten:\sNo\ssuch\sfile\sor\sdirectory;\sit\sis\sas\sit\swas\""
ln -s real.conf "$dir/conf"
printf '@include "other"\n' >>"$dir/real.conf"
shows "a file that includes another is refused" at_conf '{"cmd":"rewrite"}' \
	"-1 \"INVALID:\s$dir/conf:8:\sother\sfiles\sare\snot\sread:\sall\ssettings\sstand\sin\sone\""
cp "$dir/want" "$dir/real.conf"
stop

# The disk is full: a file may not get any longer than nothing.
mkfifo "$dir/pipe"
launch sh -c 'cat "$0" & trap "" XFSZ; ulimit -f 0; exec "$@" >"$0" 2>&1' \
	"$dir/pipe" "$PIGATOD" "$dir/conf"
wait_until logged 'pigatod ready'
admin=$(logged_address admin)
shows "set" set_one
shows "a full disk leaves the file whole" rewrite_fails
stop

# Killed before the new file has the old one's name.
if strace -o /dev/null true 2>/dev/null; then
	for call in fsync rename; do
		start
		strace -f -o "$dir/trace" -e trace=$call \
			-e inject=$call:signal=KILL -p "$server" 2>"$dir/out" &
		tracer=$!
		wait_until grep -q attached "$dir/out"
		set_one
		at_conf '{"cmd":"rewrite"}' '0 *'
		ended
		wait $tracer
		if test "$status" = 137 && test $call = fsync; then
			shows "killed at $call: the file is the old one" \
				cmp "$dir/want" "$dir/real.conf"
		else
			shows "killed at $call: the file is one of the two" \
				"$PIGATOD" "$dir/conf" --test-config
		fi
		rm -f "$dir"/real.conf.*
		cp "$dir/want" "$dir/real.conf"
	done
else
	skip "killed while it rewrites" "no strace"
fi

done_testing

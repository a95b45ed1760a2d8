#!/bin/sh
# pigato-cli without a command: lines from a file, and a person at a terminal.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/cli.sh"

# ---- lines from elsewhere ----

start || { not_ok "the server starts"; done_testing; exit 1; }
PIGATO_URL=$address
PIGATO_INTCH=$intch
export PIGATO_URL PIGATO_INTCH
serve echo --echo || not_ok "a worker starts"

# lines STATUS TEXT: standard output in $dir/got, the rest in $dir/out.
lines() {
	printf '%s\n' "$2" | timeout 30 "$CLI" >"$dir/got" 2>"$dir/out"
	test $? = "$1"
}

# printed TEXT
printed() {
	printf '%s\n' "$1" | cmp - "$dir/got"
}

shows "lines are commands" lines 0 'request echo 1

	# a remark
  request echo "two words"
request echo {"a": [1, "}"]} --json
request echo --text it\ is
request echo --text '"'it is'"'
request echo [ ]'
shows "… with JSON as it is, and other words in quotes" printed '1
"two words"
{
  "a": [
    1,
    "}"
  ]
}
"it is"
"it is"
[ ]'
shows "the status is that of the last one" lines 5 'request echo 1
request nobody --failfast'
shows "… and none of an empty line's" lines 5 'request nobody --failfast
'
shows "quit ends it" lines 0 'quit
request echo 1'
shows "… there" test ! -s "$dir/got"

# wrong TEXT PATTERN: usage, and what is wrong.
wrong() {
	lines 2 "$1" && says "$2"
}

shows "a quote that is not closed" wrong "request echo 'x" "' is not closed"
shows "a string that is not closed" wrong 'request echo "x' '" is not closed'
shows "JSON that is not closed" wrong 'request echo {"x":[1}' 'not closed'
shows "no such command" wrong 'reqest echo' 'nearest is request'
shows "no such option" wrong 'request echo --endpoint x' 'no such option'
shows "standard input, which has the lines" wrong 'request echo -' 'wanted'
shows "an address that is none ends it at once" \
	cli 2 -e nonsense
shows "lines serve as well" lines 5 \
	"request nobody --failfast --timeout 30000"

# ---- at a terminal ----

TERM=xterm
NO_COLOR=1
LC_ALL=C.UTF-8
export TERM NO_COLOR LC_ALL

person "commands are answered" <<'END'
expect help tells the commands
expect pigato>
type request echo {"a": 1}
expect \x0a{"a":1}\x0d\x0a
expect pigato>
type requset
expect \x0ano such command: requset; the nearest is request\x0d\x0a
expect pigato>
type help request
expect --failfast
expect pigato>
type quit
end 0
END

person "the directory is a table" <<'END'
expect pigato>
type dir
expect \x0aSERVICE  WORKERS\x0d\x0aecho     W-
expect pigato>
keys \x04
end 0
END

person "the tabulator completes commands, options and living services" <<'END'
expect pigato>
keys reques\x09 ec\x09--te\x09
type done
expect \x0a"done"\x0d\x0a
expect pigato>
keys he\x09di\x09
type \e
expect \x0adir [SERVICE]
expect pigato>
keys \x09
expect \x0a  request\x0d\x0a
expect \x0a  ping\x0d\x0a
keys ping
type \e
expect answers after
expect pigato>
keys \x04
end 0
END

# A prompt begins its line, be "^C" echoed before or behind it: the system sends
# the signal first.
person "Control-C cancels what is in flight, and not the shell" <<'END'
expect pigato>
type request nobody
expect nobody\x0d\x0a
keys \x03
expect \x0arequest: nobody: cancelled
expect pigato>
keys no such line\x03
expect \x0apigato>
type request echo "alive"
expect \x0a"alive"\x0d\x0a
expect pigato>
type request nobody --timeout 10 --count 1000000 --interval 60000
expect TIMEOUT
keys \x03
expect pigato>
type watch
expect watching
keys \x03
expect \x0apigato>
type serve here -- cat
expect serving here
keys \x03
expect \x0apigato>
type ping --count 1000000
expect answers
keys \x03
expect \x0apigato>
keys \x04
end 0
END

person "control characters do not reach the terminal" <<'END'
expect pigato>
type request echo --raw "\\u001b[31m\\u009b\\u202e"
expect \x0a\\u001b[31m\\u009b\\u202e\x0d\x0a
expect pigato>
keys \x04
end 0
END

person "input that ends in a hangup ends it" <<'END'
expect pigato>
type request echo "hangs"
expect \x0a"hangs"\x0d\x0a
expect pigato>
hangup
end 1
END

# ---- history ----

shows "the history is nobody else's to read" \
	sh -c 'ls -l "$1" | grep -q "^-rw-------"' - "$dir/.pigato_history"
shows "… and survives even that" grep -q hangs "$dir/.pigato_history"
person "it is there the next time" <<'END'
expect pigato>
type  request echo "secret"
expect \x0a"secret"\x0d\x0a
expect pigato>
keys \x10
expect request echo "hangs"
keys \x0d
expect \x0a"hangs"\x0d\x0a
expect pigato>
keys \x04
end 0
END
shows "… without lines that begin with a blank" \
	sh -c '! grep -q secret "$1"' - "$dir/.pigato_history"
chmod 644 "$dir/.pigato_history"
XDG_STATE_HOME=$dir/state
export XDG_STATE_HOME
person "XDG_STATE_HOME says where it is" <<'END'
expect pigato>
type ping
expect pigato>
keys \x04
end 0
END
shows "… with the same mode" sh -c \
	'ls -l "$1" | grep -q "^-rw-------"' - "$dir/state/pigato_history"
XDG_STATE_HOME=$dir/log
person "one that cannot be written is told" <<'END'
expect pigato>
keys \x04
expect cannot write
end 0
END
unset XDG_STATE_HOME

# ---- colour ----

person "NO_COLOR is honoured" request echo '["x"]' <<'END'
expect ["x"]\x0d\x0a
end 0
END
unset NO_COLOR
person "a terminal has colour" request echo '["x"]' <<'END'
expect [\x1b[32m"x"\x1b[0m]\x0d\x0a
end 0
END
TERM=dumb
person "a dumb one has none" request echo '["x"]' <<'END'
expect ["x"]\x0d\x0a
end 0
END
TERM=xterm
shows "a file has none" gives '["x"]' request echo '["x"]'
printf '"\302\233m \342\200\256 \303\251 \177"' >"$dir/data"
person "what a terminal would obey is shown" request echo "@$dir/data" <<'END'
expect \\u009bm \\u202e \xc3\xa9 \\u007f
end 0
END
person "… in text as well, but for lines" \
	request echo --raw '"a\nb\u001b[31m\tc"' <<'END'
expect a\x0d\x0ab\\u001b[31m\x09c\x0d\x0a
end 0
END

shows "the worker stops" stops echo
shows "the server stops" stop
done_testing

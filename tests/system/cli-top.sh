#!/bin/sh
# pigato-cli top: at terminals of all sizes, with brokers that come and go.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/cli.sh"
unset PIGATO_ADMIN_URL
export RUNTIME_DIRECTORY="$dir"
cat >"$dir/conf" <<END
bind = ( "ipc://$dir/sock" );
intch = "ipc://$dir/intch";
heartbeat = 600000;
END

start || { not_ok "the server starts"; done_testing; exit 1; }
PIGATO_URL=$address
TERM=xterm
NO_COLOR=1
LC_ALL=C.UTF-8
export PIGATO_URL TERM NO_COLOR LC_ALL
serve echo --echo || not_ok "a worker starts"

shows "without a terminal it does not begin" cli 2 top
shows "… and names what does" says 'stat is for all else'
person "an address that is not for operators: 6" -e "$address" top <<'END'
expect not for operators (DENIED)
end 6
END
person "nobody there: 3" --admin "ipc://$dir/none" --connect-timeout 100 top \
	<<'END'
expect no broker answers
end 3
END
person "a column that is none: 2" top --sort nonsense <<'END'
expect wanted: the heading of a column
end 2
END
TERM=unheard-of
person "a terminal that is none: 1" top <<'END'
expect this terminal cannot be used
end 1
END
TERM=xterm

"$CLI" request echo 1 >/dev/null
person "services, workers, help, and the end" top --interval 0.1 <<'END'
see requests
see of 6 services, by REQ/S, every 100ms
see SERVICE
see QUEUED
see echo
keys \x09
see of 1 workers
see WORKER
see SILENT
see W-
see free
keys ?
see sort by the column
keys ?
see W-
keys q
end 0
END

person "columns are sorted by, either way" top -i 0.1 --sort queued <<'END'
see by QUEUED
see $dir
see echo
keys r
see reversed
keys >
see INFLT
keys <
keys <
see ERR/S
keys \x09
see by REQ/S, every
keys +
see 200ms
keys -
see 100ms
keys \x03
end 0
END

person "rows may be chosen by text" top -i 0.1 <<'END'
see of 6 services
keys /ex\x7fch
see only with: ech_
keys \x0d
see only with: ech
see 1 of 6
keys /\x15none\x0d
see none
see 0 of 6
keys /\x1b
see q leave
keys q
end 0
END

person "it begins as it was told" top -w -f W- -i 0.1 <<'END'
see 1 of 1 workers
see only with: W-
see echo
keys q
end 0
END

person "any size will do" top -i 0.1 <<'END'
see q leave
size 24 57
see < > sort\x1b[K
size 5 20
see SERVICE
size 2 3
see 6 o
size 1 1
see 6
size 3 1
see S
size 300 300
see q leave
see echo
keys \x09
see W-
keys q
end 0
END

story "services with odd names" <<'END'
c open
c send C 2 esc-\x1b[31m\x0a\x07-end r1 null {}
c send C 2 wide-\xe4\xb8\xad\xe6\x96\x87-end r2 null {}
c send C 2 turn-\xe2\x80\xae-end r3 null {}
c send C 2 bad-\xff\xfe-end r4 null {}
c send C 2 unassigned-\xf3\xb0\x80\x80\xcd\xb8-end r5 null {}
c send C 2 long-\*300 r6 null {}
c send C 4
c expect C 4
END
# Sorted by name, the other way round; what stands behind a name is in its
# column, whatever the name is: columns of 300 end in the same place.
person "names do nothing to the screen" top -i 0.1 -s service <<'END'
see bad-\\xff\\xfe-end
see esc-\\x1b[31m\\x0a\\x07-end
see turn-\\u202e-end
see unassigned-
see wide-\xe4\xb8\xad\xe6\x96\x87-end
keys q
end 0
END
LC_ALL=C
person "… nor where there is but ASCII" top -i 0.1 -s service <<'END'
see turn-\\u202e-end
see wide-\\u4e2d\\u6587-end
keys q
end 0
END
LC_ALL=C.UTF-8

# again: another broker at the same addresses, in the background.
cat >"$dir/again" <<END
exec </dev/null >"$dir/log" 2>&1
$PIGATOD "$dir/conf" &
echo \$! >"$dir/second"
END
person "a broker that goes and comes back is told of" top -i 0.1 <<END
see services, by REQ/S
see echo
run kill -KILL $server
see NO BROKER ANSWERS for
see trying on
run sh $dir/again
see services, by REQ/S
keys \x09
see workers, by REQ/S
see W-
see echo
keys q
end 0
END
shows "the first one is gone" ended
server=$(cat "$dir/second")
started="$started $server"
shows "the second one is not" kill -0 "$server"

person "one that is halted as well" top -i 0.1 <<END
see services, by REQ/S
run kill -STOP $server
see NO BROKER ANSWERS for
run kill -CONT $server
see services, by REQ/S
keys q
end 0
END

many_services
person "of many services some are asked for at a time" top -i 0.1 <<'END'
see 500 a refresh: each is seen every 0s
keys \x1b[6~
see from row
keys /many-12-20-f\x0d
see 1 of 14
see many-12-20-f
keys q
end 0
END

person "in the shell it gives the terminal back" <<'END'
expect pigato>
type top -i 0.1 --filter echo
see by REQ/S, every 100ms, only with: echo
see echo
keys q
expect pigato>
type request echo "after"
expect \x0a"after"\x0d\x0a
expect pigato>
type top -i 0.1
see many-
keys \x03
expect pigato>
keys \x04
end 0
END

person "it ends with its terminal" top <<'END'
see echo
hangup
end 0
END
shows "the worker stops" stops echo
shows "the server stops" kill -TERM "$server"
wait_until sh -c '! kill -0 "$1"' - "$server"
done_testing

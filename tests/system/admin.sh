#!/bin/sh
# The administrative endpoint: where it is, who gets in, what it serves.
. "${srcdir:-.}/tests/lib/server.sh"

mode_of() {
	ls -ld "$1" | cut -c 1-10
}

# at ADDRESS: the script of standard input goes to a server there.
at() {
	"$PEER" "$1" 2>"$dir/peer"
}

serves() {
	at "$1" <<-END
	w open
	w send W 1 $2
	c open
	c send C 4
	c expect C 4
	END
}

echoes() {
	at "$address" <<-'END'
	w open
	w send W 1 echo
	w expect W 1
	END
	at "$1" <<-'END'
	c open
	c send C 2 $dir r1 null {}
	c expect C 3 \e r1 0 {"echo":["w"]} {}
	END
}

# ---- where nobody chose a place ----

conf ""
umask 000
start || { not_ok "the server starts"; done_testing; exit 1; }
umask 022
socket=$dir/admin.sock
shows "it listens in the run directory" test "$admin" = "ipc://$socket"
shows "its owner alone may connect" test "$(mode_of "$socket")" = srwx------
shows "it answers there" serves "$admin"
shows "it serves \$dir there, as everywhere" echoes "$admin"
first=$server
first_admin=$admin

shows "a second server of the same user starts" start
shows "… warns that it has no such endpoint" \
	logged "warn: no administrative endpoint address=$first_admin"
shows "… and ends without harm" stop
shows "… to the first one's socket" serves "$first_admin"

kill -KILL "$first"
ended "$first"
shows "a killed server leaves its socket" test -S "$socket"
shows "it is taken over" start
shows "… and answered at" serves "$admin"
shows "the server stops" stop
shows "its socket goes with it" test ! -e "$socket"

RUNTIME_DIRECTORY=$dir/run:$dir/other
start
shows "a missing run directory is made" test "$admin" = "ipc://$dir/run/admin.sock"
shows "… for its owner alone" test "$(mode_of "$dir/run")" = drwx------
stop
RUNTIME_DIRECTORY=$dir/no/such/place
shows "without a place for it the server starts" start
shows "… with a warning that tells the place" logged \
	"warn: no administrative endpoint address=ipc://$dir/no/such/place/admin.sock: No such file"
stop
RUNTIME_DIRECTORY=$dir
: >"$socket"
shows "a file in its place does not keep the server from starting" start
shows "… and is left alone" test -f "$socket"
stop
rm "$socket"

# ---- where somebody did ----

conf "admin_bind = [ \"ipc://$dir/one\", \"ipc://@$dir/two\" ];"
umask 000
shows "it starts at two places" start
umask 022
shows "the first is private" test "$(mode_of "$dir/one")" = srwx------
shows "it answers there" serves "ipc://$dir/one"
shows "the second has no owner, which is said" \
	logged "warn: every user .* address=ipc://@$dir/two"
shows "it answers there, too" serves "ipc://@$dir/two"
shows "nothing is in the run directory" test ! -e "$socket"
cp "$dir/conf" "$dir/second.conf"
first=$server
shows "an address that another server has ends the start with 1" \
	exits 1 "$PIGATOD" "$dir/second.conf"
shows "… and names it" says "$dir/one"
server=$first
shows "the server stops" stop
shows "its socket goes with it" test ! -e "$dir/one"

conf "admin_bind = \"none\";"
start
shows "none is none" test -z "$admin"
shows "… without a warning" sh -c "! grep -q warn '$dir/log'"
stop

done_testing

#!/bin/sh
# The units: whether systemd takes them, how far they confine the server, and
# whether it runs so. systemd itself is not wanted, but for systemd-analyze.
. "${srcdir:-.}/tests/lib/server.sh"

CONFINE=${CONFINE:-./tests/lib/confine}
HEARER=${HEARER:-./tests/lib/hearer}
conf_dir=${top_srcdir:-${srcdir:-.}}/conf
unit=$conf_dir/pigatod.service
MOST_EXPOSED=1.2

# ---- one unit for one server, one for several ----

sed -e '/^# pigatod@NAME/d' -e 's/ %i$//' -e 's|/pigato/%i|/pigato|' \
	-e 's/-%i//' "$conf_dir/pigatod@.service" >"$dir/single"
shows "the unit for several servers differs by its names alone" \
	diff "$unit" "$dir/single"

if ! command -v systemd-analyze >/dev/null; then
	skip "what systemd-analyze says" "no systemd-analyze"
	done_testing
	exit
fi

# ---- what systemd says ----

# exposure FILE: the figure, without anything around it.
exposure() {
	SYSTEMD_COLORS=0 LC_ALL=C systemd-analyze security --offline=true \
		--no-pager "$1" >"$dir/out" 2>&1
	sed -n 's/.*exposure level for .*: \([0-9.]*\) .*/\1/p' "$dir/out"
}

# is_confined FILE
is_confined() {
	figure=$(exposure "$1")
	echo "exposure: $figure"
	test -n "$figure" || return 1
	awk -v most="$MOST_EXPOSED" -v is="$figure" \
		'BEGIN { exit !(is <= most) }'
}

# verifies NAME FILE: with a program that is there.
verifies() {
	sed "s|/usr/bin/pigatod|$PIGATOD|" "$2" >"$dir/$1"
	SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no \
		--recursive-errors=no "$dir/$1" >"$dir/verified" 2>&1
	rc_=$?
	cat "$dir/verified"
	test $rc_ = 0 && ! grep "$1" "$dir/verified"
}

shows "systemd-analyze verify finds nothing wrong" \
	verifies pigatod.service "$unit"
shows "… nor with that for several" \
	verifies pigatod@.service "$conf_dir/pigatod@.service"
shows "exposed by no more than $MOST_EXPOSED" is_confined "$unit"
shows "… the one for several as well" \
	is_confined "$conf_dir/pigatod@.service"

in_root() {
	mkdir -p "$dir/tree/etc" &&
		systemd-sysusers --root="$dir/tree" "$conf_dir/pigatod.sysusers" &&
		grep '^pigatod:' "$dir/tree/etc/passwd" &&
		systemd-tmpfiles --root="$dir/tree" --create \
			"$conf_dir/pigatod.tmpfiles" &&
		test "$(stat -c %a "$dir/tree/run/pigatod")" = 750
}
words="user and directories can be made"
if test "$(id -u)" = 0 && command -v systemd-sysusers >/dev/null; then
	shows "$words" in_root
else
	skip "$words" "not root, or no systemd-sysusers"
fi

# What tests/lib/confine does beside the system calls.
has_what_confine_does() {
	for line_ in MemoryDenyWriteExecute=yes RestrictNamespaces=yes \
		'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK'; do
		grep -qx "$line_" "$unit" || return
	done
}
shows "no more restrictions than are tried below" has_what_confine_does

# ---- what it may call ----

# members NAME …: of groups their members, of system calls themselves.
members() {
	for group_ in "$@"; do
		case $group_ in
		@*)
			systemd-analyze syscall-filter --no-pager "$group_" |
				sed '1d; s/^ *//; /^#/d; /^$/d'
			;;
		*) echo "$group_" ;;
		esac
	done
}

# calls NAME …: the same, with groups within groups.
calls() {
	members "$@" >"$dir/members"
	while grep -q '^@' "$dir/members"; do
		# shellcheck disable=SC2046 # a list
		members $(cat "$dir/members") >"$dir/members.new"
		mv "$dir/members.new" "$dir/members"
	done
	cat "$dir/members"
}

# Line by line, as systemd does: the first one allows, ~ takes away again.
: >"$dir/names"
sed -n 's/^SystemCallFilter=//p' "$unit" >"$dir/lines"
while read -r line; do
	# shellcheck disable=SC2086 # a list
	calls ${line#"~"} | sort -u >"$dir/of_line"
	case $line in
	"~"*) comm -23 "$dir/names" "$dir/of_line" ;;
	*) sort -u "$dir/names" "$dir/of_line" ;;
	esac >"$dir/names.new"
	mv "$dir/names.new" "$dir/names"
done <"$dir/lines"
echo '#include <sys/syscall.h>' | ${CC:-cc} -E -dM - |
	sed -n 's/^#define __NR_\([a-z0-9_]*\) \([0-9]*\)$/\1 \2/p' |
	sort >"$dir/numbers"
join "$dir/names" "$dir/numbers" | cut -d ' ' -f 2 >"$dir/allowed"
shows "the filter is of groups that systemd has" \
	test "$(wc -l <"$dir/allowed")" -gt 100

# ---- as confined as that ----

words="it runs under the unit's restrictions"
if test -n "$SAN_FLAGS"; then
	skip "$words" "sanitizers call what they like"
	done_testing
	exit
fi
as=
test "$(id -u)" = 0 && chown 65534 "$dir" &&
	"$CONFINE" -u - test -x "$PIGATOD" && as=-u
"$CONFINE" "$dir/allowed" true
if test $? = 77; then
	skip "$words" "confine does not know this machine"
	done_testing
	exit
fi
touch "$dir/file"
shows "what is not allowed is fatal" exits 159 \
	sh -c '"$@"; exit $?' - "$CONFINE" "$dir/allowed" \
	chown "$(id -u)" "$dir/file"

"$HEARER" "$dir/notify" >"$dir/heard" 2>&1 &
started="$started $!"
wait_until grep -q '^hearing' "$dir/heard"
test -z "$as" || chown 65534 "$dir/notify"
cat >"$dir/conf" <<END
bind = [ "tcp://127.0.0.1:*", "ipc://$dir/peers" ];
intch = "ipc://$dir/intch";
heartbeat = 100;
heartbeat_liveness = 1000;
log_file = "$dir/server.log";
pid_file = "$dir/pid_file";
END

# start_confined: as start.
start_confined() {
	launch env NOTIFY_SOCKET="$dir/notify" WATCHDOG_USEC=200000 \
		RUNTIME_DIRECTORY="$dir/run" \
		"$CONFINE" $as "$dir/allowed" "$PIGATOD" "$dir/conf"
	wait_until grep -q 'pigatod ready' "$dir/server.log" || return 1
	address=$(sed -n 's/.* listening address=\(tcp[^ ]*\).*/\1/p' \
		"$dir/server.log" | tail -n 1)
	intch=ipc://$dir/intch
}

if ! start_confined; then
	not_ok "$words"
	done_testing
	exit
fi
ok "$words"
shows "… by itself, without privileges" grep -q "^NoNewPrivs:.*1" \
	"/proc/$server/status"
story "it serves" <<'END'
s subscribe
w open
w send W 1 echo
w expect W 1
w expect W 4
c open
c send C 2 echo r1 "hi" {"timeout":1000}
w expect W 2 c echo \e r1 "hi" {"timeout":1000}
w send W 3 c \e r1 0 "yo" {}
c expect C 3 \e r1 0 "yo" {}
c send C 2 $dir r2 "echo" {}
c expect C 3 \e r2 0 ["w"] {}
w send W 5
END
address=ipc://$dir/run/admin.sock
story "… operators" <<'END'
c open
c send C 2 $dir r1 "echo" {}
c expect C 3 \e r1 0 [] {}
END
address=ipc://$dir/peers
story "… over ipc as well" <<'END'
c open
c send C 4
c expect C 4
END
echo 'log_level = "debug"; max_queue = 5;' >>"$dir/conf"
kill -HUP "$server"
shows "it reads its settings again" \
	wait_until grep -q 'settings reloaded' "$dir/server.log"
mv "$dir/server.log" "$dir/old.log"
kill -USR1 "$server"
shows "it opens its log anew" wait_until grep -q 'log reopened' \
	"$dir/server.log"
shows "it feeds the watchdog" wait_until grep -q '^WATCHDOG=1' "$dir/heard"
kill -USR2 "$server"
ended
shows "it drains and ends well" test "$status" = 0
shows "… and takes its files with it" \
	test ! -e "$dir/pid_file" -a ! -e "$dir/peers"
rm "$dir/server.log"
start_confined
kill -TERM "$server"
ended
shows "it stops" test "$status" = 0

done_testing

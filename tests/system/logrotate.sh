#!/bin/sh
# conf/pigatod.logrotate, by logrotate itself: the log is moved away, and the
# server goes on in a new one. Directory, user and systemd are of the test.
. "${srcdir:-.}/tests/lib/server.sh"

top=${top_srcdir:-${srcdir:-.}}
PATH=$PATH:/usr/sbin:/sbin

if ! command -v logrotate >/dev/null; then
	skip "logs are rotated" "no logrotate"
	done_testing
	exit 0
fi

# What systemctl would be asked, done for the one server that runs.
mkdir "$dir/bin" "$dir/logs"
cat >"$dir/bin/systemctl" <<'END'
#!/bin/sh
case " $* " in
" kill --kill-who=main --signal=USR1 "*) kill -USR1 "$SERVER" ;;
*) exit 1 ;;
esac
END
chmod +x "$dir/bin/systemctl"
sed "s|/var/log/pigatod/|$dir/logs/|; /^	su /d" \
	"$top/conf/pigatod.logrotate" >"$dir/rotate"
chmod 644 "$dir/rotate"

rotates() {
	PATH=$dir/bin:$PATH SERVER=$server logrotate --force \
		--state "$dir/state" "$dir/rotate"
}

has_lines() {
	grep -q -e "$1" "$dir/logs/$2"
}

log=$dir/logs/pigatod.log
conf "log_file = \"$log\";"
launch "$PIGATOD" "$dir/conf"
shows "the server writes its log" wait_until has_lines 'pigatod ready' \
	pigatod.log
shows "logrotate takes the snippet" rotates
shows "it has moved the log away" has_lines 'pigatod ready' pigatod.log.1
shows "the server has a new one" wait_until test -e "$log"
kill -HUP "$server"
shows "… and writes to that" wait_until has_lines 'settings reloaded' \
	pigatod.log
shows "… alone" sh -c '! grep -q reloaded "$1"' - "$log.1"
shows "the server stops" stop
done_testing

#!/bin/sh
# The reply cache of the real pigatod, asked and flushed by pigato-cli.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/cli.sh"

# figure NAME VALUE: of the cache.
figure() {
	"$CLI" cache stats >"$dir/stats" && grep -qx "$1:$2" "$dir/stats"
}

# A worker that counts what it is asked.
counted() {
	serve "$1" --cache 600000 -- sh -c 'read -r data; echo x >>"$1"
		wc -l <"$1"' - "$dir/$1.asked"
}

start || { not_ok "the server starts"; done_testing; exit 1; }
PIGATO_URL=$address
export PIGATO_URL

counted a
counted b
shows "the first request is for a worker" gives 1 request a '{"x":1}' --raw
shows "an equal one is answered with the same" gives 1 request a '{"x":1}' --raw
shows "… a hundred times" sh -c \
	'test "$("$1" request a "{\"x\":1}" -n 100 | sort | uniq -c | tr -d " \n")" = 1001' - "$CLI"
shows "other data is not" gives 2 request a '{"x":2}'
shows "nocache is not" gives 3 request a '{"x":1}' --nocache
shows "… and is what others get then" gives 3 request a '{"x":1}'
shows "another service is not" gives 1 request b '{"x":1}'
shows "the figures tell of it" figure hits 102
shows "… and of what is kept" figure entries 3
shows "… by info as well" cli 0 info cache
shows "… the same" grep -qx 'entries:3' "$dir/out"
shows "route knows who would answer" cli 0 route a '{"x":1}'
shows "… the cache" grep -qx 'a: answered from the cache' "$dir/out"
shows "… but not another request" cli 0 route a '{"x":9}'
shows "… which goes to the worker" grep -q '^a: given to ' "$dir/out"
shows "an entry is flushed" gives 'flushed:1' cache flush a '{"x":1}'
shows "… and asked for anew" gives 4 request a '{"x":1}'
shows "… it alone" gives 2 request a '{"x":2}'
shows "a service is flushed" gives 'flushed:2' cache flush a
shows "… and no other" gives 1 request b '{"x":1}'
shows "… it is asked for anew" gives 5 request a '{"x":2}'
shows "all is flushed" gives 'flushed:2' cache flush
shows "… and asked for anew" gives 2 request b '{"x":1}'

background watch watch --intch "$intch" '$cache'
wait_until grep -q "watching $intch" "$dir/watch.err"
seen() {
	"$CLI" cache flush c >/dev/null
	grep -q '^$cache {"event":"flush","service":"c"}' "$dir/watch.out"
}
shows "flushes are told on the internal channel" wait_until seen

shows "a wrong word is told" cli 2 cache clean
shows "… stats of nothing" cli 2 cache stats a

# ---- equal requests that wait ----

mkfifo "$dir/go"
serve slow -- sh -c 'echo x >>"$1"; read -r go <"$2"; echo "$go"' - \
	"$dir/slow.asked" "$dir/go"
for n in 1 2 3; do
	background "slow$n" request slow '{}' --coalesce
done
shows "two have joined the first" wait_until figure coalesced 2
echo '"yo"' >"$dir/go"
for n in 1 2 3; do
	shows "… number $n" ends "slow$n" 0
	shows "… by the same" grep -q '^"yo"$' "$dir/slow$n.out"
done
shows "the worker was asked once" sh -c 'test $(wc -l <"$1") = 1' - \
	"$dir/slow.asked"

# ---- settings ----

reload() {
	conf "$1"
	: >"$dir/log"
	kill -HUP "$server"
	wait_until logged 'settings reloaded'
}
reload 'cache = false;'
shows "switched off, it answers nothing" gives 3 request b '{"x":1}'
shows "… but for its own name" figure enabled false
reload 'coalesce = [ "slo*" ];'
shows "switched on, it has forgotten" gives 4 request b '{"x":1}'
shows "… and keeps anew" gives 4 request b '{"x":1}'
background one request slow '[]'
wait_until sh -c 'test $(wc -l <"$1") = 2' - "$dir/slow.asked"
background two request slow '[]'
shows "a setting makes equal requests join" wait_until figure coalesced 3
echo '"yes"' >"$dir/go"
shows "… and have one answer" ends two 0
shows "… both" ends one 0

stop
done_testing

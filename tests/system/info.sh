#!/bin/sh
# $info of the real server: what the process tells of itself, and what
# operators do under the eyes of real peers.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/cli.sh"

# info DATA: the answer in $dir/out; true if it is a success.
info() {
	cli 0 -e "$admin" request \$info "$1"
}

# tells DATA PATTERN …: the answer has each of them in it.
tells() {
	info "$1" || return 1
	shift
	for pattern_; do
		says "$pattern_" || return 1
	done
}

conf "name = \"here\"; slowlog_time = 0; slowlog_max = 5;"
start || { not_ok "the server starts"; done_testing; exit 1; }

shows "it tells of its process" tells '{"section":["server","memory"]}' \
	'"name":"here"' "\"pid\":$server," '"version":"[0-9]' \
	'"uptime_ms":[0-9]' '"cpu_user_us":[0-9]' '"max_open_files":[1-9]' \
	'"rss_bytes":[1-9][0-9]\{5,\}' '"bind":\["tcp://127.0.0.1:'
# The machine may run for long: the server has not.
shows "… and counts since its start" tells '{"section":"server"}' \
	'"reset_ms":[0-9]\{1,5\}[,}]'
shows "others are denied" cli 6 -e "$address" request \$info
shows "… and told so" says DENIED

story "a worker answers one of two requests" <<'END'
w open
w send W 1 echo
w expect W 1
c open
c send C 2 echo r1 "hi" {}
w expect W 2 c echo \e r1 "hi" {}
c send C 2 echo r2 "hello" {}
w expect W 2 c echo \e r2 "hello" {}
w send W 3 c \e r1 0 "yo" {}
c expect C 3 \e r1 0 "yo" {}
END
shows "both are counted" tells '{"section":"requests"}' \
	'"in_flight":1,' '"served":1,' '"worker_us":{"count":1,"mean":[1-9]'
shows "the worker is listed" tells '{"cmd":"workers"}' \
	'"worker":"w","service":"echo","state":"free"' '"in_flight":1,'
shows "the client is listed" tells '{"cmd":"clients"}' \
	'"client":"c","endpoint":"public","in_flight":1,"sent":2'
shows "the request is listed" tells '{"cmd":"requests","worker":"w"}' \
	'"rid":"r2"' '"state":"in_flight"' '"total":1'
shows "the slow log has the other one" tells '{"cmd":"slowlog"}' \
	'"rid":"r1","service":"echo","worker":"w","end":"served"' '"total":1'
shows "a turn of the loop takes its time" tells '{"cmd":"latency"}' \
	'"turns":[1-9]' '"turn_us":{"count":[1-9]' '"messages_per_turn":{"count":'
shows "the next one would go there" tells '{"cmd":"route","service":"echo"}' \
	'"worker":"w"' '"why":"chosen"'
shows "a request is cancelled" \
	tells '{"cmd":"request_cancel","client":"c","rid":"r2"}' '"worker":"w"'
shows "… which is logged" logged 'request cancelled client=c rid=r2'
shows "the idle worker is drained at once" \
	tells '{"cmd":"worker_drain","worker":"w"}' '"in_flight":0'
shows "… and gone" tells '{"section":"workers"}' '"workers":0' '"drained":1'
shows "what is not there is an error" \
	cli 1 -e "$admin" request \$info '{"cmd":"worker_kill","worker":"w"}'
shows "… with its name" says NO_SUCH_WORKER

echo "slowlog_max = 0;" >>"$dir/conf"
sed -i 's/slowlog_max = 5;//' "$dir/conf"
kill -HUP "$server"
shows "a reload cuts the slow log" \
	wait_until tells '{"cmd":"slowlog"}' '"slowlog":\[\]'
shows "the server stops" stop

# ---- peers that look on ----

conf "admin_everywhere = true;"
start
story "a killed worker is told, and so is its client" <<'END'
w open
w send W 1 echo
w expect W 1
c open
c send C 2 echo r1 "hi" {}
w expect W 2 c echo \e r1 "hi" {}
op open
op send C 2 $info k1 {"cmd":"worker_kill","worker":"w"} {}
op expect C 3 \e k1 0 {"worker":"w","in_flight":1} {}
w expect W 5
c expect C 3 \e r1 -1 "WORKER_LOST" {}
END
story "a drained worker answers what it has, and goes" <<'END'
w2 open
w2 send W 1 slow
w2 expect W 1
c2 open
c2 send C 2 slow r1 "hi" {}
w2 expect W 2 c2 slow \e r1 "hi" {}
op2 open
op2 send C 2 $info d1 {"cmd":"worker_drain","worker":"w2"} {}
op2 expect C 3 \e d1 0 {"worker":"w2","in_flight":1} {}
c2 send C 2 slow r2 "next" {}
w2 send W 3 c2 \e r1 0 "yo" {}
c2 expect C 3 \e r1 0 "yo" {}
w2 expect W 5
w2 send W 1 slow
w2 expect W 1
w2 expect W 2 c2 slow \e r2 "next" {}
w2 send W 5
END
story "a paused service keeps its requests" <<'END'
op3 open
op3 send C 2 $info p1 {"cmd":"service_pause","service":"calm"} {}
op3 expect C 3 \e p1 0 {"service":"calm","queued":0} {}
w3 open
w3 send W 1 calm
w3 expect W 1
c3 open
c3 send C 2 calm r1 "hi" {}
c3 send C 4
c3 expect C 4
op3 send C 2 $info p2 {"cmd":"service_resume","service":"calm"} {}
op3 expect C 3 \e p2 0 {"service":"calm","queued":1} {}
w3 expect W 2 c3 calm \e r1 "hi" {}
w3 send W 5
END
shows "the server stops" stop

done_testing

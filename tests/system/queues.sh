#!/bin/sh
# Peers that do not read, and peers that come back at once: each hurts itself
# alone, or nobody.
. "${srcdir:-.}/tests/lib/server.sh"

conf 'hwm = 10;'
start || { not_ok "the server starts"; done_testing; exit 1; }

# rounds N LINE …: the lines N times, with a number for each @.
rounds() {
	count=$1
	shift
	i=1
	while [ $i -le "$count" ]; do
		printf '%s\n' "$@" | sed "s/@/$i/g"
		i=$((i + 1))
	done
}

{
	cat <<-'END'
	deaf open-deaf
	deaf send W 1 deaf
	deaf expect W 1
	w open
	w send W 1 echo
	w expect W 1
	c open
	repeat 90 c send C 2 deaf big\# \*400000 {}
	d open
	END
	rounds 50 'd send C 2 echo r@ "hi" {}' \
		'w expect W 2 d echo \e r@ "hi" {}' \
		'w send W 3 d \e r@ 0 "hi" {}' \
		'd expect C 3 \e r@ 0 "hi" {}'
	cat <<-'END'
	c send C 4
	c expect C 4
	w send W 5
	END
} >"$dir/script"
story "a worker that does not read keeps nobody else waiting" <"$dir/script"

{
	cat <<-'END'
	deaf open-deaf
	w open
	w send W 1 echo
	w expect W 1
	END
	rounds 90 'deaf send C 2 echo r@ "hi" {}' \
		'w expect W 2 deaf echo \e r@ "hi" {}' \
		'w send W 3 deaf \e r@ 0 \*400000 {}'
	cat <<-'END'
	c open
	c send C 2 echo r "hi" {}
	w expect W 2 c echo \e r "hi" {}
	w send W 3 c \e r 0 "hi" {}
	c expect C 3 \e r 0 "hi" {}
	w send W 5
	END
} >"$dir/script"
story "a client that does not read loses its replies, nobody else's" \
	<"$dir/script"

# Under its old identity, while the server may not have seen the old
# connection end.
rounds 100 "c open" "c send C 4" "c expect C 4" "c close" >"$dir/script"
story "a hundred quick reconnects of a client lose no first message" \
	<"$dir/script"

{
	echo "c open"
	rounds 50 'w open' 'w send W 1 quick' 'w expect W 1' \
		'c send C 2 quick r@ x {}' 'w expect W 2 c quick \e r@ x {}' \
		'w send W 3 c \e r@ 0 y {}' 'c expect C 3 \e r@ 0 y {}' \
		'w close'
} >"$dir/script"
story "nor do fifty of a worker, READY again and again" <"$dir/script"

# What had come while a batch was taken was left lying, where no answer to that
# batch made the server look again: libzmq's descriptor tells of mail once.
{
	echo "c open"
	i=0
	while [ $i -lt 100 ]; do
		i=$((i + 1))
		cat <<-END
		repeat 600 c send C 2 nobody $i-\# x {"timeout":-1}
		c send C 4
		c expect C 4
		END
	done
} >"$dir/script"
story "a flood of requests that have no answer yet is read to its end" \
	<"$dir/script"

shows "the server stops as it should" stop
shows "what was refused is counted" logged 'unsent=[1-9]'
shows "and so are the replies among it" logged 'undelivered=[1-9]'

done_testing

#!/bin/sh
# What README.md and the pages of docs/ tell their readers to type, typed. Each
# block of commands is run, or known to be run by somebody else; each session
# prints what it printed when it was written, but for what differs each time;
# settings are right; what goes over the wire goes as told; the program in C is
# built and run. The one in JavaScript is run by tests/interop/readme.test.js.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/session.sh"

top=$(cd "${top_srcdir:-${srcdir:-.}}" && pwd)
build=$(cd "${top_builddir:-.}" && pwd)
CC=${CC:-cc}
SAN_FLAGS=${SAN_FLAGS:-}

# ---- what is only typed ----

# is_started COMMAND WORDS: it comes to say so, and ends when it is told to.
is_started() {
	begin_job "$1"
	wait_until grep -q -e "$2" "$dir/job.$n_jobs" &&
		kill -TERM "${jobs_%% *}"
}

# is_run COMMAND: does it do what it should? What builds, installs or tests the
# whole of it is done by the stages of utils/test.sh, which are looked for.
is_run() {
	case $1 in
	utils/quickstart.sh | utils/npm-peers.sh\ *) test -x "$top/${1%% *}" ;;
	utils/test.sh) "$top/utils/test.sh" --list | grep -q quickstart ;;
	utils/install-deps.sh\ *)
		for word_ in ${1#* }; do
			grep -q "^	$word_) " "$top/utils/install-deps.sh" ||
				return
		done
		;;
	'autoreconf -i' | './configure && make && make check' | \
		'make install' | 'pigatod /usr/local/etc/pigato.conf')
		"$top/utils/test.sh" --list | grep -q distcheck
		;;
	'dpkg-buildpackage -us -uc -b')
		grep -q -e "$1" "$top/tests/package/package.sh"
		;;
	'pigatod --heartbeat'*) is_started "$1" 'pigatod ready' ;;
	'pigato-cli watch') is_started "$1" 'watching' ;;
	pigatod\ * | pigato-cli* | pigato-benchmark\ *)
		PATH=$dir/bin:$PATH exits 0 sh -c "$1"
		;;
	*)
		echo "nobody knows how to try this: $1"
		return 1
		;;
	esac
}

# is_commands FILE: all its lines; remarks behind them are no part.
is_commands() {
	while read -r line; do
		is_run "$(echo "$line" | sed 's/[[:blank:]]*[[:blank:]]# .*//')" ||
			{ echo "$line"; return 1; }
	done <"$1"
}

# ---- the program in C ----

# builds BLOCK: as the body of a main().
# shellcheck disable=SC2086 # flags are meant to be split
builds() {
	{
		printf '#include <pigato.h>\n#include <stdio.h>\n'
		printf '#include <stdlib.h>\n\nint\nmain(void)\n{\n'
		sed 's/_new(NULL)/_new(getenv("PIGATO_URL"))/' "$1"
		printf '\treturn 0;\n}\n'
	} >"$dir/program.c"
	$CC $SAN_FLAGS -Wall -Wextra -Werror -I"$top/src/lib" -c \
		-o "$dir/program.o" "$dir/program.c" || return
	(cd "$build" && ./libtool --silent --tag=CC --mode=link $CC \
		$SAN_FLAGS -no-install -o "$dir/program" "$dir/program.o" \
		libpigato-client.la)
}

is_c() {
	builds "$1" && exits 0 "$dir/program" && says '^"hello"$'
}

# ---- the first command ----

# A tree in which everything is installed and built already.
is_quickstart() {
	tree=$dir/tree
	mkdir -p "$tree/utils"
	ln -s "$build" "$tree/build"
	printf '#!/bin/sh\n' >"$tree/utils/install-deps.sh"
	cp "$tree/utils/install-deps.sh" "$tree/configure"
	cp "$top/utils/quickstart.sh" "$tree/utils/quickstart.sh"
	chmod +x "$tree/configure" "$tree"/utils/*
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL "$tree/utils/quickstart.sh" \
		</dev/null >"$dir/quick" 2>&1 || { cat "$dir/quick"; return 1; }
	sed -n '/^==> starting pigatod/,/^==> done/p' "$dir/quick" |
		sed '/^==> done/d' >"$dir/quick.part"
	in_shape quickstart "$dir/quick.part" "$1"
}

# ---- settings, and the wire ----

is_conf() {
	exits 0 "$PIGATOD" "$1" --test-config
}

is_story() {
	start || return
	peers <"$1"
	rc_=$?
	test $rc_ = 0 || cat "$dir/peer"
	stop && return $rc_
}

# ---- each block, by its first line ----

# With a broker and the services that the texts take for granted.
# with_services COMMAND …
with_services() {
	start || return
	PIGATO_URL=$address PIGATO_INTCH=$intch
	export PIGATO_URL PIGATO_INTCH
	begin_job "pigato-cli serve echo --echo"
	begin_job "pigato-cli serve stocks --echo"
	wait_until grep -q serving "$dir/job.$((n_jobs - 1))" &&
		wait_until grep -q serving "$dir/job.$n_jobs" && "$@"
	rc_=$?
	end_jobs
	unset PIGATO_URL PIGATO_INTCH
	stop && return $rc_
}

# try FILE PAGE
try() {
	what="block ${1##*/} of $2"
	case $(head -n 1 "$1") in
	'$ '*) shows "$what, a session, prints what it did" plays "$1" ;;
	'==> '*) shows "$what is what utils/quickstart.sh prints" \
		is_quickstart "$1" ;;
	struct*) shows "$what, in C, is built and runs" \
		with_services is_c "$1" ;;
	const*) shows "$what, in JavaScript, is tried by tests/interop" \
		grep -q "$2" "$top/tests/interop/readme.test.js" ;;
	*\ =\ *\;) shows "$what, settings, is right" is_conf "$1" ;;
	*\ open* | *\ subscribe\ *) shows "$what, frames, goes as told" \
		is_story "$1" ;;
	*) shows "$what, commands, is run" with_services is_commands "$1" ;;
	esac
}

# links_lead_somewhere FILE: to files of ours.
links_lead_somewhere() {
	grep -o ']([^):]*)' "$1" | sed 's/^](//; s/)$//; s/#.*//' |
		sort -u | while read -r link; do
		test -z "$link" || test -e "$(dirname "$1")/$link" ||
			echo "$link"
	done >"$dir/wrong"
	cat "$dir/wrong"
	test ! -s "$dir/wrong"
}

cp "$top/conf/pigato.conf" "$dir/pigato.conf"
cd "$dir" || exit 99
for page in "$top/README.md" "$top"/docs/*.md; do
	name=${page##*/}
	blocks "$page" "$dir/blocks.$name"
	for block in "$dir/blocks.$name"/*; do
		if [ -f "$block" ]; then try "$block" "$name"; fi
	done
	shows "the links of $name lead somewhere" links_lead_somewhere "$page"
done

done_testing

#!/bin/sh
# ARCHITECTURE 2, enforced: what each room may include (read off its #include
# lines) and what its objects may import (asked of nm). Both are lists of what
# is allowed; what is not on them is told. At the end violations are planted
# in a copy of the tree, to see that they are found.
#
# top_srcdir, top_builddir: as automake gives them; objects are looked for
# in top_builddir, and without one only the includes are checked.

src=${top_srcdir:-$(dirname "$0")/..}/src
objects=${top_builddir:+$top_builddir/src}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
n=0
failed=0

# ok WORDS: a test whose complaints are in $tmp/found, which ought to be empty.
ok()
{
	n=$((n + 1))
	if [ -s "$tmp/found" ]; then
		failed=1
		sed 's/^/# /' "$tmp/found"
		echo "not ok $n - $1"
	else
		echo "ok $n - $1"
	fi
}

# found WORDS PATTERN: a self-test; the complaint is there.
found()
{
	if grep -q "$2" "$tmp/found"; then
		: >"$tmp/found"
	else
		echo "no complaint about $2" >>"$tmp/found"
	fi
	ok "$1"
}

# ---- includes ----

plain_libc='<assert.h> <errno.h> <inttypes.h> <limits.h> <stdarg.h>
<stdbool.h> <stddef.h> <stdint.h> <stdlib.h> <string.h> <sys/queue.h>'
wire='"lib/frame.h" "lib/msg.h" "lib/opts.h" "lib/wire.h"'

# What a file of a room may include, as shell patterns.
allowed_includes()
{
	case $1 in
	base/address.*)
		# text alone: what is called is seen below
		echo "$plain_libc \"base/*.h\" <arpa/inet.h> <netinet/in.h>"
		echo '<sys/un.h>' ;;
	base/map.*) echo "$plain_libc \"base/*.h\" <uthash.h> <sodium.h>" ;;
	base/*) echo "$plain_libc \"base/*.h\"" ;;
	lib/frame.c) echo "$plain_libc \"base/*.h\" $wire <zmq.h>" ;;
	lib/opts.c) echo "$plain_libc \"base/*.h\" $wire <jansson.h>" ;;
	lib/frame.h | lib/opts.h | lib/msg.[ch] | lib/wire.[ch])
		echo "$plain_libc \"base/*.h\" $wire" ;;
	lib/pigato.h) echo "$plain_libc" ;;
	lib/pigato_epoll.h) echo '<pigato.h> <poll.h> <sys/epoll.h>' ;;
	lib/pigato_uv.h) echo '<pigato.h> <uv.h>' ;;
	lib/channel.c | lib/links.c)
		# the library's only ones that know sockets and the clock
		echo '<*.h> "base/*.h" "lib/*.h"' ;;
	lib/*)
		echo "$plain_libc <jansson.h> <poll.h> <stdio.h> <uuid.h>"
		echo '"base/*.h" "lib/*.h" "config.h"' ;;
	broker/*)
		# stdio for snprintf(), stdlib for abort(): nm sees the rest
		echo "$plain_libc <stdio.h> \"base/*.h\" $wire \"broker/*.h\"" ;;
	services/*)
		echo "$plain_libc <stdio.h> <jansson.h> \"base/*.h\""
		echo '"lib/frame.h" "lib/opts.h" "broker/core.h" "services/*.h"'
		;;
	pigatod/*)
		echo '<*.h> "base/*.h" "pigatod/*.h" "config.h"'
		echo '"lib/frame.h" "lib/msg.h" "lib/wire.h"'
		echo '"broker/broker.h" "services/services.h"'
		echo '"services/config.h"' ;;
	cli/*) echo '<*.h> "cli/*.h" "lib/pigato.h" "config.h"' ;;
	bench/*) echo '<*.h> "bench/*.h" "lib/pigato.h" "config.h"' ;;
	esac
}

# matches WORD PATTERN...
matches()
{
	word=$1
	shift
	for pattern; do
		# shellcheck disable=SC2254 # a pattern is meant
		case $word in
		$pattern) return 0 ;;
		esac
	done
	return 1
}

# includes_of FILE: one on a line, <…> or "…"; what is neither, whole.
includes_of()
{
	sed -n 's/^[ 	]*#[ 	]*include[ 	]*//p' "$1" |
		sed 's/^\(<[^>]*>\).*/\1/; s/^\("[^"]*"\).*/\1/'
}

# check_includes TREE ROOM
check_includes()
{
	: >"$tmp/found"
	for file in "$1/$2"/*.c "$1/$2"/*.h; do
		[ -f "$file" ] || continue
		name=$2/${file##*/}
		set -f
		# shellcheck disable=SC2046 # a list is meant
		includes_of "$file" | while read -r include; do
			matches "$include" $(allowed_includes "$name") ||
				echo "src/$name may not include $include"
		done >>"$tmp/found"
		set +f
	done
}

# ---- imports ----

# What needs nothing of the world, and what compilers put in.
pure='abort bsearch memchr memcmp memcpy memmove memset qsort snprintf strchr
strcmp strcspn strlen strncmp strrchr strspn vsnprintf bcmp __assert_fail __stack_chk_fail
__memcpy_chk __memmove_chk __memset_chk __snprintf_chk __vsnprintf_chk
__asan_* __ubsan_* __sanitizer_cov_* __sancov_* __gcov_*
__llvm_* __start___sancov_* __stop___sancov_* __tls_get_addr
_GLOBAL_OFFSET_TABLE_'

allowed_imports()
{
	case $1 in
	base) echo "$pure calloc free crypto_shorthash crypto_shorthash_*"
		echo inet_pton ;;
	lib) echo "$pure __errno_location pgt_* zmq_msg_* json_* jsonp_*" ;;
	broker) echo "$pure pgt_*" ;;
	services) echo "$pure pgt_* core_* json_* free" ;; # json_dumps()
	esac
}

# objects_of DIR NAME...: the objects of these sources, wherever libtool put
# them.
objects_of()
{
	dir=$1
	shift
	for name; do
		for o in "$dir/$name.o" "$dir"/*-"$name.o" \
		    "$dir/.libs/$name.o" "$dir"/.libs/*-"$name.o"; do
			[ -f "$o" ] && echo "$o"
		done
	done
}

# names KIND FILE...: symbols, KIND an option of nm
names()
{
	kind=$1
	shift
	nm -P "$kind" "$@" 2>/dev/null | awk 'NF > 1 { print $1 }' | sort -u
}

# check_imports ROOM OBJECT...
check_imports()
{
	room=$1
	shift
	: >"$tmp/found"
	if [ $# -eq 0 ]; then
		echo "no objects of src/$room" >"$tmp/found"
		return
	fi
	names --defined-only "$@" >"$tmp/own"
	names --undefined-only "$@" | comm -23 - "$tmp/own" >"$tmp/imports"
	set -f
	# shellcheck disable=SC2046 # a list is meant
	while read -r symbol; do
		matches "$symbol" $(allowed_imports "$room") ||
			echo "src/$room may not call $symbol"
	done <"$tmp/imports" >"$tmp/found"
	set +f
}

# ---- the tree ----

for room in "$src"/*/; do
	room=$(basename "$room")
	check_includes "$src" "$room"
	[ -n "$(allowed_includes "$room/x.c")" ] ||
		echo "src/$room is no room of ARCHITECTURE 2" >>"$tmp/found"
	ok "src/$room includes what it may"
done

for room in base lib broker services; do
	if [ -z "$objects" ]; then
		n=$((n + 1))
		echo "ok $n - src/$room calls what it may # SKIP no top_builddir"
		continue
	fi
	case $room in
	lib) which='frame msg opts wire' ;;
	*) which=$(find "$src/$room" -name '*.c' -exec basename {} .c \;) ;;
	esac
	# shellcheck disable=SC2046,SC2086 # lists are meant
	check_imports $room $(objects_of "$objects/$room" $which)
	ok "src/$room calls what it may"
done

# ---- planted violations are found ----

# plant FILE LINE: in a fresh copy of its room
plant()
{
	mkdir -p "$tmp/src/${1%/*}"
	printf '%s\n' "$2" >"$tmp/src/$1"
	check_includes "$tmp/src" "${1%/*}"
	rm "$tmp/src/$1"
}

plant broker/x.c '#include <time.h>'
found "a clock in the broker is found" 'broker/x.c .* <time.h>'
plant broker/x.h '#	include  "lib/pigato.h" /* "base/slice.h" */'
found "the public library in the broker is found" '"lib/pigato.h"'
plant broker/x.c '#include WHATEVER'
found "an include that is hidden in a macro is found" 'WHATEVER'
plant broker/x.c '#include "pigatod/log.h"'
found "a log in the broker is found" '"pigatod/log.h"'
plant services/x.c '#include "broker/state.h"'
found "a service that looks into the broker is found" '"broker/state.h"'
plant pigatod/x.c '#include "broker/state.h"'
found "a shell that looks into the broker is found" '"broker/state.h"'
plant lib/wire.c '#include <zmq.h>'
found "libzmq in the codec is found" 'lib/wire.c .* <zmq.h>'
plant lib/client.c '#include <zmq.h>'
found "libzmq in the client is found" 'lib/client.c .* <zmq.h>'
plant base/x.h '#include <stdio.h>'
found "input and output in base are found" 'base/x.h .* <stdio.h>'
plant broker/x.c '#include "base/map.h"'
ok "an include that is allowed is not complained of"

: >"$tmp/x.c"
cat >"$tmp/x.c" <<'EOF'
long time(long *); int printf(const char *, ...); int planted(void);
int pgt_planted(void);
int planted(void) { return printf("%ld", time(0)) + pgt_planted(); }
EOF
if ${CC:-cc} -c "$tmp/x.c" -o "$tmp/x.o" 2>/dev/null; then
	check_imports broker "$tmp/x.o"
	grep -q 'call pgt_planted\|call planted' "$tmp/found" &&
		: >"$tmp/found"
	grep -q 'call printf' "$tmp/found" || : >"$tmp/found"
	found "a broker that asks the clock is found" 'call time$'
else
	n=$((n + 1))
	echo "ok $n - a broker that asks the clock is found # SKIP no compiler"
fi

echo "1..$n"
exit $failed

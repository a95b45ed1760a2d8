#!/bin/sh
# What `make install` has put in its place: programs that run from there, the
# settings, a library that another program can be built on, and the pages.
#
# DESTDIR, bindir, libdir, mandir, sysconfdir, bashcompletiondir,
# systemdsystemunitdir, CC, SAN_FLAGS: as automake gives them.
DESTDIR=${DESTDIR-}
PIGATOD=$DESTDIR$bindir/pigatod
PIGATO_CLI=$DESTDIR$bindir/pigato-cli
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/cli.sh"

top=${top_srcdir:-${srcdir:-.}}
BENCH=$DESTDIR$bindir/pigato-benchmark
CC=${CC:-cc}
SAN_FLAGS=${SAN_FLAGS:-}

# Elsewhere than it was configured for, the library is not found by itself.
if [ -n "$DESTDIR" ]; then
	LD_LIBRARY_PATH=$DESTDIR$libdir${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
	PKG_CONFIG_SYSROOT_DIR=$DESTDIR
	export LD_LIBRARY_PATH PKG_CONFIG_SYSROOT_DIR
fi
PKG_CONFIG_PATH=$DESTDIR$libdir/pkgconfig${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
export PKG_CONFIG_PATH

# says_version PROGRAM: that of the library's .pc file.
says_version() {
	exits 0 "$1" --version || return
	says "^${1##*/} $version\$"
}

cat >"$dir/program.c" <<'END'
#include <pigato.h>
#include <stdio.h>
#include <stdlib.h>

int
main(void)
{
	struct pigato_client *c = pigato_client_new(getenv("PIGATO_URL"));
	struct pigato_response *r = NULL;
	int rc = pigato_client_call(c, "echo", "\"linked\"", 8, NULL, &r);

	puts(rc == 0 ? pigato_response_data(r, NULL) : pigato_strerror(rc));
	pigato_response_free(r);
	pigato_client_free(c);
	return rc != 0;
}
END

# shellcheck disable=SC2046,SC2086 # flags are meant to be split
compiles() {
	$CC $SAN_FLAGS -Wall -Wextra -Werror -o "$dir/program" "$dir/program.c" \
		$(pkg-config --cflags --libs libpigato-client)
}

# compiles_static: as pigato(3) says, and with nothing to load at its start.
# shellcheck disable=SC2046,SC2086 # flags are meant to be split
compiles_static() {
	$CC $SAN_FLAGS -o "$dir/program" "$dir/program.c" -Wl,--as-needed \
		-l:libpigato-client.a \
		$(pkg-config --cflags --static --libs libpigato-client) || return
	! objdump -p "$dir/program" | grep 'NEEDED *libpigato'
}

# runs_linked: with the library that is installed, and no other.
runs_linked() {
	exits 0 env LD_LIBRARY_PATH="$DESTDIR$libdir" "$dir/program" &&
		says '^"linked"$'
}

# has_page SECTION NAME: for man, where there is one.
has_page() {
	if command -v man >/dev/null; then
		man -M "$DESTDIR$mandir" -w "$1" "$2"
	else
		test -f "$DESTDIR$mandir/man$1/$2.$1"
	fi
}

has_all_pages() {
	for page in "$top"/man/*.[0-9]; do
		name=${page##*/}
		has_page "${name##*.}" "${name%.*}" || { echo "$page"; return 1; }
	done
}

has_completions() {
	for program in pigatod pigato-cli pigato-benchmark; do
		test -s "$DESTDIR$bashcompletiondir/$program" || return
	done
}

version=$(pkg-config --modversion libpigato-client)
for program in "$PIGATOD" "$PIGATO_CLI" "$BENCH"; do
	shows "${program##*/} runs, and tells its version" \
		says_version "$program"
done
shows "the settings that are installed are right" \
	exits 0 "$PIGATOD" "$DESTDIR$sysconfdir/pigato.conf" --test-config

cp "$DESTDIR$sysconfdir/pigato.conf" "$dir/conf"
start --bind 'tcp://127.0.0.1:*' --intch 'tcp://127.0.0.1:*'
PIGATO_URL=$address
export PIGATO_URL
shows "the server starts, and a worker registers" serve echo --echo
shows "a request is answered" gives '"hello"' request echo '"hello"'
shows "the benchmark finds every reply right" \
	exits 0 "$BENCH" --requests 100 --warmup 0 --quiet
shows "a program is built on the library, by pkg-config" compiles
shows "… and is answered" runs_linked
if [ -f "$DESTDIR$libdir/libpigato-client.a" ]; then
	shows "a program is built on the static library" compiles_static
	shows "… and is answered" runs_linked
else
	skip "a program is built on the static library" "it is not installed"
fi
shows "the worker stops" stops echo
shows "the server stops" stop

shows "man finds every page" has_all_pages
if [ -n "$systemdsystemunitdir" ]; then
	shows "the unit starts that server, with those settings" grep -q -x \
		"ExecStart=$bindir/pigatod $sysconfdir/pigato.conf" \
		"$DESTDIR$systemdsystemunitdir/pigatod.service"
fi
if [ -n "$bashcompletiondir" ]; then
	shows "bash finds the completions" has_completions
fi

done_testing
test "$n_failed" = 0

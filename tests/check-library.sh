#!/bin/sh
# libpigato-client as a program sees it: what it exports, under which name
# and version, and that its header suffices in C and in C++.
#
# top_srcdir, top_builddir, CC, SAN_FLAGS: as automake gives them.

src=${top_srcdir:-$(dirname "$0")/..}/src
build=${top_builddir:-.}
lib=$build/.libs/libpigato-client.so
CC=${CC:-cc}
CXX=${CXX:-c++}
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' HUP INT TERM
n=0
failed=0

# shows WORDS COMMAND …: the command must succeed and say nothing.
shows()
{
	words=$1
	shift
	n=$((n + 1))
	if "$@" >"$tmp/said" 2>&1 && ! [ -s "$tmp/said" ]; then
		echo "ok $n - $words"
	else
		failed=1
		sed 's/^/# /' "$tmp/said"
		echo "not ok $n - $words"
	fi
}

# skip WORDS WHY
skip()
{
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

exported()
{
	nm -D --defined-only "$lib" | awk '{ print $NF }'
}

# Names that the header declares as functions, on one line or two.
declared()
{
	grep -o '\<pigato_[a-z_]*(' "$src/lib/pigato.h" | tr -d '(' | sort -u
}

only_ours()
{
	exported | grep -v '^pigato_[a-z_]*@@LIBPIGATO_CLIENT_1$' |
		grep -v '^LIBPIGATO_CLIENT_1$' || true
}

all_declared()
{
	exported | sed 's/@.*//' | sort -u >"$tmp/exported"
	declared | comm -23 - "$tmp/exported"
}

none_else()
{
	declared >"$tmp/declared"
	exported | sed -n 's/@.*//p' | sort -u | comm -13 "$tmp/declared" -
}

# The package's list of symbols, which dpkg-gensymbols compares as well.
packaged()
{
	sed -n 's/^ \(pigato_[a-z_]*\)@LIBPIGATO_CLIENT_1 .*/\1/p' \
		"$src/../debian/libpigato-client1.symbols" | sort -u |
		diff "$tmp/exported.ours" -
}

soname()
{
	objdump -p "$lib" | grep -q 'SONAME *libpigato-client.so.1$'
}

described()
{
	PKG_CONFIG_PATH=$build pkg-config --exact-version="$(
		sed -n 's/^#define PACKAGE_VERSION "\(.*\)"/\1/p' \
			"$build/config.h"
	)" libpigato-client
}

cat >"$tmp/alone.c" <<'EOF'
#include "pigato.h"
int nothing(void);
int nothing(void) { return PIGATO_OK; }
EOF

cat >"$tmp/program.cc" <<'EOF'
#include "pigato.h"
#include <cstring>

static void on_response(pigato_request *, const pigato_response *response,
    void *arg)
{
	*static_cast<int *>(arg) = pigato_response_error(response);
}

int main()
{
	pigato_client *c = pigato_client_new("tcp://127.0.0.1:1");
	pigato_request_opts opts = PIGATO_REQUEST_OPTS;
	int error = 0;

	opts.timeout_ms = 1;
	if (pigato_client_request(c, "s", "1", 1, &opts, on_response, &error,
		nullptr) != PIGATO_OK)
		return 1;
	if (pigato_client_wait(c, -1) != PIGATO_OK)
		return 2;
	pigato_client_free(c);
	return std::strcmp(pigato_error_name(error), "NO_BROKER") != 0;
}
EOF

# shellcheck disable=SC2086 # flags are meant to be split
runs()
{
	$CXX $SAN_FLAGS -std=c++11 -Wall -Wextra -pedantic -Werror -I"$src/lib" \
		"$tmp/program.cc" -o "$tmp/program" -L"$build/.libs" \
		-lpigato-client || return 1
	LD_LIBRARY_PATH=$build/.libs${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} \
		"$tmp/program"
}

if [ -f "$lib" ]; then
	shows "nothing but pigato_* is exported, under its version" only_ours
	if exported | grep -q '^pigato_worker_new@'; then
		shows "all that the header declares is there" all_declared
	else
		skip "all that the header declares is there" "no workers yet"
	fi
	shows "and no more than that" none_else
	exported | sed -n 's/@.*//p' | sort -u >"$tmp/exported.ours"
	shows "debian/libpigato-client1.symbols has them all" packaged
	shows "the soname" soname
else
	skip "the shared library" "not built"
fi
shows "the header compiles alone as C99" $CC -std=c99 -pedantic -Wall -Wextra \
	-Werror -fsyntax-only -I"$src/lib" "$tmp/alone.c"
if command -v "$CXX" >/dev/null 2>&1; then
	shows "and as C++" $CXX -x c++ -std=c++98 -Wall -Wextra -pedantic -Werror \
		-fsyntax-only -I"$src/lib" "$tmp/alone.c"
	[ -f "$lib" ] &&
		shows "a program in C++ is linked with it and runs" runs
else
	skip "a program in C++ is linked with it and runs" "no $CXX"
fi
for header in pigato_epoll.h pigato_uv.h; do
	if [ $header = pigato_uv.h ] &&
	    ! echo '#include <uv.h>' | $CC -E - >/dev/null 2>&1; then
		skip "$header compiles alone" "there is no libuv"
		continue
	fi
	printf '#include <%s>\n' $header >"$tmp/adapter.c"
	shows "$header compiles alone" $CC -std=gnu99 -Wall -Wextra -Werror \
		-fsyntax-only -I"$src/lib" "$tmp/adapter.c"
	command -v "$CXX" >/dev/null 2>&1 &&
		shows "… and as C++" $CXX -x c++ -std=gnu++98 -Wall -Wextra \
			-Werror -fsyntax-only -I"$src/lib" "$tmp/adapter.c"
done
if command -v pkg-config >/dev/null 2>&1; then
	shows "pkg-config knows it" described
else
	skip "pkg-config knows it" "no pkg-config"
fi
echo "1..$n"
exit $failed

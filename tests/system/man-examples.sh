#!/bin/sh
# The pages of section 3 against the library: every function of the headers is
# on one page, as it is declared, and every program in EXAMPLES is compiled,
# linked and, where it ends by itself, run.
#
# In EXAMPLES a .Bd -literal without an offset is a program, whole, and its
# first line says its name: /* NAME.c: what it is */
#
# top_srcdir, top_builddir, CC, SAN_FLAGS: as automake gives them.
. "${srcdir:-.}/tests/lib/server.sh"

top=${top_srcdir:-${srcdir:-.}}
build=${top_builddir:-.}
CC=${CC:-cc}
CXX=${CXX:-c++}
SAN_FLAGS=${SAN_FLAGS:-}
programs=$dir/programs # a directory for each page
bin=$dir/bin
mkdir "$programs" "$bin" "$bin/cpp"

# same_lines FILE FILE: says which line is in one of them alone.
same_lines() {
	diff "$1" "$2"
}

# ---- what the headers declare ----

# code_of HEADER: one line, without comments, preprocessor and extern "C".
code_of() {
	awk '
	/^#ifdef __cplusplus/ { skip = 1 }
	skip { if (/^#endif/) skip = 0; next }
	/^#/ { while (/\\$/) getline; next }
	{ print }' "$1" | tr '\n\t' '  ' |
		sed 's|/\*[^*]*\*\{1,\}\([^/*][^*]*\*\{1,\}\)*/||g'
}

# Lines, each a declaration, as it would be written with the least of blanks.
tidy() {
	sed 's/  */ /g; s/^ //; s/ $//; s/ *( */(/g; s/ *) */)/g
	     s/\([a-z0-9_]\)(\*/\1 (*/g; s/ *, */, /g; s/\* */*/g'
}

# declared_by HEADER: its functions and types of callbacks.
declared_by() {
	code_of "$1" | sed '
	:inner
	s/{[^{}]*}/;/g
	t inner' | tr ';' '\n' | grep '(' |
		sed 's/^ *static inline *//' | tidy
}

# name_of: of the function, or the type, that each line declares.
name_of() {
	sed 's/^typedef [a-z]* (\*\([a-z_]*\)).*/\1/
	     s/^[^(]*[ *]\([a-z_]*\)(.*/\1/'
}

# members_of STRUCT: those of one whose members are public, on one line.
members_of() {
	sed "s/.*struct $1 {\([^}]*\)}.*/\1/" |
		sed 's/  */ /g; s/^ //; s/ $//; s/; /;/g'
}

# constants_of FILE …
constants_of() {
	grep -h -v '^\.Dt' "$@" | grep -o 'PIGATO_[A-Z_]*' | sort -u |
		grep -v -e '_H$' -e '_$'
}

# ---- what the pages say ----

# said_by PAGE: the functions and types of its SYNOPSIS.
said_by() {
	awk '
	# The next argument of a macro, which may stand in quotes.
	function take(  a) {
		sub(/^ +/, "")
		if (sub(/^"/, "")) {
			a = $0; sub(/".*/, "", a); sub(/^[^"]*"?/, "")
		} else {
			a = $0; sub(/ .*/, "", a); sub(/^[^ ]*/, "")
		}
		return a
	}
	function put() { print type " " name "(" args ")" }
	/^\.Sh / { on = /SYNOPSIS/; next }
	!on { next }
	sub(/^\.Ft /, "") { type = $0; gsub(/"/, "", type); next }
	sub(/^\.Fn /, "") {
		name = take(); args = ""
		while (/[^ ]/)
			args = args (args == "" ? "" : ", ") take()
		put(); next
	}
	sub(/^\.Fo /, "") { name = take(); args = ""; next }
	sub(/^\.Fa /, "") {
		args = args (args == "" ? "" : ", ") take(); next
	}
	/^\.Fc/ { put() }' "$1" | tidy
}

# names_of PAGE: those it is found by.
names_of() {
	awk '/^\.Sh / { on = /NAME/ } on && /^\.Nm / { print $2 }' "$1"
}

# take_programs PAGE: into files of the directory $programs/PAGE.
take_programs() {
	mkdir -p "$programs/${1##*/}"
	awk -v to="$programs/${1##*/}" '
	/^\.Sh / { on = /EXAMPLES/ }
	on && /^\.Bd -literal$/ { within = 1; name = ""; next }
	/^\.Ed$/ { if (within) close(name); within = 0; next }
	!within { next }
	{
		gsub(/\\e/, "\001")
		gsub(/\\&/, "")
		gsub(/\\-/, "-")
		if (/\\/ || /^\./) {
			print FILENAME ":" FNR ": not plain text: " $0
			failed = 1
		}
		gsub(/\001/, "\\")
	}
	name == "" {
		if (!match($0, /^\/\* [a-z0-9_]+\.c: /)) {
			print FILENAME ":" FNR ": no name in: " $0
			failed = 1
			exit
		}
		name = to "/" substr($0, 4, RLENGTH - 5)
	}
	{ print >name }
	END { exit failed }' "$1"
}

pages=$(ls "$top"/man/*.3)

for header in pigato.h pigato_epoll.h pigato_uv.h; do
	declared_by "$top/src/lib/$header" >"$dir/$header"
done
sort "$dir/pigato.h" >"$dir/declared"
cat "$dir/pigato_epoll.h" "$dir/pigato_uv.h" >"$dir/inline"
name_of <"$dir/declared" | sort >"$dir/declared.names"

for page in $pages; do
	said_by "$page"
done | sort >"$dir/said"
# Of the inline functions only those count that are meant for others.
grep -v -x -F -f "$dir/inline" "$dir/said" >"$dir/said.lib"
name_of <"$dir/said" | sort >"$dir/said.names"
name_of <"$dir/said.lib" | sort >"$dir/said.lib.names"

# is_unique FILE: no line twice.
is_unique() {
	uniq -d "$1" >"$dir/twice"
	cat "$dir/twice"
	test ! -s "$dir/twice"
}

# Each page is found by what it documents, pigato.3 by its own name as well,
# and by no types of callbacks.
names_are_right() {
	for page in $pages; do
		said_by "$page" | grep -v '^typedef' | name_of |
			sort >"$dir/want"
		names_of "$page" | grep -v -x pigato | sort >"$dir/have"
		diff "$dir/want" "$dir/have" || { echo "$page"; return 1; }
	done
}

# Those that are our own, wherever a page or another names them.
references_lead_somewhere() {
	for page in $pages "$top/man/pigato.7"; do
		sed -n 's/.*\.Xr \(pigato[a-z_.-]*\) \([0-9]\).*/\1.\2/p' \
			"$page"
	done | sort -u | while read -r name; do
		test -f "$top/man/$name" || echo "$name: no such page"
	done >"$dir/wrong"
	cat "$dir/wrong"
	test ! -s "$dir/wrong"
}

# What stands as .Fn in a text must be a function, * standing for several.
# shellcheck disable=SC2086 # file names are meant to be split
functions_exist() {
	cat "$dir/declared.names" >"$dir/known"
	name_of <"$dir/inline" >>"$dir/known"
	sed -n 's/.*F[no] \(pigato_[a-z_]*\).*/\1/p' $pages "$top/man/pigato.7" |
		sort -u | grep -v -x -F -f "$dir/known" >"$dir/wrong"
	cat "$dir/wrong"
	test ! -s "$dir/wrong"
}

# ---- compiling ----

# lib_of PROGRAM: the packages of pkg-config that it wants.
lib_of() {
	if grep -q '^#include <jansson.h>' "$1"; then echo jansson; fi
	if grep -q '^#include <pigato_uv.h>' "$1"; then echo libuv; fi
}

# flags WHAT PACKAGE …
flags() {
	what_=$1
	shift
	test $# = 0 || pkg-config "$what_" "$@"
}

# links NAME OBJECT PACKAGE …: into $bin/NAME, which can be run where it is.
# shellcheck disable=SC2046,SC2086 # flags are meant to be split
links() {
	name_=$1
	object_=$2
	shift 2
	(cd "$build" && ./libtool --silent --tag=CC --mode=link $CC $SAN_FLAGS \
		-no-install -o "$bin/$name_" "$object_" \
		libpigato-client.la $(flags --libs "$@"))
}

warnings="-Wall -Wextra -Werror"

# shellcheck disable=SC2046,SC2086
compiles() {
	name_=$(basename "$1" .c)
	$CC $SAN_FLAGS $warnings -I"$top/src/lib" \
		$(flags --cflags $(lib_of "$1")) \
		-c -o "$bin/$name_.o" "$1" || return
	links "$name_" "$bin/$name_.o" $(lib_of "$1")
}

# As C++ it is linked by the same compiler, as it needs no more of C++.
# shellcheck disable=SC2046,SC2086
compiles_as_cpp() {
	name_=$(basename "$1" .c)
	$CXX -x c++ $warnings -I"$top/src/lib" \
		$(flags --cflags $(lib_of "$1")) \
		-c -o "$bin/cpp/$name_.o" "$1" || return
	links "cpp/$name_" "$bin/cpp/$name_.o" $(lib_of "$1")
}

# try PROGRAM PAGE
# shellcheck disable=SC2046
try() {
	words="${1##*/} of $2"
	if ! flags --exists $(lib_of "$1"); then
		skip "$words is compiled and linked" "no $(lib_of "$1")"
		return
	fi
	shows "$words is compiled and linked" compiles "$1"
	if command -v "${CXX%% *}" >/dev/null; then
		shows "… as C++ too" compiles_as_cpp "$1"
	else
		skip "… as C++ too" "no $CXX"
	fi
}

# ---- running ----

# has NAME: was it built?
has() {
	test -x "$bin/$1"
}

# serve NAME: in the background, until the end.
serve() {
	"$bin/$1" "$address" </dev/null >"$dir/$1.log" 2>&1 &
	served=$!
	started="$started $served"
}

# answers NAME LINE …: it ends well, and says these lines.
answers() {
	name_=$1
	shift
	exits 0 "$bin/$name_" "$address" || return
	printf '%s\n' "$@" >"$dir/want"
	diff "$dir/want" "$dir/out"
}

# asks SERVICE: as ask.c does.
asks() {
	sed "s/\"echo\"/\"$1\"/" "$programs/pigato.3/ask.c" >"$dir/ask_$1.c"
	compiles "$dir/ask_$1.c" && answers "ask_$1" '"hello"'
}

parts_and_ends() {
	exits 0 "$bin/many" "$address" || return
	test "$(grep -c -E '^[0-9a-f-]{36} end [0-9]$' "$dir/out")" = 10
}

# drained: it says that it is ready, and ends well when it is told to.
drains() {
	serve drain
	wait_until grep -q '^ready as W-' "$dir/drain.log" || return
	kill -TERM "$served"
	wait "$served"
}

# ---- the pages and the headers ----

shows "every function of pigato.h is on a page, and no other is" \
	same_lines "$dir/declared.names" "$dir/said.lib.names"
shows "as it is declared" same_lines "$dir/declared" "$dir/said.lib"
shows "on one page only" is_unique "$dir/said.names"
shows "the pages are found by the names of their functions" names_are_right
shows "functions that the pages tell of are there" functions_exist
shows "pages that the pages tell of are there" references_lead_somewhere

# members_are STRUCT PAGE: as the header has them.
members_are() {
	code_of "$top/src/lib/pigato.h" | members_of "$1" >"$dir/members"
	awk "/^struct $1 /, /^}/" "$top/man/$2" |
		tr '\n\t' '  ' | members_of "$1" >"$dir/members.said"
	same_lines "$dir/members" "$dir/members.said"
}
shows "the members of struct pigato_request_opts" \
	members_are pigato_request_opts pigato_request.3
shows "the members of struct pigato_client_counters" \
	members_are pigato_client_counters pigato_client.3

constants_of "$top/src/lib/pigato.h" >"$dir/constants"
# shellcheck disable=SC2086 # file names are meant to be split
constants_of $pages >"$dir/constants.said"
shows "every constant of pigato.h is told of, and no other is" \
	same_lines "$dir/constants" "$dir/constants.said"

# ---- the programs ----

for page in $pages; do
	name=${page##*/}
	shows "the programs of $name have names" take_programs "$page"
	shows "there is one at least" \
		sh -c 'ls "$1"/*.c' - "$programs/$name"
	for program in "$programs/$name"/*.c; do
		if test -f "$program"; then try "$program" "$name"; fi
	done
done

if start; then
	serve echo
	serve count
	serve shout
	shows "ask.c asks echo.c" answers ask '"hello"'
	shows "it asks shout.c, which asks echo.c" asks shout
	shows "stream.c reads what count.c says" answers stream 3 2 1
	shows "call.c" answers call '3 values'
	shows "many.c" parts_and_ends
	shows "value.c" answers value world
	shows "who.c" exits 0 "$bin/who" "$address"
	shows "… which finds them" says '"count":'
	shows "brokers.c" exits 0 "$bin/brokers" "$address"
	shows "… which connects" says "^connected to $address"
	shows "edges.c" answers edges '20 answers, 0 of them errors'
	if has uv; then
		shows "uv.c" answers uv '"hello"'
	else
		skip "uv.c" "no libuv"
	fi
	shows "drain.c serves, and ends when it is told to" drains
	shows "complain.c" exits 1 "$bin/complain"
	shows "… which says what the page says" \
		says '^start: an argument makes no sense (INVALID)$'
	shows "the server stops as it should" stop
else
	not_ok "the server starts"
fi

# ---- how they are written ----

for page in $pages "$top/man/pigato.7"; do
	name=${page##*/}
	if command -v mandoc >/dev/null; then
		shows "mandoc finds nothing wrong with $name" \
			mandoc -T lint -W warning "$page"
	else
		skip "mandoc finds nothing wrong with $name" "no mandoc"
	fi
done

done_testing

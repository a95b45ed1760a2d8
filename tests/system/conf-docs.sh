#!/bin/sh
# The options are told in four places: --help and --dump-config, which read
# the table itself, conf/pigato.conf and pigato.conf(5). All must name the
# same ones, in the same order, and say the same of them.
. "${srcdir:-.}/tests/lib/server.sh"

top=${top_srcdir:-${srcdir:-.}}
conf_file=$top/conf/pigato.conf
page=$top/man/pigato.conf.5
tab=$(printf '\t')

# Of each option of --help: name, type, default, "yes" if reloadable, and its
# range, with tabs between them.
rows_of_help() {
	awk '
	/^Options, each one/ { in_options = 1 }
	in_options && /^  --/ { name = substr($1, 3); type = $2 }
	in_options && /^\t\(.*\)$/ {
		line = substr($0, 3, length($0) - 3)
		reload = sub(/; reloadable$/, "", line) ? "yes" : "no"
		range = line
		sub(/^(.*; )?default /, "", line)
		sub(/(; )?default .*$/, "", range)
		print name "\t" type "\t" line "\t" reload "\t" range
	}'
}

# Of each option of pigato.conf: its name, a tab and its comment, on one line.
rows_of_file() {
	awk '
	/^$/ { text = "" }
	/^# / { text = text " " substr($0, 3) }
	/^#[a-z_]+ = .*;$/ { print substr($1, 2) "\t" text }'
}

# Of each option of the manual page: its name, a tab and its text, without
# marks, on one line.
rows_of_page() {
	awk '
	function put() { if (name != "") print name "\t" text; name = "" }
	/^\.It Ic / { put(); name = $3; text = ""; next }
	/^\.S[hs] / { put() }
	/^\.(Pp|El|Bl)/ { next }
	{
		sub(/^\.[A-Z][a-z] /, "")
		gsub(/\\\(dq/, "\"")
		gsub(/\\-/, "-")
		text = text " " $0
	}
	END { put() }'
}

names() {
	cut -f 1 "$1"
}

# settings FILE …: what --dump-config says, without where it is from.
settings() {
	"$PIGATOD" "$@" --dump-config >"$dir/dumped" || return
	sed 's/[[:space:]]*#.*//; s/[[:space:]]*$//' "$dir/dumped"
}

# text_of NAME ROWS
text_of() {
	sed -n "s/^$1$tab//p" "$2"
}

# tells_reload ROWS: does each option say whether it is reloadable, rightly?
tells_reload() {
	while IFS=$tab read -r name _ _ reload _; do
		case $(text_of "$name" "$1") in
		*" Not reloadable."*) told=no ;;
		*" Reloadable"*) told=yes ;;
		*) told=nothing ;;
		esac
		test $told = "$reload" || echo "$name: $reload, told: $told"
	done <"$dir/help" >"$dir/wrong"
	cat "$dir/wrong"
	test ! -s "$dir/wrong"
}

# tells_default ROWS
tells_default() {
	while IFS=$tab read -r name _ default _; do
		case " $(text_of "$name" "$1" | sed 's/.* Default://') " in
		*[\ \"\(]"$default"[\ \".\)]*) ;;
		*) echo "$name: $default" ;;
		esac
	done <"$dir/help" >"$dir/wrong"
	cat "$dir/wrong"
	test ! -s "$dir/wrong"
}

# range_is_in TEXT RANGE: --help has "1 to 3", "1 or more", each perhaps with
# ", or -1 for none" behind it. A text may give an end where --help does not.
range_is_in() {
	case $2 in
	*", or -1 for none") echo "$1" | grep -q -e ' -1 for ' || return ;;
	*) echo "$1" | grep -q -e ' -1 for ' && return 1 ;;
	esac
	limits=${2%, or -1 for none}
	least=${limits%% *}
	case $limits in
	*" to "*) echo "$1" | grep -q -e " ${limits}[., ]" ;;
	*) echo "$1" | grep -q -E -e " $least (or more|to|millisecond or more)" ;;
	esac
}

# tells_range ROWS: of numbers and times; bytes have units, each as it likes.
tells_range() {
	while IFS=$tab read -r name type _ _ range; do
		case $type in
		number | ms) ;;
		*) continue ;;
		esac
		range_is_in "$(text_of "$name" "$1")" "$range" ||
			echo "$name: $range"
	done <"$dir/help" >"$dir/wrong"
	cat "$dir/wrong"
	test ! -s "$dir/wrong"
}

# Each line taken out of its comment, and no other.
each_is_right() {
	while read -r name; do
		sed "s/^#\($name = .*;\)\$/\1/" "$conf_file" >"$dir/one"
		"$PIGATOD" "$dir/one" --test-config || return
	done <"$dir/names"
}

# ---- what there is ----

"$PIGATOD" --help | rows_of_help >"$dir/help"
rows_of_file <"$conf_file" >"$dir/file"
rows_of_page <"$page" >"$dir/page"
names "$dir/help" >"$dir/names"
names "$dir/file" >"$dir/file.names"
names "$dir/page" >"$dir/page.names"
settings >"$dir/defaults"
sed -n 's/^\([a-z_]*\)[[:space:]]*[=:].*/\1/p' "$dir/defaults" \
	>"$dir/dump.names"

shows "--help tells of options" test -s "$dir/names"
shows "--dump-config has every option of --help, in the same order" \
	diff "$dir/names" "$dir/dump.names"
shows "pigato.conf has every option and no other, in the same order" \
	diff "$dir/names" "$dir/file.names"
shows "pigato.conf(5) has every option and no other, in the same order" \
	diff "$dir/names" "$dir/page.names"

# ---- what is said of them ----

sed 's/^#\([a-z_]* = .*;\)$/\1/' "$conf_file" >"$dir/conf"
shows "pigato.conf is right as it is" \
	exits 0 "$PIGATOD" "$conf_file" --test-config
shows "it is right with any option taken out of its comment" each_is_right
shows "it is right with all of them taken out" \
	exits 0 "$PIGATOD" "$dir/conf" --test-config
settings "$dir/conf" >"$dir/set"
shows "… and sets what is the default" diff "$dir/defaults" "$dir/set"
shows "… each of them by itself, none by default" \
	sh -c '! grep -q "#.*default" "$1"' - "$dir/dumped"
shows "it tells rightly what is reloadable" tells_reload "$dir/file"
shows "and the ranges" tells_range "$dir/file"
shows "pigato.conf(5) tells rightly what is reloadable" \
	tells_reload "$dir/page"
shows "and the defaults" tells_default "$dir/page"
shows "and the ranges" tells_range "$dir/page"

# ---- the pages ----

for name in pigatod.8 pigato.conf.5; do
	if command -v mandoc >/dev/null; then
		shows "mandoc finds nothing wrong with $name" \
			mandoc -T lint -W warning "$top/man/$name"
	else
		skip "mandoc finds nothing wrong with $name" "no mandoc"
	fi
done

done_testing

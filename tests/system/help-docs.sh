#!/bin/sh
# What --help tells of each program stands in its manual page, and bash
# completes it; and neither knows of anything else. What the options of
# pigatod's settings say is compared by conf-docs.sh.
. "${srcdir:-.}/tests/lib/server.sh"
. "${srcdir:-.}/tests/lib/cli.sh"
. "${srcdir:-.}/tests/lib/completion.sh"

top=${top_srcdir:-${srcdir:-.}}
BENCH=${BENCH:-./pigato-benchmark}
PATH=$(dirname "$PIGATOD"):$(dirname "$CLI"):$(dirname "$BENCH"):$PATH

# ---- three ways to tell of options: each gives "-x --name" lines, sorted ----

# options_of_help: those that begin a line, with their letters.
options_of_help() {
	sed -nE 's/^  ?((-.),?)? *(--[a-z_-]+).*/\2 \3/p' | sed 's/^ //' | sort
}

# options_of_page FILE [SUBSECTION]: those that have an entry of their own; of
# a subsection, or without its name of all that is in no subsection of COMMANDS.
options_of_page() {
	awk -v wanted="${2-}" '
	/^\.Sh / { commands = /COMMANDS/; sub_ = "" }
	/^\.Ss / && commands { sub_ = $2 }
	/^\.It Fl / && sub_ == wanted {
		line = ""; flag = 0
		for (i = 2; i <= NF; i++)
			if ($i == "Fl")
				flag = 1
			else if ($i == "Ar" || $i == "Cm" || $i == "Ns")
				flag = 0
			else if (flag && $i ~ /^-?[A-Za-z]/)
				line = line (line == "" ? "" : " ") "-" $i
		if (line != "")
			print line
	}' "$1" | sort
}

# options_completed SCRIPT FUNCTION LINE: without letters, as nobody completes
# those.
options_completed() {
	completed "$1" "$2" "$3 --" | tr ' ' '\n' | sort
}

long_names() {
	sed 's/^-. //' | sort
}

# same WORDS FILE FILE: what is in one of them alone is told.
same() {
	shows "$1" sh -c 'test -s "$1" && diff "$1" "$2"' - "$2" "$3"
}

# ---- pigatod: the settings are in pigato.conf(5) ----

pigatod --help >"$dir/help"
sed '/^Options, each one/q' "$dir/help" | options_of_help >"$dir/actions"
options_of_page "$top/man/pigatod.8" >"$dir/page"
same "pigatod(8) has the options of pigatod --help" "$dir/actions" "$dir/page"
options_of_help <"$dir/help" >"$dir/options"

# ---- pigato-benchmark ----

pigato-benchmark --help | options_of_help >"$dir/bench"
options_of_page "$top/man/pigato-benchmark.1" >"$dir/page"
same "pigato-benchmark(1) has those of its --help" "$dir/bench" "$dir/page"

# ---- pigato-cli and its commands ----

# What --help lists between the usage and the options.
commands_of_help() {
	awk '/^$/ { n++ } n == 1 && /^  [a-z]/ { print $1 }'
}

commands_of_page() {
	awk '/^\.Sh / { on = /COMMANDS/ } on && /^\.Ss / { print $2 }' "$1"
}

page=$top/man/pigato-cli.1
pigato-cli --help >"$dir/cli.help"
commands_of_help <"$dir/cli.help" >"$dir/commands"
commands_of_page "$page" >"$dir/page"
same "pigato-cli(1) has the commands of pigato-cli --help, in their order" \
	"$dir/commands" "$dir/page"
options_of_help <"$dir/cli.help" >"$dir/cli.options"
options_of_page "$page" >"$dir/page"
same "… and its options" "$dir/cli.options" "$dir/page"
# Those that have none are in neither.
while read -r command; do
	pigato-cli help "$command" | options_of_help >"$dir/command.$command"
	options_of_page "$page" "$command" >"$dir/page"
	shows "… and those of pigato-cli $command" \
		diff "$dir/command.$command" "$dir/page"
done <"$dir/commands"
shows "some commands have options" \
	sh -c 'cat "$1"/command.* | grep -q -e "^-t --timeout$"' - "$dir"

# ---- completion ----

cli_script=$top/utils/pigato-cli.bash-completion
help_script=$top/utils/by-help.bash-completion

# completes PROGRAM SCRIPT FUNCTION OPTIONS [COMMAND]
completes_options() {
	program_=$1${5:+ $5}
	long_names <"$4" >"$dir/want"
	test -z "${5-}" || echo --help >>"$dir/want"
	sort -o "$dir/want" "$dir/want"
	options_completed "$2" "$3" "$program_" >"$dir/got"
	same "bash completes the options of $program_, and no others" \
		"$dir/want" "$dir/got"
}

# gives_words SCRIPT FUNCTION LINE WORDS
gives_words() {
	got=$(completed "$1" "$2" "$3")
	test "$got" = "$4" || { echo "$3: $got"; return 1; }
}

# by_help WORDS LINE COMPLETIONS
by_help() {
	shows "$1" gives_words "$help_script" _pigato_by_help "$2" "$3"
}

if command -v bash >/dev/null; then
	completes_options pigatod "$help_script" _pigato_by_help "$dir/options"
	by_help "… values that are one of some" 'pigatod --dispatch r' 'rand rr'
	by_help "… behind = as well" 'pigatod --log_level=w' warn
	by_help "… with - for _" 'pigatod --log-level e' error
	by_help "… nothing where it is anything" 'pigatod --hwm ' ''
	by_help "… files" "pigatod $dir/cli.h" "$dir/cli.help"
	by_help "… of options as well" "pigatod --log_file $dir/cli.h" \
		"$dir/cli.help"
	completes_options pigato-benchmark "$help_script" _pigato_by_help \
		"$dir/bench"
	by_help "… values" 'pigato-benchmark --policy s' spread
	by_help "… files" "pigato-benchmark --plot $dir/cli.h" "$dir/cli.help"
	completes_options pigato-cli "$cli_script" _pigato_cli \
		"$dir/cli.options"
	shows "bash completes the commands of pigato-cli, and no others" \
		gives_words "$cli_script" _pigato_cli 'pigato-cli ' \
		"$(tr '\n' ' ' <"$dir/commands" | sed 's/ $//')"
	while read -r command; do
		completes_options pigato-cli "$cli_script" _pigato_cli \
			"$dir/command.$command" "$command"
	done <"$dir/commands"
else
	skip "bash completes" "no bash"
fi

done_testing

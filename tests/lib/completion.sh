# Command lines as bash completes them, beside server.sh: to be read after it.

# completed SCRIPT FUNCTION LINE: the words that FUNCTION of SCRIPT has for the
# end of LINE, on one line.
completed() {
	# shellcheck disable=SC2016 # bash expands it
	bash -c '
		. "$1"
		COMP_LINE=$3 COMP_POINT=${#3}
		read -ra COMP_WORDS <<<"${3//=/ = }"
		[[ $3 != *[\ =] ]] || COMP_WORDS+=("")
		COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
		"$2" "${COMP_WORDS[0]}"
		echo "${COMPREPLY[*]}"' - "$@"
}

/*
 * completion: a script for bash, made of the tables, so that it knows what
 * this program knows. utils/pigato-cli.bash-completion is its output.
 */
#include <string.h>

#include "cli/cmd.h"

static const char head[] =
    "# bash completion for pigato-cli: the output of pigato-cli completion "
    "bash\n"
    "\n"
    "# What a command lists, a name a line\n"
    "_pigato_cli_names()\n"
    "{\n"
    "\tlocal name\n"
    "\twhile IFS= read -r name; do\n"
    "\t\tif [[ $name == \"$cur\"* ]]; then\n"
    "\t\t\tCOMPREPLY+=(\"$(printf %q \"$name\")\")\n"
    "\t\tfi\n"
    "\tdone < <(\"$program\" ${endpoint:+-e \"$endpoint\"} \\\n"
    "\t\t${admin:+--admin \"$admin\"} --connect-timeout 500 \"$@\" "
    "2>/dev/null)\n"
    "}\n"
    "\n"
    "_pigato_cli()\n"
    "{\n"
    "\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
    "\tlocal command='' endpoint='' admin='' options='' words='' i place\n"
    "\tlocal service_at='' worker_at='' program=${COMP_WORDS[0]}\n"
    "\tlocal -a line\n"
    "\tCOMPREPLY=()\n"
    "\tread -ra line <<<\"${COMP_LINE:0:COMP_POINT}\"\n"
    "\tfor ((i = 1; i < ${#line[@]}; i++)); do\n"
    "\t\tcase ${line[i]} in\n"
    "\t\t-e | --endpoint) endpoint=${line[++i]-} ;;\n"
    "\t\t--endpoint=*) endpoint=${line[i]#*=} ;;\n"
    "\t\t--admin) admin=${line[++i]-} ;;\n"
    "\t\t--admin=*) admin=${line[i]#*=} ;;\n";

static const char middle[] = "\t\tesac\n"
			     "\tdone\n"
			     "\t# which word behind the command this is\n"
			     "\tplace=$((${#line[@]} - i))\n"
			     "\tif [[ -n $cur ]]; then\n"
			     "\t\tplace=$((place - 1))\n"
			     "\tfi\n"
			     "\tcase $command in\n";

static const char tail[] =
    "\tesac\n"
    "\tif [[ $cur == -* ]]; then\n"
    "\t\tCOMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
    "\telif [[ -n $command && $place == \"$service_at\" ]]; then\n"
    "\t\t_pigato_cli_names dir --names\n"
    "\telif [[ -n $command && $place == \"$worker_at\" ]]; then\n"
    "\t\t_pigato_cli_names workers --names\n"
    "\telif [[ -z $command || $place == 1 ]]; then\n"
    "\t\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
    "\telif [[ $cur == @* ]]; then\n"
    "\t\tCOMPREPLY=($(compgen -P @ -f -- \"${cur#@}\"))\n"
    "\telif [[ $command == serve && $prev == -- ]]; then\n"
    "\t\tCOMPREPLY=($(compgen -c -- \"$cur\"))\n"
    "\tfi\n"
    "}\n"
    "\n"
    "complete -F _pigato_cli pigato-cli\n";

static void
print_names(FILE *f, const char *between)
{
	const char *before = "";

	for (size_t i = 0; i < cmd_n; i++) {
		if (cmd_table[i]->is_for_shell)
			continue;
		fprintf(f, "%s%s", before, cmd_table[i]->name);
		before = between;
	}
}

static void
print_options(FILE *f, const struct args_option *o)
{
	for (; o != NULL && o->name != NULL; o++)
		fprintf(f, " --%s", o->name);
}

static void
print_words(FILE *f, const char *const *words)
{
	fputs("\t\twords='", f);
	for (size_t i = 0; words[i] != NULL; i++)
		fprintf(f, "%s%s", i > 0 ? " " : "", words[i]);
	fputs("'\n", f);
}

static void
print_case(FILE *f, const struct cmd *cmd)
{
	fprintf(f, "\t%s)\n\t\toptions='--help", cmd->name);
	print_options(f, cmd->options);
	fputs("'\n", f);
	if (cmd->service_at > 0)
		fprintf(f, "\t\tservice_at=%zu\n", cmd->service_at);
	if (cmd->worker_at > 0)
		fprintf(f, "\t\tworker_at=%zu\n", cmd->worker_at);
	if (cmd->words != NULL)
		print_words(f, cmd->words);
	if (cmd == &cmd_help) {
		fputs("\t\twords='", f);
		print_names(f, " ");
		fputs("'\n", f);
	}
	fputs("\t\t;;\n", f);
}

static int
completion(struct cli *cli, const struct args *args, const void *conf)
{
	FILE *f = cli->out.file;

	(void)args;
	(void)conf;
	fputs(head, f);
	fputs("\t\t", f);
	print_names(f, " | ");
	fputs(")\n\t\t\tcommand=${line[i]}\n\t\t\tbreak\n\t\t\t;;\n", f);
	fputs(middle, f);
	fputs("\t'')\n\t\toptions='", f);
	print_options(f, cli_options);
	fputs("'\n\t\twords='", f);
	print_names(f, " ");
	fputs("'\n\t\t;;\n", f);
	for (size_t i = 0; i < cmd_n; i++)
		if (!cmd_table[i]->is_for_shell)
			print_case(f, cmd_table[i]);
	fputs(tail, f);
	return CLI_REPLY;
}

const struct cmd cmd_completion = {
    .name = "completion",
    .args = "bash",
    .text = "Print a script that completes command lines of this program",
    .words = (const char *const[]){"bash", NULL},
    .is_choice = true,
    .more = "To try it: source <(pigato-cli completion bash)\n",
    .n_min = 1,
    .n_max = 1,
    .run = completion,
};

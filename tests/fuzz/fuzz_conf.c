/*
 * Any text as a settings file: refused in words of one printable line, or
 * taken, and then its dump gives the same settings.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "pigatod/conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool condition)
{
	if (!condition)
		abort();
}

static void
check_error(const struct conf_error *err)
{
	must(err->text[0] != '\0');
	for (const char *p = err->text; *p != '\0'; p++)
		must(*p >= ' ' && *p < 0x7f);
}

static void
check_dump(const struct conf *conf)
{
	struct conf_error err;
	struct conf again;
	char *text = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&text, &n);

	must(f != NULL && conf_dump(conf, f) == 0 && fclose(f) == 0);
	must(conf_init(&again) == 0);
	must(conf_parse(&again, (struct pgt_slice){text, n}, "g", &err) == 0);
	for (size_t i = 0; i < conf_n_rows; i++)
		must(conf_is_equal(conf, &again, &conf_table[i]));
	conf_clear(&again);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pgt_slice text = {(const char *)data, size};
	struct conf_error err = {""};
	struct conf conf;

	if (size > 0 && memchr(data, '\0', size) != NULL)
		return 0; /* conf_file.c refuses those */
	must(conf_init(&conf) == 0);
	if (conf_parse(&conf, text, "f", &err) < 0)
		check_error(&err);
	else
		check_dump(&conf);
	conf_clear(&conf);
	return 0;
}

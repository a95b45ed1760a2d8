#include "kept.h"

#include <stdio.h>

#include "services/services.h"

struct broker_conf
kept_conf(void)
{
	struct broker_conf conf = sim_conf();

	conf.admin_everywhere = true;
	return conf;
}

struct sim *
kept_start(const struct broker_conf *conf)
{
	struct broker_conf usual = kept_conf();
	struct sim *s =
	    sim_new_conf(conf != NULL ? conf : &usual, &cache_service);

	sim_tell(s, "w1 W 1 *\nw1 W 4 \\e {\"concurrency\":-1}");
	sim_keep_alive(s, "w1", true);
	sim_forget(s);
	return s;
}

void
kept_keep(struct sim *s, const char *service, const char *data, int n)
{
	char lines[5000];

	sprintf(lines,
	    "k C 2 %s keep %s {}\nw1 W 3 k \\e keep 0 %0*d {\"cache\":1000}",
	    service, data, n, 0);
	sim_tell(s, lines);
}

bool
kept_has(struct sim *s, const char *service, const char *data)
{
	char line[100];
	bool kept;

	sim_forget(s);
	sprintf(line, "q C 2 %s q %s {}", service, data);
	sim_tell(s, line);
	kept = sim_has_mail(s, "] q C 3");
	if (!kept)
		sim_tell(s, "w1 W 3 q \\e q -1 no {}");
	sim_forget(s);
	return kept;
}

int64_t
kept_figure(struct sim *s, const char *name)
{
	char part[40];
	int64_t n;

	sim_forget(s);
	sim_tell(s, "f C 2 $cache f {\"cmd\":\"stats\"} {}");
	sprintf(part, "\"%s\":", name);
	n = sim_number_in_mail(s, part);
	sim_forget(s);
	return n;
}

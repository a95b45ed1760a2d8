/* Clients and workers of a run, connected, and their threads. */
#ifndef BENCH_PEERS_H
#define BENCH_PEERS_H

#include "bench/conf.h"
#include "bench/echo.h"
#include "bench/load.h"

struct peers {
	const struct conf *conf;
	struct load *loads;
	struct echo *echoes;
	int64_t n_loads, n_echoes; /* that are open */
	int64_t n_loads_running, n_echoes_running;
};

/*
 * Open all, and wait until they are connected and the service is there. 0, or
 * the exit status, and standard error has been told. To be closed in any case.
 */
int peers_open(struct peers *p, const struct conf *conf, struct schedule *when);
void peers_close(struct peers *p);

/*
 * Start and stop the threads of workers; of clients, which end by themselves.
 * 0 or the exit status.
 */
int peers_start_workers(struct peers *p);
int peers_start_clients(struct peers *p);
void peers_join_clients(struct peers *p);
void peers_stop_workers(struct peers *p);

#endif

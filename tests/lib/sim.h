/*
 * The broker under a fake clock, with virtual peers. A message is a line:
 * who sends or gets it, then its frames as words (words.h):
 *
 *	sim_tell(s, "w1 W 1 echo");
 *	sim_want(s, "[0] w1 W 1\n");
 *
 * "@NAME" is the peer of that id at the administrative port.
 *
 * broker_check() runs after every step. Whatever goes wrong fails the test
 * under way (check.h).
 */
#ifndef SIM_H
#define SIM_H

#include <stdbool.h>
#include <stdint.h>

#include "broker/broker.h"

struct sim;

/*
 * pigatod's defaults: heartbeat 2500 × 3, timeout 60000, concurrency 100,
 * cache of 64 MiB if it is among the core services.
 */
struct broker_conf sim_conf(void);

/* A broker at time 0; ops: a core service for it, or NULL. */
struct sim *sim_new(const struct core_ops *ops);
struct sim *sim_new_conf(
    const struct broker_conf *conf, const struct core_ops *ops);

/* One more core service for it. */
void sim_add_core(struct sim *s, const struct core_ops *ops);

/* Fails the test if there is mail that nobody wanted. */
void sim_free(struct sim *s);

/* Peers send messages: "NAME FRAME …" lines. */
void sim_tell(struct sim *s, const char *lines);

/*
 * All that peers got since the last time, no more and no less, in its order:
 * "[TIME] NAME FRAME …" lines. What is published is for PUB.
 */
void sim_want(struct sim *s, const char *lines);

/* Does that mail hold text? What number stands behind it? It stays unread. */
bool sim_has_mail(struct sim *s, const char *text);
int64_t sim_number_in_mail(struct sim *s, const char *text);

/* Whatever peers got is no matter. */
void sim_forget(struct sim *s);

/* broker_check() no more after each step: for stories of many thousands. */
void sim_check_seldom(struct sim *s);

/* All that was traced since the last time: "[TIME] text key=value …" lines. */
void sim_want_trace(struct sim *s, const char *lines);

/* Let ms go by; timers fire at their instants. */
void sim_run(struct sim *s, int64_t ms);

/* The clock jumps, as after SIGSTOP; timers fire late, all at once. */
void sim_sleep(struct sim *s, int64_t ms);

/* The clock goes on, and no timer is served yet. */
void sim_skip(struct sim *s, int64_t ms);

/*
 * A worker that sends W 4 once a heartbeat interval, from now on or no more,
 * and whose W 4 from the broker are not worth mention.
 */
void sim_keep_alive(struct sim *s, const char *peer, bool on);

/* Mail for that peer cannot be sent, from now on or no more. */
void sim_block(struct sim *s, const char *peer, bool on);

/*
 * `@op` asks a service at once; gives the data of the one final reply that it
 * gets, *ok says whether its status is 0. To be freed.
 */
char *sim_ask(struct sim *s, const char *service, const char *data, bool *ok);

/* The loop around the broker has had a turn. */
void sim_turn(struct sim *s, int64_t us, uint64_t n_messages, bool is_full);

/* New settings; no new requests; good-bye. */
void sim_reload(struct sim *s, const struct broker_conf *conf);
void sim_drain(struct sim *s);
bool sim_is_drained(const struct sim *s);
void sim_stop(struct sim *s);

const struct broker_stats *sim_stats(struct sim *s);

#endif

/*
 * A broker, its clock, its peers, and the model that looks over its shoulder.
 * Every step goes through here: broker_check() and the model after each one.
 * What happened last is kept as text and printed when something is wrong.
 */
#ifndef SIM_WORLD_H
#define SIM_WORLD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rand.h"
#include "model.h"

/* Requests that peers remember to come back to. */
#define WORLD_RECENT 32

/* Requests a worker was given and has not answered; more it forgets. */
#define WORLD_INBOX 48

struct world_job {
	size_t client; /* of peers */
	struct model_bytes rid;
};

struct world_peer {
	enum broker_port port;
	char id[24];
	size_t n_id;
	bool is_blocked; /* its mail is refused */
	bool is_silent;	 /* sends no heartbeats by itself */
	bool is_worker;
	bool was_told_ready; /* got W 1, and no W 5 since */
	int64_t sent_at;
	struct world_job inbox[WORLD_INBOX];
	size_t n_inbox;
};

struct world {
	struct broker *b;
	struct broker_conf conf;
	struct model *m;
	struct pgt_rand rand;
	int64_t now;
	struct world_peer peers[MODEL_MAX_PEERS];
	size_t n_peers, n_clients, n_workers; /* clients first, then workers */
	struct effect **mail;		      /* not yet delivered */
	size_t n_mail, cap_mail;
	/* of the peers, as a whole */
	struct world_job recent[WORLD_RECENT];
	size_t n_recent; /* so far; the ring has the last of them */
	uint64_t n_rids;
	size_t want_requests; /* about so many at a time */
	uint64_t rude;	      /* percent of messages that are wrong */
	size_t speaker;	      /* whose message is being made */
	uint64_t n_steps;
	uint64_t trace_hash, mail_hash;
};

/* Everything in it follows from the seed. Fails the test or is whole. */
struct world *world_new(uint64_t seed);
void world_free(struct world *w);

uint64_t world_below(struct world *w, uint64_t n);
bool world_chance(struct world *w, uint64_t percent);

/* A message: the sender's routing id, then frames. Takes m's frames. */
void world_start(struct world *w, struct pgt_msg *m, size_t peer);
void world_add(struct pgt_msg *m, struct pgt_slice frame);
void world_add_text(struct pgt_msg *m, const char *frame);
void world_send(struct world *w, struct pgt_msg *m);
/* … that the transport found too long. */
void world_send_cut(struct world *w, struct pgt_msg *m);

/* Gives a copy of the bytes. */
struct model_bytes world_copy(struct pgt_slice s);

/* Forget a job of a worker. */
void world_drop_job(struct world_peer *p, size_t i);

/* The clock goes to at, timers are served, all of them. */
void world_set_time(struct world *w, int64_t at);
void world_set_conf(struct world *w, const struct broker_conf *conf);
void world_drain(struct world *w);
void world_stop(struct world *w);

/* The steps just taken, and how to see them again. Aborted runs too. */
void world_explain(const char *words);
/* How the run under way was started. */
void world_note_seed(uint64_t seed, uint64_t n_steps);

#endif

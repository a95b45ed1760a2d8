/*
 * What a peer may expect, told from the wire alone: PROTOCOL.md as a second,
 * slower broker that decides nothing. It is told what the real one is told,
 * sees each piece of mail as it is written, and fails the test that is under
 * way when one should not have been, or is missing at the end of the step.
 *
 * Nothing here knows the broker's state.h.
 */
#ifndef SIM_MODEL_H
#define SIM_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "broker/broker.h"
#include "vocab.h"

#define MODEL_MAX_PEERS 64
#define MODEL_MAX_NAMES 512

struct model_bytes {
	char *p;
	size_t n;
};

struct model_parts; /* messages of a reply */
struct model_kept;

/* Which core service the broker has. */
enum model_core { CORE_NONE, CORE_DIR, CORE_CHANNEL };

enum model_state { M_WAITS, M_RUNS, M_GHOST };

/* Why a request must end within the step under way. */
enum model_end {
	END_NOT,
	END_REPLY,     /* its worker says so */
	END_LOST,      /* its worker is gone */
	END_NO_WORKER, /* failfast */
	END_CORE,      /* $dir answers */
	END_INFO,      /* $info does */
	END_DENIED,    /* … but not everybody */
	END_CANCELLED, /* by an operator */
	END_BUSY,      /* a limit keeps it out */
	END_DRAINING,  /* a drain does, or has ended */
	END_KEPT,      /* by what is kept, perhaps in parts */
};

struct model_request {
	enum model_state state;
	enum model_end end;
	size_t client, name; /* of peers, of names */
	size_t worker;	     /* M_RUNS, M_GHOST: of peers */
	struct model_bytes rid, data, opts;
	struct model_bytes tail[PGT_MSG_MAX];
	size_t n_tail;
	bool has_opts;
	const struct vocab_request *meant;
	int64_t heard_at, timeout_ms;
	uint64_t serial;    /* of its arrival */
	uint64_t size;	    /* as the limits count it */
	uint64_t *rejected; /* incarnations of workers */
	size_t n_rejected;
	bool had_partials, is_gapped;
	uint64_t n_owed;	   /* M_GHOST: late final replies to come */
	struct model_parts *parts; /* said so far; END_KEPT: to be said */
	size_t n_replayed;	   /* END_KEPT */
};

struct model_peer {
	enum broker_port port;
	struct model_bytes id;
	/* as a worker */
	bool is_registered, is_unreachable, is_draining;
	uint64_t incarnation;
	size_t name;
	int64_t concurrency, heard_at, beaten_at;
	uint64_t n_served, given_at;
	size_t n_running; /* as model_count_running() left it */
};

struct model_name {
	struct model_bytes text;
	bool is_paused;
	size_t n_workers; /* those that drain apart */
	size_t best;	  /* the longest wildcard, of names; see best_at */
	uint64_t best_at; /* m->n_changes when it was looked for */
	/* By the server's number, for those that were registered. */
	unsigned char serves[MODEL_MAX_NAMES];
};

/* The mail that answers the message under way, at most one piece. */
struct model_want {
	enum pgt_verb verb; /* PGT_MALFORMED: none */
	size_t peer;
	const struct model_request *interest; /* of a worker's heartbeat */
};

struct model {
	struct broker_conf conf;
	enum model_core core;
	bool has_cache;
	struct model_kept *kept;
	size_t n_kept;
	int64_t now;
	enum event_type event; /* the step under way */
	bool is_settling;      /* timers are being served: what is past its
				  deadline may be gone or not */
	struct model_peer peers[MODEL_MAX_PEERS];
	size_t n_peers;
	struct model_name names[MODEL_MAX_NAMES];
	size_t n_names;
	struct model_request **requests;
	size_t n_requests, cap;
	uint64_t last_serial, last_incarnation, n_given;
	uint64_t n_changes; /* of who is registered */
	size_t n_registered, n_good_byes;
	/* the message under way */
	struct pgt_packet said;
	struct pgt_msg said_msg;
	struct model_want want;
	struct model_request *partial; /* to be passed on */
	/* time */
	int64_t max_heartbeat, max_life; /* of all settings so far */
	int64_t grace_until;
	int64_t drain_at;   /* when it began; -1: it did not */
	bool is_late;	    /* past its timeout */
	int64_t changed_at; /* workers, not yet published; -1: none */
	/* what became of requests, for the statistics of a run */
	uint64_t n_busy, n_draining;
	uint64_t n_finals, n_expired, n_lost, n_partials, n_rejects, n_late;
	uint64_t n_answered;		 /* by what was kept */
	void (*fail)(const char *words); /* does not return */
};

struct model *model_new(const struct broker_conf *conf, enum model_core core,
    void (*fail)(const char *words));
void model_free(struct model *m);

/* Peers must be known before they say or get anything. Gives the number. */
size_t model_add_peer(
    struct model *m, enum broker_port port, struct pgt_slice id);

/*
 * Before a step: what is going to happen. due is broker_deadline() as it is
 * then. Of a message the model keeps what it needs.
 */
void model_begin(
    struct model *m, const struct event *ev, int64_t due, struct pgt_msg *msg);

/* A piece of mail, in the order in which it was written. */
void model_mail(struct model *m, struct effect *fx);

/*
 * After a step and all of its mail. due is broker_deadline() by now; the
 * figures must agree.
 */
void model_end(struct model *m, int64_t due, const struct broker_stats *stats);

/* ---- between the model's own files, and for peers that behave ---- */

/* Settings count from now on; the longest spans are remembered. */
void model_conf(struct model *m, const struct broker_conf *conf);

void model_must(struct model *m, bool condition, const char *words);

/* At that port; at the public one. n_peers: none. */
size_t model_find_peer_at(
    const struct model *m, enum broker_port port, struct pgt_slice id);
size_t model_find_peer(const struct model *m, struct pgt_slice id);
size_t model_require_name(struct model *m, struct pgt_slice text);
struct pgt_slice model_name_of(const struct model *m, size_t name);

bool model_is_built_in(const struct model *m, struct pgt_slice name);

/* The one that is not over, or NULL. */
struct model_request *model_find(
    const struct model *m, size_t client, struct pgt_slice rid);
struct model_request *model_find_ghost(
    const struct model *m, size_t client, size_t worker, struct pgt_slice rid);

/* The same as workers call them, who know no ports. */
struct model_request *model_find_called(
    const struct model *m, struct pgt_slice client, struct pgt_slice rid);
struct model_request *model_find_called_ghost(const struct model *m,
    struct pgt_slice client, size_t worker, struct pgt_slice rid);

/* A new one of what p says; its client and name are the caller's to set. */
struct model_request *model_add(struct model *m, const struct pgt_packet *p);
void model_add_rejection(struct model_request *r, const struct model_peer *w);

/* It is over for its client; its worker does not know. */
void model_make_ghost(struct model *m, struct model_request *r);

/* Takes it out of the table and frees it. */
void model_remove(struct model *m, struct model_request *r);

/* What a limit would say of r, which is new: is it kept out? */
bool model_is_busy(struct model *m, const struct model_request *r);

/* What is held just now, as the broker's figures have it. */
void model_check_room(struct model *m, const struct broker_stats *stats);

/* Sets n_running of all peers, without those that may be gone already. */
void model_count_running(struct model *m);

/* Reachable, and not full by that count? */
bool model_has_slot(const struct model_peer *w);

bool model_is_past(const struct model *m, const struct model_request *r);
bool model_was_rejected(
    const struct model_request *r, const struct model_peer *w);

/* May w serve r, by name and by workerId? Slots and rejections apart. */
bool model_may_serve(
    struct model *m, const struct model_request *r, const struct model_peer *w);
/* Is anybody registered who may serve r? */
bool model_has_anybody(struct model *m, const struct model_request *r);
/* … by name alone, as the directory tells it. */
bool model_is_in_pool(struct model *m, size_t name, const struct model_peer *w);

/* It runs nothing, and was told to go then. */
bool model_has_drained(struct model *m, const struct model_peer *w);

/* A worker registers; a registered one serves nobody new; it goes, whyever. */
void model_register(struct model *m, size_t worker, size_t name);
void model_drain(struct model *m, size_t worker);
void model_lose(struct model *m, size_t worker);

/* r is an operator's; what it asks for is done. Then: what it is told. */
void model_operate(struct model *m, struct model_request *r);
void model_check_info(
    struct model *m, const struct model_request *r, const struct pgt_packet *p);
/* The reply or partial reply under way is one to r. */
void model_heed_reply(struct model *m, struct model_request *r);
/* Must r, which is new, be answered by what is kept? */
bool model_is_answered(struct model *m, struct model_request *r);
/* p answers such an r; does nothing but that end wait to be sent? */
void model_check_replayed(
    struct model *m, struct model_request *r, const struct pgt_packet *p);
bool model_waits_for_end(const struct model_request *r);
void model_drop_parts(struct model_parts *l);
void model_free_kept(struct model *m);

/* "$dir …" as published; the reply of $dir to r. */
void model_check_published(struct model *m, struct pgt_slice text);
void model_check_dir_reply(
    struct model *m, const struct model_request *r, const struct pgt_packet *p);

#endif

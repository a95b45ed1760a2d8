/*
 * The reply cache's structs, for the files that make it up. An entry is found
 * by service and request data, compared in full: two requests with one hash
 * never share an answer. It leaves by age (its timer), for room (the least
 * recently used first), or by a flush. A flush costs one number: what was kept
 * under an elder number is found no more, and is freed a little at a time.
 *
 * `bytes` is what malloc takes for everything that is kept: entries, the
 * streams that may become some, services. The two tables are added to it by
 * cache_memory(). It never exceeds max_memory for longer than a step, but by
 * what a reload takes away.
 */
#ifndef SERVICES_CACHE_H
#define SERVICES_CACHE_H

#include <sys/queue.h>

#include "base/map.h"
#include "broker/core.h"
#include "lib/opts.h"

/* A timer's place in the heap, whose array is at worst half empty. */
#define CACHE_TIMER_COST (2 * sizeof(struct pgt_heap_slot))

/* Entries freed for one reply, or by one sweep. */
#define CACHE_BATCH 1000

/* A service that has entries. */
struct cache_service {
	struct pgt_map_node node; /* cache.services, by name */
	struct pgt_frame name;
	uint64_t epoch; /* its entries'; others are dead */
	size_t n_live;
	TAILQ_HEAD(, cache_entry) entries; /* the dead ones first */
	bool is_swept;			   /* in cache.swept */
	TAILQ_ENTRY(cache_service) swept;
};

/* A list of parts, partial replies first, and what malloc takes for it. */
struct cache_parts {
	struct core_part *first, **last;
	size_t cost;
};

struct cache_entry {
	struct pgt_map_node node; /* cache.entries: epoch, data */
	struct cache_service *service;
	TAILQ_ENTRY(cache_entry) link; /* service.entries */
	TAILQ_ENTRY(cache_entry) used; /* cache.used */
	struct core_timer timer;
	int64_t dies_at;
	struct pgt_frame data;
	struct cache_parts parts;
	size_t cost;
};

/* What is kept about a request, by its first member. */
struct cache_note {
	struct core_hold hold;
	bool is_replay;
};

/* A request with partial replies, until it is known whether to keep them. */
struct cache_stream {
	struct cache_note note;
	bool is_over; /* too much: nothing is kept of it */
	struct cache_parts parts;
};

/* A stream that is replayed: the partial replies are sent, not yet the end. */
struct cache_replay {
	struct cache_note note;
	TAILQ_ENTRY(cache_replay) link; /* cache.replays */
	bool is_listed;
	struct request *r;
	struct core_part *end; /* shares its frames with the entry's */
};

struct cache {
	struct core *core;
	struct pgt_map services, entries;
	TAILQ_HEAD(, cache_entry) used;	   /* least recently first */
	TAILQ_HEAD(, cache_service) swept; /* those with dead entries */
	TAILQ_HEAD(, cache_replay) replays;
	struct core_timer sweep_timer, replay_timer;
	struct pgt_reply_opts_seen seen;
	uint64_t last_epoch;
	uint64_t floor; /* entries of this epoch or an elder one are dead */
	size_t n_live;
	size_t bytes;
	size_t stream_bytes;		/* of bytes: streams under way */
	struct core_cache_counts stats; /* since the reset */
};

/* ---- cache_parts.c ---- */

void cache_parts_init(struct cache_parts *l);
void cache_parts_clear(struct cache_parts *l);

/* Add p's status, data, options and further frames. 0 or -ENOMEM. */
int cache_parts_add(struct cache_parts *l, const struct pgt_packet *p);

/* Moves all of src to the front of dst's. */
void cache_parts_prepend(struct cache_parts *dst, struct cache_parts *src);

/* Gives a part that shares part's frames, or NULL. */
struct core_part *cache_part_share(struct core_part *part);
void cache_part_free(struct core_part *part);

/* What malloc will take for p as a part. */
size_t cache_part_cost(const struct pgt_packet *p);

/* ---- cache_service.c ---- */

struct cache_service *cache_service_find(
    const struct cache *c, struct pgt_slice name);

/* Find, else create, with an epoch for what is added now. NULL: no memory. */
struct cache_service *cache_service_require(
    struct cache *c, struct pgt_slice name);

/* A flush of all gives no service a new epoch: it has one from now on. */
void cache_service_renew(struct cache *c, struct cache_service *s);

/* Frees it if it has no entries. */
void cache_service_settle(struct cache *c, struct cache_service *s);

/* What malloc takes for it. */
size_t cache_service_cost(const struct cache_service *s);

/* ---- cache_store.c ---- */

/* 0 or -ENOMEM. Clearing frees all that is kept. */
int cache_store_init(struct cache *c);
void cache_store_clear(struct cache *c);

/* Bytes that malloc takes for all of it. */
size_t cache_memory(const struct cache *c);

/* The reply to r, which is the most recently used now, or NULL. */
struct cache_entry *cache_find(struct cache *c, const struct request *r);

/* Is there one, whoever asks? */
bool cache_has(
    const struct cache *c, struct pgt_slice name, struct pgt_slice data);

/*
 * Keep the reply to r for ttl_ms in place of an elder one: moves parts. 0, or
 * -ENOMEM, or -EFBIG: there is no room for it; parts are as they were.
 */
int cache_add(struct cache *c, struct request *r, struct cache_parts *parts,
    int64_t ttl_ms);

/* e's time has come. */
void cache_expire(struct cache *c, struct cache_entry *e);

/* Nothing of that is found from now on; how many entries there were. */
size_t cache_flush_all(struct cache *c);
size_t cache_flush_service(struct cache *c, struct pgt_slice name);
size_t cache_flush_entry(
    struct cache *c, struct pgt_slice name, struct pgt_slice data);

/* Free some of what is dead or beyond max_memory; again soon if not all. */
void cache_sweep(struct cache *c);

/*
 * Evict for so many bytes more, CACHE_BATCH entries at the most. False: there
 * is no room.
 */
bool cache_make_room(struct cache *c, size_t bytes);

/* May e be found? Else it waits to be freed. */
bool cache_is_live(const struct cache *c, const struct cache_entry *e);

/* ---- cache_check.c ---- */

/* For tests: aborts unless all of it agrees. */
void cache_store_check(const struct cache *c);

/* ---- cache_stream.c ---- */

/* A partial reply to r. */
void cache_on_partial(
    struct cache *c, struct request *r, const struct pgt_packet *p);

/* The partial replies to r, NULL: none are kept. */
struct cache_stream *cache_stream_of(const struct request *r);

/* Moves them to the front of parts; they are counted no more. */
void cache_stream_move(
    struct cache *c, struct cache_stream *s, struct cache_parts *parts);

/* What was noted about a request that is over. */
void cache_forget(struct cache *c, struct core_hold *h);

/*
 * Replay a stream: the partial replies now, the end when it is known that all
 * of them were sent. False: no memory, nothing was sent.
 */
bool cache_replay(
    struct cache *c, struct request *r, const struct cache_parts *parts);

/* Send the end of one of those that wait for it. */
void cache_end_replay(struct cache *c);

/* ---- cache_command.c ---- */

/* A request to $cache. */
void cache_on_command(struct core *core, struct request *r);

/*
 * Publish on the internal channel what has happened to an entry; service or
 * data NULL: to all that there are. Data that is long is left out.
 */
void cache_tell(struct cache *c, const char *event,
    const struct pgt_slice *service, const struct pgt_slice *data);

#endif

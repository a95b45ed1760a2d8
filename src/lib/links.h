/*
 * The links of one handle, behind one descriptor: what a client and a worker
 * have in common. Any call may be made between two calls of pgt_links_next(),
 * clear excepted.
 */
#ifndef PGT_LINKS_H
#define PGT_LINKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/link.h"

#define PGT_HEARTBEAT_MS 2500
#define PGT_LIVENESS	 3
#define PGT_PREFIX_MAX	 200

struct pgt_links {
	struct pgt_link_conf conf;
	char prefix[PGT_PREFIX_MAX + 1];
	struct pgt_link *link;
	size_t n;
	size_t turn;	  /* the link that is asked first */
	bool makes_sense; /* the list that it was made with */
	bool is_started;
	bool has_slept;	    /* and so knows what the descriptor has to tell */
	int64_t looked_at;  /* pgt_links_look() */
	struct pgt_msg msg; /* of the last event */
};

/* Monotonic milliseconds. */
int64_t pgt_now(void);

/*
 * Links to endpoints, separated by commas; NULL: PIGATO_DEFAULT_ENDPOINT.
 * Which side is 'C' or 'W', and the default prefix as well. Nothing is opened
 * but the descriptor, which is -1 where the system has none left. 0 or
 * -ENOMEM.
 */
int pgt_links_init(struct pgt_links *ls, char side, const char *endpoints);

/* Closes what is left open and waits until it has lingered. */
void pgt_links_clear(struct pgt_links *ls);

/* -EINVAL where it makes no sense. To be called before start. */
int pgt_links_set_prefix(struct pgt_links *ls, const char *prefix);
int pgt_links_set_heartbeat(
    struct pgt_links *ls, int64_t interval_ms, int liveness);

/*
 * Open all under a new id, prefix-uuid. 0, -EINVAL where the list makes no
 * sense, or another negative errno, and nothing is open.
 */
int pgt_links_start(struct pgt_links *ls, int64_t now);

/* Shut all. What has not left for brokers that are up lingers. */
void pgt_links_stop(struct pgt_links *ls);

/*
 * Wait for the descriptor, as poll(2) would; what is learned is not asked for
 * again by the next look. 0 or a negative errno.
 */
int pgt_links_sleep(struct pgt_links *ls, int timeout_ms);

/*
 * Instead of that: where there is one link, and nothing to be done for a
 * while, or until at, the next look waits for mail itself. It need not be
 * asked then whether there is any, which saves system calls. False: sleep.
 */
bool pgt_links_listen(struct pgt_links *ls, int64_t now, int64_t at);

/* To be called once before a row of pgt_links_next(): asks the descriptor. */
void pgt_links_look(struct pgt_links *ls, int64_t now);

/* The next event of any link; false: no more, until looked again. */
bool pgt_links_next(
    struct pgt_links *ls, int64_t now, struct pgt_link_event *ev);

/* Milliseconds until the next event, or until at (INT64_MAX: none); -1: never.
 */
int pgt_links_timeout(struct pgt_links *ls, int64_t at);

/* Is at least one of them up? */
bool pgt_links_are_up(const struct pgt_links *ls);

#endif

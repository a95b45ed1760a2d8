/*
 * A DEALER on its way to one endpoint, with libzmq's monitor of it: messages
 * in and out, and whether a connection stands. No notion of time.
 */
#ifndef PGT_CHANNEL_H
#define PGT_CHANNEL_H

#include <stdbool.h>

#include "lib/msg.h"

#define PGT_CHANNEL_ID_MAX 255 /* libzmq's limit for a routing id */

/* So long a receive may be deaf to all else. */
#define PGT_CHANNEL_PATIENCE_MS 10

/* What the channels of one handle have in common. */
struct pgt_channel_conf {
	void *context;
	int epoll_fd;
	char id[PGT_CHANNEL_ID_MAX + 1]; /* our routing id at every broker */
	int send_limit; /* messages that may wait to leave; 0: any number */
	unsigned n_monitors; /* so far: gives each its own address */
};

struct pgt_channel {
	void *socket; /* NULL: closed */
	void *monitor;
	int socket_fd, monitor_fd;
	bool has_mail; /* not known to be dry; also set by epoll's word */
	bool has_news; /* the same of the monitor */
	bool is_full;  /* -EAGAIN was told */
	bool may_wait; /* the next receive, PGT_CHANNEL_PATIENCE_MS at most */
};

enum pgt_channel_news {
	PGT_CHANNEL_NO_NEWS,
	PGT_CHANNEL_CONNECTED,
	PGT_CHANNEL_DISCONNECTED
};

/*
 * Open one that is closed. libzmq connects by itself, again and again, first
 * after retry_ms, then more and more seldom. 0; -EINVAL: the endpoint makes
 * no sense; or another negative errno. On failure it is closed.
 */
int pgt_channel_open(struct pgt_channel *c, struct pgt_channel_conf *conf,
    const char *endpoint, int retry_ms);

/*
 * What has not left yet may take linger_ms more to do so, in the background.
 * Does nothing where it is closed.
 */
void pgt_channel_close(
    struct pgt_channel *c, const struct pgt_channel_conf *conf, int linger_ms);

/*
 * Send the frames of m. 0; -EAGAIN: full, see pgt_channel_has_room(); or
 * another negative errno. m keeps frames that were not sent.
 */
int pgt_channel_send(struct pgt_channel *c, struct pgt_msg *m);

/*
 * Receive a message into m, which is empty, and wait for it where it may, once.
 * 0, or a negative errno: -EAGAIN, there is none. One of too many frames is
 * read whole and left empty.
 */
int pgt_channel_receive(struct pgt_channel *c, struct pgt_msg *m);

/* Has one that was full room again? True once. */
bool pgt_channel_has_room(struct pgt_channel *c);

/* What has become of the connection, one change at a time. */
enum pgt_channel_news pgt_channel_next_news(struct pgt_channel *c);

/* Is there nothing to do until its descriptors are readable? */
bool pgt_channel_is_dry(struct pgt_channel *c);

#endif

/*
 * A handle's link to one broker: a channel that lives through the broker's
 * absence. A link is shut (waiting for its next try), or open and not
 * answered yet, or up.
 *
 * What happens to it comes out of pgt_link_next(), one event at a time, so
 * that whoever is called back may do what he likes with it in between.
 */
#ifndef PGT_LINK_H
#define PGT_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rand.h"
#include "lib/channel.h"
#include "lib/wire.h"

/*
 * So long may what was said last take to leave for a broker that is up. Not 0:
 * libzmq asserts if it drops a message that it has written in part at the very
 * moment at which the broker closes its end.
 */
#define PGT_LINGER_MS 1000

/* What the links of one handle have in common. */
struct pgt_link_conf {
	char side; /* 'C' or 'W': whose messages are well formed */
	int64_t heartbeat_ms;
	int liveness;	      /* heartbeats of silence until a broker is left */
	struct pgt_rand rand; /* jitter */
	struct pgt_channel_conf channel;
};

enum pgt_link_event_kind {
	PGT_LINK_CONNECTED = 1, /* a connection stands: time to say hello */
	PGT_LINK_BEAT,		/* time for a heartbeat */
	PGT_LINK_ANSWERED,	/* it is up; the message comes next */
	PGT_LINK_MESSAGE,	/* packet has come, well formed or not */
	PGT_LINK_WRITABLE,	/* there is room again after -EAGAIN */
	PGT_LINK_LOST,		/* the connection is gone, libzmq makes another;
				   what had not left yet will still be sent */
	PGT_LINK_DEAD,		/* silent for too long: shut, tried again later;
				   what had not left yet is dropped */
	PGT_LINK_FAILED		/* cannot be opened: error; tried again later */
};

struct pgt_link_event {
	enum pgt_link_event_kind kind;
	struct pgt_link *link;
	bool was_up;		  /* of LOST and DEAD */
	int error;		  /* of FAILED: a negative errno */
	struct pgt_packet packet; /* of MESSAGE, until the next event */
};

struct pgt_link {
	char *endpoint;
	size_t index; /* which of the handle's links */
	struct pgt_channel channel;
	bool is_up;	    /* has answered since it was connected last */
	bool is_draining;   /* a client's: the last in which to look for help */
	bool is_connected;  /* by the monitor's word */
	bool is_cut;	    /* LOST is told once the mail is read */
	bool has_first;	    /* ANSWERED was told, its message is in hand */
	int64_t open_at;    /* shut: when to try; -1: never */
	int64_t heard_at;   /* last message; or opened, or LOST */
	int64_t asked_at;   /* first heartbeat since then; -1: none */
	int64_t beat_at;    /* next heartbeat */
	int64_t backoff_ms; /* before the last try; 0: it was up since */
};

/*
 * Open a link that is shut. 0, -EINVAL where the endpoint makes no sense, or
 * another negative errno; then it is shut, and tried again after a while.
 */
int pgt_link_open(struct pgt_link *l, struct pgt_link_conf *conf, int64_t now);

/*
 * Shut it until it is opened. What has not left yet may take linger_ms more
 * to do so, in the background.
 */
void pgt_link_close(
    struct pgt_link *l, const struct pgt_link_conf *conf, int linger_ms);

/*
 * Send p by the encoder's rules (what is not marked as shared is moved, also
 * on failure). 0; -EAGAIN, and WRITABLE is told later; -ENOTCONN: shut.
 */
int pgt_link_send(struct pgt_link *l, const struct pgt_packet *p);

/*
 * The next thing that has happened; false: nothing more. msg, which is
 * initialised, is cleared and then holds the frames of the event's packet.
 */
bool pgt_link_next(struct pgt_link *l, struct pgt_link_conf *conf, int64_t now,
    struct pgt_msg *msg, struct pgt_link_event *ev);

/* The instant of its next event but for mail; 0: now; INT64_MAX: none. */
int64_t pgt_link_deadline(struct pgt_link *l, const struct pgt_link_conf *conf);

/*
 * May the next look wait for mail, as nothing else is to be done until then?
 * Where it is known that there is none it is not: a descriptor will tell.
 */
bool pgt_link_listen(
    struct pgt_link *l, const struct pgt_link_conf *conf, int64_t until);

#endif

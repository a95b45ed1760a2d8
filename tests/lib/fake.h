/*
 * A broker that does what a test tells it: a ROUTER in the test's own thread,
 * to be given turns beside the client or worker that it talks to.
 */
#ifndef FAKE_H
#define FAKE_H

#include <stdbool.h>
#include <stddef.h>

#define FAKE_KEEP  64 /* messages that are kept; the older half goes first */
#define FAKE_FRAME 512

/* A message as it came, its frames ended by a zero. */
struct fake_mail {
	char peer[256];
	size_t n;
	char frame[8][FAKE_FRAME];
};

struct fake {
	void *context, *router;
	char endpoint[64];
	bool is_mute; /* answers no heartbeat */
	bool is_deaf; /* reads nothing */
	bool is_echo; /* answers each request with its data, and keeps none */
	void (*serve)(const struct fake_mail *m); /* gets what would be kept */
	size_t n_beats, n_requests;	  /* since it was opened first */
	struct fake_mail mail[FAKE_KEEP]; /* all but plain heartbeats */
	size_t n_mail;
};

/* At a port of the system's choice, or at the one it had before. */
void fake_open(struct fake *f);
void fake_close(struct fake *f);

/* Takes what has come. True: there was something. */
bool fake_turn(struct fake *f);

/* Send frames, each a string, NULL at the end, to a peer. */
void fake_send(struct fake *f, const char *peer, ...);

/* A reply to a request that it holds: type "3" or "6". */
void fake_reply(struct fake *f, const struct fake_mail *m, const char *type,
    const char *status, const char *data);

/* Forgets what it holds. */
void fake_forget(struct fake *f);

/* Releases what it has; takes a zeroed one. */
void fake_clear(struct fake *f);

#endif

/*
 * The connections: whole messages in from peers and out to them, and the
 * internal channel. The only place that knows what they are made of.
 */
#ifndef TRANSPORT_H
#define TRANSPORT_H

#include "broker/broker.h"
#include "lib/msg.h"
#include "pigatod/conf.h"

struct transport;

/*
 * Listen on every address of conf. 0 and gives a transport, or a negative
 * errno; what could not be had is logged with its address.
 */
int transport_open(struct transport **t, const struct conf *conf);

/*
 * Stop listening, then wait up to linger_ms for what is queued to leave.
 * Takes t, which may be NULL.
 */
void transport_close(struct transport *t, int linger_ms);

/*
 * One whole message of that port, the routing id of its peer in front, into m,
 * which is empty. 0; -EAGAIN when there is none; another negative errno, and
 * the transport is of no more use. A message that is over a limit is taken from
 * the transport whole, but m has the first frames only and *why a few words;
 * *why is NULL otherwise.
 */
int transport_recv(struct transport *t, enum broker_port port,
    struct pgt_msg *m, const char **why);

/*
 * Moves m out to the peer at port whose routing id is its first frame. 0, or
 * -EHOSTUNREACH (no such peer) or -EAGAIN (its queue is full) and m is as it
 * was.
 */
int transport_send(
    struct transport *t, enum broker_port port, struct pgt_msg *m);

/* Moves m, one frame, to all who subscribed. 0 or a negative errno. */
int transport_publish(struct transport *t, struct pgt_msg *m);

/*
 * Wait until there may be a message, fd is readable, a signal came or
 * timeout_ms have passed (-1: no limit). 0 or a negative errno.
 */
int transport_wait(struct transport *t, int fd, int timeout_ms);

#endif

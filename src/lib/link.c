/*
 * Which signs of life count. The end of a connection is told at once by
 * libzmq, which connects anew by itself; only silence shuts a link. A broker
 * is silent when it has not been heard for heartbeat x liveness, and has left
 * a heartbeat of ours unanswered for one interval: a program that slept must
 * ask before it judges. Mail is read before judging, and before LOST is told.
 */
#include "lib/link.h"

#include <errno.h>

/* Between two tries to reach a broker that is dead. */
#define BACKOFF_MIN_MS 100
#define BACKOFF_MAX_MS 10000

/* Not connected; silence counts from now on. */
static void
begin_wait(struct pgt_link *l, int64_t now)
{
	l->is_up = false;
	l->is_connected = false;
	l->heard_at = now;
	l->asked_at = -1;
}

/* Doubled each time, and some chance, so that not all come back at once. */
static void
back_off(struct pgt_link *l, struct pgt_link_conf *conf, int64_t now)
{
	int64_t ms = l->backoff_ms * 2;

	if (ms < BACKOFF_MIN_MS)
		ms = BACKOFF_MIN_MS;
	if (ms > BACKOFF_MAX_MS)
		ms = BACKOFF_MAX_MS;
	l->backoff_ms = ms;
	l->open_at =
	    now + ms + (int64_t)pgt_rand_below(&conf->rand, (uint64_t)ms / 8);
}

int
pgt_link_open(struct pgt_link *l, struct pgt_link_conf *conf, int64_t now)
{
	int64_t retry_ms = l->backoff_ms > 0 ? l->backoff_ms : BACKOFF_MIN_MS;
	int rc = pgt_channel_open(
	    &l->channel, &conf->channel, l->endpoint, (int)retry_ms);

	l->open_at = -1;
	begin_wait(l, now);
	if (rc < 0)
		back_off(l, conf, now);
	return rc;
}

void
pgt_link_close(
    struct pgt_link *l, const struct pgt_link_conf *conf, int linger_ms)
{
	pgt_channel_close(&l->channel, &conf->channel, linger_ms);
	l->is_up = false;
	l->is_connected = false;
	l->is_cut = false;
	l->has_first = false;
	l->open_at = -1;
}

int
pgt_link_send(struct pgt_link *l, const struct pgt_packet *p)
{
	struct pgt_msg m;
	int rc = -ENOTCONN;

	pgt_msg_init(&m);
	pgt_wire_encode(&m, p);
	if (l->channel.socket != NULL)
		rc = pgt_channel_send(&l->channel, &m);
	pgt_msg_clear(&m);
	return rc;
}

/* ---- events ---- */

static bool
tell(struct pgt_link *l, struct pgt_link_event *ev,
    enum pgt_link_event_kind kind)
{
	ev->kind = kind;
	ev->link = l;
	ev->was_up = l->is_up;
	return true;
}

static void
decode(
    const struct pgt_link_conf *conf, struct pgt_msg *m, struct pgt_packet *p)
{
	pgt_wire_decode(p, m, PGT_FROM_BROKER, false);
	if (p->verb == PGT_MALFORMED || p->side == conf->side)
		return;
	p->verb = PGT_MALFORMED;
	p->why = "meant for the other side";
}

/* A well formed message tells that a broker is there. */
static void
hear(struct pgt_link *l, int64_t now)
{
	l->is_up = true;
	l->backoff_ms = 0;
	l->heard_at = now;
	l->asked_at = -1;
}

static bool
next_mail(struct pgt_link *l, struct pgt_link_conf *conf, int64_t now,
    struct pgt_msg *msg, struct pgt_link_event *ev)
{
	bool was_up = l->is_up;

	if (!l->has_first) {
		if (!l->channel.has_mail)
			return false;
		pgt_msg_clear(msg);
		if (pgt_channel_receive(&l->channel, msg) < 0)
			return pgt_channel_has_room(&l->channel) &&
			       tell(l, ev, PGT_LINK_WRITABLE);
	}
	l->has_first = false;
	decode(conf, msg, &ev->packet);
	if (ev->packet.verb != PGT_MALFORMED)
		hear(l, now);
	if (was_up || !l->is_up)
		return tell(l, ev, PGT_LINK_MESSAGE);
	l->has_first = true;
	return tell(l, ev, PGT_LINK_ANSWERED);
}

static bool
next_news(struct pgt_link *l, const struct pgt_link_conf *conf, int64_t now,
    struct pgt_link_event *ev)
{
	switch (pgt_channel_next_news(&l->channel)) {
	case PGT_CHANNEL_CONNECTED:
		l->is_connected = true;
		l->asked_at = now;
		l->beat_at = now + conf->heartbeat_ms;
		return tell(l, ev, PGT_LINK_CONNECTED);
	case PGT_CHANNEL_DISCONNECTED:
		/* What came before the end may still be in the mail. */
		l->is_cut = l->is_connected;
		l->channel.has_mail = true;
		return false;
	case PGT_CHANNEL_NO_NEWS:
		break;
	}
	return false;
}

static bool
next_loss(struct pgt_link *l, int64_t now, struct pgt_link_event *ev)
{
	if (!l->is_cut)
		return false;
	tell(l, ev, PGT_LINK_LOST);
	l->is_cut = false;
	begin_wait(l, now);
	return true;
}

static int64_t
silent_at(const struct pgt_link *l, const struct pgt_link_conf *conf)
{
	int64_t at = l->heard_at + conf->heartbeat_ms * conf->liveness;
	int64_t patience = l->asked_at + conf->heartbeat_ms;

	if (!l->is_connected)
		return at;
	if (l->asked_at < 0)
		return INT64_MAX;
	return at > patience ? at : patience;
}

static bool
next_due(struct pgt_link *l, struct pgt_link_conf *conf, int64_t now,
    struct pgt_link_event *ev)
{
	if (now >= silent_at(l, conf)) {
		tell(l, ev, PGT_LINK_DEAD);
		pgt_link_close(l, conf, 0);
		back_off(l, conf, now);
		return true;
	}
	if (!l->is_connected || now < l->beat_at)
		return false;
	l->beat_at = now + conf->heartbeat_ms;
	if (l->asked_at < 0)
		l->asked_at = now;
	return tell(l, ev, PGT_LINK_BEAT);
}

static bool
next_try(struct pgt_link *l, struct pgt_link_conf *conf, int64_t now,
    struct pgt_link_event *ev)
{
	if (l->open_at < 0 || now < l->open_at)
		return false;
	ev->error = pgt_link_open(l, conf, now);
	return ev->error < 0 && tell(l, ev, PGT_LINK_FAILED);
}

bool
pgt_link_next(struct pgt_link *l, struct pgt_link_conf *conf, int64_t now,
    struct pgt_msg *msg, struct pgt_link_event *ev)
{
	*ev = (struct pgt_link_event){0};
	if (l->channel.socket == NULL)
		return next_try(l, conf, now, ev);
	if (next_mail(l, conf, now, msg, ev))
		return true;
	if (!l->is_cut && next_news(l, conf, now, ev))
		return true;
	if (l->is_cut && next_mail(l, conf, now, msg, ev))
		return true;
	return next_loss(l, now, ev) || next_due(l, conf, now, ev);
}

/* … of one that is open. */
static int64_t
due_at(const struct pgt_link *l, const struct pgt_link_conf *conf)
{
	int64_t at = silent_at(l, conf);

	return l->is_connected && l->beat_at < at ? l->beat_at : at;
}

int64_t
pgt_link_deadline(struct pgt_link *l, const struct pgt_link_conf *conf)
{
	if (l->channel.socket == NULL)
		return l->open_at < 0 ? INT64_MAX : l->open_at;
	if (l->has_first || l->is_cut || !pgt_channel_is_dry(&l->channel))
		return 0;
	return due_at(l, conf);
}

bool
pgt_link_listen(
    struct pgt_link *l, const struct pgt_link_conf *conf, int64_t until)
{
	struct pgt_channel *c = &l->channel;

	if (!l->is_up || l->has_first || l->is_cut || c->is_full ||
	    !c->has_mail || c->has_news || due_at(l, conf) < until)
		return false;
	c->may_wait = true;
	return true;
}

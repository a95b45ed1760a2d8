/*
 * A client's turn: mail first, then what is due, then those that wait. No
 * request runs out of time while its reply may be in the mail that is read.
 */
#include "lib/client.h"

#include <errno.h>
#include <limits.h>

#include "lib/error.h"

/* So many events a turn, that a busy client may do something else as well. */
#define EVENTS_A_TURN 1000

/* … but so many turns in a row at most that leave the timers alone. */
#define LATE_TURNS 16

int
pigato_client_fd(const struct pigato_client *c)
{
	if (c->links.conf.channel.epoll_fd < 0)
		errno = EMFILE;
	return c->links.conf.channel.epoll_fd;
}

int
pigato_client_timeout(const struct pigato_client *c)
{
	int64_t at = pgt_timers_next(&c->timers);

	if (c->is_flush_due)
		at = 0;
	/* Asking libzmq changes what is known of it; no client is const. */
	return pgt_links_timeout(
	    (struct pgt_links *)&c->links, at < 0 ? INT64_MAX : at);
}

/*
 * Does mail remain? A call that has its reply does not look for more, which
 * would cost it a system call.
 */
static bool
read_mail(struct pigato_client *c, int64_t now, bool may_leave)
{
	struct pgt_link_event ev;

	c->is_woken = false;
	pgt_links_look(&c->links, now);
	for (unsigned n = 0; n < EVENTS_A_TURN; n++) {
		if (!pgt_links_next(&c->links, now, &ev))
			return false;
		pgt_client_on_event(c, &ev);
		if (c->is_woken && may_leave)
			return true;
	}
	return true;
}

static void
fire_timers(struct pigato_client *c, int64_t now)
{
	struct pgt_timer *t;

	while ((t = pgt_timers_pop(&c->timers, now)) != NULL)
		pgt_request_on_timer(
		    PGT_CONTAINER(t, struct pigato_request, timer), now);
}

void
pgt_client_process(struct pigato_client *c)
{
	int64_t now = pgt_now();
	bool may_leave = c->n_late < LATE_TURNS;

	pgt_client_hold(c);
	if (read_mail(c, now, may_leave) && may_leave) {
		c->n_late++;
	} else {
		c->n_late = 0;
		fire_timers(c, now);
	}
	if (c->is_flush_due)
		pgt_client_flush(c);
	pgt_client_release(c);
}

int
pigato_client_process(struct pigato_client *c)
{
	if (c->n_callbacks > 0)
		return PIGATO_ERR_STATE;
	pgt_client_process(c);
	return PIGATO_OK;
}

/* ---- blocking ---- */

int64_t
pgt_client_instant(int64_t timeout_ms)
{
	int64_t now = pgt_now();

	if (timeout_ms < 0 || timeout_ms > INT64_MAX - now)
		return INT64_MAX;
	return now + timeout_ms;
}

/* The lesser of both, where -1 is more than any. */
static int
lesser(int timeout, int64_t left)
{
	if (timeout >= 0 && timeout < left)
		return timeout;
	return left < INT_MAX ? (int)left : INT_MAX;
}

/* The reply to a call is most likely the next thing to happen. */
static bool
may_listen(struct pigato_client *c, int64_t until)
{
	int64_t at = pgt_timers_next(&c->timers);

	if (c->is_flush_due)
		return false;
	if (at < 0 || at > until)
		at = until;
	return pgt_links_listen(&c->links, pgt_now(), at);
}

int
pgt_client_wait_once(struct pigato_client *c, int64_t until)
{
	int64_t left;
	int timeout, rc;

	if (may_listen(c, until)) {
		pgt_client_process(c);
		return 0;
	}
	timeout = pigato_client_timeout(c);
	if (until != INT64_MAX && timeout != 0) {
		left = until - pgt_now();
		timeout = lesser(timeout, left > 0 ? left : 0);
	}
	rc = pgt_links_sleep(&c->links, timeout);
	if (rc == 0)
		pgt_client_process(c);
	return rc;
}

int
pigato_client_wait(struct pigato_client *c, int64_t timeout_ms)
{
	int64_t until = pgt_client_instant(timeout_ms);
	int rc = 0;

	if (c->n_callbacks > 0)
		return PIGATO_ERR_STATE;
	pgt_client_hold(c);
	while (rc == 0 && pigato_client_in_flight(c) > 0 &&
	       (until == INT64_MAX || pgt_now() < until))
		rc = pgt_client_wait_once(c, until);
	if (rc == 0 && pigato_client_in_flight(c) > 0)
		rc = -ETIMEDOUT;
	pgt_client_release(c);
	return rc == -ETIMEDOUT ? PIGATO_ERR_TIMEOUT : pgt_error_of_errno(rc);
}

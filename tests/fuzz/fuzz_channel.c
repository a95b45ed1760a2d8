/*
 * In place of src/lib/channel.c: what comes in is what the input says, what
 * goes out is nobody's. The clock goes on when the input says so.
 */
#include "lib/channel.h"

#include <errno.h>
#include <time.h>

#include "fuzz_client.h"

#define N_MAIL 8
#define N_NEWS 4

/* The other end of an endpoint. */
static struct line {
	struct pgt_channel *channel; /* NULL: closed */
	struct pgt_msg mail[N_MAIL];
	size_t n_mail, mail_at;
	enum pgt_channel_news news[N_NEWS];
	size_t n_news, news_at;
	bool is_full, is_broken;
} lines[N_LINES];

static int64_t skipped_ms;

int __real_clock_gettime(clockid_t id, struct timespec *ts);
int __wrap_clock_gettime(clockid_t id, struct timespec *ts);

int
__wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	int rc = __real_clock_gettime(id, ts);

	if (id == CLOCK_MONOTONIC)
		ts->tv_sec += skipped_ms / 1000;
	return rc;
}

void
line_skip(int64_t s)
{
	skipped_ms += s * 1000;
}

/* ---- the broker's side ---- */

struct pgt_msg *
line_mail(unsigned i)
{
	struct line *line = &lines[i % N_LINES];

	if (line->channel == NULL || line->n_mail == N_MAIL)
		return NULL;
	line->channel->has_mail = true;
	return &line->mail[line->n_mail++];
}

void
line_news(unsigned i, enum pgt_channel_news news)
{
	struct line *line = &lines[i % N_LINES];

	if (line->channel == NULL || line->n_news == N_NEWS)
		return;
	line->channel->has_news = true;
	line->news[line->n_news++] = news;
}

void
line_fill(unsigned i, bool is_full)
{
	lines[i % N_LINES].is_full = is_full;
}

void
line_break(unsigned i, bool is_broken)
{
	lines[i % N_LINES].is_broken = is_broken;
}

/* ---- ours ---- */

static struct line *
line_of(struct pgt_channel *c)
{
	struct line *line = c->socket;

	must(line != NULL && line->channel == c);
	return line;
}

int
pgt_channel_open(struct pgt_channel *c, struct pgt_channel_conf *conf,
    const char *endpoint, int retry_ms)
{
	unsigned i = (unsigned)endpoint[strlen(endpoint) - 1];
	struct line *line = &lines[i % N_LINES];

	must(line->channel == NULL && conf->id[0] != '\0' && retry_ms > 0);
	*c = (struct pgt_channel){.socket_fd = -1, .monitor_fd = -1};
	if (line->is_broken)
		return -EMFILE;
	line->channel = c;
	line->is_full = false;
	c->socket = line;
	return 0;
}

void
pgt_channel_close(
    struct pgt_channel *c, const struct pgt_channel_conf *conf, int linger_ms)
{
	(void)conf;
	must(linger_ms >= 0);
	if (c->socket != NULL) {
		struct line *line = line_of(c);

		while (line->mail_at < line->n_mail)
			pgt_msg_clear(&line->mail[line->mail_at++]);
		line->mail_at = line->n_mail = 0;
		line->news_at = line->n_news = 0;
		line->channel = NULL;
	}
	*c = (struct pgt_channel){.socket_fd = -1, .monitor_fd = -1};
}

int
pgt_channel_send(struct pgt_channel *c, struct pgt_msg *m)
{
	struct line *line = line_of(c);
	struct pgt_packet p;

	pgt_wire_decode(&p, m, PGT_TO_BROKER, false);
	must(p.verb != PGT_MALFORMED && p.n_tail == 0);
	c->has_mail = true;
	if (!line->is_full)
		return 0;
	c->is_full = true;
	return -EAGAIN;
}

int
pgt_channel_receive(struct pgt_channel *c, struct pgt_msg *m)
{
	struct line *line = line_of(c);
	struct pgt_msg *from = &line->mail[line->mail_at];

	must(m->n == 0);
	if (line->mail_at == line->n_mail) {
		line->mail_at = line->n_mail = 0;
		c->has_mail = false;
		return -EAGAIN;
	}
	for (size_t i = 0; i < from->n; i++)
		pgt_frame_move(pgt_msg_push(m), &from->f[i]);
	pgt_msg_clear(from);
	line->mail_at++;
	return 0;
}

bool
pgt_channel_has_room(struct pgt_channel *c)
{
	if (!c->is_full || line_of(c)->is_full)
		return false;
	c->is_full = false;
	return true;
}

enum pgt_channel_news
pgt_channel_next_news(struct pgt_channel *c)
{
	struct line *line = line_of(c);

	if (line->news_at < line->n_news)
		return line->news[line->news_at++];
	line->news_at = line->n_news = 0;
	c->has_news = false;
	return PGT_CHANNEL_NO_NEWS;
}

bool
pgt_channel_is_dry(struct pgt_channel *c)
{
	struct line *line = line_of(c);

	return !c->has_news && line->mail_at == line->n_mail &&
	       !(c->is_full && !line->is_full);
}

/* Links by a clock of the test's own: when to try, to ask, to give up. */
#include "lib/links.h"

#include <errno.h>
#include <stdio.h>
#include <zmq.h>

#include "check.h"
#include "fake.h"

static struct pgt_links ls = {.conf.channel.epoll_fd = -1};
static struct fake fake;

/* Also what a test that failed has left. */
static void
done(void)
{
	pgt_links_clear(&ls);
	fake_clear(&fake);
}

static void
init(const char *endpoints)
{
	done();
	CHECK_INT(pgt_links_init(&ls, 'C', endpoints), 0);
}

/* Asks once; the kind of what happened, or 0. */
static int
look(int64_t now)
{
	struct pgt_link_event ev;

	pgt_links_look(&ls, now);
	return pgt_links_next(&ls, now, &ev) ? (int)ev.kind : 0;
}

/* What happens next with that clock; real time passes, but not for links. */
static int
wait_for_event(int64_t now)
{
	for (int i = 0; i < 10000; i++) {
		int kind = look(now);

		if (kind != 0)
			return kind;
		fake_turn(&fake);
		zmq_poll(NULL, 0, 1);
	}
	return 0;
}

static void
greet(void)
{
	struct pgt_packet p = {.verb = PGT_CLIENT_HEARTBEAT};

	CHECK_INT(pgt_link_send(&ls.link[0], &p), 0);
}

static void
test_lists(void)
{
	init(" tcp://a:1,,\tipc:///tmp/b ,tcp://[::1]:3 ");
	CHECK_INT(ls.n, 3);
	CHECK_TEXT(ls.link[0].endpoint, "tcp://a:1");
	CHECK_TEXT(ls.link[1].endpoint, "ipc:///tmp/b");
	CHECK_TEXT(ls.link[2].endpoint, "tcp://[::1]:3");
	CHECK_INT(ls.link[2].index, 2);
	init(NULL);
	CHECK_TEXT(ls.link[0].endpoint, "tcp://127.0.0.1:55555");
	init("");
	CHECK_INT(ls.n, 0);
	CHECK_INT(pgt_links_start(&ls, 0), -EINVAL);
	CHECK_INT(pgt_links_timeout(&ls, INT64_MAX), -1);
	done();
}

static void
test_back_off(void)
{
	struct pgt_link *l;
	int64_t now = 1000, least = 100;

	init("tcp://127.0.0.1:1");
	CHECK_INT(pgt_links_start(&ls, now), 0);
	l = &ls.link[0];
	for (int i = 0; i < 12; i++) {
		CHECK_INT(look(now), 0);
		CHECK_INT(pgt_link_deadline(l, &ls.conf), now + 7500);
		CHECK_INT(look(now + 7499), 0);
		CHECK_INT(look(now + 7500), PGT_LINK_DEAD);
		CHECK(l->channel.socket == NULL);
		now += 7500;
		CHECK(l->open_at >= now + least);
		CHECK(l->open_at < now + least + least / 8);
		CHECK_INT(pgt_link_deadline(l, &ls.conf), l->open_at);
		CHECK_INT(look(l->open_at - 1), 0);
		now = l->open_at;
		CHECK_INT(look(now), 0);
		CHECK(l->channel.socket != NULL);
		least = least * 2 < 10000 ? least * 2 : 10000;
	}
	done();
}

static void
open_fake(int64_t now)
{
	done();
	fake_open(&fake);
	CHECK_INT(pgt_links_init(&ls, 'C', fake.endpoint), 0);
	CHECK_INT(pgt_links_start(&ls, now), 0);
	CHECK_INT(wait_for_event(now), PGT_LINK_CONNECTED);
	greet();
	CHECK_INT(wait_for_event(now), PGT_LINK_ANSWERED);
	CHECK_INT(wait_for_event(now), PGT_LINK_MESSAGE);
	CHECK(ls.link[0].is_up);
}

/* Heard at 0, asked at 2500, 5000: dead at 7500. */
static void
test_silence(void)
{
	open_fake(0);
	CHECK_INT(look(2499), 0);
	CHECK_INT(look(2500), PGT_LINK_BEAT);
	CHECK_INT(look(2500), 0);
	CHECK_INT(pgt_link_deadline(&ls.link[0], &ls.conf), 5000);
	CHECK_INT(look(5000), PGT_LINK_BEAT);
	CHECK_INT(look(7499), 0);
	CHECK_INT(look(7500), PGT_LINK_DEAD);
	done();
}

/* With a liveness of one it still gets an interval to answer in. */
static void
test_patience(void)
{
	open_fake(0);
	ls.conf.liveness = 1;
	CHECK_INT(look(2500), PGT_LINK_BEAT);
	CHECK_INT(look(4999), 0);
	CHECK_INT(look(5000), PGT_LINK_DEAD);
	done();
}

static void
test_answers_are_signs_of_life(void)
{
	open_fake(0);
	for (int64_t now = 2500; now < 60000; now += 2500) {
		CHECK_INT(look(now), PGT_LINK_BEAT);
		greet();
		CHECK_INT(wait_for_event(now), PGT_LINK_MESSAGE);
	}
	done();
}

/* A program that slept asks before it judges. */
static void
test_overslept(void)
{
	open_fake(0);
	CHECK_INT(look(2500), PGT_LINK_BEAT);
	CHECK_INT(look(100000), PGT_LINK_BEAT);
	CHECK_INT(look(102499), 0);
	greet();
	CHECK_INT(wait_for_event(102499), PGT_LINK_MESSAGE);
	CHECK_INT(look(104999), PGT_LINK_BEAT);
	done();
}

static void
test_lost_and_back(void)
{
	open_fake(0);
	fake_close(&fake);
	CHECK_INT(wait_for_event(10), PGT_LINK_LOST);
	CHECK(!ls.link[0].is_up && ls.link[0].channel.socket != NULL);
	CHECK_INT(look(10), 0);
	CHECK_INT(pgt_link_deadline(&ls.link[0], &ls.conf), 10 + 7500);
	fake_open(&fake);
	CHECK_INT(wait_for_event(20), PGT_LINK_CONNECTED);
	greet();
	CHECK_INT(wait_for_event(20), PGT_LINK_ANSWERED);
	pgt_links_stop(&ls);
	CHECK_INT(look(30), 0);
	done();
}

/* A link that is shut takes no mail, one that is stopped is never due. */
static void
test_stopped(void)
{
	struct pgt_packet p = {.verb = PGT_CLIENT_HEARTBEAT};

	init("tcp://127.0.0.1:1");
	CHECK_INT(pgt_link_send(&ls.link[0], &p), -ENOTCONN);
	CHECK_INT(pgt_links_start(&ls, 0), 0);
	CHECK_INT(look(7500), PGT_LINK_DEAD);
	CHECK_INT(pgt_link_send(&ls.link[0], &p), -ENOTCONN);
	pgt_links_stop(&ls);
	CHECK_INT(look(100000), 0);
	CHECK_INT(pgt_links_timeout(&ls, INT64_MAX), -1);
	CHECK_INT(pgt_links_timeout(&ls, 0), 0);
	done();
}

/* Waits within the look, once, and only where that keeps nobody waiting. */
static void
test_listening(void)
{
	struct pgt_link *l;
	void *watch;

	open_fake(0);
	l = &ls.link[0];
	greet();
	CHECK(!pgt_links_listen(&ls, 2491, INT64_MAX)); /* a beat is due */
	CHECK(!pgt_links_listen(&ls, 0, 9));
	CHECK(!l->channel.may_wait);
	CHECK(pgt_links_listen(&ls, 0, 10));
	watch = zmq_stopwatch_start();
	CHECK_INT(look(0), 0);
	CHECK(zmq_stopwatch_stop(watch) >= 9000);
	CHECK(!l->channel.may_wait);
	/* There is none, so the descriptor will tell. */
	CHECK(!pgt_links_listen(&ls, 0, INT64_MAX));
	CHECK_INT(wait_for_event(0), PGT_LINK_MESSAGE);
	CHECK(pgt_links_listen(&ls, 0, INT64_MAX));
	fake_close(&fake);
	while (!l->channel.has_news)
		CHECK_INT(pgt_links_sleep(&ls, 30000), 0);
	CHECK(!pgt_links_listen(&ls, 0, INT64_MAX));
	CHECK_INT(wait_for_event(0), PGT_LINK_LOST);
	greet();
	CHECK(!pgt_links_listen(&ls, 0, INT64_MAX)); /* nobody is there */
	done();
}

static void
test_listening_to_one_of_two(void)
{
	char endpoints[128];

	done();
	fake_open(&fake);
	snprintf(endpoints, sizeof(endpoints), "%s,tcp://127.0.0.1:1",
	    fake.endpoint);
	CHECK_INT(pgt_links_init(&ls, 'C', endpoints), 0);
	CHECK_INT(pgt_links_start(&ls, 0), 0);
	CHECK_INT(wait_for_event(0), PGT_LINK_CONNECTED);
	greet();
	CHECK_INT(wait_for_event(0), PGT_LINK_ANSWERED);
	CHECK(!pgt_links_listen(&ls, 0, INT64_MAX));
	CHECK_INT(wait_for_event(0), PGT_LINK_MESSAGE);
	CHECK(!pgt_links_listen(&ls, 0, INT64_MAX));
	done();
}

static const struct check_test tests[] = {
    {test_lists, "a list of endpoints"},
    {test_back_off, "tries to reach a dead broker become seldom"},
    {test_silence, "heartbeat times liveness of silence, and it is dead"},
    {test_patience, "nobody is judged who was not asked"},
    {test_answers_are_signs_of_life, "who answers stays up"},
    {test_overslept, "who slept asks before he judges"},
    {test_lost_and_back, "a connection lost, and made anew"},
    {test_stopped, "shut and stopped links"},
    {test_listening, "a look that waits for mail"},
    {test_listening_to_one_of_two, "… but not where there are two"},
};

CHECK_MAIN(tests)

/* ROUTER and PUB, with bare DEALERs on the other side. */
#include "check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "pigatod/log.h"
#include "pigatod/transport.h"

#define PATIENCE_MS 20000

struct fixture {
	struct conf conf;
	struct transport *transport;
	void *context, *dealer;
	char dir[64], address[96];
};

static void
set(struct conf *conf, const char *option, const char *value)
{
	struct conf_error err;

	CHECK_INT(conf_set(conf, conf_find(pgt_slice_of(option)), value,
		      "the test", &err),
	    0);
}

static void
open_fixture(struct fixture *x)
{
	char intch[96], admin[96];

	log_set_level(LOG_WARN);
	snprintf(x->dir, sizeof(x->dir), "/tmp/pigatod-test.XXXXXX");
	CHECK(mkdtemp(x->dir) != NULL);
	snprintf(x->address, sizeof(x->address), "ipc://%s/a", x->dir);
	snprintf(intch, sizeof(intch), "ipc://%s/b", x->dir);
	snprintf(admin, sizeof(admin), "ipc://%s/c", x->dir);
	CHECK_INT(conf_init(&x->conf), 0);
	set(&x->conf, "bind", x->address);
	set(&x->conf, "intch", intch);
	set(&x->conf, "admin_bind", admin);
	set(&x->conf, "max_frame", "1024");
	set(&x->conf, "max_message", "1500");
	CHECK_INT(transport_open(&x->transport, &x->conf), 0);
	x->context = zmq_ctx_new();
	x->dealer = zmq_socket(x->context, ZMQ_DEALER);
	CHECK(x->dealer != NULL);
	zmq_setsockopt(x->dealer, ZMQ_ROUTING_ID, "peer", 4);
	CHECK_INT(zmq_connect(x->dealer, x->address), 0);
}

static void
close_fixture(struct fixture *x)
{
	zmq_close(x->dealer);
	zmq_ctx_term(x->context);
	transport_close(x->transport, 0);
	conf_clear(&x->conf);
	CHECK_INT(rmdir(x->dir), 0); /* its sockets are gone */
}

static void
send_frames(struct fixture *x, int n, size_t size)
{
	char bytes[2048];

	memset(bytes, 'x', size);
	for (int i = 0; i < n; i++)
		CHECK_INT(zmq_send(x->dealer, bytes, size,
			      i + 1 < n ? ZMQ_SNDMORE : 0),
		    size);
}

static int64_t
now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The next message as the server would wait for it. */
static void
receive(struct fixture *x, struct pgt_msg *m, const char **why)
{
	int64_t begun = now_ms();
	int rc;

	while ((rc = transport_recv(x->transport, PORT_PUBLIC, m, why)) ==
	       -EAGAIN) {
		CHECK_INT(transport_wait(x->transport, -1, PATIENCE_MS), 0);
		CHECK(now_ms() - begun < PATIENCE_MS);
	}
	CHECK_INT(rc, 0);
}

/*
 * The flag "there is nothing more" outlived the first message of a burst
 * whose second came with the same sign of the descriptor, unless something
 * was sent in between: the server slept beside its mail.
 */
static void
test_every_message_is_waited_for_once(void)
{
	struct fixture x;
	struct pgt_msg m;
	const char *why;
	int64_t begun;

	open_fixture(&x);
	pgt_msg_init(&m);
	for (int i = 0; i < 1000; i++) {
		send_frames(&x, 1, 1);
		send_frames(&x, 1, 1);
		receive(&x, &m, &why);
		pgt_msg_clear(&m);
		/* One message a turn. */
		begun = now_ms();
		CHECK_INT(transport_wait(x.transport, -1, PATIENCE_MS), 0);
		CHECK(now_ms() - begun < PATIENCE_MS);
		receive(&x, &m, &why);
		pgt_msg_clear(&m);
	}
	close_fixture(&x);
}

static void
test_id_comes_first(void)
{
	struct fixture x;
	struct pgt_msg m;
	const char *why;

	open_fixture(&x);
	pgt_msg_init(&m);
	send_frames(&x, 2, 3);
	receive(&x, &m, &why);
	CHECK(why == NULL);
	CHECK_INT(m.n, 3);
	CHECK(pgt_slice_is(pgt_frame_view(&m.f[0]), "peer"));
	CHECK(pgt_slice_is(pgt_frame_view(&m.f[2]), "xxx"));
	pgt_msg_clear(&m);
	close_fixture(&x);
}

static void
test_limits(void)
{
	struct fixture x;
	struct pgt_msg m;
	const char *why;

	open_fixture(&x);
	pgt_msg_init(&m);
	send_frames(&x, 16, 1);
	send_frames(&x, 17, 1);
	send_frames(&x, 2, 1000);
	send_frames(&x, 1, 1024);
	receive(&x, &m, &why);
	CHECK(why == NULL);
	CHECK_INT(m.n, 17);
	pgt_msg_clear(&m);
	receive(&x, &m, &why);
	CHECK_TEXT(why, "too many frames");
	pgt_msg_clear(&m);
	receive(&x, &m, &why);
	CHECK_TEXT(why, "message too large");
	pgt_msg_clear(&m);
	receive(&x, &m, &why);
	CHECK(why == NULL);
	CHECK_INT(pgt_frame_view(&m.f[1]).n, 1024);
	pgt_msg_clear(&m);
	close_fixture(&x);
}

static void
test_absent_peer_is_told(void)
{
	struct fixture x;
	struct pgt_msg m;

	open_fixture(&x);
	pgt_msg_init(&m);
	CHECK_INT(pgt_frame_from(pgt_msg_push(&m), pgt_slice_of("nobody")), 0);
	CHECK_INT(pgt_frame_from(pgt_msg_push(&m), pgt_slice_of("data")), 0);
	CHECK_INT(transport_send(x.transport, PORT_PUBLIC, &m), -EHOSTUNREACH);
	/* … and the message is whole, for the broker to look at. */
	CHECK(pgt_slice_is(pgt_frame_view(&m.f[0]), "nobody"));
	CHECK(pgt_slice_is(pgt_frame_view(&m.f[1]), "data"));
	pgt_msg_clear(&m);
	close_fixture(&x);
}

static void
test_answer_arrives(void)
{
	struct fixture x;
	struct pgt_msg m;
	const char *why;
	char bytes[8];

	open_fixture(&x);
	pgt_msg_init(&m);
	send_frames(&x, 1, 2);
	receive(&x, &m, &why);
	CHECK_INT(transport_send(x.transport, PORT_PUBLIC, &m), 0);
	CHECK_INT(m.n, 0);
	pgt_msg_clear(&m);
	CHECK_INT(zmq_recv(x.dealer, bytes, sizeof(bytes), 0), 2);
	close_fixture(&x);
}

/* Each has a peer of the same id; each gets its own answer. */
static void
test_ports_are_apart(void)
{
	struct fixture x;
	struct pgt_msg m;
	const char *why;
	char admin[96], bytes[8];
	void *dealer;
	int rc;

	open_fixture(&x);
	snprintf(admin, sizeof(admin), "ipc://%s/c", x.dir);
	dealer = zmq_socket(x.context, ZMQ_DEALER);
	CHECK(dealer != NULL);
	zmq_setsockopt(dealer, ZMQ_ROUTING_ID, "peer", 4);
	CHECK_INT(zmq_connect(dealer, admin), 0);
	pgt_msg_init(&m);
	send_frames(&x, 1, 3);
	CHECK_INT(zmq_send(dealer, "admin", 5, 0), 5);
	while (
	    (rc = transport_recv(x.transport, PORT_ADMIN, &m, &why)) == -EAGAIN)
		CHECK_INT(transport_wait(x.transport, -1, PATIENCE_MS), 0);
	CHECK_INT(rc, 0);
	CHECK(pgt_slice_is(pgt_frame_view(&m.f[1]), "admin"));
	CHECK_INT(transport_send(x.transport, PORT_ADMIN, &m), 0);
	CHECK_INT(zmq_recv(dealer, bytes, sizeof(bytes), 0), 5);
	pgt_msg_clear(&m);
	receive(&x, &m, &why);
	CHECK(pgt_slice_is(pgt_frame_view(&m.f[1]), "xxx"));
	CHECK_INT(transport_send(x.transport, PORT_PUBLIC, &m), 0);
	CHECK_INT(zmq_recv(x.dealer, bytes, sizeof(bytes), 0), 3);
	pgt_msg_clear(&m);
	zmq_close(dealer);
	close_fixture(&x);
}

static void
test_operators_socket_is_private(void)
{
	mode_t old = umask(0);
	struct fixture x;
	struct stat st;
	char file[96];

	open_fixture(&x);
	umask(old);
	snprintf(file, sizeof(file), "%s/c", x.dir);
	CHECK_INT(stat(file, &st), 0);
	CHECK_INT(st.st_mode & 0777, 0700);
	snprintf(file, sizeof(file), "%s/a", x.dir);
	CHECK_INT(stat(file, &st), 0);
	CHECK_INT(st.st_mode & 0777, 0777);
	close_fixture(&x);
}

static const struct check_test tests[] = {
    {test_every_message_is_waited_for_once,
	"no message is slept on, whatever was done with the one before"},
    {test_id_comes_first, "a message has its sender's id in front"},
    {test_limits, "what is over a limit is told, and what follows is whole"},
    {test_absent_peer_is_told, "mail for nobody comes back whole"},
    {test_answer_arrives, "an answer arrives"},
    {test_ports_are_apart, "two ports, two peers of one id, two answers"},
    {test_operators_socket_is_private,
	"the operators' socket is its owner's alone, the others are not"},
};

CHECK_MAIN(tests)

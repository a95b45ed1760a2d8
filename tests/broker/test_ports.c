/* PROTOCOL 6.4: two ports, and what only operators may ask for. "@": theirs. */
#include "broker/core.h"
#include "check.h"
#include "sim.h"

/* An administrative core service that says who asks. */
static void
tell_who(struct core *c, struct request *r)
{
	struct pgt_frame f;

	CHECK_INT(
	    pgt_frame_from(&f,
		pgt_slice_of(core_request_is_admin(c, r) ? "admin" : "public")),
	    0);
	CHECK_INT(core_reply(c, r, "0", &f), 0);
	pgt_frame_clear(&f);
}

static const struct core_ops admin_service = {
    .name = "$admin",
    .admin = true,
    .on_request = tell_who,
};

static const struct core_ops open_service = {
    .name = "$open",
    .on_request = tell_who,
};

static void
test_denied(void)
{
	struct sim *s = sim_new(&admin_service);

	sim_tell(s, "c1 C 2 $admin r1 x {}\n@c1 C 2 $admin r1 x {}");
	sim_want(s, "[0] c1 C 3 \\e r1 -1 \"DENIED\" {}\n"
		    "[0] @c1 C 3 \\e r1 0 admin {}\n");
	sim_want_trace(s, "[0] request client=c1 rid=r1 service=$admin\n"
			  "[0] administrative request denied client=c1 "
			  "service=$admin\n"
			  "[0] request client=c1 rid=r1 service=$admin\n"
			  "[0] request answered client=c1 rid=r1\n");
	CHECK_INT(sim_stats(s)->denied, 1);
	CHECK_INT(sim_stats(s)->n_requests, 0);
	sim_free(s);
}

static void
test_service_tells_them_apart(void)
{
	struct sim *s = sim_new(&open_service);

	sim_tell(s, "c1 C 2 $open r1 x {}\n@c1 C 2 $open r1 x {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 public {}\n"
		    "[0] @c1 C 3 \\e r1 0 admin {}\n");
	sim_free(s);
}

static void
test_everywhere(void)
{
	struct broker_conf conf = sim_conf();
	struct sim *s = sim_new(&admin_service);

	conf.admin_everywhere = true;
	sim_reload(s, &conf);
	sim_tell(s, "c1 C 2 $admin r1 x {}");
	sim_want(s, "[0] c1 C 3 \\e r1 0 admin {}\n");
	conf.admin_everywhere = false;
	sim_reload(s, &conf);
	sim_tell(s, "c1 C 2 $admin r2 x {}");
	sim_want(s, "[0] c1 C 3 \\e r2 -1 \"DENIED\" {}\n");
	sim_free(s);
}

static void
test_answers_return_to_their_port(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n"
		    "c1 C 2 echo r1 a {}\n"
		    "@c1 C 2 echo r2 b {}\n"
		    "w1 W 6 c1 \\e r2 0 B {}\n"
		    "w1 W 3 c1 \\e r1 0 A {}\n"
		    "w1 W 3 c1 \\e r2 0 B {}\n"
		    "c1 C 4\n@c1 C 4");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 a {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 b {}\n"
		    "[0] @c1 C 6 \\e r2 0 B {}\n"
		    "[0] c1 C 3 \\e r1 0 A {}\n"
		    "[0] @c1 C 3 \\e r2 0 B {}\n"
		    "[0] c1 C 4\n"
		    "[0] @c1 C 4\n");
	CHECK_INT(sim_stats(s)->n_clients, 2);
	sim_free(s);
}

static void
test_errors_return_to_their_port(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "@c1 C 2 echo r1 a {\"failfast\":1}\n"
		    "w1 W 1 echo\n@c1 C 2 echo r2 b {}\nw1 W 5");
	sim_want(s, "[0] @c1 C 3 \\e r1 -1 \"NO_WORKER\" {}\n"
		    "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r2 b {}\n"
		    "[0] @c1 C 3 \\e r2 -1 \"WORKER_LOST\" {}\n");
	sim_free(s);
}

/* A worker could not tell which of the two it answers. */
static void
test_one_name_for_workers(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n"
		    "@c1 C 2 echo r1 a {}\nc1 C 2 echo r1 b {}\n"
		    "w1 W 3 c1 \\e r1 0 A {}\n"
		    "c1 C 2 echo r1 b {}\n@c1 C 2 echo r1 a {}\n"
		    "w1 W 3 c1 \\e r1 0 B {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 a {}\n"
		    "[0] @c1 C 3 \\e r1 0 A {}\n"
		    "[0] w1 W 2 c1 echo \\e r1 b {}\n"
		    "[0] c1 C 3 \\e r1 0 B {}\n");
	CHECK_INT(sim_stats(s)->duplicates, 2);
	sim_free(s);
}

static void
test_late_replies(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n@c1 C 2 echo r1 a {\"timeout\":10}");
	sim_run(s, 10);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 late {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 a {\"timeout\":10}\n");
	CHECK_INT(sim_stats(s)->late, 1);
	CHECK_INT(sim_stats(s)->protocol_errors, 0);
	sim_free(s);
}

/* A gap in the operator's stream is none in that of its namesake. */
static void
test_what_is_not_sent(void)
{
	struct sim *s = sim_new(NULL);

	sim_block(s, "@c1", true);
	sim_tell(s, "w1 W 1 echo\n"
		    "c1 C 2 echo r1 a {}\n@c1 C 2 echo r2 b {}\n"
		    "w1 W 6 c1 \\e r1 0 A {}\nw1 W 6 c1 \\e r2 0 B {}");
	sim_block(s, "@c1", false);
	sim_tell(s, "w1 W 3 c1 \\e r1 0 A {}\nw1 W 3 c1 \\e r2 0 B {}");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 a {}\n"
		    "[0] w1 W 2 c1 echo \\e r2 b {}\n"
		    "[0] c1 C 6 \\e r1 0 A {}\n"
		    "[0] c1 C 3 \\e r1 0 A {}\n"
		    "[0] @c1 C 3 \\e r2 -1 \"PARTIAL_LOST\" {}\n");
	sim_free(s);
}

static void
test_a_request_that_was_not_sent_comes_back(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_block(s, "w1", true);
	sim_tell(s, "@c1 C 2 echo r1 a {}\nw2 W 1 echo");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w2 W 1\n"
		    "[0] w2 W 2 c1 echo \\e r1 a {}\n");
	sim_free(s);
}

static void
test_interest(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo\n@c1 C 2 echo r1 a {}\n"
		    "c1 C 4 request r1\n@c1 C 4 request r1");
	sim_want(s, "[0] w1 W 1\n"
		    "[0] w1 W 2 c1 echo \\e r1 a {}\n"
		    "[0] w1 W 4 c1 \\e r1\n");
	sim_free(s);
}

/* Neither is it a sign of life of its namesake. */
static void
test_no_workers_at_the_operators_port(void)
{
	struct sim *s = sim_new(NULL);

	sim_tell(s, "w1 W 1 echo");
	sim_run(s, 7000);
	sim_tell(s, "@w1 W 1 echo\n@w1 W 4\n@w1 W 5\n@w1 W x\n@w1 C 4");
	sim_run(s, 500);
	sim_want(s, "[0] w1 W 1\n"
		    "[2500] w1 W 4\n"
		    "[5000] w1 W 4\n"
		    "[7000] @w1 C 4\n"
		    "[7500] w1 W 5\n");
	CHECK_INT(sim_stats(s)->malformed, 4);
	CHECK_INT(sim_stats(s)->protocol_errors, 0);
	sim_free(s);
}

static const struct check_test tests[] = {
    {test_denied, "what is the operators' is denied at the public port"},
    {test_service_tells_them_apart, "a service may tell who asks"},
    {test_everywhere, "admin_everywhere: it is not, as long as it is set"},
    {test_answers_return_to_their_port, "an answer leaves where it came in"},
    {test_errors_return_to_their_port, "an error does, too"},
    {test_one_name_for_workers,
	"a rid is pending once under an id, at whatever port"},
    {test_late_replies, "a late reply to an operator is swallowed"},
    {test_what_is_not_sent, "a gap is a gap at one port"},
    {test_a_request_that_was_not_sent_comes_back,
	"an operator's request comes back from a worker that is away"},
    {test_interest, "only the client itself is interested"},
    {test_no_workers_at_the_operators_port,
	"workers are not served at the operators' port"},
};

CHECK_MAIN(tests)

/* Peers that get it wrong. */
#include "act.h"

#include "say.h"

static size_t
any_peer(struct world *w)
{
	return world_below(w, w->n_clients + w->n_workers);
}

static void
add_word(struct world *w, struct pgt_msg *m)
{
	static const char *const words[] = {"C", "W", "C", "W", "1", "2", "3",
	    "4", "5", "6", "7", "8", "", "echo", "a*", "$dir", "r0", "r1", "{}",
	    "{\"timeout\":40}", "{\"concurrency\":2}", "req", "request",
	    "worker", "c0", "c1", "w0", "\xff\xfe", "CC", "\n"};

	world_add_text(
	    m, words[world_below(w, sizeof(words) / sizeof(words[0]))]);
}

/* Any frames; not even a sender, once in a while. */
static void
send_words(struct world *w)
{
	size_t n = world_below(w, PGT_MSG_PEER_MAX + 1);
	struct pgt_msg m;

	pgt_msg_init(&m);
	if (!world_chance(w, 3)) {
		world_start(w, &m, any_peer(w));
		while (n-- > 0)
			add_word(w, &m);
	}
	world_send(w, &m);
}

/* The tags are right, the rest is anything. */
static void
send_half_right(struct world *w)
{
	static const char *const types[] = {"1", "2", "3", "4", "5", "6", "7"};
	size_t n = world_below(w, 8);
	struct pgt_msg m;

	world_start(w, &m, any_peer(w));
	world_add_text(&m, world_chance(w, 50) ? "C" : "W");
	world_add_text(&m, types[world_below(w, 7)]);
	while (n-- > 0)
		add_word(w, &m);
	world_send(w, &m);
}

/* The ends of a message that was fine. */
static void
send_cut(struct world *w)
{
	struct pgt_msg m;
	size_t keep;

	say_anything(w, &m);
	for (keep = 1 + world_below(w, m.n); m.n > keep;)
		pgt_frame_clear(&m.f[--m.n]);
	world_send(w, &m);
}

/* One frame is another. */
static void
send_changed(struct world *w)
{
	struct pgt_msg m, other;

	say_anything(w, &m);
	pgt_msg_init(&other);
	add_word(w, &other);
	if (m.n > 1)
		pgt_frame_move(&m.f[1 + world_below(w, m.n - 1)], &other.f[0]);
	pgt_msg_clear(&other);
	world_send(w, &m);
}

/* More frames, or more bytes, than the transport takes. */
static void
send_too_much(struct world *w)
{
	struct pgt_msg m;

	say_anything(w, &m);
	while (m.n <= PGT_MSG_PEER_MAX && world_chance(w, 90))
		add_word(w, &m);
	world_send_cut(w, &m);
}

/* About a request that was given to somebody else, or to nobody. */
static void
send_foreign_answer(struct world *w)
{
	static const char *const types[] = {"3", "6", "7"};
	const struct world_job *j = &w->recent[world_below(w, WORLD_RECENT)];
	struct pgt_slice rid = {j->rid.p, j->rid.n};
	size_t client = world_chance(w, 70) ? j->client : any_peer(w);
	struct pgt_msg m;

	world_start(w, &m, w->n_clients + world_below(w, w->n_workers));
	world_add_text(&m, "W");
	world_add_text(&m, types[world_below(w, 3)]);
	world_add(
	    &m, (struct pgt_slice){w->peers[client].id, w->peers[client].n_id});
	world_add_text(&m, "");
	world_add(&m, rid);
	world_add_text(&m, "0");
	world_add_text(&m, "\"foreign\"");
	world_send(w, &m);
}

/* A registered worker wants another name, or none. */
static void
send_second_name(struct world *w)
{
	struct pgt_msg m;

	world_start(w, &m, w->n_clients + world_below(w, w->n_workers));
	world_add_text(&m, "W");
	world_add_text(&m, "1");
	if (world_chance(w, 70))
		world_add_text(
		    &m, vocab_servers[world_below(w, vocab_n_servers)]);
	else
		world_add_text(&m, "");
	world_send(w, &m);
}

void
act_rudely(struct world *w)
{
	static void (*const ways[])(struct world *) = {send_words,
	    send_half_right, send_cut, send_changed, send_too_much,
	    send_foreign_answer, send_second_name};

	ways[world_below(w, sizeof(ways) / sizeof(ways[0]))](w);
}

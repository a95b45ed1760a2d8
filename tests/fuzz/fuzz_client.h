/* The parts of tests/fuzz/fuzz_client.c. */
#ifndef FUZZ_CLIENT_H
#define FUZZ_CLIENT_H

#include "lib/links.h"

#define N_LINES	  2
#define ENDPOINTS "tcp://127.0.0.1:10,tcp://127.0.0.1:11"

/* What can be done with a client, or with a worker. */
struct side {
	/* It is there and started, whatever it was; a client may spread. */
	void (*start)(bool spread);
	void (*stop)(void); /* all has ended, as it should */
	void (*deed)(void); /* something that a program may do */
	void (*process)(void);
	struct pgt_slice (*id_of)(unsigned i);
};

extern const struct side client_side, worker_side;

void must(bool condition);

/* The next byte of the input; 0 at its end. */
unsigned take(void);

/* ---- fuzz_channel.c: lines by their number ---- */

/* A message that is to come, to be filled; NULL: closed, or too many. */
struct pgt_msg *line_mail(unsigned i);

/* The connection stands, or has ended. */
void line_news(unsigned i, enum pgt_channel_news news);

/* It takes no more messages; it cannot be opened. */
void line_fill(unsigned i, bool is_full);
void line_break(unsigned i, bool is_broken);

/* Time goes by. */
void line_skip(int64_t s);

#endif

/*
 * The parts of cross_peer: see cross_peer.c. A side is a client or a worker:
 * a handle with its loop, and what it does when it is told to.
 */
#ifndef CROSS_PEER_H
#define CROSS_PEER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/pigato.h"

struct peer_side {
	int (*fd)(void *side);
	int (*timeout)(void *side);
	int (*process)(void *side);
	/* Does what the command says; gives the error's name, or NULL. */
	int (*obey)(void *side, const char *verb, json_t *command);
	void (*end)(void *side);
};

/* Each serves a conf, which is borrowed, until standard input ends. */
int cross_client(json_t *conf);
int cross_worker(json_t *conf);

/* The loop of both. */
int peer_serve(const struct peer_side *side, void *handle);

/* Says one thing on standard output; takes it. */
void peer_say(json_t *said);

/* Says what has happened to a handle. */
void peer_say_event(enum pigato_event event, const char *endpoint, int error);

/* Puts data into said: "text", or "hex" where it is not UTF-8. */
void peer_put_data(json_t *said, const char *data, size_t size);

/*
 * The data of a command, by "text" or "hex"; NULL where there is neither.
 * Gives memory.
 */
char *peer_data(json_t *command, size_t *size);

/* A number or a text of a command, or the default. */
json_int_t peer_number(json_t *command, const char *key, json_int_t or_else);
const char *peer_text(json_t *command, const char *key);

void peer_die(const char *why);

#endif

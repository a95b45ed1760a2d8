/*
 * The parts of the load generator: clients that drive (drive.c), workers
 * that echo (echo.c), and a swarm of workers on bare TCP (swarm.c). Whatever
 * goes wrong outside of what is measured ends the program.
 */
#ifndef LOAD_H
#define LOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "measure.h"

#define LOAD_ID 74 /* length of an identity, as PIGATO makes them */

struct load_conf {
	const char *endpoint;
	const char *service;
	int n_clients, depth, n_workers;
	size_t payload;	     /* bytes of a request's data */
	double seconds;	     /* 0: no load at all */
	uint64_t n_requests; /* 0: as many as fit into seconds */
	int pid;	     /* of the broker; 0: not known */

	int n_swarm;
	const char *swarm_service;
	bool swarm_apart;  /* each under a service of its own: name-0, … */
	bool swarm_paused; /* each takes no requests */
	int beat_ms;	   /* between its heartbeats */
	bool round;	   /* requests go round the swarm's services */

	uint64_t n_queued;    /* requests left behind an unserved service */
	uint64_t queue_batch; /* of them sent before waiting for the broker */
};

struct load_result {
	struct measure_hist latency;
	double seconds;
	uint64_t lost, dup, errors;
};

/* Ends the program with a text and what errno says. */
_Noreturn void load_die(const char *what);

/* An identity: letter, uuid, '-', uuid; LOAD_ID bytes and a zero. */
void load_identity(char id[LOAD_ID + 1], char letter);

/* Leave conf->n_queued requests where nobody serves them, until the end. */
void drive_queue(const struct load_conf *conf);

/* Requests and replies; NULL result: for a moment, to warm up. */
void drive_run(const struct load_conf *conf, struct load_result *result);

/* Workers in a thread of their own; returns when all are registered. */
void echo_start(const struct load_conf *conf);
void echo_stop(void);

/* The same; each worker is a TCP connection and nothing more. */
void swarm_start(const struct load_conf *conf);
void swarm_stop(void);

/* Messages that workers got and nobody should have sent. */
uint64_t echo_errors(void);
uint64_t swarm_errors(void);

#endif

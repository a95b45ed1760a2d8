/* The parts of tests/client/live: see live.c. */
#ifndef LIVE_H
#define LIVE_H

/* A worker of libzmq alone, at all the addresses, until it is killed. */
int live_work(int n, char **addresses);

/* n requests, many at once, each ended once; says when a tenth is done. */
int live_load(const char *addresses, long n);

/* What a client can ask of a broker and its workers, one by one. */
int live_features(const char *address);

#endif

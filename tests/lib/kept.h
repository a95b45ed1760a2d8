/* Stories of the reply cache: one worker of everything, and who asks it. */
#ifndef KEPT_H
#define KEPT_H

#include "sim.h"

/* $cache answers anybody. */
struct broker_conf kept_conf(void);

/* Gives a broker with a cache and w1; conf NULL: kept_conf(). */
struct sim *kept_start(const struct broker_conf *conf);

/* A reply of n bytes to that request, kept for 1000 ms. */
void kept_keep(struct sim *s, const char *service, const char *data, int n);

/* Is it answered by the cache? Reads all mail. */
bool kept_has(struct sim *s, const char *service, const char *data);

/* A figure of {"cmd":"stats"}. Reads all mail. */
int64_t kept_figure(struct sim *s, const char *name);

#endif

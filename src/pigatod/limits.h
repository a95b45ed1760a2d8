/* The settings' limits, beside what the machine has. */
#ifndef LIMITS_H
#define LIMITS_H

#include "broker/broker.h"
#include "pigatod/conf.h"

/* Enough open files to start with? 0, or -EMFILE, which is logged. */
int limits_check(const struct conf *conf);

/* Those of conf into bc; what their 0 stands for is looked up. */
void limits_set(struct broker_conf *bc, const struct conf *conf);

/* Log those of bc that are not told by conf, and warn of what cannot be. */
void limits_log(const struct broker_conf *bc);

#endif

/* The settings as the broker has them. */
#ifndef CONF_BROKER_H
#define CONF_BROKER_H

#include "broker/broker.h"
#include "pigatod/conf.h"

/*
 * What conf says of the broker into bc, but for the limits of limits.h. Texts
 * are borrowed from conf.
 */
void conf_broker_set(struct broker_conf *bc, const struct conf *conf);

#endif

/* The built-in core services; broker_add_core() takes them. */
#ifndef SERVICES_H
#define SERVICES_H

#include "broker/core.h"

/* $dir: answers, and publishes the directory when the workers change. */
extern const struct core_ops dir_service;

/*
 * Publishes the directory and takes no requests: for brokers whose $dir is
 * an external worker. Use one of the two.
 */
extern const struct core_ops dir_channel;

/*
 * The reply cache, and $cache. With the setting off it keeps nothing and
 * answers for $cache alone.
 */
extern const struct core_ops cache_service;

#endif

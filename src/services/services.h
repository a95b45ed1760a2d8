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

/* $monitor: the trace, as partial replies. */
extern const struct core_ops monitor_service;

/*
 * $conf: settings and what may be done to them. Its `arg`, in a copy of this,
 * is a struct config_host (config.h).
 */
extern const struct core_ops config_service;

/* $info: what operators may ask (PROTOCOL 11). */
extern const struct core_ops info_service;

#endif

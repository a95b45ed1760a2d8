/* Names and units are the same on both sides: nothing is decided here. */
#include "pigatod/conf_broker.h"

void
conf_broker_set(struct broker_conf *bc, const struct conf *conf)
{
	bc->heartbeat_ms = conf->heartbeat;
	bc->heartbeat_liveness = conf->heartbeat_liveness;
	bc->default_timeout_ms = conf->default_timeout;
	bc->max_timeout_ms = conf->max_timeout;
	bc->default_concurrency = conf->default_concurrency;
	bc->dispatch = conf->dispatch;
	bc->external_core = conf->external_core;
	bc->admin_everywhere = conf->admin_everywhere;
	bc->drain_timeout_ms = conf->drain_timeout;
	bc->cache.is_on = conf->cache;
	bc->cache.max_memory = conf->cache_max_memory;
	bc->cache.max_entry = conf->cache_max_entry;
	bc->cache.max_ttl_ms = conf->cache_max_ttl;
	bc->cache.notices = conf->cache_notices;
	bc->coalesce = conf->coalesce;
	bc->n_coalesce = conf->n_coalesce;
	bc->slowlog_time_ms = conf->slowlog_time;
	bc->slowlog_bytes = conf->slowlog_size;
	bc->slowlog_max = conf->slowlog_max;
}

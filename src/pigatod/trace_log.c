/* Nothing is to be put into words that the log would throw away. */
#include "pigatod/trace_log.h"

#include "pigatod/log.h"

static void
on_trace(void *arg, enum trace_level level, const char *line)
{
	const int64_t *now = arg;

	if (level == TRACE_WARN)
		log_peer(*now, line);
	else if (level == TRACE_INFO)
		log_info("%s", line);
	else
		log_debug("%s", line);
}

void
trace_log_set(struct broker_conf *bc, const int64_t *now)
{
	static const enum trace_level levels[] = {
	    [LOG_WARN] = TRACE_WARN,
	    [LOG_INFO] = TRACE_INFO,
	    [LOG_DEBUG] = TRACE_DEBUG,
	};
	enum log_level level = log_get_level();

	if (level == LOG_ERROR)
		return;
	bc->trace = on_trace;
	bc->trace_arg = (void *)(uintptr_t)now;
	bc->trace_level = levels[level];
}

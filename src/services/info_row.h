/* The rows of lists, written into the answer one by one. */
#ifndef SERVICES_INFO_ROW_H
#define SERVICES_INFO_ROW_H

#include "services/call.h"

/* A list under way: n rows so far. */
struct list {
	struct call *call;
	size_t limit, n;
};

/* One row more; arg is the list. */
void row_worker(void *arg, const struct core_worker *w);
void row_service(struct list *l, const struct core_service *s);
void row_client(void *arg, const struct core_client *c);
void row_request(void *arg, const struct core_request *r);

#endif

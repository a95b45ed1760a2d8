/*
 * echo_worker [ENDPOINTS]: answers each request for "echo" with its own data.
 * The smallest worker there is: it blocks, and runs until it is killed.
 */
#include <pigato.h>
#include <stdio.h>

static void
on_request(struct pigato_worker *w, struct pigato_reply *rep, const char *data,
    size_t size, void *arg)
{
	(void)w;
	(void)arg;
	pigato_reply_end(rep, data, size);
	pigato_reply_free(rep);
}

int
main(int argc, char **argv)
{
	struct pigato_worker *w =
	    pigato_worker_new(argc > 1 ? argv[1] : NULL, "echo");
	int rc = PIGATO_ERR_NOMEM;

	if (w != NULL)
		rc = pigato_worker_on_request(w, on_request, NULL);
	if (rc == PIGATO_OK)
		rc = pigato_worker_run(w);
	if (rc != PIGATO_OK)
		fprintf(stderr, "echo_worker: %s\n", pigato_strerror(rc));
	pigato_worker_free(w);
	return rc != PIGATO_OK;
}

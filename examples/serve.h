/* What the workers of the examples have in common: a loop that ends well. */
#ifndef SERVE_H
#define SERVE_H

#include <pigato.h>

/*
 * Runs w until SIGINT or SIGTERM: then it takes no more requests, finishes
 * those it has, and leaves. Each time something may have happened tick is
 * called, if it is not NULL; it returns after how many milliseconds it wants
 * to be called in any case, or -1. Gives the exit status of main().
 */
int serve(struct pigato_worker *w, int (*tick)(void *arg), void *arg);

#endif

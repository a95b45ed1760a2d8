/* Signals as something that a loop can wait for. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <stdbool.h>

/* Catch one from now on; back to how it was before. -1 and errno: no pipe. */
int signals_catch(int number);
void signals_release(int number);

/* Readable when one has come; -1: none is caught, which poll() ignores. */
int signals_fd(void);

/* To be called once before signals_take(): what comes later wakes anew. */
void signals_drain(void);

/* Has it come since it was asked last? */
bool signals_take(int number);

#endif

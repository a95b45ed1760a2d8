/* The terminal of `top`, from curses: opened, as large as it is, and its keys.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdbool.h>

/* False: this terminal cannot be used. */
bool terminal_open(void);
void terminal_close(void);

/* It has another size now, or somebody else has written on it. */
void terminal_resize(void);

/* A key, as curses has them; -1: none waits. */
int terminal_key(void);

#endif

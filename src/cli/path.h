/* Where a program is that is named as in a shell. */
#ifndef CLI_PATH_H
#define CLI_PATH_H

/* Gives the file, to be freed. NULL: there is none that can be run; errno. */
char *path_find(const char *name);

#endif

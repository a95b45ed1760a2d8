/*
 * The file of an ipc:// address. libzmq removes whatever has its name before
 * it binds, be it the socket of a running server or no socket at all; so we
 * look first.
 */
#ifndef IPC_FILE_H
#define IPC_FILE_H

/*
 * The file within address, borrowed from it; NULL for other addresses, names
 * in the abstract name space, and those that libzmq is to make up.
 */
const char *ipc_file_of(const char *address);

/*
 * May path be bound, and removed first? 0, -EADDRINUSE where somebody
 * listens there, -EEXIST where it is no socket, or another negative errno.
 */
int ipc_file_check(const char *path);

#endif

/*
 * The control socket: up to SERVER_CLIENTS at a time on a UNIX stream socket, each with its own
 * order of lines and answers. A line longer than SERVER_LINE_MAX is refused whole; a client that
 * does not read its answers is not read from.
 */
#pragma once

#include <poll.h>

#include "firmware-tools/chipsim/control.h"

enum { SERVER_CLIENTS = 16, SERVER_LINE_MAX = 4096 };

struct server_client {
	int fd; /* -1: free */
	size_t len;
	bool skipping; /* the rest of a line that was too long */
	bool ended;    /* no more lines will come */
	struct sim_wait wait;
	struct arena arena; /* of what is not sent yet */
	struct bytes unsent;
	char in[SERVER_LINE_MAX];
};

struct sim_server {
	int fd;
	const char *path; /* the caller's; outlives the server */
	struct server_client clients[SERVER_CLIENTS];
};

/* Nothing open yet: closing it does nothing. Before any other call. */
void sim_server_init(struct sim_server *v);
/*
 * Listen at path, in place of a socket that nobody listens at any more. ERR_CONFLICT: somebody
 * does, or path is something else.
 */
MUST_CHECK bool sim_server_open(struct sim_server *v, const char *path, struct err *e);
void sim_server_close(struct sim_server *v);
/* Fill fds with what to poll for: at most 1 + SERVER_CLIENTS. */
size_t sim_server_fds(const struct sim_server *v, struct pollfd *fds);
/* Accept, read, answer, after poll(2) filled these fds. */
void sim_server_run(
	struct sim_server *v, struct sim *s, const struct pollfd *fds, size_t n, uint64_t world_ns);

/*
 * The serial line: a pseudo-terminal whose other end a host opens by a symbolic link. The slave is
 * raw (else it echoes) and one descriptor of it stays open (else the master reads EIO whenever a
 * host closes it). All descriptors are close-on-exec and the master does not block.
 */
#pragma once

#include <stdint.h>

#include "core/base/err.h"

struct sim_pty {
	int master, slave; /* -1 while unplugged */
	const char *link;  /* the caller's; outlives the line */
	char device[64];   /* as in /dev/pts/3 */
};

/* Put the link in place, atomically over an older link; never over anything else. */
MUST_CHECK bool sim_pty_open(struct sim_pty *p, const char *link, struct err *e);
/* Hang up and remove the link if it is still ours. */
void sim_pty_close(struct sim_pty *p);
/* The speed that the host asked for; 0 when it asked for none that we know. */
uint32_t sim_pty_baud(const struct sim_pty *p);

/*
 * The kiosk's one loop: poll(2) over a handful of descriptors, each with an optional timeout of
 * its own. SIGTERM and SIGINT end it like any other event.
 */
#pragma once

#include "core/base/err.h"

struct loop;

enum { LOOP_SOURCES_MAX = 16 };

struct loop_source {
	void *context;
	int fd;				  /* -1: only a timer */
	int (*timeout_ms)(void *context); /* from now, asked before each wait; -1: none. Or NULL */
	/* The descriptor is readable, or the timeout is over. */
	void (*run)(void *context);
};

/* Blocks SIGTERM and SIGINT for the process, so open it before any thread starts. */
MUST_CHECK bool loop_open(struct loop **out, struct err *e);
void loop_close(struct loop *l); /* accepts NULL */
/* ERR_INTERNAL past LOOP_SOURCES_MAX. The source must stay as it is until loop_close. */
MUST_CHECK bool loop_add(struct loop *l, struct loop_source source, struct err *e);
/* Until loop_stop or a signal. False when poll itself fails. */
MUST_CHECK bool loop_run(struct loop *l, struct err *e);
void loop_stop(struct loop *l);

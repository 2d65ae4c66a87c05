/*
 * The thread that writes. It takes the write requests that are waiting, runs each in a savepoint
 * of one transaction, commits once, and then sends all replies: what a reply says is durable. The
 * commit itself gathers the next group, so nothing ever waits on purpose.
 *
 * Between groups it runs the steps of writer.c's table: what was sealed is opened, and what follows
 * from the log (people, check-ins, queues), in flushes of their own.
 */
#pragma once

#include "server/server.h"

struct writer;

MUST_CHECK bool writer_start(struct writer **out, struct server *s, struct err *e);
/* Everything queued is still run and sent; what comes later is answered 503. Both accept NULL. */
void writer_stop(struct writer *w);
void writer_free(struct writer *w); /* once nobody can queue any more */
/* For http_config.queue; context is the struct server. A full queue is answered 503. */
void writer_queue(void *context, struct exchange *x);

typedef bool writer_job(struct work *w, void *arg, struct err *e);
/*
 * Run job in a transaction of its own on the writer's thread, and wait. Without a running writer
 * (commands, tests) it runs here and now. Rolled back when it fails.
 */
MUST_CHECK bool writer_run(struct server *s, writer_job *job, void *arg, struct err *e);

/*
 * A step works off what piled up, in transactions of its own, a few thousand rows at a time, and
 * sets *more when some are left. Called after each group once enough waits, and each second.
 */
typedef bool writer_step(struct work *w, bool *more, struct err *e);
/* Run all steps until nothing is left: for tests and commands. */
MUST_CHECK bool writer_settle(struct work *w, struct err *e);

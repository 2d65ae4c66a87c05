#include "server/writer.h"

#include <errno.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "server/store/derive.h"
#include "server/store/erase.h"
#include "server/store/opening.h"
#include "server/store/queue.h"

enum {
	QUEUE_MAX = 8192,      /* waiting requests; more than all connections together */
	GROUP_MAX = 2000,      /* requests in one transaction */
	GROUP_BYTES = 2 << 20, /* and of their bodies: 2-5 thousand entries */
	STEP_EVERY_MS = 1000,  /* with nothing to do: what time alone made due */
	STEP_LATE_MS = 200,    /* under load: this long after the first group that left work */
	STEP_PAUSE = 3,	       /* and then so many times what the last slice of it took */
	STEP_PAUSE_MAX_MS = 1000,
	QUIET_MS = 50, /* a station's next batch comes within that: it goes first */
};

/* When to work on what follows from the log: it waits for requests, but not for ever. */
struct pace {
	bool owed;	   /* a group left work */
	uint64_t quiet_ns; /* from then on if nothing waits */
	uint64_t late_ns;  /* from then on in any case */
};

struct job {
	writer_job *run;
	void *arg;
	struct err *e;
	bool ok, done;
	struct job *next;
};

struct writer {
	struct server *server;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake, done;
	struct exchange *queue[QUEUE_MAX];
	size_t head, count;
	struct job *jobs;
	bool stop;
	struct exchange *group[GROUP_MAX];
};

/* In this order: derive reads what was opened, a queue is planned from what derive found. */
static writer_step *const steps[] = {
	opening_step,
	derive_step,
	queue_step,
	erase_step,
};

static bool run_job(struct work *w, writer_job *job, void *arg, struct err *e)
{
	if (db_begin(w->db, e) && job(w, arg, e) && db_commit(w->db, e))
		return true;
	db_rollback(w->db);
	return false;
}

static void fail_exchange(struct exchange *x, const struct err *e)
{
	struct reply *r = exchange_reply(x);

	*r = (struct reply){ 0 };
	reply_err(r, exchange_request(x), e);
}

/* One request, which may fail without harm to the others. */
static void run_one(struct work *w, struct exchange *x)
{
	struct err e = { 0 };

	if (!db_savepoint(w->db, &e)) {
		fail_exchange(x, &e);
		return;
	}
	if (!exchange_run(x, w))
		db_rollback_to(w->db);
	else if (!db_release(w->db, &e))
		fail_exchange(x, &e);
}

static void run_group(struct writer *wr, size_t n)
{
	struct work *w = &wr->server->write;
	struct err e = { 0 };
	bool ok = db_begin(w->db, &e);

	for (size_t i = 0; ok && i < n; i++)
		run_one(w, wr->group[i]);
	ok = ok && db_commit(w->db, &e);
	if (!ok) {
		db_rollback(w->db);
		log_error("commit failed requests=%zu error=\"%s\"", n, e.text);
	}
	for (size_t i = 0; i < n; i++) {
		if (!ok)
			fail_exchange(wr->group[i], &e);
		exchange_finish(wr->group[i]);
	}
	atomic_fetch_add(&wr->server->counts.groups, 1);
	atomic_fetch_add(&wr->server->counts.requests, n);
}

static bool run_steps(struct work *w)
{
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		struct err e = { 0 };
		bool more = false;

		if (!steps[i](w, &more, &e)) {
			db_rollback(w->db);
			log_error("step failed number=%zu error=\"%s\"", i, e.text);
		}
		any |= more;
	}
	return any;
}

bool writer_settle(struct work *w, struct err *e)
{
	bool any = true;

	while (any) {
		any = false;
		for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
			bool more = false;

			if (!steps[i](w, &more, e)) {
				db_rollback(w->db);
				return false;
			}
			any |= more;
		}
	}
	return true;
}

/* Under the lock: the next requests, in order of arrival, as many as one transaction takes. */
static size_t take_group(struct writer *wr)
{
	size_t n = 0, bytes = 0;

	while (wr->count > 0 && n < GROUP_MAX && bytes < GROUP_BYTES) {
		struct exchange *x = wr->queue[wr->head];

		wr->head = (wr->head + 1) % QUEUE_MAX;
		wr->count--;
		bytes += exchange_request(x)->body.len;
		wr->group[n++] = x;
	}
	return n;
}

static void finish_jobs(struct writer *wr, struct job *first)
{
	for (struct job *j = first, *next; j; j = next) {
		bool ok = run_job(&wr->server->write, j->run, j->arg, j->e);

		next = j->next; /* j is gone once it is done */
		pthread_mutex_lock(&wr->lock);
		j->ok = ok;
		j->done = true;
		pthread_cond_broadcast(&wr->done);
		pthread_mutex_unlock(&wr->lock);
	}
}

static uint64_t ms(uint64_t n)
{
	return n * UINT64_C(1000000);
}

static void pace_group(struct pace *p)
{
	uint64_t now = clock_monotonic_ns();

	if (!p->owed)
		p->late_ns = now + ms(STEP_LATE_MS);
	p->owed = true;
	p->quiet_ns = now + ms(QUIET_MS);
}

static void pace_step(struct pace *p, uint64_t took_ns, bool more)
{
	uint64_t now = clock_monotonic_ns();
	uint64_t pause = took_ns * STEP_PAUSE;

	p->owed = more;
	p->quiet_ns = more ? now : now + ms(STEP_EVERY_MS);
	p->late_ns = p->quiet_ns;
	if (more)
		p->late_ns += pause < ms(STEP_PAUSE_MAX_MS) ? pause : ms(STEP_PAUSE_MAX_MS);
}

static bool pace_due(const struct pace *p, bool busy)
{
	uint64_t now = clock_monotonic_ns();

	return now >= p->late_ns || (!busy && now >= p->quiet_ns);
}

/* Under the lock: until there is a request, a job, or nothing came for long enough to step. */
static void wait_for_work(struct writer *wr, const struct pace *p)
{
	uint64_t until_ns = p->quiet_ns < p->late_ns ? p->quiet_ns : p->late_ns;
	struct timespec until = {
		.tv_sec = (time_t)(until_ns / ms(1000)),
		.tv_nsec = (long)(until_ns % ms(1000)),
	};

	while (wr->count == 0 && !wr->jobs && !wr->stop)
		if (pthread_cond_timedwait(&wr->wake, &wr->lock, &until) == ETIMEDOUT)
			break;
}

static void *run(void *arg)
{
	struct writer *wr = arg;
	struct pace pace = { .owed = true }; /* a former run may have left work */

	for (;;) {
		struct job *jobs;
		bool stop, busy;
		size_t n;

		pthread_mutex_lock(&wr->lock);
		wait_for_work(wr, &pace);
		n = take_group(wr);
		jobs = wr->jobs;
		wr->jobs = NULL;
		busy = n > 0 || jobs;
		stop = wr->stop && !busy;
		pthread_mutex_unlock(&wr->lock);

		/* the log is whole; what is derived from it goes on at the next start */
		if (stop)
			return NULL;
		if (n > 0)
			run_group(wr, n);
		finish_jobs(wr, jobs);
		if (busy)
			pace_group(&pace);
		if (pace_due(&pace, busy)) {
			uint64_t from = clock_monotonic_ns();
			bool more = run_steps(&wr->server->write);

			pace_step(&pace, clock_monotonic_ns() - from, more);
		}
	}
}

bool writer_start(struct writer **out, struct server *s, struct err *e)
{
	struct writer *wr = calloc(1, sizeof(*wr));
	pthread_condattr_t attr;

	if (!wr)
		return err_set(e, ERR_INTERNAL, "no memory for the writer");
	wr->server = s;
	pthread_mutex_init(&wr->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&wr->wake, &attr);
	pthread_cond_init(&wr->done, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&wr->thread, NULL, run, wr) != 0) {
		free(wr);
		return err_set(e, ERR_INTERNAL, "no thread for the writer");
	}
	*out = wr;
	return true;
}

void writer_stop(struct writer *wr)
{
	if (!wr)
		return;
	pthread_mutex_lock(&wr->lock);
	wr->stop = true;
	pthread_cond_signal(&wr->wake);
	pthread_mutex_unlock(&wr->lock);
	pthread_join(wr->thread, NULL);
}

void writer_free(struct writer *wr)
{
	if (!wr)
		return;
	pthread_cond_destroy(&wr->wake);
	pthread_cond_destroy(&wr->done);
	pthread_mutex_destroy(&wr->lock);
	free(wr);
}

void writer_queue(void *context, struct exchange *x)
{
	struct server *s = context;
	struct writer *wr = s->writer;
	struct err e;
	bool full;

	pthread_mutex_lock(&wr->lock);
	full = wr->count == QUEUE_MAX || wr->stop;
	if (!full) {
		wr->queue[(wr->head + wr->count) % QUEUE_MAX] = x;
		wr->count++;
		pthread_cond_signal(&wr->wake);
	}
	pthread_mutex_unlock(&wr->lock);
	if (full) {
		err_set(&e, ERR_UNAVAILABLE,
			"too many requests are waiting: try again in a moment");
		fail_exchange(x, &e);
		exchange_finish(x);
	}
}

bool writer_run(struct server *s, writer_job *job, void *arg, struct err *e)
{
	struct writer *wr = s->writer;
	struct job j = { .run = job, .arg = arg, .e = e };

	if (!wr)
		return run_job(&s->write, job, arg, e);
	pthread_mutex_lock(&wr->lock);
	j.next = wr->jobs;
	wr->jobs = &j;
	pthread_cond_signal(&wr->wake);
	while (!j.done)
		pthread_cond_wait(&wr->done, &wr->lock);
	pthread_mutex_unlock(&wr->lock);
	return j.ok;
}

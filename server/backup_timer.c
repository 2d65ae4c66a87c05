#include "server/backup_timer.h"

#include <errno.h>

#include "core/base/clock.h"
#include "core/base/log.h"
#include "server/backup.h"
#include "server/store/stats.h"

struct backup_timer {
	struct server *server;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;
};

/* Seconds until the next one is due, by the last one that any folder got. */
static int64_t due_in_s(struct server *s)
{
	int64_t every = (int64_t)s->config.backup_every_s, age;
	struct stats_backup b = { 0 };
	struct err e = { 0 };
	struct work *w = server_reader(s, &e);

	if (!w || !stats_backup(&b, w->db, &e))
		return every;
	age = (server_now(s) - b.last_ms) / 1000;
	if (b.last_ms == 0 || age >= every)
		return 0;
	return age < 0 ? every : every - age;
}

static void make_one(struct server *s)
{
	uint64_t began = clock_monotonic_ns();
	struct backup_result result;
	struct err e = { 0 };

	if (!backup_make(s, s->config.backup_dir, s->config.backup_keep, &result, &e)) {
		log_error("backup failed error=\"%s\"", e.text);
		return;
	}
	log_info("backup made entries=%lld bytes=%lld ms=%llu", (long long)result.entries,
		(long long)result.bytes,
		(unsigned long long)((clock_monotonic_ns() - began) / 1000000));
}

/* Under the lock. True: stop. */
static bool wait_s(struct backup_timer *t, int64_t seconds)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)seconds;
	while (!t->stop)
		if (pthread_cond_timedwait(&t->wake, &t->lock, &until) == ETIMEDOUT)
			break;
	return t->stop;
}

static void *run(void *arg)
{
	struct backup_timer *t = arg;
	int64_t wait = due_in_s(t->server);

	pthread_mutex_lock(&t->lock);
	while (!wait_s(t, wait)) {
		pthread_mutex_unlock(&t->lock);
		make_one(t->server);
		wait = (int64_t)t->server->config.backup_every_s;
		pthread_mutex_lock(&t->lock);
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

bool backup_timer_start(struct backup_timer **out, struct server *s, struct err *e)
{
	uint8_t public_key[SEAL_PUBLIC_LEN];
	struct backup_timer *t;
	pthread_condattr_t attr;

	if (!backup_public_key(public_key, s->config.backup_dir, e))
		return false;
	t = calloc(1, sizeof(*t));
	if (!t)
		return err_set(e, ERR_INTERNAL, "no memory for backups");
	t->server = s;
	pthread_mutex_init(&t->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&t->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&t->thread, NULL, run, t) != 0) {
		free(t);
		return err_set(e, ERR_INTERNAL, "no thread for backups");
	}
	*out = t;
	return true;
}

void backup_timer_stop(struct backup_timer *t)
{
	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	t->stop = true;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
	pthread_cond_destroy(&t->wake);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

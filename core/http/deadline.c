/*
 * Deadlines of our own: libmicrohttpd's timeout counts idleness only, so that a byte now and then
 * keeps a connection for ever (facts: reliability 3.3). What is late is shut down; libmicrohttpd
 * then sees the end and closes it. A connection leaves the list, under the lock, before its
 * descriptor is closed, so that no other one's is ever hit.
 */
#include "core/http/wire.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#include "core/base/clock.h"

struct deadlines {
	pthread_mutex_t lock;
	pthread_cond_t stop_asked;
	pthread_t thread;
	bool running, stop;
	unsigned period_ms;
	struct deadline *first;
};

struct deadlines *deadlines_new(void)
{
	struct deadlines *d = calloc(1, sizeof(*d));
	pthread_condattr_t monotonic;

	if (!d)
		abort();
	pthread_mutex_init(&d->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&d->stop_asked, &monotonic);
	pthread_condattr_destroy(&monotonic);
	return d;
}

void deadlines_free(struct deadlines *d)
{
	if (!d)
		return;
	pthread_cond_destroy(&d->stop_asked);
	pthread_mutex_destroy(&d->lock);
	free(d);
}

void deadline_add(struct deadlines *d, struct deadline *one, int fd)
{
	one->fd = fd;
	one->prev = NULL;
	pthread_mutex_lock(&d->lock);
	one->next = d->first;
	if (d->first)
		d->first->prev = one;
	d->first = one;
	pthread_mutex_unlock(&d->lock);
}

void deadline_remove(struct deadlines *d, struct deadline *one)
{
	pthread_mutex_lock(&d->lock);
	if (one->prev)
		one->prev->next = one->next;
	else
		d->first = one->next;
	if (one->next)
		one->next->prev = one->prev;
	pthread_mutex_unlock(&d->lock);
}

void deadline_subscribe(struct deadlines *d, struct deadline *one, struct subscriber *s)
{
	pthread_mutex_lock(&d->lock);
	one->subscriber = s;
	pthread_mutex_unlock(&d->lock);
}

void deadline_set(struct deadline *one, uint64_t ms_from_now)
{
	atomic_store_explicit(&one->at_ns,
		ms_from_now == 0 ? 0 : clock_monotonic_ns() + ms_from_now * 1000000,
		memory_order_relaxed);
}

static int sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

int deadlines_check(struct deadlines *d, uint64_t now_ns, bool act)
{
	int due = -1;

	pthread_mutex_lock(&d->lock);
	for (struct deadline *one = d->first; one; one = one->next) {
		uint64_t at = atomic_load_explicit(&one->at_ns, memory_order_relaxed);
		bool late = at != 0 && at <= now_ns;
		int ping = -1;

		if (one->subscriber && !subscriber_check(one->subscriber, now_ns, act, &ping))
			late = true;
		if (late && act) {
			shutdown(one->fd, SHUT_RDWR);
			deadline_set(one, 0);
			continue;
		}
		if (at != 0)
			due = sooner(due, late ? 0 : (int)((at - now_ns) / 1000000) + 1);
		due = sooner(due, ping);
	}
	pthread_mutex_unlock(&d->lock);
	return due;
}

void deadlines_end_streams(struct deadlines *d)
{
	pthread_mutex_lock(&d->lock);
	for (struct deadline *one = d->first; one; one = one->next)
		if (one->subscriber)
			subscriber_end(one->subscriber);
	pthread_mutex_unlock(&d->lock);
}

static void *watch(void *arg)
{
	struct deadlines *d = arg;

	pthread_mutex_lock(&d->lock);
	while (!d->stop) {
		uint64_t wake = clock_monotonic_ns() + (uint64_t)d->period_ms * 1000000;
		struct timespec until = { .tv_sec = (time_t)(wake / 1000000000),
			.tv_nsec = (long)(wake % 1000000000) };

		pthread_cond_timedwait(&d->stop_asked, &d->lock, &until);
		pthread_mutex_unlock(&d->lock);
		deadlines_check(d, clock_monotonic_ns(), true);
		pthread_mutex_lock(&d->lock);
	}
	pthread_mutex_unlock(&d->lock);
	return NULL;
}

bool deadlines_start(struct deadlines *d, unsigned period_ms, struct err *e)
{
	d->period_ms = period_ms;
	if (pthread_create(&d->thread, NULL, watch, d) != 0)
		return err_set(e, ERR_UNAVAILABLE, "cannot start a thread");
	d->running = true;
	return true;
}

void deadlines_stop(struct deadlines *d)
{
	if (!d->running)
		return;
	pthread_mutex_lock(&d->lock);
	d->stop = true;
	pthread_cond_signal(&d->stop_asked);
	pthread_mutex_unlock(&d->lock);
	pthread_join(d->thread, NULL);
	d->running = false;
}

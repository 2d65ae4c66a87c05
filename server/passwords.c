#include "server/passwords.h"

#include <pthread.h>

enum { THREADS = 2, WAITING_MAX = 32 };

struct passwords {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	pthread_t threads[THREADS];
	size_t running;
	struct exchange *waiting[WAITING_MAX];
	size_t head, count;
	bool stop;
	void (*work)(struct exchange *x);
	void (*then)(void *context, struct exchange *x);
	void *context;
};

/* The next one; NULL once stopped and nothing waits. */
static struct exchange *next(struct passwords *p)
{
	struct exchange *x = NULL;

	pthread_mutex_lock(&p->lock);
	while (p->count == 0 && !p->stop)
		pthread_cond_wait(&p->wake, &p->lock);
	if (p->count > 0) {
		x = p->waiting[p->head];
		p->head = (p->head + 1) % WAITING_MAX;
		p->count--;
	}
	pthread_mutex_unlock(&p->lock);
	return x;
}

static void *run(void *arg)
{
	struct passwords *p = arg;

	for (struct exchange *x; (x = next(p));) {
		p->work(x);
		p->then(p->context, x);
	}
	return NULL;
}

bool passwords_open(struct passwords **out, void (*work)(struct exchange *x),
	void (*then)(void *context, struct exchange *x), void *context, struct err *e)
{
	struct passwords *p = calloc(1, sizeof(*p));

	if (!p)
		return err_set(e, ERR_INTERNAL, "no memory for the password threads");
	p->work = work;
	p->then = then;
	p->context = context;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	while (p->running < THREADS && pthread_create(&p->threads[p->running], NULL, run, p) == 0)
		p->running++;
	if (p->running < THREADS) {
		passwords_close(p);
		return err_set(e, ERR_INTERNAL, "no thread for passwords");
	}
	*out = p;
	return true;
}

bool passwords_take(struct passwords *p, struct exchange *x)
{
	bool room;

	pthread_mutex_lock(&p->lock);
	room = p->count < WAITING_MAX && !p->stop;
	if (room) {
		p->waiting[(p->head + p->count++) % WAITING_MAX] = x;
		pthread_cond_signal(&p->wake);
	}
	pthread_mutex_unlock(&p->lock);
	return room;
}

void passwords_stop(struct passwords *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->stop = true;
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);
	while (p->running > 0)
		pthread_join(p->threads[--p->running], NULL);
}

void passwords_close(struct passwords *p)
{
	if (!p)
		return;
	passwords_stop(p);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

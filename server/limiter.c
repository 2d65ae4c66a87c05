#include "server/limiter.h"

#include <pthread.h>

#include "core/base/crypto.h"

enum { SETS = 1024, WAYS = 8 };

/* count at once; a used one comes back every within_ms / count */
static const struct {
	const char *what;
	int64_t count, within_ms;
} limits[LIMIT_COUNT] = {
	[LIMIT_PAIR_PERSON] = { "pairings of this badge", 6, 600000 },
	[LIMIT_PAIR_STATION] = { "pairings at this station", 60, 600000 },
	[LIMIT_TOKEN_ADDRESS] = { "pairing codes that were over", 60, 600000 },
	[LIMIT_TICKET_CODE] = { "sign-ins with this code", 10, 3600000 },
	[LIMIT_TICKET_ADDRESS] = { "codes that were wrong", 60, 600000 },
	[LIMIT_ACCOUNT] = { "passwords that were wrong", 10, 900000 },
	[LIMIT_ACCOUNT_ADDRESS] = { "passwords that were wrong", 60, 900000 },
	[LIMIT_CODE_PERSON] = { "short codes", 30, 600000 },
	[LIMIT_NUDGE] = { "nudges of this buddy today", 1, 86400000 },
	[LIMIT_STREAM] = { "new streams of this station", 64, 86400000 },
	[LIMIT_ENTRY] = { "entries of this person today", 10000, 86400000 },
	[LIMIT_ENROL_ADDRESS] = { "enrolments that failed", 30, 600000 },
};

/*
 * The generic cell rate algorithm (ITU-T I.371): one number a key. free_ms is when all of the
 * allowance is back. A set that is full forgets the key that is freest.
 */
struct cell {
	uint8_t key[16]; /* of the kind and the key, hashed: all of one size */
	int64_t free_ms; /* 0: unused */
};

struct limiter {
	pthread_mutex_t lock;
	struct cell cells[SETS][WAYS];
};

struct limiter *limiter_new(void)
{
	struct limiter *l = calloc(1, sizeof(*l));

	if (!l)
		abort();
	pthread_mutex_init(&l->lock, NULL);
	return l;
}

void limiter_free(struct limiter *l)
{
	if (!l)
		return;
	pthread_mutex_destroy(&l->lock);
	free(l);
}

static struct cell *find(struct limiter *l, enum limit what, struct bytes key)
{
	uint8_t kind = (uint8_t)what;
	struct bytes parts[] = { { &kind, 1 }, key };
	struct hash h = hash_of_parts(parts, ARRAY_LEN(parts));
	struct cell *set = l->cells[(h.b[16] | h.b[17] << 8) % SETS], *freest = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].free_ms && memcmp(set[i].key, h.b, sizeof(set[i].key)) == 0)
			return &set[i];
		if (set[i].free_ms < freest->free_ms)
			freest = &set[i];
	}
	memcpy(freest->key, h.b, sizeof(freest->key));
	freest->free_ms = 0;
	return freest;
}

/* Is there room for n, and, to count them, take it? */
static bool check(struct limiter *l, enum limit what, struct bytes key, size_t n, bool count,
	int64_t now_ms, int64_t *retry_s, struct err *e)
{
	int64_t step = limits[what].within_ms / limits[what].count, next;
	struct cell *c;

	*retry_s = 0;
	if (!l)
		return true;
	pthread_mutex_lock(&l->lock);
	c = find(l, what, key);
	next = (c->free_ms > now_ms ? c->free_ms : now_ms) + step * (int64_t)n;
	if (next - now_ms > limits[what].within_ms)
		*retry_s = (next - now_ms - limits[what].within_ms) / 1000 + 1;
	else if (count)
		c->free_ms = next;
	pthread_mutex_unlock(&l->lock);
	return *retry_s == 0 ||
	       err_set(e, ERR_TOO_MANY, "too many %s: wait %lld seconds, then try again",
		       limits[what].what, (long long)*retry_s);
}

bool limiter_take(struct limiter *l, enum limit what, struct bytes key, int64_t now_ms,
	int64_t *retry_s, struct err *e)
{
	return check(l, what, key, 1, true, now_ms, retry_s, e);
}

bool limiter_take_many(struct limiter *l, enum limit what, struct bytes key, size_t n,
	int64_t now_ms, int64_t *retry_s, struct err *e)
{
	return check(l, what, key, n, true, now_ms, retry_s, e);
}

bool limiter_ask(struct limiter *l, enum limit what, struct bytes key, int64_t now_ms,
	int64_t *retry_s, struct err *e)
{
	return check(l, what, key, 1, false, now_ms, retry_s, e);
}

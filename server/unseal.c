#include "server/unseal.h"

#include <pthread.h>

enum { WORTH_A_THREAD = 8 };

struct share {
	struct unseal *list;
	size_t n;
	uint8_t *space; /* where the plain texts go, one after the other */
	const uint8_t *public_key, *secret_key;
};

static size_t plain_len(const struct unseal *u)
{
	return u->sealed.len > SEAL_EXTRA ? u->sealed.len - SEAL_EXTRA : 0;
}

static void *open_share(void *arg)
{
	const struct share *s = arg;
	uint8_t *space = s->space;

	for (size_t i = 0; i < s->n; i++) {
		struct unseal *u = &s->list[i];
		struct buf out = BUF_OVER(space, plain_len(u));

		u->ok = seal_open(&out, u->sealed, s->public_key, s->secret_key);
		u->plain = buf_bytes(&out);
		space += plain_len(u);
	}
	return NULL;
}

void unseal_all(struct unseal *list, size_t n, const uint8_t public_key[SEAL_PUBLIC_LEN],
	const uint8_t secret_key[SEAL_SECRET_LEN], struct arena *a)
{
	size_t half = n >= WORTH_A_THREAD ? n / 2 : 0, len = 0, first_len = 0;
	struct share first = { list, half, NULL, public_key, secret_key };
	struct share rest = { list + half, n - half, NULL, public_key, secret_key };
	pthread_t thread;
	bool helped;

	for (size_t i = 0; i < n; i++) {
		if (i == half)
			first_len = len;
		len += plain_len(&list[i]);
	}
	first.space = ARENA_ARRAY(a, len, uint8_t);
	rest.space = first.space + first_len;
	helped = half > 0 && pthread_create(&thread, NULL, open_share, &first) == 0;
	open_share(&rest);
	if (helped)
		pthread_join(thread, NULL);
	else
		open_share(&first);
}

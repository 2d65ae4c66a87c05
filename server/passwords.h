/*
 * Where passwords are verified: argon2id takes 19 MiB and 60 ms, so two threads of its own do it
 * and at most 32 requests wait; more are told to come again (facts: reliability 5.4). Neither the
 * writer nor the threads that serve are ever held up by it.
 */
#pragma once

#include "core/http/http.h"

struct passwords;

/* work runs on a thread of the pool; then(context, x) takes x back afterwards. */
MUST_CHECK bool passwords_open(struct passwords **out, void (*work)(struct exchange *x),
	void (*then)(void *context, struct exchange *x), void *context, struct err *e);
/* False when too many wait, or after passwords_stop. */
MUST_CHECK bool passwords_take(struct passwords *p, struct exchange *x);
/* Everything taken is still worked and given back. Both accept NULL. */
void passwords_stop(struct passwords *p);
void passwords_close(struct passwords *p);

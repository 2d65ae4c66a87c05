#include "core/http/wire.h"

enum { STEP = 16 << 10 };

void body_free(struct body *b)
{
	atomic_fetch_sub(&b->budget->used, b->held);
	free(b->p);
	b->p = NULL;
	b->len = b->cap = b->held = 0;
}

/* Count size bytes of this body against what all bodies together may hold. */
static bool hold(struct body *b, size_t size, struct err *e)
{
	size_t more = size > b->held ? size - b->held : 0;

	if (atomic_fetch_add(&b->budget->used, more) + more > b->budget->max) {
		atomic_fetch_sub(&b->budget->used, more);
		return err_set(
			e, ERR_UNAVAILABLE, "too much is being received at once, please try again");
	}
	b->held += more;
	return true;
}

static bool grow(struct body *b, size_t need, struct err *e)
{
	size_t cap = b->cap ? b->cap : STEP;
	uint8_t *p;

	while (cap < need)
		cap *= 2;
	if (cap == b->cap)
		return true;
	if (!hold(b, cap, e))
		return false;
	p = realloc(b->p, cap);
	if (!p)
		return err_set(e, ERR_UNAVAILABLE, "no memory for the body");
	b->p = p;
	b->cap = cap;
	return true;
}

bool body_add(struct body *b, struct bytes part, struct err *e)
{
	if (part.len > b->limit - b->len)
		return err_set(e, ERR_TOO_LARGE,
			"the body is larger than the %zu bytes that are taken here", b->limit);
	if (!grow(b, b->len + part.len, e))
		return false;
	memcpy(b->p + b->len, part.p, part.len);
	b->len += part.len;
	return true;
}

bool body_inflate(struct body *b, struct err *e)
{
	uint8_t *plain;
	size_t len;

	if (!gunzip(&plain, &len, bytes_of(b->p, b->len), b->limit, e))
		return false;
	free(b->p);
	b->p = plain;
	b->len = b->cap = len;
	return hold(b, len, e);
}

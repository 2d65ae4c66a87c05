#include "core/wasm/packed.h"

#include "core/base/text.h"

static void mistake(struct packed *p, const char *why)
{
	if (p->why)
		return;
	p->why = why;
	p->at = p->size - p->in.len;
	/* what follows has lost its place: nothing more is taken */
	p->in.len = 0;
}

static uint64_t take_le(struct packed *p, size_t n)
{
	struct bytes b;
	uint64_t value = 0;

	if (!bytes_take(&p->in, n, &b)) {
		mistake(p, "the input ends inside a value");
		return 0;
	}
	for (size_t i = n; i > 0; i--)
		value = value << 8 | b.p[i - 1];
	return value;
}

uint32_t packed_u32(struct packed *p)
{
	return (uint32_t)take_le(p, 4);
}

int64_t packed_i64(struct packed *p)
{
	return (int64_t)take_le(p, 8);
}

bool packed_bool(struct packed *p)
{
	uint32_t n = packed_u32(p);

	if (n > 1)
		mistake(p, "neither true nor false");
	return n == 1;
}

struct bytes packed_bytes(struct packed *p)
{
	size_t len = packed_u32(p);
	struct bytes b = { NULL, 0 };

	if (!bytes_take(&p->in, len, &b))
		mistake(p, "a length runs past the end");
	return b;
}

struct str packed_text(struct packed *p)
{
	struct bytes b = packed_bytes(p);
	struct str s = { NULL, 0 };

	if (!utf8_check(b, &s))
		mistake(p, "a text that is not UTF-8");
	return s;
}

struct id packed_id(struct packed *p)
{
	struct str s = packed_text(p);
	struct id id = { { 0 } };

	if (s.len > 0 && !id_read(s, &id))
		mistake(p, "a text that is no id");
	return id;
}

size_t packed_count(struct packed *p, size_t smallest)
{
	size_t n = packed_u32(p);

	if (n <= p->in.len / smallest)
		return n;
	mistake(p, "a list runs past the end");
	return 0;
}

bool packed_ok(const struct packed *p, struct err *e)
{
	if (p->why)
		return err_set(e, ERR_MALFORMED, "packed input, byte %zu: %s", p->at, p->why);
	if (p->in.len > 0)
		return err_set(e, ERR_MALFORMED, "packed input: %zu bytes too many", p->in.len);
	return true;
}

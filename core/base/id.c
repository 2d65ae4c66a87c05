#include "core/base/id.h"

#include "core/base/text.h"

bool id_is_none(struct id id)
{
	static const struct id none;

	return id_equal(id, none);
}

int id_compare(struct id a, struct id b)
{
	return memcmp(a.b, b.b, sizeof(a.b));
}

struct id id_uuid7(uint64_t unix_ms, const uint8_t random[10])
{
	struct id id;

	for (int i = 0; i < 6; i++)
		id.b[i] = (uint8_t)(unix_ms >> 8 * (5 - i));
	memcpy(id.b + 6, random, 10);
	id.b[6] = (uint8_t)(0x70 | (id.b[6] & 0x0F));
	id.b[8] = (uint8_t)(0x80 | (id.b[8] & 0x3F));
	return id;
}

bool id_from_bytes(struct bytes b, struct id *out)
{
	return b.len == sizeof(out->b) && bytes_take_copy(&b, out->b, sizeof(out->b));
}

bool id_read(struct str s, struct id *out)
{
	struct id id;
	struct buf b = BUF_ON(id.b);
	bool ok;

	if (s.len == ID_UUID_LEN) {
		char hex[32];
		size_t n = 0;

		for (size_t i = 0; i < s.len; i++) {
			bool dash = i == 8 || i == 13 || i == 18 || i == 23;

			if (dash != (s.p[i] == '-'))
				return false;
			if (!dash)
				hex[n++] = s.p[i];
		}
		ok = hex_read(&b, (struct str){ hex, n });
	} else if (s.len == 32) {
		ok = hex_read(&b, s);
	} else {
		ok = s.len == ID_TEXT_LEN && base64_read(&b, s);
	}
	if (!ok || b.len != sizeof(id.b))
		return false;
	*out = id;
	return true;
}

void id_write(struct buf *out, struct id id)
{
	base64url_write(out, id_bytes(&id));
}

void id_write_uuid(struct buf *out, struct id id)
{
	static const uint8_t groups[] = { 4, 2, 2, 2, 6 };
	const uint8_t *p = id.b;

	for (size_t i = 0; i < ARRAY_LEN(groups); i++) {
		if (i > 0)
			buf_add_char(out, '-');
		hex_write(out, bytes_of(p, groups[i]));
		p += groups[i];
	}
}

struct id_text id_text(struct id id)
{
	struct id_text t = { { 0 } };
	struct buf b = BUF_ON(t.s);

	id_write(&b, id);
	return t;
}

struct id_text id_uuid_text(struct id id)
{
	struct id_text t = { { 0 } };
	struct buf b = BUF_ON(t.s);

	id_write_uuid(&b, id);
	return t;
}

#include "core/tag/short_code.h"

#include "core/base/crypto.h"
#include "core/base/text.h"

enum { CODE_BYTES = 7 /* 56 bits: the last six are not shown */ };

static struct short_code code_of(struct bytes b)
{
	char text[SHORT_CODE_LEN + 2]; /* 7 bytes make 12 characters */
	struct buf out = BUF_ON(text);
	struct short_code code = { { 0 } };

	base32_write(&out, b);
	memcpy(code.s, text, SHORT_CODE_LEN);
	return code;
}

struct short_code short_code_of(struct id badge)
{
	const struct bytes parts[] = { BYTES("kith-code-1"), id_bytes(&badge) };
	struct hash h = hash_of_parts(parts, ARRAY_LEN(parts));

	return code_of(bytes_of(h.b, CODE_BYTES));
}

bool short_code_read(struct str s, struct short_code *out)
{
	uint8_t bytes[CODE_BYTES];
	char text[SHORT_CODE_LEN + 2];
	struct buf all = BUF_ON(text), b = BUF_ON(bytes);

	for (size_t i = 0; i < s.len; i++)
		if (s.p[i] != ' ' && s.p[i] != '-')
			buf_add_char(&all, s.p[i]);
	/* the six bits that are not shown, so that whole bytes are read */
	if (all.len != SHORT_CODE_LEN)
		return false;
	buf_add_str(&all, STR("00"));
	if (!base32_read(&b, buf_str(&all)) || b.len < CODE_BYTES - 1)
		return false;
	*out = code_of(buf_bytes(&b));
	return true;
}

#include "core/tag/ticket.h"

#include "core/base/text.h"

bool ticket_read(struct str s, struct ticket *out)
{
	uint8_t b[TICKET_LEN];
	struct buf to = BUF_ON(b);
	size_t digits = 0;

	/* counted, since a digit too many would be dropped as loose bits */
	for (size_t i = 0; i < s.len; i++)
		digits += s.p[i] != ' ' && s.p[i] != '-';
	if (digits != TICKET_TEXT_LEN || !base32_read(&to, s) || to.len != TICKET_LEN)
		return false;
	memcpy(out->b, b, sizeof(b));
	return true;
}

void ticket_write(struct buf *out, struct ticket t)
{
	base32_write(out, bytes_of(t.b, TICKET_LEN));
}

void ticket_write_groups(struct buf *out, struct ticket t)
{
	char text[TICKET_TEXT_LEN];
	struct buf b = BUF_ON(text);

	ticket_write(&b, t);
	for (size_t i = 0; i < TICKET_TEXT_LEN; i += 4) {
		if (i)
			buf_add_char(out, '-');
		buf_add_str(out, str_sub(buf_str(&b), i, i + 4));
	}
}

#include "kiosk/readers/scan_line.h"

static void put(struct scan_line *l, uint8_t byte)
{
	if (l->len < sizeof(l->data))
		l->data[l->len] = byte;
	l->len++;
}

static bool line_is(const struct scan_line *l, struct str what)
{
	return l->line_len == what.len &&
	       str_equal_nocase((struct str){ l->head, l->line_len }, what);
}

bool scan_line_drop(struct scan_line *l)
{
	bool any = l->len > 0 && !l->done;

	l->len = l->line_len = 0;
	l->card = l->done = false;
	return any;
}

bool scan_line_add(struct scan_line *l, uint8_t byte, struct bytes *code)
{
	bool ends;

	if (l->done)
		scan_line_drop(l);
	if (byte != '\r' && byte != '\n') {
		put(l, byte);
		if (l->line_len < sizeof(l->head))
			l->head[l->line_len] = (char)byte;
		l->line_len++;
		return false;
	}
	if (l->line_len == 0)
		return false;
	l->card = l->card || line_is(l, STR("BEGIN:VCARD"));
	ends = !l->card || line_is(l, STR("END:VCARD"));
	l->line_len = 0;
	if (l->card) {
		put(l, '\r');
		put(l, '\n');
	}
	if (!ends)
		return false;
	if (l->len > sizeof(l->data)) {
		scan_line_drop(l);
		return false;
	}
	l->done = true;
	*code = bytes_of(l->data, l->len);
	return true;
}

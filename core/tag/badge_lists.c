#include "core/tag/badge_lists.h"

#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/tag/event_key.h"

static const struct str keys_mark = STR_INIT("kith-event-keys-1");
static const struct str revoked_mark = STR_INIT("kith-revoked-1");

/* Line after line behind the mark; empty ones and remarks are left out. */
struct lines {
	struct str rest;
	size_t number;
};

static bool lines_open(struct lines *l, struct bytes text, struct str mark, struct err *e)
{
	struct str first;

	l->number = 1;
	if (!utf8_check(text, &l->rest) || !str_split(&l->rest, '\n', &first) ||
		!str_equal(str_trim(first), mark))
		return err_set(e, ERR_MALFORMED, "line 1: not \"" STR_FMT "\"", STR_ARG(mark));
	return true;
}

static bool lines_next(struct lines *l, struct str *line)
{
	while (str_split(&l->rest, '\n', line)) {
		l->number++;
		*line = str_trim(*line);
		if (line->len && line->p[0] != '#')
			return true;
	}
	return false;
}

/* ---- keys ---- */

struct badge_key *badge_keys_find(struct badge_keys *list, uint32_t event, uint8_t number)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->keys[i].event == event && list->keys[i].number == number)
			return &list->keys[i];
	return NULL;
}

bool badge_keys_add(struct badge_keys *list, struct badge_key key, struct err *e)
{
	if (badge_keys_find(list, key.event, key.number))
		return err_set(e, ERR_CONFLICT, "key %u of event %lu is there twice", key.number,
			(unsigned long)key.event);
	if (list->count == BADGE_KEYS_MAX)
		return err_set(e, ERR_TOO_LARGE, "more than %d keys", BADGE_KEYS_MAX);
	list->keys[list->count++] = key;
	return true;
}

static bool take_digits(struct str *s, size_t n, char after, int *out)
{
	uint64_t value;

	if (s->len < n + 1 || s->p[n] != after || !str_u64(str_sub(*s, 0, n), &value))
		return false;
	*out = (int)value;
	*s = str_sub(*s, n + 1, s->len);
	return true;
}

bool badge_until_read(struct str s, int64_t *ms)
{
	int year, month, day, hour, minute, second, y, m, d;

	if (!take_digits(&s, 4, '-', &year) || !take_digits(&s, 2, '-', &month) ||
		!take_digits(&s, 2, 'T', &day) || !take_digits(&s, 2, ':', &hour) ||
		!take_digits(&s, 2, ':', &minute) || !take_digits(&s, 2, 'Z', &second) || s.len)
		return false;
	if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59)
		return false;
	clock_civil(clock_day_of(year, month, day), &y, &m, &d);
	if (y != year || m != month || d != day)
		return false;
	*ms = ((clock_day_of(year, month, day) * 24 + hour) * 60 + minute) * 60000 + second * 1000;
	return *ms > 0; /* 0 is no end */
}

static bool read_key_line(struct badge_keys *list, struct str line, struct err *e)
{
	struct badge_key key;
	struct str word;

	if (!str_split(&line, ' ', &word) || !badge_key_read(&key, word, e))
		return false;
	line = str_trim(line);
	if (line.len && (!str_starts(line, STR("until ")) ||
				!badge_until_read(str_sub(line, 6, line.len), &key.until_ms)))
		return err_set(e, ERR_MALFORMED,
			"behind a key stands nothing, or \"until\" and a time as in "
			"2026-12-01T00:00:00Z");
	return badge_keys_add(list, key, e);
}

bool badge_keys_read(struct badge_keys *list, struct bytes text, struct err *e)
{
	struct lines l;
	struct str line;

	if (!lines_open(&l, text, keys_mark, e))
		return false;
	while (lines_next(&l, &line))
		if (!read_key_line(list, line, e))
			return err_in(e, "line %zu", l.number);
	return true;
}

void badge_keys_write(struct buf *out, const struct badge_keys *list)
{
	buf_add_str(out, keys_mark);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < list->count; i++) {
		badge_key_write(out, &list->keys[i]);
		if (list->keys[i].until_ms)
			buf_printf(out, " until %s", clock_text(list->keys[i].until_ms).s);
		buf_add_char(out, '\n');
	}
}

/* ---- revoked badges ---- */

static int compare(const void *a, const void *b)
{
	return id_compare(*(const struct id *)a, *(const struct id *)b);
}

bool badge_revoked_read(
	struct badge_revoked *out, struct bytes text, struct arena *a, struct err *e)
{
	struct buf ids = BUF_IN(a);
	struct lines l;
	struct str line;
	struct id id;

	if (!lines_open(&l, text, revoked_mark, e))
		return false;
	while (lines_next(&l, &line)) {
		if (!id_read(line, &id))
			return err_set(e, ERR_MALFORMED, "line %zu: no badge's id", l.number);
		buf_add(&ids, id_bytes(&id));
	}
	out->count = ids.len / sizeof(id);
	out->ids = ARENA_ARRAY(a, out->count, struct id);
	if (out->count) {
		memcpy(out->ids, ids.p, ids.len);
		qsort(out->ids, out->count, sizeof(id), compare);
	}
	return true;
}

bool badge_revoked_has(const struct badge_revoked *list, struct id id)
{
	return list->count && bsearch(&id, list->ids, list->count, sizeof(id), compare);
}

void badge_revoked_write_mark(struct buf *out)
{
	buf_add_str(out, revoked_mark);
	buf_add_char(out, '\n');
}

void badge_revoked_write_id(struct buf *out, struct id id)
{
	id_write(out, id);
	buf_add_char(out, '\n');
}

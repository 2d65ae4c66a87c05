#include "firmware-tools/commands/judge.h"

#include <stdlib.h>

#include "core/base/clock.h"
#include "core/base/config.h"
#include "core/base/text.h"
#include "core/tag/event_key.h"

static const struct str keys_mark = STR_INIT("kith-event-keys-1");
static const struct str revoked_mark = STR_INIT(JUDGE_REVOKED_MARK);

static bool take_digits(struct str *s, size_t n, char after, int *out)
{
	uint64_t value;

	if (s->len < n + 1 || s->p[n] != after || !str_u64(str_sub(*s, 0, n), &value))
		return false;
	*out = (int)value;
	*s = str_sub(*s, n + 1, s->len);
	return true;
}

bool judge_time_read(struct str s, int64_t *ms)
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
	return true;
}

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

static bool add_key(struct judge *j, struct badge_key key, struct err *e)
{
	if (j->key_count == JUDGE_KEYS_MAX)
		return err_set(e, ERR_TOO_LARGE, "more than %d keys", JUDGE_KEYS_MAX);
	for (size_t i = 0; i < j->key_count; i++)
		if (j->keys[i].number == key.number && j->keys[i].event == key.event)
			return err_set(e, ERR_CONFLICT, "key %u of event %lu is there twice",
				key.number, (unsigned long)key.event);
	j->keys[j->key_count++] = key;
	return true;
}

static bool read_key_line(struct judge *j, struct str line, struct err *e)
{
	struct badge_key key;
	struct str word;

	if (!str_split(&line, ' ', &word) || !badge_key_read(&key, word, e))
		return false;
	line = str_trim(line);
	if (line.len && (!str_starts(line, STR("until ")) ||
				!judge_time_read(str_sub(line, 6, line.len), &key.until_ms)))
		return err_set(e, ERR_MALFORMED,
			"behind a key stands nothing, or \"until\" and a time as in "
			"2026-12-01T00:00:00Z");
	return add_key(j, key, e);
}

bool judge_keys_read(struct judge *j, struct bytes text, struct err *e)
{
	struct lines l;
	struct str line;

	if (!lines_open(&l, text, keys_mark, e))
		return false;
	while (lines_next(&l, &line))
		if (!read_key_line(j, line, e))
			return err_in(e, "line %zu", l.number);
	return true;
}

void judge_keys_write(struct buf *out, const struct judge *j)
{
	buf_add_str(out, keys_mark);
	buf_add_char(out, '\n');
	for (size_t i = 0; i < j->key_count; i++) {
		badge_key_write(out, &j->keys[i]);
		if (j->keys[i].until_ms)
			buf_printf(out, " until %s", clock_text(j->keys[i].until_ms).s);
		buf_add_char(out, '\n');
	}
}

static int compare(const void *a, const void *b)
{
	return id_compare(*(const struct id *)a, *(const struct id *)b);
}

bool judge_revoked_read(struct judge *j, struct bytes text, struct arena *a, struct err *e)
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
	j->revoked_count = ids.len / sizeof(id);
	j->revoked = ARENA_ARRAY(a, j->revoked_count, struct id);
	if (j->revoked_count) {
		memcpy(j->revoked, ids.p, ids.len);
		qsort(j->revoked, j->revoked_count, sizeof(id), compare);
	}
	return true;
}

bool judge_is_revoked(const struct judge *j, struct id id)
{
	return j->revoked_count && bsearch(&id, j->revoked, j->revoked_count, sizeof(id), compare);
}

static bool open_keys(
	struct judge *j, const struct judge_options *o, struct arena *a, struct err *e)
{
	struct event_key secret;
	struct badge_key key;
	struct bytes text;

	if (o->key_word && (!badge_key_read(&key, str_of(o->key_word), e) || !add_key(j, key, e)))
		return false;
	if (o->key_file) {
		if (!event_key_read_file(&secret, o->key_file, a, e))
			return false;
		key = event_key_public(&secret);
		crypto_wipe(&secret, sizeof(secret));
		if (!add_key(j, key, e))
			return false;
	}
	if (o->keys_file &&
		(!file_read(&text, o->keys_file, JUDGE_FILE_MAX, a, e) ||
			(!judge_keys_read(j, text, e) && !err_in(e, "%s", o->keys_file))))
		return false;
	return true;
}

bool judge_open(struct judge *j, const struct judge_options *o, struct arena *a, struct err *e)
{
	struct bytes text;

	j->key_count = j->revoked_count = 0;
	if (!o->key_file && !o->key_word && !o->keys_file)
		return err_set(e, ERR_USAGE, "give --key, --key-public or --keys to judge by");
	if (!open_keys(j, o, a, e))
		return false;
	if (j->key_count == 0)
		return err_set(e, ERR_MALFORMED, "%s holds no key", o->keys_file);
	if (o->revoked_file &&
		(!file_read(&text, o->revoked_file, JUDGE_FILE_MAX, a, e) ||
			(!judge_revoked_read(j, text, a, e) && !err_in(e, "%s", o->revoked_file))))
		return false;
	return true;
}

static bool knows_event(const struct judge *j, uint32_t event)
{
	for (size_t i = 0; i < j->key_count; i++)
		if (j->keys[i].event == event)
			return true;
	return false;
}

struct judgement judge_badge(
	const struct judge *j, const struct badge *b, struct bytes uid, int64_t now_ms)
{
	enum badge_verdict v = BADGE_FOREIGN_EVENT;

	if (knows_event(j, b->event))
		v = badge_verify(b, j->keys, j->key_count, b->event, uid, now_ms);
	if (v == BADGE_OK && judge_is_revoked(j, b->id))
		return (struct judgement){ false, "revoked", "this badge was revoked" };
	return (struct judgement){ v == BADGE_OK, badge_verdict_name(v), badge_verdict_words(v) };
}

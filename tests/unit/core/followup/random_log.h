/* A log made of bytes: each choice takes one, so that a test and a fuzzer walk the same ground. */
#pragma once

#include "core/base/clock.h"
#include "core/followup/followup.h"

enum { LOG_DAY_MS = 86400000, LOG_MAX = 96, LOG_PEOPLE = 5, LOG_FIRST_DAY = 20000 };

struct random_log {
	const uint8_t *bytes;
	size_t len, at;
	struct fact facts[LOG_MAX];
	size_t count;
	struct id lists[LOG_MAX][2];
	struct str topics[LOG_MAX];
};

static unsigned log_next(struct random_log *l, unsigned below)
{
	return l->at < l->len && below ? l->bytes[l->at++] % below : 0;
}

static struct id log_id(size_t n)
{
	struct id id = { { 1 } };

	id.b[4] = (uint8_t)(n >> 8);
	id.b[5] = (uint8_t)n;
	id.b[10] = (uint8_t)(n * 7);
	return id;
}

static struct id log_person(unsigned n)
{
	struct id id = { { 2 } };

	id.b[1] = (uint8_t)(n * 59 + 1);
	id.b[9] = (uint8_t)n;
	return id;
}

/* An earlier entry, mostly; now and then one that is not there (yet). */
static struct id log_some(struct random_log *l)
{
	return log_id(1 + log_next(l, (unsigned)l->count + 2));
}

/* One by which somebody is known, mostly. */
static struct id log_tie(struct random_log *l)
{
	size_t from = log_next(l, (unsigned)l->count + 1);

	for (size_t i = from; i > 0; i--)
		if (fact_is_tie(&l->facts[i - 1]))
			return l->facts[i - 1].id;
	return log_some(l);
}

/* The key of something that an earlier entry causes. */
static struct id log_key(struct random_log *l)
{
	static const enum followup_kind of_tie[] = { FOLLOWUP_HELLO, FOLLOWUP_KEEP_IN_TOUCH,
		FOLLOWUP_FACE_TIME, FOLLOWUP_REPORT_BACK };
	size_t n = log_next(l, (unsigned)l->count + 1);
	const struct fact *f;

	for (; n > 1 && (l->facts[n - 1].kind == ENTRY_FOLLOWUP_STATE ||
				l->facts[n - 1].kind > ENTRY_INTRODUCE);)
		n--;
	if (n == 0)
		return log_id(1);
	f = &l->facts[n - 1];
	switch (f->kind) {
	case ENTRY_FOLLOWUP:
		return followup_key(f->id, f->what == FOLLOWUP_REFERRAL && log_next(l, 2)
						   ? FOLLOWUP_REPORT_BACK
						   : f->what);
	case ENTRY_FAVOUR:
		return followup_key(
			f->id, f->way == FAVOUR_RECEIVED ? FOLLOWUP_THANKS : FOLLOWUP_PROMISE);
	case ENTRY_INTRODUCE:
		return followup_key(
			f->id, log_next(l, 2) ? FOLLOWUP_INTRODUCE : of_tie[log_next(l, 4)]);
	default:
		return followup_key(f->id, of_tie[log_next(l, 4)]);
	}
}

static void log_details(struct random_log *l, struct fact *f)
{
	size_t n = l->count;

	switch (f->kind) {
	case ENTRY_MEETING:
		f->person = log_person(log_next(l, LOG_PEOPLE));
		break;
	case ENTRY_CONTACT:
		f->person = f->id;
		break;
	case ENTRY_FOLLOWUP:
		f->what = (enum followup_kind)log_next(l, FOLLOWUP_KIND_COUNT);
		f->of = f->what == FOLLOWUP_SHARE && log_next(l, 2) ? (struct id){ { 0 } }
								    : log_tie(l);
		f->about = log_tie(l);
		f->day = LOG_FIRST_DAY + (int64_t)n + log_next(l, 20) - 5;
		f->topics = &l->topics[log_next(l, 8)];
		f->topic_count = 1;
		break;
	case ENTRY_FOLLOWUP_STATE:
		f->item = log_key(l);
		f->state = (enum followup_state)log_next(l, 4);
		f->worked = f->state == FOLLOWUP_DONE && log_next(l, 2) == 0;
		f->day = LOG_FIRST_DAY + (int64_t)n + log_next(l, 40);
		break;
	case ENTRY_FAVOUR:
		f->of = log_tie(l);
		f->way = (enum favour_way)log_next(l, 4);
		break;
	case ENTRY_INTRODUCE:
		f->asks = log_next(l, 2) != 0;
		f->other = log_person(log_next(l, LOG_PEOPLE));
		if (f->asks && log_next(l, 2))
			f->person = log_person(log_next(l, LOG_PEOPLE));
		f->a = f->asks ? f->a : log_tie(l);
		f->b = f->asks ? f->b : log_tie(l);
		f->said[0] = (enum fact_said)log_next(l, 3);
		f->said[1] = (enum fact_said)log_next(l, 3);
		break;
	case ENTRY_NOTE:
		f->of = log_tie(l);
		f->topics = &l->topics[log_next(l, 8)];
		f->topic_count = 1;
		f->prompt = (enum note_prompt)log_next(l, 3);
		break;
	case ENTRY_MERGE:
		l->lists[n][0] = log_tie(l);
		l->lists[n][1] = log_tie(l);
		f->list = l->lists[n];
		f->list_count = 2;
		break;
	case ENTRY_SETTING:
		f->name = log_next(l, 2) ? STR("rhythm") : STR("goal/people");
		f->text = log_next(l, 2) ? STR("14") : STR("0");
		break;
	case ENTRY_CONSENT:
		f->of = log_some(l);
		f->said[0] = (enum fact_said)log_next(l, 3);
		break;
	case ENTRY_BUDDY:
		f->person = log_person(log_next(l, LOG_PEOPLE));
		break;
	default: /* retract, hide */
		f->of = log_some(l);
		break;
	}
	if (f->kind != ENTRY_MERGE && log_next(l, 4) == 0 && n > 0) {
		l->lists[n][0] = log_some(l);
		f->after = l->lists[n];
		f->after_count = 1;
	}
}

static void log_make(struct random_log *l, size_t most)
{
	static const enum entry_kind kinds[] = { ENTRY_MEETING, ENTRY_MEETING, ENTRY_MEETING,
		ENTRY_CONTACT, ENTRY_FOLLOWUP, ENTRY_FOLLOWUP, ENTRY_FOLLOWUP, ENTRY_FOLLOWUP_STATE,
		ENTRY_FOLLOWUP_STATE, ENTRY_FOLLOWUP_STATE, ENTRY_FOLLOWUP_STATE, ENTRY_FAVOUR,
		ENTRY_FAVOUR, ENTRY_INTRODUCE, ENTRY_INTRODUCE, ENTRY_NOTE, ENTRY_NOTE, ENTRY_MERGE,
		ENTRY_SETTING, ENTRY_CONSENT, ENTRY_BUDDY, ENTRY_RETRACT, ENTRY_HIDE };
	static const char *const topics[] = { "rust", "maps", "tea", "Rust", "go", "paper", "",
		"x" };

	for (size_t i = 0; i < LOG_MAX; i++)
		l->topics[i] = str_of(topics[i % ARRAY_LEN(topics)]);
	while (l->count < most && l->at < l->len) {
		struct fact *f = &l->facts[l->count];

		*f = (struct fact){ .kind = kinds[log_next(l, ARRAY_LEN(kinds))],
			.id = log_id(l->count + 1),
			.text = STR_INIT("rust and maps") };
		f->event = 1 + log_next(l, 2);
		f->at_ms = (LOG_FIRST_DAY + (int64_t)l->count) * LOG_DAY_MS +
			   (int64_t)log_next(l, 24) * 3600000;
		log_details(l, f);
		l->count++;
	}
}

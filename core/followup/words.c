#include "core/followup/language.h"

#include "core/base/clock.h"

const struct language *language_find(const struct languages *all, struct str lang)
{
	struct str main = str_sub(lang, 0, str_find_char(lang, '-', 0));
	const struct language *english = all->items[0];

	for (size_t i = 0; i < all->count; i++) {
		struct str name = str_of(all->items[i]->lang);

		if (str_equal_nocase(name, main))
			return all->items[i];
		if (str_equal(name, STR("en")))
			english = all->items[i];
	}
	return english;
}

/* What stands for {name}. */
struct slot {
	const char *name;
	struct str value;
};

static struct str word(const struct slot *slots, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(str_of(slots[i].name), name))
			return slots[i].value;
	return (struct str){ NULL, 0 };
}

/* False, and out as it was, when a word of the line is empty. */
static bool fill_line(struct buf *out, struct str line, const struct slot *slots, size_t n)
{
	size_t start = out->len;

	while (line.len > 0) {
		size_t open = str_find_char(line, '{', 0), close;
		struct str value;

		buf_add_str(out, str_sub(line, 0, open));
		if (open == SIZE_MAX)
			break;
		close = str_find_char(line, '}', open);
		value = word(slots, n, str_sub(line, open + 1, close));
		if (value.len == 0) {
			out->len = start;
			return false;
		}
		buf_add_str(out, value);
		line = str_sub(line, close + 1, line.len);
	}
	return true;
}

/*
 * A sentence of parts, with a | between them: a part whose word is missing is left out. Its end
 * keeps the full stop that it had.
 */
static void fill_parts(struct buf *out, struct str line, const struct slot *slots, size_t n)
{
	bool stop = str_ends(line, STR(".")) || str_ends(line, STR("?"));
	char last = stop ? line.p[line.len - 1] : 0;
	size_t start = out->len;
	struct str part;

	while (str_split(&line, '|', &part))
		(void)fill_line(out, part, slots, n);
	if (out->len > out->cap)
		return;
	while (out->len > start && (out->p[out->len - 1] == ' ' || out->p[out->len - 1] == ','))
		out->len--;
	if (stop && out->len > start && out->p[out->len - 1] != (uint8_t)last)
		buf_add_char(out, last);
}

/* Every word that a sentence may hold, with the memory of those that are made here. */
struct filling {
	char date_text[64], count_text[16], nth_text[24], given_text[16], received_text[16];
	struct slot slots[10];
};

enum { SLOTS = 10 };

static struct str date_words(struct buf *out, const struct language *l, int64_t day)
{
	char day_text[8];
	struct buf d = BUF_ON(day_text);
	int year, month, day_of_month;

	if (day == INT64_MIN)
		return STR("");
	clock_civil(day, &year, &month, &day_of_month);
	buf_add_i64(&d, day_of_month);
	const struct slot of_date[] = { { "day", buf_str(&d) },
		{ "month", str_of(l->months[month - 1]) } };

	(void)fill_line(out, str_of(l->date), of_date, ARRAY_LEN(of_date));
	return buf_str(out);
}

/* 1st 2nd 3rd 4th, 11th 12th 13th, 21st */
static struct str nth_words(struct buf *out, const struct language *l, unsigned n)
{
	char number[16];
	struct buf digits = BUF_ON(number);
	unsigned last = n / 10 % 10 == 1 ? 0 : n % 10;
	bool own = last >= 1 && last <= ARRAY_LEN(l->nth_last) && l->nth_last[last - 1];

	buf_add_u64(&digits, n);
	const struct slot slots[] = { { "n", buf_str(&digits) } };

	(void)fill_line(out, str_of(own ? l->nth_last[last - 1] : l->nth), slots, ARRAY_LEN(slots));
	return buf_str(out);
}

static struct str number_words(struct buf *out, unsigned n)
{
	buf_add_u64(out, n);
	return buf_str(out);
}

static void fill(struct filling *f, const struct language *l, const struct draft_words *w,
	int64_t day, unsigned count, unsigned given, unsigned received)
{
	struct buf date = BUF_ON(f->date_text), n = BUF_ON(f->count_text),
		   nth = BUF_ON(f->nth_text);
	struct buf g = BUF_ON(f->given_text), r = BUF_ON(f->received_text);
	const struct slot all[SLOTS] = {
		{ "them", w->them },
		{ "me", w->me },
		{ "event", w->event },
		{ "topic", w->topic },
		{ "by", w->by },
		{ "date", date_words(&date, l, day) },
		{ "count", number_words(&n, count) },
		{ "nth", nth_words(&nth, l, count) },
		{ "given", number_words(&g, given) },
		{ "received", number_words(&r, received) },
	};

	memcpy(f->slots, all, sizeof(all));
}

void followup_title(struct buf *out, const struct followup_item *item, const struct draft_words *w)
{
	const struct language *l = w->language;
	const char *title = l->titles_why[item->why];
	struct draft_words known = *w;
	struct filling f;

	if (known.them.len == 0)
		known.them = STR("?");
	if (known.by.len == 0)
		known.by = STR("?");
	fill(&f, l, &known, item->due, item->met.count, 0, 0);
	fill_parts(out, str_of(title ? title : l->titles[item->kind]), f.slots, SLOTS);
}

/* The day that a reason speaks of: met again, the time before. */
static int64_t why_day(const struct followup_item *item)
{
	if (item->why == WHY_MET)
		return item->met.last;
	if (item->why == WHY_MET_AGAIN)
		return item->met.before;
	return item->since;
}

void followup_why(struct buf *out, const struct followup_item *item, const struct draft_words *w)
{
	const struct language *l = w->language;
	struct draft_words known = *w;
	struct filling f;

	if (item->why == WHY_LEAD)
		known.topic = item->topic;
	fill(&f, l, &known, why_day(item), item->met.count, 0, 0);
	fill_parts(out, str_of(l->whys[item->why]), f.slots, SLOTS);
}

void followup_place_says(struct buf *out, enum followup_place place, const struct language *l)
{
	buf_add_str(out, str_of(l->places[place]));
}

static void write_draft(struct buf *subject, struct buf *body, const struct draft_text *t,
	const struct language *l, const struct followup_item *item, const struct draft_words *w)
{
	struct str rest = str_of(t->body), line;
	struct filling f;

	fill(&f, l, w, item->due, item->met.count, 0, 0);
	fill_parts(subject, str_of(t->subject), f.slots, SLOTS);
	while (str_split(&rest, '\n', &line))
		if (fill_line(body, line, f.slots, SLOTS) && rest.p)
			buf_add_char(body, '\n');
}

void followup_draft(struct buf *subject, struct buf *body, const struct followup_item *item,
	const struct draft_words *w)
{
	const struct language *l = w->language;
	const struct draft_text *t = &l->drafts_why[item->why];

	write_draft(subject, body, t->subject ? t : &l->drafts[item->kind], l, item, w);
}

void followup_decline(struct buf *subject, struct buf *body, const struct followup_item *item,
	const struct draft_words *w)
{
	const struct language *l = w->language;

	write_draft(
		subject, body, &l->decline[item->kind == FOLLOWUP_REFERRAL ? 0 : 1], l, item, w);
}

bool followup_line(struct buf *out, enum followup_line line, const struct draft_words *w,
	int64_t day, unsigned n, unsigned m)
{
	const struct language *l = w->language;
	struct filling f;

	fill(&f, l, w, day, 0, n, m);
	return fill_line(out, str_of(l->lines[line]), f.slots, SLOTS);
}

#include "core/followup/kinds.h"

#include "core/base/clock.h"

static const char *const kind_names[] = {
#define X(kind, name, days, loop, soft) [kind] = name,
	FOLLOWUP_KINDS(X)
#undef X
};
static const char *const state_names[] = { "open", "snooze", "drop", "done" };
static const char *const way_names[] = { "offered", "given", "asked", "received" };

static bool find_name(const char *const *names, size_t n, struct str name, unsigned *out)
{
	for (size_t i = 0; i < n; i++) {
		if (str_equal(str_of(names[i]), name)) {
			*out = (unsigned)i;
			return true;
		}
	}
	return false;
}

const char *followup_kind_name(enum followup_kind kind)
{
	return kind_names[kind];
}

bool followup_kind_read(struct str name, enum followup_kind *out)
{
	unsigned n;

	if (!find_name(kind_names, ARRAY_LEN(kind_names), name, &n))
		return false;
	*out = (enum followup_kind)n;
	return true;
}

const char *followup_state_name(enum followup_state state)
{
	return state_names[state];
}

bool followup_state_read(struct str name, enum followup_state *out)
{
	unsigned n;

	if (!find_name(state_names, ARRAY_LEN(state_names), name, &n))
		return false;
	*out = (enum followup_state)n;
	return true;
}

const char *favour_way_name(enum favour_way way)
{
	return way_names[way];
}

bool favour_way_read(struct str name, enum favour_way *out)
{
	unsigned n;

	if (!find_name(way_names, ARRAY_LEN(way_names), name, &n))
		return false;
	*out = (enum favour_way)n;
	return true;
}

bool followup_date_read(struct str s, int64_t *day)
{
	uint64_t y, m, d;
	int year, month, day_of_month;

	if (s.len != 10 || s.p[4] != '-' || s.p[7] != '-' || !str_u64(str_sub(s, 0, 4), &y) ||
		!str_u64(str_sub(s, 5, 7), &m) || !str_u64(str_sub(s, 8, 10), &d) || m < 1 ||
		m > 12 || d < 1)
		return false;
	*day = clock_day_of((int)y, (int)m, (int)d);
	/* 31 April turns into 1 May and is so found out */
	clock_civil(*day, &year, &month, &day_of_month);
	return year == (int)y && month == (int)m && day_of_month == (int)d;
}

/* n as exactly that many digits, without printf: this also runs on the phone. */
static void add_digits(struct buf *out, int n, int digits)
{
	int scale = 1;

	for (int i = 1; i < digits; i++)
		scale *= 10;
	for (; scale > 0; scale /= 10)
		buf_add_char(out, (char)('0' + n / scale % 10));
}

struct followup_date followup_date_text(int64_t day)
{
	struct followup_date t = { { 0 } };
	struct buf out = BUF_ON(t.s);
	int year, month, day_of_month;

	clock_civil(day, &year, &month, &day_of_month);
	add_digits(&out, year < 0 ? 0 : year, 4);
	buf_add_char(&out, '-');
	add_digits(&out, month, 2);
	buf_add_char(&out, '-');
	add_digits(&out, day_of_month, 2);
	return t;
}

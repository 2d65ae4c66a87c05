/*
 * bench-plan: the follow-up rules over a year. Without options 10,000 attendees are planned; with
 * --year [SEED] one year is lived through day by day, checked, and told week by week.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "core/base/clock.h"
#include "core/followup/language.h"
#include "core/followup/plan_json.h"
#include "tests/bench/stats.h"
#include "tests/bench/year.h"

enum { DAY_MS = 86400000, MARKS = 4, LONG_YEARS = 64, ROUNDS = 5 };

static uint64_t cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* One year, told */

struct telling {
	const struct year *year;
	unsigned days, most_today, week;
	unsigned people, leads, followed;
	size_t entries;
};

static void tell_item(const struct telling *t, const struct followup_item *item)
{
	char text[600];
	struct buf b = BUF_ON(text);
	char by[64] = "";
	struct buf other = BUF_ON(by);
	struct draft_words w = { .language = &language_en, .event = STR_INIT("the event") };

	if (!id_is_none(item->by))
		buf_add_str(&other, year_name(t->year, item->by));
	w.by = buf_str(&other);
	w.topic = item->text;
	if (item->who)
		w.them = year_name(t->year, item->person);
	followup_title(&b, item, &w);
	buf_lit(&b, " | ");
	followup_why(&b, item, &w);
	buf_lit(&b, " | ");
	followup_place_says(&b, item->place, &language_en);
	printf("    %s  " STR_FMT "\n", followup_date_text(item->due).s, STR_ARG(buf_str(&b)));
}

static void tell_week(struct telling *t, const struct followup_plan *plan)
{
	const struct followup_week *w = &plan->goals.weeks[1];
	const struct followup_item *first[FOLLOWUP_KIND_COUNT] = { NULL };
	unsigned now = 0, waiting = 0, later = 0, snoozed = 0;

	for (size_t i = 0; i < plan->open; i++) {
		const struct followup_item *item = &plan->items[i];

		snoozed += item->state == FOLLOWUP_SNOOZE;
		waiting += item->place == PLACE_WAITING;
		now += item->state == FOLLOWUP_OPEN && item->due <= plan->today;
		later += item->state == FOLLOWUP_OPEN && item->due > plan->today;
	}
	t->people += w->people;
	t->leads += w->leads;
	t->followed += w->followed;
	t->week++;
	printf("week %u, from %s: %u new people (goal %u), %u leads (goal %u), %u people followed "
	       "up\n",
		t->week, followup_date_text(w->monday).s, w->people, plan->goals.people, w->leads,
		plan->goals.leads, w->followed);
	printf("  then to do: %u today, %u of them late and waited for; %u later, %u put off\n",
		now, waiting, later, snoozed);
	/* of each kind the first, since what is ignored stays at the top */
	for (size_t i = plan->open; i-- > 0;)
		if (plan->items[i].state == FOLLOWUP_OPEN && plan->items[i].due <= plan->today)
			first[plan->items[i].kind] = &plan->items[i];
	for (int k = 0; k < FOLLOWUP_KIND_COUNT; k++)
		if (first[k])
			tell_item(t, first[k]);
}

static void tell_end(const struct telling *t, const struct followup_plan *plan)
{
	unsigned met = 0, twice = 0, closed = 0;

	for (size_t i = 0; i < plan->person_count; i++) {
		met += plan->persons[i].tie_count > 0;
		twice += plan->persons[i].met.count > 1;
	}
	for (size_t i = 0; i < plan->loop_count; i++)
		closed += !plan->loops[i].open;
	printf("the year: %zu entries, %u people known, %u met at least twice, %zu loops of which "
	       "%u are"
	       " closed; gave %u, received %u, offered %u, asked %u; at most %u to do on one day\n",
		t->entries, met, twice, plan->loop_count, closed, plan->balance.given,
		plan->balance.received, plan->balance.offered, plan->balance.asked, t->most_today);
}

static bool live_year(unsigned seed, bool told)
{
	struct year *y = year_new(seed, YEAR_FIRST_DAY, 1, true);
	struct telling t = { .year = y };
	struct arena a = { 0 };
	const struct followup_plan *plan;
	struct followup_plan last;
	int64_t day, monday = 0;
	bool ok = true;
	const struct fact *facts;

	while (ok && year_day(y, &plan, &day)) {
		unsigned now = 0;

		if (!plan)
			continue;
		t.days++;
		for (size_t i = 0; i < plan->open; i++)
			now += plan->items[i].state == FOLLOWUP_OPEN &&
			       plan->items[i].due <= plan->today;
		t.most_today = now > t.most_today ? now : t.most_today;
		if (told && plan->goals.weeks[0].monday != monday)
			tell_week(&t, plan);
		monday = plan->goals.weeks[0].monday;
		if (year_wrong(y)) {
			fprintf(stderr, "seed %u, %s: %s\n", seed, followup_date_text(day).s,
				year_wrong(y));
			ok = false;
		}
	}
	facts = year_facts(y, &t.entries);
	followup_plan(&last, facts, t.entries, &playbook_default,
		(YEAR_FIRST_DAY + (int64_t)YEAR_DAYS) * DAY_MS, 0, &a);
	if (told)
		tell_end(&t, &last);
	arena_finish(&a);
	year_free(y);
	return ok;
}

/* 10,000 attendees, timed */

struct cost {
	uint64_t ns, entries, plans;
	uint64_t *each; /* ns of each attendee's plan of the whole year */
};

static uint64_t time_plan(const struct fact *facts, size_t n, int64_t now_ms, struct arena *a)
{
	struct followup_plan plan;
	uint64_t start = cpu_ns(), end;

	followup_plan(&plan, facts, n, &playbook_default, now_ms, 0, a);
	end = cpu_ns();
	arena_reset(a);
	return end - start;
}

static void measure(struct cost *c, const struct fact *facts, size_t n, struct arena *a)
{
	int64_t now_ms = n > 0 ? facts[n - 1].at_ms : 0;

	c->ns += time_plan(facts, n, now_ms, a);
	c->entries += n;
	c->plans++;
}

/* Each attendee's plan after a quarter, a half, three quarters and all of the year's entries. */
static void plan_attendees(unsigned attendees, unsigned seed)
{
	struct cost marks[MARKS] = { 0 };
	uint64_t *each = calloc(attendees, sizeof(*each));
	struct arena a = { 0 };

	if (!each)
		abort();
	for (unsigned i = 0; i < attendees; i++) {
		struct year *y = year_new(seed + i, YEAR_FIRST_DAY, 7, false);
		const struct followup_plan *plan;
		const struct fact *facts;
		int64_t day;
		size_t n;

		while (year_day(y, &plan, &day))
			;
		facts = year_facts(y, &n);
		for (size_t m = 0; m < MARKS; m++) {
			uint64_t before = marks[m].ns;

			measure(&marks[m], facts, n * (m + 1) / MARKS, &a);
			each[i] = marks[m].ns - before;
		}
		year_free(y);
	}
	arena_finish(&a);
	for (size_t m = 0; m < MARKS; m++)
		printf("%zu quarters of the year: %.0f entries each, %.1f us a plan, %.0f ns an "
		       "entry\n",
			m + 1, (double)marks[m].entries / attendees,
			(double)marks[m].ns / 1000 / attendees,
			(double)marks[m].ns / (double)marks[m].entries);
	stats_result("plan_attendees", attendees, GOAL_NONE, 0);
	stats_result(
		"plan_entries_each", (double)marks[MARKS - 1].entries / attendees, GOAL_NONE, 0);
	stats_result("plan_us", (double)marks[MARKS - 1].ns / 1000 / attendees, GOAL_NONE, 0);
	stats_result("plan_p99_us", (double)stats_percentile(each, attendees, 0.99) / 1000,
		GOAL_NONE, 0);
	stats_result("plan_entry_ns",
		(double)marks[MARKS - 1].ns / (double)marks[MARKS - 1].entries, GOAL_NONE, 0);
	stats_result("plan_entry_whole_over_quarter",
		(double)marks[MARKS - 1].ns / (double)marks[MARKS - 1].entries /
			((double)marks[0].ns / (double)marks[0].entries),
		GOAL_AT_MOST, 1.25);
	free(each);
}

/* One log that holds the years of many: other people each year, as in a long life. */
static double long_life(unsigned years, unsigned seed)
{
	struct arena facts_memory = { 0 }, a = { 0 };
	struct fact *all = NULL;
	struct year **lived = calloc(years, sizeof(*lived));
	size_t count = 0, at = 0;
	double best = 0;

	if (!lived)
		abort();
	for (unsigned i = 0; i < years; i++) {
		const struct followup_plan *plan;
		int64_t day;
		size_t n;

		lived[i] = year_new(
			seed + i, YEAR_FIRST_DAY - (int64_t)(years - 1 - i) * YEAR_DAYS, 7, false);
		while (year_day(lived[i], &plan, &day))
			;
		(void)year_facts(lived[i], &n);
		count += n;
	}
	all = arena_array(&facts_memory, count, sizeof(*all));
	for (unsigned i = 0; i < years; i++) {
		size_t n;
		const struct fact *facts = year_facts(lived[i], &n);

		memcpy(all + at, facts, n * sizeof(*all));
		at += n;
	}
	for (int r = 0; r < ROUNDS; r++) {
		double ns = (double)time_plan(all, count,
				    (YEAR_FIRST_DAY + (int64_t)YEAR_DAYS) * DAY_MS, &a) /
			    (double)count;

		best = r == 0 || ns < best ? ns : best;
	}
	printf("%u years in one log: %zu entries, %.0f ns an entry\n", years, count, best);
	for (unsigned i = 0; i < years; i++)
		year_free(lived[i]);
	free(lived);
	arena_finish(&facts_memory);
	arena_finish(&a);
	return best;
}

static int usage(FILE *out, int status)
{
	fprintf(out, "usage: bench-plan [-n ATTENDEES] [-s SEED] [--no-long]\n"
		     "       bench-plan --year [-s SEED]    one year, week by week\n"
		     "       bench-plan --check YEARS       so many years, checked day by day\n");
	return status;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "year", no_argument, NULL, 'y' },
		{ "check", required_argument, NULL, 'c' }, { "no-long", no_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' }, { 0 } };
	unsigned attendees = 10000, seed = 1, check = 0;
	bool told = false, with_long = true;
	double one, many;
	int c;

	while ((c = getopt_long(argc, argv, "n:s:", options, NULL)) != -1) {
		if (c == 'n')
			attendees = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 's')
			seed = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'c')
			check = (unsigned)strtoul(optarg, NULL, 10);
		else if (c == 'y')
			told = true;
		else if (c == 'l')
			with_long = false;
		else
			return usage(c == 'h' ? stdout : stderr, c == 'h' ? 0 : 64);
	}
	if (told)
		return live_year(seed, true) ? 0 : 1;
	for (unsigned i = 0; i < check; i++)
		if (!live_year(seed + i, false))
			return 1;
	if (check > 0 || attendees == 0)
		return 0;
	plan_attendees(attendees, seed);
	if (!with_long)
		return 0;
	one = long_life(1, seed);
	(void)long_life(8, seed);
	many = long_life(LONG_YEARS, seed);
	stats_result("plan_entry_64_years_over_1", many / one, GOAL_AT_MOST, 4);
	return 0;
}

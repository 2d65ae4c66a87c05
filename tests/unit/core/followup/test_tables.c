/*
 * Tables: tests/data/followup/NAME.in is a log with lines "plan DAY" in it, NAME.out what each of
 * them answers. KITH_TABLES_WRITE=1 writes the .out files instead: read what changed before it is
 * committed.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/unit/test.h"

#include "core/followup/language.h"
#include "tests/unit/core/followup/script.h"

enum { FILE_MAX = 64 << 10 };

static struct str read_file(const char *path, struct arena *a)
{
	char *text = arena_alloc(a, FILE_MAX);
	FILE *f = fopen(path, "rb");
	size_t n = f ? fread(text, 1, FILE_MAX, f) : 0;

	if (f)
		(void)fclose(f);
	return (struct str){ text, n };
}

static struct str name_of(const struct script *s, struct id key)
{
	for (size_t i = 0; i < s->people_count; i++)
		if (id_equal(s->people[i].id, key))
			return s->people[i].name;
	return STR("?");
}

static void add_day(struct buf *out, const char *what, int64_t day)
{
	if (day == INT64_MIN)
		return;
	buf_add_str(out, str_of(what));
	buf_add_str(out, str_of(followup_date_text(day).s));
}

static struct draft_words words_for(const struct script *s, const struct followup_item *item)
{
	return (struct draft_words){ .language = &language_en,
		.me = STR_INIT("Ana"),
		.them = item->who ? name_of(s, item->person) : STR(""),
		.event = STR_INIT("C Meetup"),
		.topic = item->text,
		.by = id_is_none(item->by) ? STR("") : name_of(s, item->by) };
}

static void write_item(struct buf *out, const struct script *s, const struct followup_item *item)
{
	static const char *const places[] = { "waiting ", "late ", "", "snoozed ", "" };
	struct draft_words w = words_for(s, item);

	buf_add_str(out, str_of(places[item->place]));
	if (item_is_finished(item)) {
		buf_add_str(out, str_of(followup_state_name(item->state)));
		add_day(out, " ", clock_day(item->changed_ms + s->zone_ms));
	} else {
		add_day(out, "", item->state == FOLLOWUP_SNOOZE ? item->until : item->due);
	}
	buf_add_char(out, ' ');
	buf_add_str(out, str_of(followup_kind_name(item->kind)));
	buf_lit(out, ": ");
	followup_title(out, item, &w);
	buf_lit(out, " | ");
	followup_why(out, item, &w);
	for (size_t i = 0; i < item->also_count; i++) {
		buf_lit(out, " +");
		buf_add_str(out, name_of(s, item->also[i]));
	}
	if (item->hint)
		buf_lit(out, " (hint)");
	if (item->stale)
		buf_lit(out, " (let it go?)");
	buf_add_char(out, '\n');
}

static void write_person(struct buf *out, const struct script *s, const struct followup_person *p)
{
	buf_add_str(out, name_of(s, p->key));
	buf_lit(out, ": met ");
	buf_add_u64(out, p->met.count);
	add_day(out, ", contact ", p->contact_day);
	add_day(out, ", face ", p->face_day);
	buf_lit(out, ", rhythm ");
	buf_add_i64(out, p->rhythm_days);
	buf_printf(out, ", gave %u got %u offered %u asked %u", p->balance.given,
		p->balance.received, p->balance.offered, p->balance.asked);
	if (p->promised > 0)
		buf_printf(out, ", promised %u", p->promised);
	for (size_t i = 0; i < p->offer_count; i++) {
		buf_lit(out, ", open offer ");
		buf_add_str(out, p->offers[i]->text);
	}
	for (size_t i = 0; i < p->ask_count; i++) {
		buf_lit(out, ", open ask ");
		buf_add_str(out, p->asks[i]->text);
	}
	for (size_t i = 0; i < p->topic_count; i++) {
		buf_add_str(out, i ? STR(" ") : STR(", topics "));
		buf_add_str(out, p->topics[i]);
	}
	if (!id_is_none(p->introduced_by)) {
		buf_lit(out, ", introduced by ");
		buf_add_str(out, name_of(s, p->introduced_by));
	}
	buf_add_char(out, '\n');
}

static void write_loop(struct buf *out, const struct script *s, const struct followup_loop *l)
{
	static const char *const kinds[] = { "referral by ", "introduced by ", "introduced " };

	buf_add_str(out, str_of(kinds[l->kind]));
	buf_add_str(out, name_of(s, l->person));
	if (!id_is_none(l->about)) {
		buf_lit(out, " to ");
		buf_add_str(out, name_of(s, l->about));
	}
	add_day(out, ", asked ", l->asked);
	add_day(out, ", acted ", l->acted);
	add_day(out, ", declined ", l->declined);
	add_day(out, ", reported ", l->reported);
	add_day(out, ", thanked ", l->thanked);
	buf_add_str(out, l->worked ? STR(", worked") : STR(""));
	buf_add_str(out, l->open ? STR(", open\n") : STR(", closed\n"));
}

static void write_goals(struct buf *out, const struct followup_goals *g)
{
	for (int i = 0; i <= GOAL_WEEKS; i++) {
		const struct followup_week *w = &g->weeks[i];

		if (i > 0 && w->people + w->leads + w->followed == 0)
			continue;
		add_day(out, "week of ", w->monday);
		buf_printf(out, ": %u people, %u leads, %u followed up\n", w->people, w->leads,
			w->followed);
	}
}

static void write_brief(
	struct buf *out, struct script *s, const struct followup_plan *plan, struct str who)
{
	struct id expected[20];
	struct followup_brief brief;
	struct str name;
	size_t n = 0;

	while (str_split(&who, ',', &name))
		expected[n++] = script_person(name);
	followup_brief(&brief, plan, expected, n, &s->arena);
	for (size_t i = 0; i < brief.count; i++) {
		buf_lit(out, "brief: ");
		write_person(out, s, brief.persons[i]);
	}
}

/* "plan DAY [people] [loops] [goals] [draft KIND] [decline KIND] [brief NAME,NAME]" */
static void answer(struct buf *out, struct script *s, struct str line)
{
	struct followup_plan plan;
	struct str word;
	int64_t now;

	(void)str_split(&line, ' ', &word);
	(void)str_split(&line, ' ', &word);
	now = script_time(word) - s->zone_ms;
	followup_plan(
		&plan, s->facts, s->fact_count, &playbook_default, now, s->zone_ms, &s->arena);
	buf_lit(out, "== ");
	buf_add_str(out, word);
	if (plan.good_until_ms != INT64_MAX)
		add_day(out, " until ", clock_day(plan.good_until_ms + s->zone_ms));
	buf_add_char(out, '\n');
	for (size_t i = 0; i < plan.count; i++)
		write_item(out, s, &plan.items[i]);
	while (line.p && str_split(&line, ' ', &word)) {
		if (str_equal(word, STR("people")))
			for (size_t i = 0; i < plan.person_count; i++)
				write_person(out, s, &plan.persons[i]);
		if (str_equal(word, STR("loops")))
			for (size_t i = 0; i < plan.loop_count; i++)
				write_loop(out, s, &plan.loops[i]);
		if (str_equal(word, STR("goals")))
			write_goals(out, &plan.goals);
		if (str_equal(word, STR("brief"))) {
			(void)str_split(&line, ' ', &word);
			write_brief(out, s, &plan, word);
		}
	}
}

static void run_table(const char *folder, const char *name)
{
	static struct script s;
	struct arena files = { 0 };
	char path[512];
	struct str in, line;
	struct buf out = BUF_IN(&files);

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	in = read_file(path, &files);
	assert_true(in.len > 0);
	s = (struct script){ 0 };
	while (str_split(&in, '\n', &line)) {
		if (line.len == 0 || line.p[0] == '#')
			continue;
		if (str_starts(line, STR("zone "))) {
			int64_t minutes;

			assert_true(str_i64(str_sub(line, 5, line.len), &minutes));
			s.zone_ms = minutes * 60000;
		} else if (str_starts(line, STR("plan "))) {
			answer(&out, &s, line);
		} else {
			script_line(&s, line);
		}
	}
	memcpy(path + strlen(path) - 2, "out", 4);
	if (getenv("KITH_TABLES_WRITE")) {
		FILE *f = fopen(path, "wb");

		assert_non_null(f);
		assert_int_equal(fwrite(out.p, 1, out.len, f), out.len);
		assert_int_equal(fclose(f), 0);
	} else if (!str_equal(read_file(path, &files), buf_str(&out))) {
		fail_msg("%s: the answer is now\n" STR_FMT, path, STR_ARG(buf_str(&out)));
	}
	arena_finish(&s.arena);
	arena_finish(&files);
}

static void every_table_gives_its_answer(void **state)
{
	const char *folder = TEST_DATA "/followup";
	DIR *d = opendir(folder);
	struct dirent *entry;
	int count = 0;

	(void)state;
	assert_non_null(d);
	while ((entry = readdir(d))) {
		if (!str_ends(str_of(entry->d_name), STR(".in")))
			continue;
		run_table(folder, entry->d_name);
		count++;
	}
	(void)closedir(d);
	assert_true(count > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_table_gives_its_answer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

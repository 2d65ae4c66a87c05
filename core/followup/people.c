/* What is known of each person, the balance of giving, settings and goals. */
#include "core/followup/world.h"

enum { RHYTHM_MAX = 3650 };

static int by_name(const void *a, const void *b)
{
	const struct fact *const *x = a, *const *y = b;
	int order = str_compare((*x)->name, (*y)->name);

	return order ? order : id_compare((*x)->id, (*y)->id);
}

/* Of each name the highest id that nothing replaces. */
void plan_settings(struct world *w)
{
	struct followup_plan *plan = w->plan;
	const struct fact **all;
	size_t kept = 0;

	plan->settings = ARENA_ARRAY(w->arena, w->count, const struct fact *);
	for (size_t i = 0; i < w->count; i++)
		if (w->nodes[i].fact->kind == ENTRY_SETTING && !world_replaced(w, w->nodes[i].fact))
			plan->settings[plan->setting_count++] = w->nodes[i].fact;
	world_sort(plan->settings, plan->setting_count, sizeof(*plan->settings), by_name);
	all = ARENA_ARRAY(w->arena, plan->setting_count, const struct fact *);
	plan->settings_after = ARENA_ARRAY(w->arena, plan->setting_count, struct followup_heads);
	if (plan->setting_count > 0)
		memcpy(all, plan->settings, plan->setting_count * sizeof(*all));
	for (size_t from = 0, to; from < plan->setting_count; from = to) {
		for (to = from;
			to < plan->setting_count && str_equal(all[to]->name, all[from]->name);)
			to++;
		plan->settings[kept] = all[to - 1];
		plan->settings_after[kept++] = (struct followup_heads){ all + from, to - from };
	}
	plan->setting_count = kept;
}

static int number_setting(const struct followup_plan *plan, struct str name, int fallback, int max)
{
	struct str value;
	uint64_t n;

	if (!followup_setting(plan, name, &value) || !str_u64(value, &n))
		return fallback;
	return n > (uint64_t)max ? max : (int)n;
}

/* "rhythm/TIE": the newest of a person's ties. */
static void read_rhythms(struct world *w)
{
	static const struct str prefix = STR_INIT("rhythm/");
	const struct fact **from = ARENA_ARRAY(
		w->arena, w->plan->person_count, const struct fact *);

	for (size_t i = 0; i < w->plan->setting_count; i++) {
		const struct fact *f = w->plan->settings[i];
		const struct node *tie;
		struct id id;
		uint64_t days;

		if (!str_starts(f->name, prefix) ||
			!id_read(str_sub(f->name, prefix.len, f->name.len), &id) ||
			!str_u64(f->text, &days))
			continue;
		tie = world_find(w, id);
		if (!tie || tie->who == NOBODY ||
			(from[tie->who] && id_compare(from[tie->who]->id, f->id) > 0))
			continue;
		from[tie->who] = f;
		w->plan->persons[tie->who].rhythm_days = days > RHYTHM_MAX ? RHYTHM_MAX : (int)days;
		w->plan->persons[tie->who].own_rhythm = true;
	}
}

/* Two phones and a kiosk may each write down that these two stand together: that is one meeting. */
enum { SAME_MEETING_MS = 10 * 60 * 1000 };

static int by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void count_meeting(struct followup_met *met, int64_t day)
{
	met->first = met->count == 0 ? day : met->first;
	met->count++;
	if (day > met->last) {
		met->before = met->last;
		met->last = day;
	} else {
		met->before = day;
	}
}

static void count_meetings(const struct world *w, struct followup_person *p)
{
	int64_t *times = ARENA_ARRAY(w->arena, p->tie_count, int64_t), since = 0;
	size_t n = 0;

	p->met.first = p->met.last = p->met.before = NEVER;
	p->contact_day = p->face_day = NEVER;
	for (size_t i = 0; i < p->tie_count; i++) {
		int64_t day = world_day(w, p->ties[i]->at_ms);

		p->contact_day = day > p->contact_day ? day : p->contact_day;
		if (p->ties[i]->kind == ENTRY_INTRODUCE) {
			uint32_t by = world_person(w, p->ties[i]->other);

			if (id_is_none(p->introduced_by) && &w->plan->persons[by] != p)
				p->introduced_by = w->plan->persons[by].key;
			continue;
		}
		times[n++] = p->ties[i]->at_ms;
	}
	world_sort(times, n, sizeof(*times), by_time);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && times[i] - since < SAME_MEETING_MS)
			continue;
		since = times[i];
		count_meeting(&p->met, world_day(w, since));
	}
	p->face_day = p->met.last;
}

struct word {
	struct str text;
	size_t at; /* the more, the newer */
};

static int by_text(const void *a, const void *b)
{
	const struct word *x = a, *y = b;
	int order = str_compare(x->text, y->text);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

static int by_age(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

static void collect_topics(struct world *w, struct followup_person *p)
{
	struct word *words;
	struct str *topics;
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < p->note_count; i++)
		n += p->notes[i]->topic_count;
	if (n == 0)
		return;
	words = ARENA_ARRAY(w->arena, n, struct word);
	topics = ARENA_ARRAY(w->arena, n, struct str);
	n = 0;
	for (size_t i = 0; i < p->note_count; i++)
		for (size_t t = 0; t < p->notes[i]->topic_count; t++, n++)
			words[n] = (struct word){ p->notes[i]->topics[t], n };
	world_sort(words, n, sizeof(*words), by_text);
	for (size_t i = 0; i < n; i++)
		if (i + 1 == n || !str_equal(words[i].text, words[i + 1].text))
			words[kept++] = words[i];
	world_sort(words, kept, sizeof(*words), by_age);
	for (size_t i = 0; i < kept; i++)
		topics[i] = words[i].text;
	p->topics = topics;
	p->topic_count = kept;
}

void plan_people(struct world *w)
{
	int rhythm = number_setting(
		w->plan, STR("rhythm"), w->playbook->days[FOLLOWUP_KEEP_IN_TOUCH], RHYTHM_MAX);

	for (size_t i = 0; i < w->plan->person_count; i++) {
		struct followup_person *p = &w->plan->persons[i];

		p->rhythm_days = rhythm;
		count_meetings(w, p);
		collect_topics(w, p);
		for (size_t k = w->favours.start[i]; k < w->favours.start[i + 1]; k++) {
			int64_t day = world_day(w, w->favours.items[k]->at_ms);

			p->contact_day = day > p->contact_day ? day : p->contact_day;
		}
	}
	read_rhythms(w);
}

void plan_contacts(struct world *w)
{
	for (size_t i = 0; i < w->finish_count; i++) {
		struct followup_person *p = &w->plan->persons[w->finishes[i].who];

		if (w->finishes[i].day > p->contact_day)
			p->contact_day = w->finishes[i].day;
	}
}

void person_gave(struct world *w, uint32_t who)
{
	w->plan->persons[who].balance.given++;
}

/* Are all items of that kind which these followups at a tie cause finished, and is there one? */
static bool said_finished(struct world *w, struct id tie, enum followup_kind what)
{
	size_t n;
	const struct named *x = index_find(&w->said, tie, &n);
	bool any = false;

	for (; n > 0; n--, x++) {
		struct id key = followup_key(x->fact->id, what);
		struct verdict v;

		if (x->fact->what != what)
			continue;
		v = world_judge(w, &key, 1, NOBODY);
		any = true;
		if (!v.decides || v.decides->state < FOLLOWUP_DROP)
			return false;
	}
	return any;
}

static bool is_settled(struct world *w, const struct fact *f)
{
	struct id key = followup_key(f->id, FOLLOWUP_PROMISE);
	struct verdict v;
	size_t kept;

	(void)index_find(&w->kept, f->id, &kept);
	if (kept > 0)
		return true;
	if (f->way == FAVOUR_ASKED)
		return said_finished(w, f->of, FOLLOWUP_INTRODUCE);
	v = world_judge(w, &key, 1, NOBODY);
	return (v.decides && v.decides->state >= FOLLOWUP_DROP) ||
	       said_finished(w, f->of, FOLLOWUP_PROMISE);
}

/* What was received and names no ask settles the oldest one before it. */
static void settle_ask(struct followup_person *p, const struct fact *f)
{
	if (f->after_count > 0 || p->ask_count == 0)
		return;
	p->asks++;
	p->ask_count--;
}

static void count_favour(struct world *w, struct followup_person *p, const struct fact *f)
{
	unsigned *const counts[] = { [FAVOUR_OFFERED] = &p->balance.offered,
		[FAVOUR_GIVEN] = &p->balance.given,
		[FAVOUR_ASKED] = &p->balance.asked,
		[FAVOUR_RECEIVED] = &p->balance.received };

	(*counts[f->way])++;
	if (f->way == FAVOUR_OFFERED && !is_settled(w, f))
		p->offers[p->offer_count++] = f;
	if (f->way == FAVOUR_ASKED && !is_settled(w, f))
		p->asks[p->ask_count++] = f;
	if (f->way == FAVOUR_RECEIVED)
		settle_ask(p, f);
}

void plan_balance(struct world *w)
{
	struct followup_balance *all = &w->plan->balance;

	for (size_t i = 0; i < w->plan->person_count; i++) {
		struct followup_person *p = &w->plan->persons[i];
		size_t from = w->favours.start[i], to = w->favours.start[i + 1];

		p->favours = w->favours.items + from;
		p->favour_count = to - from;
		p->offers = ARENA_ARRAY(w->arena, to - from, const struct fact *);
		p->asks = ARENA_ARRAY(w->arena, to - from, const struct fact *);
		for (size_t k = from; k < to; k++)
			count_favour(w, p, w->favours.items[k]);
		p->hint = p->balance.asked > 0 && p->balance.given == 0;
		all->offered += p->balance.offered;
		all->given += p->balance.given;
		all->asked += p->balance.asked;
		all->received += p->balance.received;
		w->plan->open_offers += (unsigned)p->offer_count;
		w->plan->open_asks += (unsigned)p->ask_count;
	}
}

/* 1970-01-01 was a Thursday. */
static int64_t monday_of(int64_t day)
{
	int64_t since = (day + 3) % 7;

	return day - (since < 0 ? since + 7 : since);
}

static struct followup_week *week_of(struct world *w, int64_t day)
{
	int64_t back = (w->plan->goals.weeks[0].monday - monday_of(day)) / 7;

	return day != NEVER && back >= 0 && back <= GOAL_WEEKS ? &w->plan->goals.weeks[back] : NULL;
}

static int by_week(const void *a, const void *b)
{
	const struct finish *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return (x->who > y->who) - (x->who < y->who);
}

static void count_first_met(struct world *w)
{
	for (size_t i = 0; i < w->plan->person_count; i++) {
		const struct followup_person *p = &w->plan->persons[i];
		int64_t first = INT64_MAX;
		struct followup_week *week;

		for (size_t k = 0; k < p->tie_count; k++) {
			int64_t day = world_day(w, p->ties[k]->at_ms);

			first = day < first ? day : first;
		}
		week = p->tie_count > 0 ? week_of(w, first) : NULL;
		if (week)
			week->people++;
	}
}

void plan_goals(struct world *w)
{
	struct followup_goals *g = &w->plan->goals;
	struct finish *done = ARENA_ARRAY(w->arena, w->finish_count, struct finish);

	g->people = (unsigned)number_setting(
		w->plan, STR("goal/people"), w->playbook->goal_people, 1000);
	g->leads = (unsigned)number_setting(
		w->plan, STR("goal/leads"), w->playbook->goal_leads, 1000);
	for (int i = 0; i <= GOAL_WEEKS; i++)
		g->weeks[i].monday = monday_of(w->today) - 7 * i;
	count_first_met(w);
	for (size_t i = 0; i < w->lead_count; i++) {
		struct followup_week *week = week_of(w, w->lead_days[i]);

		if (week)
			week->leads++;
	}
	for (size_t i = 0; i < w->finish_count; i++)
		done[i] = (struct finish){ monday_of(w->finishes[i].day), w->finishes[i].who };
	world_sort(done, w->finish_count, sizeof(*done), by_week);
	for (size_t i = 0; i < w->finish_count; i++) {
		struct followup_week *week = week_of(w, done[i].day);

		if (week && (i == 0 || by_week(&done[i], &done[i - 1]) != 0))
			week->followed++;
	}
}

#include "core/followup/plan_json.h"

#include <stdlib.h>

#include "core/base/clock.h"

static int by_name_id(const void *a, const void *b)
{
	const struct plan_name *x = a, *y = b;

	return id_compare(x->id, y->id);
}

static int by_event(const void *a, const void *b)
{
	const struct plan_event *x = a, *y = b;

	return (x->event > y->event) - (x->event < y->event);
}

void plan_words_sort(struct plan_words *w)
{
	if (w->people_count > 1)
		qsort(w->people, w->people_count, sizeof(*w->people), by_name_id);
	if (w->event_count > 1)
		qsort(w->events, w->event_count, sizeof(*w->events), by_event);
}

/* Merged: the name under the person's key, else under any of their ids. */
static struct plan_name name_of(const struct plan_words *w, const struct followup_person *p)
{
	struct plan_name best = { .name = STR_INIT("") };

	for (size_t i = 0; p && i < p->id_count && w->people_count > 0; i++) {
		struct plan_name key = { .id = p->ids[i] };
		const struct plan_name *hit = bsearch(
			&key, w->people, w->people_count, sizeof(key), by_name_id);

		if (hit && hit->name.len > 0 && (best.name.len == 0 || id_equal(hit->id, p->key)))
			best = *hit;
	}
	return best;
}

static struct str event_name(const struct plan_words *w, uint32_t event)
{
	struct plan_event key = { .event = event };
	const struct plan_event *hit = w->event_count ? bsearch(&key, w->events, w->event_count,
								sizeof(key), by_event)
						      : NULL;

	return hit ? hit->name : STR("");
}

/* "Ana Maria Müller" is greeted as "Ana". */
static struct str first_word(struct str name)
{
	return str_sub(name, 0, str_find_char(name, ' ', 0));
}

static void day_member(struct json_writer *w, const char *key, int64_t day)
{
	json_str(w, key, str_of(followup_date_text(day).s));
}

static void day_if(struct json_writer *w, const char *key, int64_t day)
{
	if (day != INT64_MIN)
		day_member(w, key, day);
}

static void text_if(struct json_writer *w, const char *key, struct str value)
{
	if (value.len > 0)
		json_str(w, key, value);
}

static void id_if(struct json_writer *w, const char *key, struct id id)
{
	if (!id_is_none(id))
		json_id(w, key, id);
}

static void write_met(struct json_writer *w, const struct followup_met *met)
{
	json_open(w, "met", '{');
	json_u64(w, "count", met->count);
	if (met->count > 0) {
		day_member(w, "first", met->first);
		day_member(w, "last", met->last);
	}
	if (met->count > 1)
		day_member(w, "before", met->before);
	json_close(w, '}');
}

static void write_balance(struct json_writer *w, const struct followup_balance *b)
{
	json_open(w, "balance", '{');
	json_u64(w, "offered", b->offered);
	json_u64(w, "given", b->given);
	json_u64(w, "asked", b->asked);
	json_u64(w, "received", b->received);
	json_close(w, '}');
}

/* What the notes say by a prompt, the newest last. */
static void write_prompts(struct json_writer *w, const char *key, const struct followup_person *p,
	enum note_prompt prompt)
{
	json_open(w, key, '[');
	for (size_t i = 0; p && i < p->note_count; i++)
		if (p->notes[i]->prompt == prompt && p->notes[i]->text.len > 0)
			json_str(w, NULL, p->notes[i]->text);
	json_close(w, ']');
}

static void write_texts(
	struct json_writer *w, const char *key, const struct fact *const *facts, size_t n)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < n; i++)
		if (facts[i]->text.len > 0)
			json_str(w, NULL, facts[i]->text);
	json_close(w, ']');
}

static void write_strings(struct json_writer *w, const char *key, const struct str *s, size_t n)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < n; i++)
		json_str(w, NULL, s[i]);
	json_close(w, ']');
}

static void write_ids(struct json_writer *w, const char *key, const struct id *ids, size_t n)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < n; i++)
		json_id(w, NULL, ids[i]);
	json_close(w, ']');
}

/* All that item texts share while one item is written. */
struct item_writer {
	struct json_writer *w;
	const struct followup_plan *plan;
	const struct plan_words *words;
	struct arena *arena;
	struct plan_name them;
	struct draft_words d; /* in the owner's language, with full names */
};

static void line_if(struct item_writer *x, enum followup_line line, struct str topic, int64_t day,
	unsigned n, unsigned m)
{
	struct buf text = BUF_IN(x->arena);
	struct draft_words d = x->d;

	d.topic = topic;
	if (followup_line(&text, line, &d, day, n, m))
		json_str(x->w, NULL, buf_str(&text));
}

/* Open offers first, then what else is promised, what was given and what they care for. */
static void write_whys(struct item_writer *x, const struct followup_item *item, struct str why)
{
	const struct followup_person *p = item->who;

	json_open(x->w, "whys", '[');
	json_str(x->w, NULL, why);
	for (size_t i = 0; p && i < p->offer_count; i++)
		if (!id_equal(p->offers[i]->id, item->source))
			line_if(x, LINE_OFFERED, p->offers[i]->text, INT64_MIN, 0, 0);
	for (size_t i = 0; p && i < p->promise_count; i++)
		if (!id_equal(p->promises[i]->id, item->source))
			line_if(x, LINE_PROMISED, p->promises[i]->text, p->promises[i]->day, 0, 0);
	for (size_t i = 0; p && i < p->ask_count; i++)
		line_if(x, LINE_ASKED, p->asks[i]->text, INT64_MIN, 0, 0);
	if (p && p->balance.given + p->balance.received > 0)
		line_if(x, LINE_BALANCE, STR(""), INT64_MIN, p->balance.given, p->balance.received);
	for (size_t i = 0; p && i < p->note_count; i++)
		if (p->notes[i]->prompt != PROMPT_NONE)
			line_if(x,
				p->notes[i]->prompt == PROMPT_WORKING ? LINE_WORKING : LINE_CARES,
				p->notes[i]->text, INT64_MIN, 0, 0);
	json_close(x->w, ']');
}

enum { TOPICS_SPOKEN_OF = 3 };

/* "You told me about maps, tea": the newest topics noted, else what they work on or care for. */
static struct str noted(const struct followup_person *p, struct arena *a)
{
	struct buf text = BUF_IN(a);
	size_t from = p->topic_count > TOPICS_SPOKEN_OF ? p->topic_count - TOPICS_SPOKEN_OF : 0;

	for (size_t i = from; i < p->topic_count; i++) {
		buf_add_str(&text, text.len > 0 ? STR(", ") : STR(""));
		buf_add_str(&text, p->topics[i]);
	}
	for (size_t i = p->note_count; i > 0 && text.len == 0; i--)
		if (p->notes[i - 1]->prompt != PROMPT_NONE)
			buf_add_str(&text, p->notes[i - 1]->text);
	return buf_str(&text);
}

/* What a draft speaks of: what was written down for it; where one only says hello, the notes. */
static struct str topic_of(const struct followup_item *item, struct arena *a)
{
	bool hello = item->kind == FOLLOWUP_HELLO || item->kind == FOLLOWUP_KEEP_IN_TOUCH ||
		     item->kind == FOLLOWUP_FACE_TIME;

	if (!hello || item->why == WHY_INTRODUCED || !item->who)
		return item->text;
	return noted(item->who, a);
}

typedef void draft_writer(struct buf *subject, struct buf *body, const struct followup_item *item,
	const struct draft_words *w);

/* In the language of whoever reads it. */
static void write_draft(struct item_writer *x, const char *key, const struct followup_item *item,
	draft_writer *write)
{
	struct buf subject = BUF_IN(x->arena), body = BUF_IN(x->arena);
	struct draft_words d = x->d;

	d.topic = topic_of(item, x->arena);
	d.me = first_word(x->words->me);
	d.them = first_word(x->them.name);
	if (x->them.lang.len > 0)
		d.language = language_find(x->words->languages, x->them.lang);
	write(&subject, &body, item, &d);
	json_open(x->w, key, '{');
	json_str(x->w, "subject", buf_str(&subject));
	json_str(x->w, "body", buf_str(&body));
	json_close(x->w, '}');
}

static const char *const place_names[PLACE_COUNT] = { "waiting", "late", "due", "snoozed",
	"finished" };

static void write_place(struct item_writer *x, const struct followup_item *item)
{
	struct buf says = BUF_IN(x->arena);

	followup_place_says(&says, item->place, x->d.language);
	json_open(x->w, "place", '{');
	json_str(x->w, "is", str_of(place_names[item->place]));
	json_str(x->w, "says", buf_str(&says));
	json_close(x->w, '}');
}

static void write_actions(struct json_writer *w, const struct followup_item *item)
{
	static const char *const names[] = { "draft", "ics", "decline", "worked", "answer", "give",
		"vcard" };

	json_open(w, "actions", '[');
	for (unsigned i = 0; i < ARRAY_LEN(names); i++)
		if (item->offers & 1u << i)
			json_str(w, NULL, str_of(names[i]));
	json_close(w, ']');
}

/* What is known of the person, as the item needs it. */
static void write_known(struct item_writer *x, const struct followup_item *item)
{
	const struct followup_person *p = item->who;

	write_ids(x->w, "also", item->also, item->also_count);
	if (!p)
		return;
	write_met(x->w, &item->met);
	write_balance(x->w, &p->balance);
	if (item->hint || item->stale) {
		struct buf hint = BUF_IN(x->arena);

		if (followup_line(
			    &hint, item->stale ? LINE_LET_GO : LINE_HINT, &x->d, INT64_MIN, 0, 0))
			json_str(x->w, "hint", buf_str(&hint));
	}
	write_texts(x->w, "offers", p->offers, p->offer_count);
	write_prompts(x->w, "cares", p, PROMPT_CARES);
	write_prompts(x->w, "working", p, PROMPT_WORKING);
}

static void write_person(struct json_writer *w, const struct item_writer *x, struct id key)
{
	json_open(w, "person", '{');
	json_id(w, "key", key);
	json_str(w, "name", x->them.name);
	json_close(w, '}');
}

void plan_write_item(struct json_writer *w, const struct followup_item *item, bool person_too,
	const struct plan_words *words, const struct followup_plan *plan, struct arena *a)
{
	struct item_writer x = { w, plan, words, a, name_of(words, item->who),
		{ .language = language_find(words->languages, words->lang), .me = words->me } };
	struct buf title = BUF_IN(a), why = BUF_IN(a);

	x.d.them = x.them.name;
	x.d.event = event_name(words, item->event);
	x.d.by = name_of(words, followup_person_find(plan, item->by)).name;
	x.d.topic = item->text;
	followup_title(&title, item, &x.d);
	followup_why(&why, item, &x.d);
	json_id(w, "key", item->key);
	json_str(w, "kind", str_of(followup_kind_name(item->kind)));
	json_str(w, "state", str_of(followup_state_name(item->state)));
	json_str(w, "title", buf_str(&title));
	day_member(w, "due", item->due);
	/* also of a snooze that is over: until today, said today, means this evening */
	if (item->until != 0)
		day_member(w, "until", item->until);
	json_bool(w, "overdue", item->overdue);
	write_place(&x, item);
	json_str(w, "why", buf_str(&why));
	write_whys(&x, item, buf_str(&why));
	text_if(w, "text", item->text);
	text_if(w, "topic", item->topic);
	if (item->topic_count > 0)
		write_strings(w, "topics", item->topics, item->topic_count);
	if (!id_is_none(item->of))
		json_uuid(w, "of", item->of);
	json_uuid(w, "source", item->source);
	json_u64(w, "event", item->event);
	id_if(w, "by", item->by);
	if (item->why == WHY_ASKED && !item_is_finished(item))
		json_bool(w, "asked", true);
	json_open(w, "after", '[');
	for (size_t i = 0; i < item->after_count; i++)
		json_uuid(w, NULL, item->after[i]);
	json_close(w, ']');
	if (item->changed_ms != 0)
		json_i64(w, "changed_ms", item->changed_ms);
	if (person_too && item->who)
		write_person(w, &x, item->person);
	write_known(&x, item);
	write_actions(w, item);
	if (item->offers & OFFER_DRAFT)
		write_draft(&x, "draft", item, followup_draft);
	if (item->offers & OFFER_DECLINE)
		write_draft(&x, "decline", item, followup_decline);
}

static void write_items(struct json_writer *w, const char *key, const struct followup_plan *plan,
	bool finished, const struct plan_words *words, struct arena *a)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < plan->count; i++) {
		if (item_is_finished(&plan->items[i]) != finished)
			continue;
		json_open(w, NULL, '{');
		plan_write_item(w, &plan->items[i], true, words, plan, a);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_ties(struct json_writer *w, const struct followup_person *p)
{
	static const char *const how[ENTRY_KIND_END] = { [ENTRY_MEETING] = "meeting",
		[ENTRY_CONTACT] = "contact",
		[ENTRY_INTRODUCE] = "introduction" };

	json_open(w, "ties", '[');
	for (size_t i = 0; i < p->tie_count; i++) {
		json_open(w, NULL, '{');
		json_uuid(w, "entry", p->ties[i]->id);
		json_u64(w, "event", p->ties[i]->event);
		json_i64(w, "at_ms", p->ties[i]->at_ms);
		json_str(w, "how", str_of(how[p->ties[i]->kind]));
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_notes(struct json_writer *w, const struct followup_person *p)
{
	static const char *const prompts[] = { NULL, "working", "cares" };

	json_open(w, "notes", '[');
	for (size_t i = 0; i < p->note_count; i++) {
		const struct fact *n = p->notes[i];

		json_open(w, NULL, '{');
		json_uuid(w, "entry", n->id);
		json_uuid(w, "of", n->of);
		json_i64(w, "at_ms", n->at_ms);
		json_str(w, "text", n->text);
		write_strings(w, "topics", n->topics, n->topic_count);
		if (n->prompt != PROMPT_NONE)
			json_str(w, "prompt", str_of(prompts[n->prompt]));
		json_close(w, '}');
	}
	json_close(w, ']');
}

static bool is_open(const struct fact *const *open, size_t n, const struct fact *f)
{
	for (size_t i = 0; i < n; i++)
		if (open[i] == f)
			return true;
	return false;
}

static void write_favours(struct json_writer *w, const struct followup_person *p)
{
	json_open(w, "favours", '[');
	for (size_t i = 0; i < p->favour_count; i++) {
		const struct fact *f = p->favours[i];
		bool closes = f->way == FAVOUR_OFFERED || f->way == FAVOUR_ASKED;

		json_open(w, NULL, '{');
		json_uuid(w, "entry", f->id);
		json_str(w, "way", str_of(favour_way_name(f->way)));
		json_str(w, "text", f->text);
		json_i64(w, "at_ms", f->at_ms);
		json_bool(w, "closed",
			closes && !is_open(p->offers, p->offer_count, f) &&
				!is_open(p->asks, p->ask_count, f));
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_merges(struct json_writer *w, const struct followup_person *p)
{
	json_open(w, "merges", '[');
	for (size_t i = 0; i < p->merge_count; i++)
		json_uuid(w, NULL, p->merges[i]->id);
	json_close(w, ']');
}

static void write_one_person(struct json_writer *w, const struct followup_person *p)
{
	json_open(w, NULL, '{');
	json_id(w, "key", p->key);
	write_ids(w, "ids", p->ids, p->id_count);
	write_ties(w, p);
	write_merges(w, p);
	write_met(w, &p->met);
	day_if(w, "last_contact", p->contact_day);
	day_if(w, "last_face_time", p->face_day);
	json_i64(w, "rhythm_days", p->rhythm_days);
	json_bool(w, "own_rhythm", p->own_rhythm);
	id_if(w, "introduced_by", p->introduced_by);
	write_balance(w, &p->balance);
	json_bool(w, "hint", p->hint);
	write_texts(w, "offers", p->offers, p->offer_count);
	write_texts(w, "asks", p->asks, p->ask_count);
	write_favours(w, p);
	write_notes(w, p);
	write_strings(w, "topics", p->topics, p->topic_count);
	write_prompts(w, "cares", p, PROMPT_CARES);
	write_prompts(w, "working", p, PROMPT_WORKING);
	json_u64(w, "open", p->open);
	json_u64(w, "promised", p->promised);
	json_close(w, '}');
}

static void write_goal(struct json_writer *w, const char *key, unsigned done, unsigned goal)
{
	json_open(w, key, '{');
	json_u64(w, "done", done);
	json_u64(w, "goal", goal);
	json_close(w, '}');
}

static void write_counts(struct json_writer *w, const struct followup_goals *g)
{
	write_goal(w, "people", g->weeks[0].people, g->people);
	write_goal(w, "leads", g->weeks[0].leads, g->leads);
	json_u64(w, "followed_up", g->weeks[0].followed);
}

void plan_write_counts(struct json_writer *w, const char *key, const struct followup_goals *g)
{
	json_open(w, key, '{');
	write_counts(w, g);
	json_close(w, '}');
}

static void write_goals(struct json_writer *w, const struct followup_goals *g)
{
	json_open(w, "goals", '{');
	write_counts(w, g);
	json_open(w, "weeks", '[');
	for (int i = GOAL_WEEKS; i >= 0; i--) {
		json_open(w, NULL, '{');
		day_member(w, "from", g->weeks[i].monday);
		json_u64(w, "people", g->weeks[i].people);
		json_u64(w, "leads", g->weeks[i].leads);
		json_u64(w, "followed_up", g->weeks[i].followed);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

static void write_loops(struct json_writer *w, const struct followup_plan *plan)
{
	static const char *const kinds[] = { "referral", "introduced", "introduce" };

	json_open(w, "loops", '[');
	for (size_t i = 0; i < plan->loop_count; i++) {
		const struct followup_loop *l = &plan->loops[i];

		json_open(w, NULL, '{');
		json_str(w, "kind", str_of(kinds[l->kind]));
		json_uuid(w, "of", l->entry);
		id_if(w, "person", l->person);
		id_if(w, "about", l->about);
		text_if(w, "text", l->text);
		day_if(w, "asked", l->asked);
		day_if(w, "acted", l->acted);
		day_if(w, "declined", l->declined);
		day_if(w, "reported", l->reported);
		day_if(w, "thanked", l->thanked);
		json_bool(w, "worked", l->worked);
		json_bool(w, "open", l->open);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void write_settings(struct json_writer *w, const struct followup_plan *plan)
{
	json_open(w, "settings", '[');
	for (size_t i = 0; i < plan->setting_count; i++) {
		json_open(w, NULL, '{');
		json_str(w, "name", plan->settings[i]->name);
		json_str(w, "value", plan->settings[i]->text);
		json_open(w, "after", '[');
		for (size_t k = 0; k < plan->settings_after[i].count; k++)
			json_uuid(w, NULL, plan->settings_after[i].entries[k]->id);
		json_close(w, ']');
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* Two things to ask somebody: what they work on or care for, and the open questions. */
static void write_questions(struct item_writer *x, const struct followup_person *p)
{
	unsigned asked = 0;

	json_open(x->w, "questions", '[');
	for (size_t i = p->note_count; i > 0 && asked < 1; i--) {
		const struct fact *n = p->notes[i - 1];

		if (n->prompt == PROMPT_NONE || n->text.len == 0)
			continue;
		line_if(x,
			n->prompt == PROMPT_WORKING ? LINE_QUESTION_WORKING : LINE_QUESTION_CARES,
			n->text, INT64_MIN, 0, 0);
		asked++;
	}
	if (asked == 0 && p->topic_count > 0) {
		line_if(x, LINE_QUESTION_CARES, p->topics[p->topic_count - 1], INT64_MIN, 0, 0);
		asked++;
	}
	if (asked == 0)
		line_if(x, LINE_QUESTION_OPEN, STR(""), INT64_MIN, 0, 0);
	line_if(x, LINE_QUESTION_HELP, STR(""), INT64_MIN, 0, 0);
	json_close(x->w, ']');
}

static void write_brief(struct json_writer *w, const struct followup_plan *plan,
	const struct plan_words *words, struct arena *a)
{
	struct item_writer x = { w, plan, words, a, { .name = STR_INIT("") },
		{ .language = language_find(words->languages, words->lang), .me = words->me } };
	struct followup_brief brief;

	followup_brief(&brief, plan, words->expected, words->expected_count, a);
	json_open(w, "brief", '[');
	for (size_t i = 0; i < brief.count; i++) {
		const struct followup_person *p = brief.persons[i];

		x.them = name_of(words, p);
		json_open(w, NULL, '{');
		write_person(w, &x, p->key);
		write_met(w, &p->met);
		json_open(w, "promises", '[');
		for (size_t k = 0; k < p->promise_count; k++) {
			json_open(w, NULL, '{');
			text_if(w, "text", p->promises[k]->text);
			day_member(w, "due", p->promises[k]->day);
			json_close(w, '}');
		}
		json_close(w, ']');
		write_texts(w, "offers", p->offers, p->offer_count);
		write_texts(w, "asks", p->asks, p->ask_count);
		write_prompts(w, "cares", p, PROMPT_CARES);
		write_prompts(w, "working", p, PROMPT_WORKING);
		write_questions(&x, p);
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* The goals begin a new week at the owner's next Monday, whatever the items do. */
int64_t plan_good_until(const struct followup_plan *plan)
{
	int64_t week = (plan->goals.weeks[0].monday + 7) * 86400000 - plan->zone_ms;

	return plan->good_until_ms < week ? plan->good_until_ms : week;
}

void plan_write_json(struct json_writer *w, const struct followup_plan *plan,
	const struct plan_words *words, struct arena *a)
{
	json_open(w, NULL, '{');
	day_member(w, "today", plan->today);
	json_i64(w, "good_until_ms", plan_good_until(plan));
	json_u64(w, "open", plan->open);
	write_items(w, "items", plan, false, words, a);
	write_items(w, "done", plan, true, words, a);
	json_open(w, "persons", '[');
	for (size_t i = 0; i < plan->person_count; i++)
		write_one_person(w, &plan->persons[i]);
	json_close(w, ']');
	write_goals(w, &plan->goals);
	write_balance(w, &plan->balance);
	json_u64(w, "open_offers", plan->open_offers);
	json_u64(w, "open_asks", plan->open_asks);
	write_loops(w, plan);
	write_ids(w, "buddies", plan->buddies, plan->buddy_count);
	write_settings(w, plan);
	if (words->expected)
		write_brief(w, plan, words, a);
	json_close(w, '}');
}

/*
 * Logs written as lines, for the tables in tests/data/followup. One entry a line:
 *
 *	LABEL DAY[THH:MM] KIND NAME=VALUE ... text=the rest of the line
 *
 * of=, about=, a=, b= and after= name labels (after= and of= of a merge a comma list), item= names
 * LABEL/KIND, other= and with= somebody by any word. The payload goes through fact_read, as on
 * server and phone. Ids grow from line to line, as UUIDv7 do; a person's id is the word itself.
 */
#pragma once

#include "core/base/clock.h"
#include "core/followup/plan_json.h"

enum { SCRIPT_MAX = 400 };

struct script {
	struct arena arena;
	struct {
		struct str label;
		struct id id;
	} labels[SCRIPT_MAX];
	size_t count;
	struct fact facts[SCRIPT_MAX];
	size_t fact_count;
	struct plan_name people[SCRIPT_MAX];
	size_t people_count;
	int64_t zone_ms;
};

static struct id script_person(struct str word)
{
	struct id id = { { 'p' } };

	for (size_t i = 0; i < word.len && i < sizeof(id.b) - 1; i++)
		id.b[i + 1] = (uint8_t)word.p[i];
	return id;
}

static struct id script_entry(size_t line)
{
	struct id id = { { 0x01 } };

	id.b[4] = (uint8_t)(line >> 8);
	id.b[5] = (uint8_t)line;
	id.b[6] = 0x70;
	id.b[8] = 0x80;
	id.b[9] = (uint8_t)(line * 37);
	return id;
}

static struct id script_find(const struct script *s, struct str label)
{
	for (size_t i = 0; i < s->count; i++)
		if (str_equal(s->labels[i].label, label))
			return s->labels[i].id;
	fail_msg("no entry \"" STR_FMT "\" before this line", STR_ARG(label));
	return (struct id){ { 0 } };
}

static struct str script_uuid(struct script *s, struct id id)
{
	return arena_str(&s->arena, str_of(id_uuid_text(id).s));
}

/* "f1/referral": the key of the item that f1 causes; "f1+f2/thanks": of the thanks for a success.
 */
static struct str script_key(struct script *s, struct str value)
{
	struct str label, kind = value;
	enum followup_kind k;
	struct id id;

	(void)str_split(&kind, '/', &label);
	if (!followup_kind_read(kind, &k))
		fail_msg("no kind in \"" STR_FMT "\"", STR_ARG(value));
	id = followup_key(script_find(s, label), k);
	return arena_str(&s->arena, str_of(id_text(id).s));
}

static bool is_one_of(struct str name, const char *words)
{
	struct str rest = str_of(words), word;

	while (str_split(&rest, ' ', &word))
		if (str_equal(word, name))
			return true;
	return false;
}

static struct str script_value(struct script *s, struct str name, struct str value)
{
	if (is_one_of(name, "of about a b after"))
		return script_uuid(s, script_find(s, value));
	if (str_equal(name, STR("item")))
		return script_key(s, value);
	if (str_equal(name, STR("with")))
		return script_uuid(s, script_person(value));
	return value;
}

static void script_name(struct script *s, struct id id, struct str name)
{
	for (size_t i = 0; i < s->people_count; i++)
		if (id_equal(s->people[i].id, id))
			return;
	s->people[s->people_count++] = (struct plan_name){ id, name, STR("") };
}

static int64_t script_time(struct str when)
{
	int64_t day;
	uint64_t hour = 12, minute = 0;

	if (!followup_date_read(str_sub(when, 0, 10), &day) ||
		(when.len > 10 && (!str_u64(str_sub(when, 11, 13), &hour) ||
					  !str_u64(str_sub(when, 14, 16), &minute))))
		fail_msg("no time: \"" STR_FMT "\"", STR_ARG(when));
	return day * 86400000 + (int64_t)hour * 3600000 + (int64_t)minute * 60000;
}

/* The names and values of a line, into the source; "event" and "other" go beside the payload. */
static void script_fields(struct script *s, struct fact_source *from, struct str rest)
{
	struct fact_field *fields = ARENA_ARRAY(&s->arena, 40, struct fact_field);
	struct str word, name, part;

	from->fields = fields;
	while (rest.len > 0) {
		rest = str_trim(rest);
		if (str_starts(rest, STR("text=")) || str_starts(rest, STR("card=")) ||
			str_starts(rest, STR("value="))) {
			word = rest;
			rest = STR("");
		} else {
			(void)str_split(&rest, ' ', &word);
		}
		(void)str_split(&word, '=', &name);
		if (str_equal(name, STR("event"))) {
			uint64_t n;

			assert_true(str_u64(word, &n));
			from->event = (uint32_t)n;
		} else if (str_equal(name, STR("other"))) {
			from->other = script_person(word);
			script_name(s, from->other, word);
		} else if (str_equal(name, STR("card"))) {
			script_name(s, from->id, word);
		} else if (is_one_of(name, "after topics of")) {
			while (str_split(&word, ',', &part))
				fields[from->count++] = (struct fact_field){ name,
					script_value(s, name, part) };
		} else {
			if (str_equal(name, STR("with")))
				script_name(s, script_person(word), word);
			fields[from->count++] = (struct fact_field){ name,
				script_value(s, name, word) };
		}
	}
}

static void script_line(struct script *s, struct str line)
{
	struct fact_source from = { .event = 1, .own = true };
	struct str label, when, kind;

	(void)str_split(&line, ' ', &label);
	(void)str_split(&line, ' ', &when);
	(void)str_split(&line, ' ', &kind);
	if (!entry_kind_read(kind, &from.kind))
		fail_msg("no kind of entry: \"" STR_FMT "\"", STR_ARG(kind));
	from.id = script_entry(s->count + 1);
	from.at_ms = script_time(when) - s->zone_ms;
	script_fields(s, &from, line.p ? line : STR(""));
	s->labels[s->count].label = label;
	s->labels[s->count++].id = from.id;
	if (!fact_read(&s->facts[s->fact_count], &from, &s->arena))
		fail_msg("the rules have no use for \"" STR_FMT "\"", STR_ARG(label));
	s->fact_count++;
}

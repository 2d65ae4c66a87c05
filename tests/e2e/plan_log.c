/*
 * plan-log: plans logs natively, by the server's own reading of payloads, for whoever compares.
 * A line of standard input is {"now_ms","zone_min","lang","me","people":[{"key","name","lang"?}],
 * "events":[{"event","name"}],"expected"?:[ID],"facts":[ROW]}, ROW as in GET /v1/me/log; the answer
 * is a line with the plan of docs/api.md.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "core/base/json.h"
#include "core/followup/plan_json.h"
#include "server/store/queue_facts.h"

static struct str text(const struct json *o, const char *key)
{
	struct str s;

	return json_get_str(o, key, &s) ? s : STR("");
}

static int64_t number(const struct json *o, const char *key)
{
	int64_t n;

	return json_get_i64(o, key, &n) ? n : 0;
}

static struct id id_at(const struct json *o, const char *key)
{
	struct id id = { { 0 } };

	return json_get_id(o, key, &id) ? id : (struct id){ { 0 } };
}

static size_t length(const struct json *list)
{
	return list ? list->count : 0;
}

static void read_words(struct plan_words *w, const struct json *o, struct arena *a)
{
	const struct json *people = json_get(o, "people"), *events = json_get(o, "events");
	const struct json *expected = json_get(o, "expected");
	struct id *ids = ARENA_ARRAY(a, length(expected) + 1, struct id);

	*w = (struct plan_words){ .languages = &languages_all,
		.lang = text(o, "lang"),
		.me = text(o, "me"),
		.people = ARENA_ARRAY(a, length(people), struct plan_name),
		.events = ARENA_ARRAY(a, length(events), struct plan_event) };
	for (const struct json *x = people ? people->first : NULL; x; x = x->next)
		w->people[w->people_count++] = (struct plan_name){ id_at(x, "key"), text(x, "name"),
			text(x, "lang") };
	for (const struct json *x = events ? events->first : NULL; x; x = x->next)
		w->events[w->event_count++] = (struct plan_event){ (uint32_t)number(x, "event"),
			text(x, "name") };
	for (const struct json *x = expected ? expected->first : NULL; x; x = x->next)
		(void)!id_read(x->text, &ids[w->expected_count++]);
	w->expected = expected ? ids : NULL;
	plan_words_sort(w);
}

static size_t read_facts(struct fact *facts, const struct json *rows, struct arena *a)
{
	size_t count = 0;

	for (const struct json *row = rows ? rows->first : NULL; row; row = row->next) {
		struct fact_source from = { .id = id_at(row, "entry"),
			.event = (uint32_t)number(row, "event"),
			.at_ms = number(row, "at_ms"),
			.other = id_at(row, "other") };

		if (!entry_kind_read(text(row, "kind"), &from.kind) ||
			!json_get_bool(row, "own", &from.own))
			continue;
		from.fields = queue_fields(json_get(row, "payload"), &from.count, a);
		count += fact_read(&facts[count], &from, a);
	}
	return count;
}

static bool plan_line(struct str line, struct buf *out, struct arena *a, struct err *e)
{
	struct json_writer w = JSON_TO(out);
	struct plan_words words;
	struct followup_plan plan;
	const struct json *rows;
	struct fact *facts;
	struct json *o;
	size_t count;

	if (!json_read(&o, str_bytes(line), a, e))
		return false;
	read_words(&words, o, a);
	rows = json_get(o, "facts");
	facts = ARENA_ARRAY(a, length(rows), struct fact);
	count = read_facts(facts, rows, a);
	followup_plan(&plan, facts, count, &playbook_default, number(o, "now_ms"),
		number(o, "zone_min") * 60000, a);
	plan_write_json(&w, &plan, &words, a);
	return true;
}

int main(void)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	int status = 0;

	while (status == 0 && (len = getline(&line, &room, stdin)) > 0) {
		struct arena a = { 0 };
		struct buf out = BUF_IN(&a);
		struct err e;

		if (plan_line((struct str){ line, (size_t)len }, &out, &a, &e)) {
			buf_add_char(&out, '\n');
			fwrite(out.p, 1, out.len, stdout);
		} else {
			fprintf(stderr, "plan-log: %s\n", e.text);
			status = EX_DATAERR;
		}
		arena_finish(&a);
	}
	free(line);
	return status;
}

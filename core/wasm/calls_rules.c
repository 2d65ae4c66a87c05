#include "core/entry/entry.h"
#include "core/followup/language.h"
#include "core/followup/plan_json.h"
#include "core/wasm/calls.h"
#include "core/wasm/packed.h"

static void packed_hash(struct packed *p, uint8_t out[ENTRY_HASH_LEN], bool *ok)
{
	struct bytes b = packed_bytes(p);

	*ok = b.len == ENTRY_HASH_LEN && *ok;
	if (b.len == ENTRY_HASH_LEN)
		memcpy(out, b.p, ENTRY_HASH_LEN);
}

bool call_entry_canonical(struct buf *out, struct bytes in, struct arena *a, struct err *e)
{
	struct packed p = PACKED_OF(in);
	struct entry x = { 0 };
	uint8_t payload_hash[ENTRY_HASH_LEN] = { 0 };
	uint32_t quality;
	bool hashes = true, kind;

	(void)a;
	packed_hash(&p, x.prev_hash, &hashes);
	x.store_id = packed_id(&p);
	x.seq = (uint64_t)packed_i64(&p);
	x.id = packed_id(&p);
	x.event = packed_u32(&p);
	kind = entry_kind_read(packed_text(&p), &x.kind);
	x.time.boot_id = packed_id(&p);
	x.time.boot_ms = (uint64_t)packed_i64(&p);
	x.time.wall_ms = packed_i64(&p);
	quality = packed_u32(&p);
	x.sealed = packed_bool(&p);
	/* the canonical bytes hold the payload's length alone */
	x.payload.len = packed_u32(&p);
	packed_hash(&p, payload_hash, &hashes);
	if (!packed_ok(&p, e))
		return false;
	if (!kind || !hashes || quality > CLOCK_SERVER)
		return err_set(e, ERR_MALFORMED, "an entry with an unknown %s",
			!kind	 ? "kind"
			: hashes ? "quality"
				 : "kind of hash");
	x.time.quality = (enum clock_quality)quality;
	entry_canonical(out, &x, payload_hash);
	return true;
}

/* The names that the plan's sentences are filled with. */
static void packed_words(struct packed *p, struct plan_words *w, struct arena *a)
{
	struct id *expected;

	w->lang = packed_text(p);
	w->me = packed_text(p);
	w->people_count = packed_count(p, 3 * sizeof(uint32_t));
	w->people = ARENA_ARRAY(a, w->people_count, struct plan_name);
	for (size_t i = 0; i < w->people_count; i++) {
		w->people[i].id = packed_id(p);
		w->people[i].name = packed_text(p);
		w->people[i].lang = packed_text(p);
	}
	w->event_count = packed_count(p, 2 * sizeof(uint32_t));
	w->events = ARENA_ARRAY(a, w->event_count, struct plan_event);
	for (size_t i = 0; i < w->event_count; i++) {
		w->events[i].event = packed_u32(p);
		w->events[i].name = packed_text(p);
	}
	if (!packed_bool(p))
		return;
	w->expected_count = packed_count(p, sizeof(uint32_t));
	expected = ARENA_ARRAY(a, w->expected_count + 1, struct id);
	for (size_t i = 0; i < w->expected_count; i++)
		expected[i] = packed_id(p);
	w->expected = expected;
}

/* Sums of such times do not overflow, and their days are written with four digits. */
static bool in_calendar(int64_t ms)
{
	return ms > -62135596800000 && ms < 253402300800000;
}

/* False: the rules have no use for it. */
static bool packed_fact(struct packed *p, struct fact *out, struct arena *a)
{
	struct fact_source from = { 0 };
	struct fact_field *fields;
	bool known = entry_kind_read(packed_text(p), &from.kind);

	from.id = packed_id(p);
	from.event = packed_u32(p);
	from.at_ms = packed_i64(p);
	from.other = packed_id(p);
	from.own = packed_bool(p);
	from.count = packed_count(p, 2 * sizeof(uint32_t));
	from.fields = fields = ARENA_ARRAY(a, from.count, struct fact_field);
	for (size_t i = 0; i < from.count; i++) {
		fields[i].name = packed_text(p);
		fields[i].value = packed_text(p);
	}
	return known && in_calendar(from.at_ms) && !p->why && fact_read(out, &from, a);
}

/* Last, so that what a plan is of stands before how it is said. */
static bool packed_languages(
	struct packed *p, struct languages *out, struct arena *a, struct err *e)
{
	size_t n = packed_count(p, sizeof(uint32_t));
	struct language *read = ARENA_ARRAY(a, n, struct language);
	const struct language **items = ARENA_ARRAY(a, n, const struct language *);

	for (size_t i = 0; i < n; i++) {
		if (!language_read(&read[i], packed_text(p), a, e))
			return false;
		items[i] = &read[i];
	}
	*out = (struct languages){ items, n };
	return n > 0 || err_set(e, ERR_MALFORMED, "a plan in no language");
}

bool call_plan(struct buf *out, struct bytes in, struct arena *a, struct err *e)
{
	/* kind, entry, event, at_ms, other, own, fields */
	enum { ROW_LEAST = 4 + 4 + 4 + 8 + 4 + 4 + 4, DAY_MS = 86400000 };
	struct packed p = PACKED_OF(in);
	struct json_writer w = JSON_TO(out);
	struct languages languages;
	struct plan_words words = { .languages = &languages };
	struct followup_plan plan;
	struct fact *facts;
	size_t rows, count = 0;
	int64_t now_ms = packed_i64(&p), zone_ms = packed_i64(&p);

	packed_words(&p, &words, a);
	rows = packed_count(&p, ROW_LEAST);
	facts = ARENA_ARRAY(a, rows, struct fact);
	for (size_t i = 0; i < rows; i++)
		count += packed_fact(&p, &facts[count], a);
	if (p.why)
		return packed_ok(&p, e);
	if (!packed_languages(&p, &languages, a, e) || !packed_ok(&p, e))
		return false;
	if (!in_calendar(now_ms) || zone_ms < -DAY_MS || zone_ms > DAY_MS)
		return err_set(e, ERR_MALFORMED, "a time that is in no calendar");
	plan_words_sort(&words);
	followup_plan(&plan, facts, count, &playbook_default, now_ms, zone_ms, a);
	plan_write_json(&w, &plan, &words, a);
	return true;
}

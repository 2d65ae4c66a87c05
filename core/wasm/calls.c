#include "core/wasm/calls.h"

#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/card/card_json.h"
#include "core/entry/entry.h"
#include "core/followup/plan_json.h"
#include "core/tag/link.h"
#include "core/wasm/packed.h"

bool call_card_read(struct buf *out, struct bytes in, struct arena *a, struct err *e)
{
	struct json_writer w = JSON_TO(out);
	struct card_list list;

	if (!card_read(&list, in, a, e))
		return false;
	json_open(&w, NULL, '[');
	for (size_t i = 0; i < list.count; i++)
		card_write_json(&w, STR(""), i, &list.cards[i], a);
	json_close(&w, ']');
	return true;
}

bool call_card_convert(struct buf *out, struct bytes in, struct arena *a, struct err *e)
{
	struct card_list list;

	if (!card_read(&list, in, a, e))
		return false;
	/* pictures and what was kept in its sender's words would not fit an entry */
	list.cards[0].photo = (struct bytes){ NULL, 0 };
	list.cards[0].photo_uri = (struct str){ NULL, 0 };
	list.cards[0].properties.count = 0;
	card_write_vcard(out, &list.cards[0], CARD_VERSION_30);
	return true;
}

static struct card_values packed_values(struct packed *p, struct arena *a)
{
	size_t n = packed_count(p, sizeof(uint32_t));
	struct card_values values = { ARENA_ARRAY(a, n, struct card_value), n };

	for (size_t i = 0; i < n; i++)
		values.items[i].value = packed_text(p);
	return values;
}

bool call_card_write(struct buf *out, struct bytes in, struct arena *a, struct err *e)
{
	struct packed p = PACKED_OF(in);
	struct card card = { 0 };

	card.formatted = packed_text(&p);
	card.organization = packed_text(&p);
	card.title = packed_text(&p);
	card.uid = packed_text(&p);
	card.emails = packed_values(&p, a);
	card.phones = packed_values(&p, a);
	card.urls = packed_values(&p, a);
	if (!packed_ok(&p, e))
		return false;
	card_write_vcard(out, &card, CARD_VERSION_30);
	return true;
}

static void link_code(struct json_writer *w, const struct ticket *t)
{
	char code[TICKET_TEXT_LEN];
	struct buf b = BUF_ON(code);

	ticket_write(&b, *t);
	json_str(w, "code", buf_str(&b));
}

bool call_link_read(struct buf *out, struct bytes in, struct arena *a, struct err *e)
{
	struct json_writer w = JSON_TO(out);
	struct link link;

	(void)e;
	link_read(text_from_bytes(a, in), &link);
	json_open(&w, NULL, '{');
	json_str(&w, "kind", str_of(link_kind_name(link.kind)));
	if (link.kind != LINK_NONE)
		json_str(&w, "host", link.host);
	if (link.kind == LINK_BADGE) {
		json_id(&w, "id", link.id);
		json_bool(&w, "signed", link.has_signature);
	} else if (link.kind == LINK_PAIR) {
		json_id(&w, "token", link.id);
	} else if (link.kind == LINK_TICKET) {
		link_code(&w, &link.ticket);
	}
	json_close(&w, '}');
	return true;
}

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

bool call_plan(struct buf *out, struct bytes in, struct arena *a, struct err *e)
{
	/* kind, entry, event, at_ms, other, own, fields */
	enum { ROW_LEAST = 4 + 4 + 4 + 8 + 4 + 4 + 4, DAY_MS = 86400000 };
	struct packed p = PACKED_OF(in);
	struct json_writer w = JSON_TO(out);
	struct plan_words words = { .expected = NULL };
	struct followup_plan plan;
	struct fact *facts;
	size_t rows, count = 0;
	int64_t now_ms = packed_i64(&p), zone_ms = packed_i64(&p);

	packed_words(&p, &words, a);
	rows = packed_count(&p, ROW_LEAST);
	facts = ARENA_ARRAY(a, rows, struct fact);
	for (size_t i = 0; i < rows; i++)
		count += packed_fact(&p, &facts[count], a);
	if (!packed_ok(&p, e))
		return false;
	if (!in_calendar(now_ms) || zone_ms < -DAY_MS || zone_ms > DAY_MS)
		return err_set(e, ERR_MALFORMED, "a time that is in no calendar");
	plan_words_sort(&words);
	followup_plan(&plan, facts, count, &playbook_default, now_ms, zone_ms, a);
	plan_write_json(&w, &plan, &words, a);
	return true;
}

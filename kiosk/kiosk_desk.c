/* One input after the other through resolver, desk, store and screen. */
#define _DEFAULT_SOURCE
#include "core/base/log.h"
#include "core/base/service.h"
#include "core/base/text.h"
#include "kiosk/kiosk_private.h"

uint64_t kiosk_now_ms(void)
{
	return clock_monotonic_ns() / 1000000;
}

int64_t kiosk_zone_ms(int64_t wall_ms)
{
	time_t t = (time_t)(wall_ms / 1000);
	struct tm tm;

	return localtime_r(&t, &tm) ? (int64_t)tm.tm_gmtoff * 1000 : 0;
}

/* The server's clock where it was heard: this one may be wrong (docs/sync-protocol.md). */
static int64_t utc_ms(const struct kiosk *k)
{
	return clock_wall_ms() + (k->syncer ? syncer_state(k->syncer).server_offset_ms : 0);
}

static struct resolver resolver(const struct kiosk *k)
{
	return (struct resolver){ .event = &k->event,
		.people = k->people,
		.ticket_key = bytes_of(k->identity.ticket_key, sizeof(k->identity.ticket_key)),
		.show_names = k->config->show_names,
		.zone_ms = kiosk_zone_ms(clock_wall_ms()),
		.now_ms = utc_ms(k) };
}

/* "Recorded" means that it is on the disk, which is what this does. */
static bool commit(struct kiosk *k, const struct desk_output *out, const struct clock_time *now)
{
	struct err e = { 0 };
	bool ok = store_append(k->store, out->facts, out->fact_count, now, NULL, &e);

	if (ok) {
		k->commits++;
		k->store_failed = false;
		return true;
	}
	k->commit_failures++;
	k->store_failed = true;
	log_error("not recorded entries=%zu: %s", out->fact_count, e.text);
	return false;
}

/* What the roster in memory must know of what was just written. */
static void note_facts(struct kiosk *k, const struct desk_output *out, int64_t wall_ms)
{
	for (size_t i = 0; i < out->fact_count; i++) {
		const struct store_fact *f = &out->facts[i];
		struct str name = { NULL, 0 };
		struct json *payload;
		struct err e;

		log_info("entry id=%s kind=%s", id_uuid_text(f->id).s, entry_kind_name(f->kind));
		if (id_is_none(f->badge))
			continue;
		if (json_read(&payload, str_bytes(f->payload), &k->work, &e) &&
			!json_get_str(payload, "name", &name))
			name = STR("");
		people_assign(k->people, f->badge, f->who, name);
	}
	if (!id_is_none(out->checked_in))
		people_check_in(k->people, out->checked_in, wall_ms);
	if (!id_is_none(out->checkin_undone))
		people_undo_check_in(k->people, out->checkin_undone);
	if (!id_is_none(out->badge_undone))
		people_assign(k->people, out->badge_undone, (struct id){ { 0 } }, STR(""));
}

static void ask(struct kiosk *k, const struct desk_output *out)
{
	switch (out->request) {
	case ASK_NOTHING:
		break;
	case ASK_FIND:
		k->finding = k->syncer && syncer_roster_now(k->syncer);
		break;
	case ASK_PAIR:
		if (k->pairing)
			pairing_start(k->pairing, out->who, out->proof);
		break;
	case ASK_CONFIRM:
		if (k->pairing)
			pairing_confirm(k->pairing, out->who);
		break;
	case ASK_PAIR_END:
		if (k->pairing)
			pairing_end(k->pairing);
		break;
	case ASK_VOLUME:
		kiosk_set_volume(k, out->level);
		break;
	case ASK_SYNC:
		if (k->syncer && !syncer_now(k->syncer))
			log_info("sync: this station has no rights any more");
		break;
	case ASK_SERVICE:
		kiosk_set_service(k, out->on);
		break;
	case ASK_SHUTDOWN:
		kiosk_shut_down(k);
		break;
	}
}

/* in has what and of; the rest is filled here. seen_ns: of the scan, or 0. */
static void step(struct kiosk *k, struct desk_input *in, uint64_t seen_ns, struct desk_output *out)
{
	struct clock_time now = { 0 };
	struct err e;
	int64_t local;

	if (!clock_now(&now, &e))
		log_error("clock: %s", e.text);
	local = now.wall_ms + kiosk_zone_ms(now.wall_ms);
	in->now_ms = kiosk_now_ms();
	in->day = clock_day(local);
	resolve_clock(in->at, local, 0);
	for (size_t i = 0; i < DESK_FRESH_MAX; i++)
		in->fresh[i] = crypto_uuid7((uint64_t)(now.wall_ms > 0 ? now.wall_ms : 0));
	desk_step(k->desk, in, out, &k->work);
	if (out->fact_count > 0) {
		struct desk_input result = { .what = DESK_COMMIT, .now_ms = kiosk_now_ms() };
		struct desk_output shown;

		result.of.committed = commit(k, out, &now);
		if (result.of.committed)
			note_facts(k, out, now.wall_ms);
		desk_step(k->desk, &result, &shown, &k->work);
		out->changed = true;
		if (!result.of.committed)
			out->checked_in = (struct id){ { 0 } };
	}
	if (seen_ns && out->changed) {
		k->seen_ns = seen_ns;
		k->done_ns = clock_monotonic_ns();
		if (out->fact_count > 0 && !k->store_failed && k->done_ns > seen_ns)
			latency_add(&k->latency, (k->done_ns - seen_ns) / 1000);
	} else if (out->changed) {
		k->seen_ns = k->done_ns = 0;
	}
	ask(k, out);
	kiosk_forget_view(k);
	if (out->changed)
		kiosk_publish(k, true);
	if (out->fact_count > 0 && k->store_failed == k->health.store_ok)
		kiosk_update_health(k);
}

static const char *const tag_names[] = { [SCAN_TAG_NONE] = "",
	[SCAN_TAG_NTAG213] = "NTAG213",
	[SCAN_TAG_NTAG215] = "NTAG215",
	[SCAN_TAG_NTAG216] = "NTAG216",
	[SCAN_TAG_TYPE2] = "Type 2",
	[SCAN_TAG_CLASSIC] = "MIFARE Classic",
	[SCAN_TAG_TYPE4] = "Type 4",
	[SCAN_TAG_NTAG424] = "NTAG 424 DNA",
	[SCAN_TAG_PHONE] = "Type 4",
	[SCAN_TAG_SEVERAL] = "",
	[SCAN_TAG_TORN] = "" };

/* For the staff's reader test. */
static void note_sight(
	struct kiosk *k, size_t reader, const struct scan *scan, struct desk_sight *out)
{
	uint64_t *touch = reader < TOUCHES_MAX ? &k->touch_ns[reader] : NULL;
	struct buf uid = BUF_OVER(out->uid, sizeof(out->uid) - 1);

	out->reader = reader < readers_count(k->readers) ? readers_state(k->readers, reader)->name
							 : "";
	out->bytes = scan->len;
	if (touch && scan->kind == SCAN_TOUCH)
		*touch = scan->seen_ns;
	if (scan->kind != SCAN_CHIP)
		return;
	if (scan->tag < ARRAY_LEN(tag_names))
		out->tag = tag_names[scan->tag];
	hex_write(&uid, bytes_of(scan->uid, scan->uid_len));
	if (touch && *touch && scan->seen_ns > *touch &&
		scan->seen_ns - *touch < (uint64_t)TOUCH_MS * 1000000)
		out->read_ms = (unsigned)((scan->seen_ns - *touch + 999999) / 1000000);
}

static void scan_step(struct kiosk *k, size_t reader, const struct scan *scan, bool again)
{
	struct resolver r = resolver(k);
	struct desk_input in = { .what = DESK_SCAN };
	struct desk_scan seen;
	struct desk_output out;

	arena_reset(&k->work);
	if (!resolve_scan(&r, scan, &seen, &k->work))
		return;
	seen.again = again;
	note_sight(k, reader, scan, &seen.sight);
	in.of.scan = &seen;
	if (seen.seen != SEEN_TOUCH) {
		k->scans++;
		k->finding = false;
		log_info("scan what=%u reason=%s key=%s", (unsigned)seen.seen,
			desk_reason_name(seen.reason),
			seen.seen == SEEN_TICKET ? "-" : id_text(seen.key).s);
	}
	step(k, &in, scan->seen_ns, &out);
	if (out.request == ASK_FIND)
		k->found = *scan;
	if (out.request == ASK_FIND && !k->finding) {
		/* the link went away since the desk last heard of it */
		seen.again = true;
		step(k, &in, scan->seen_ns, &out);
	}
}

void kiosk_hint(struct kiosk *k, enum scan_hint hint)
{
	bool changed = hint != k->hint;

	k->hint = hint;
	k->hint_end_ms = hint == HINT_NONE ? UINT64_MAX : kiosk_now_ms() + HINT_MS;
	if (changed)
		kiosk_publish(k, false);
}

void kiosk_on_scan(void *context, size_t reader, const struct scan *scan)
{
	struct kiosk *k = context;
	enum scan_hint hint = HINT_NONE;

	if (scan->kind == SCAN_HINT) {
		if (scan_hint_read(bytes_of(scan->data, scan->len), &hint))
			kiosk_hint(k, hint);
		return;
	}
	k->touched_ms = kiosk_now_ms();
	if (scan->kind == SCAN_CODE)
		kiosk_hint(k, HINT_NONE);
	scan_step(k, reader, scan, false);
}

void kiosk_found(struct kiosk *k)
{
	struct scan scan;

	if (!k->finding)
		return;
	k->finding = false;
	scan = k->found;
	scan_step(k, SIZE_MAX, &scan, true);
}

void kiosk_on_pairing(void *context, const struct desk_pairing *p)
{
	struct kiosk *k = context;
	struct desk_input in = { .what = DESK_PAIRING };
	struct desk_output out;

	in.of.pairing = p;
	step(k, &in, 0, &out);
}

static void tick(struct kiosk *k)
{
	struct desk_input in = { .what = DESK_TICK };
	struct desk_output out;

	arena_reset(&k->work);
	step(k, &in, 0, &out);
}

static bool pin_right(struct kiosk *k, struct str pin)
{
	const struct kiosk_config *c = k->config;
	bool right = false;

	if (kiosk_now_ms() < k->pin_rest_ms)
		return false;
	if (c->staff_pin.len > 0)
		right = crypto_equal(str_bytes(pin), str_bytes(c->staff_pin));
	else if (c->staff_pin_hash.len > 0)
		right = password_verify(arena_cstr(&k->work, c->staff_pin_hash), pin);
	if (right) {
		k->pin_tries = 0;
	} else if (++k->pin_tries >= PIN_TRIES) {
		log_warn("staff PIN wrong %d times, no more for a minute", PIN_TRIES);
		k->pin_tries = 0;
		k->pin_rest_ms = kiosk_now_ms() + PIN_REST_MS;
	}
	return right;
}

/* Staff see whole names: they ask for them, by PIN. */
static void search(struct kiosk *k, struct str q, struct desk_act *act, struct desk_found *found)
{
	const struct person *who[DESK_FOUND_MAX];
	size_t n = people_search(k->people, q, who, DESK_FOUND_MAX);

	for (size_t i = 0; i < n; i++) {
		struct str name = utf8_cut(str_of(who[i]->name), sizeof(found[i].name) - 1);

		found[i] = (struct desk_found){ .id = who[i]->id };
		memcpy(found[i].name, name.p, name.len);
	}
	act->found = found;
	act->found_count = n;
}

bool kiosk_on_act(void *context, const struct screen_act *touch, struct arena *a, struct err *e)
{
	struct kiosk *k = context;
	struct desk_input in = { .what = DESK_ACT };
	struct desk_found found[DESK_FOUND_MAX];
	struct resolver r = resolver(k);
	struct desk_act act = touch->act;
	struct desk_output out;

	(void)a;
	k->touched_ms = kiosk_now_ms();
	arena_reset(&k->work);
	if (touch->rev < k->base_rev || touch->rev > k->rev)
		return err_set(e, ERR_CONFLICT, "the screen shows somebody else by now");
	if (act.kind == ACT_STAFF && act.pin_given)
		act.pin_ok = pin_right(k, touch->pin);
	if (act.kind == ACT_FIND)
		search(k, touch->q, &act, found);
	if (act.kind == ACT_CHECKIN || act.kind == ACT_ASSIGN) {
		if (!people_find(k->people, touch->id))
			return err_set(e, ERR_NOT_FOUND, "nobody here has that id");
		act.person = resolve_person(&r, touch->id, &k->work);
	}
	act.pending = store_pending(k->store);
	if (act.kind == ACT_SHUTDOWN && !kiosk_can_shut_down(k))
		return err_set(e, ERR_CONFLICT, "nothing here carries a shutdown out");
	in.of.act = &act;
	step(k, &in, 0, &out);
	kiosk_log_staff(k, &act, !out.rejected);
	if (out.request == ASK_SERVICE || out.request == ASK_SHUTDOWN)
		kiosk_update_health(k);
	return out.rejected ? err_set(e, ERR_CONFLICT, "that does not fit what the screen shows")
			    : true;
}

/* A store that failed is tried with something that nobody misses. */
static void try_store(struct kiosk *k)
{
	struct err e;

	if (k->store_failed && store_set(k->store, "tried", STR(""), &e)) {
		log_info("the store can be written again");
		k->store_failed = false;
	}
}

static bool reads_chips(const struct reader_state *s)
{
	return strncmp(s->name, "nfc ", 4) == 0;
}

void kiosk_update_health(struct kiosk *k)
{
	struct desk_health h = { .started = kiosk_now_ms() - k->started_ms >= STARTED_MS };
	size_t n = k->readers ? readers_count(k->readers) : 0;
	struct desk_input in = { .what = DESK_HEALTH };
	struct desk_output out;
	bool starting = false;

	for (size_t i = 0; i < n; i++) {
		const struct reader_state *s = readers_state(k->readers, i);
		bool ready = s->status == READER_READY;

		h.reader_ok = h.reader_ok || ready;
		h.chip_ok = h.chip_ok || (ready && reads_chips(s));
		starting = starting || s->status == READER_STARTING;
	}
	h.started = h.started || !starting;
	h.store_ok = !k->store_failed && !k->disk_low;
	h.out_of_service = k->out_of_service;
	h.shutting_down = k->shutdown_ms != 0;
	if (k->syncer) {
		h.online = syncer_state(k->syncer).link == SYNCER_ONLINE;
		h.revoked = syncer_state(k->syncer).link == SYNCER_REVOKED;
	}
	if (memcmp(&h, &k->health, sizeof(h)) == 0)
		return;
	k->health = h;
	in.of.health = h;
	step(k, &in, 0, &out);
}

/* The loop's own timer. */
static void care(struct kiosk *k)
{
	k->care_ms = kiosk_now_ms() + CARE_MS;
	service_alive();
	kiosk_watch(k);
	if (k->shutdown_ms && kiosk_now_ms() >= k->shutdown_ms) {
		log_error("shut down: nobody carried it out");
		k->shutdown_ms = 0;
	}
	if (!k->disk_low)
		try_store(k);
	kiosk_update_health(k);
}

int kiosk_care_timeout(void *context)
{
	const struct kiosk *k = context;
	uint64_t now = kiosk_now_ms(), at = desk_next_ms(k->desk);

	at = k->care_ms < at ? k->care_ms : at;
	at = watch_next_ms(&k->watch) < at ? watch_next_ms(&k->watch) : at;
	at = k->refresh_ms < at ? k->refresh_ms : at;
	at = k->hint != HINT_NONE && k->hint_end_ms < at ? k->hint_end_ms : at;
	return at <= now ? 0 : (int)(at - now);
}

void kiosk_care_run(void *context)
{
	struct kiosk *k = context;

	if (kiosk_now_ms() >= desk_next_ms(k->desk))
		tick(k);
	if (kiosk_now_ms() >= k->care_ms)
		care(k);
	else if (kiosk_now_ms() >= watch_next_ms(&k->watch))
		kiosk_watch(k);
	if (k->hint != HINT_NONE && kiosk_now_ms() >= k->hint_end_ms)
		kiosk_hint(k, HINT_NONE);
	if (kiosk_now_ms() >= k->refresh_ms)
		kiosk_publish(k, false);
}

#include "tests/unit/server/world.h"

#include "core/base/config.h"
#include "server/store/derive.h"

static void retract(struct world *w, struct diary *d, struct id of)
{
	diary_write(d, ENTRY_RETRACT, say(w, "{\"of\":\"%s\"}", id_uuid_text(of).s));
}

static struct id assign(
	struct world *w, struct diary *d, struct id badge, struct id who, const char *name)
{
	struct str text = name ? say(w, "{\"badge\":\"%s\",\"who\":\"%s\",\"name\":\"%s\"}",
					 id_text(badge).s, id_text(who).s, name)
			       : say(w, "{\"badge\":\"%s\",\"who\":\"%s\"}", id_text(badge).s,
					 id_text(who).s);

	return diary_write(d, ENTRY_BADGE_ASSIGN, text);
}

/* Of what was not taken back. */
static size_t log_length(struct world *w, uint32_t attendee)
{
	struct log_entry *log;
	struct err e = { 0 };
	size_t n, there = 0;

	if (!log_of_person(&log, &n, w->s->write.db, w->event.event, attendee, &w->arena, &e))
		fail_msg("%s", e.text);
	for (size_t i = 0; i < n; i++)
		there += !log[i].gone;
	return there;
}

static void a_meeting_of_unknown_badges_finds_its_people_later(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w), *desk = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct id badge_a = crypto_random_id(), badge_b = crypto_random_id();
	struct err e = { 0 };
	bool more = false;

	(void)state;
	write_meeting(w, k, badge_a, badge_b);
	write_checkin(w, k, badge_a);
	send_all(w, k);
	world_settle(w);
	assert_int_equal(log_length(w, ana.attendee), 0);
	world_exec(w, "DELETE FROM queue_dirty");

	assign(w, desk, badge_a, ana.id, NULL);
	assign(w, desk, badge_b, ben.id, NULL);
	send_all(w, desk);
	assert_true(derive_step(&w->s->write, &more, &e)); /* and no queue planned yet */
	assert_int_equal(log_length(w, ana.attendee), 3);  /* met, checked in, given a badge */
	assert_int_equal(
		world_count(w,
			"SELECT COUNT(*) FROM attendee WHERE name = 'Ana' AND in_ms IS NOT NULL"),
		1);
	/* both queues are planned again, since each knows now whom it met */
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM queue_dirty d JOIN attendee a"
					" ON a.event = d.event AND a.attendee = d.owner"),
		2);
	diary_free(desk);
	diary_free(k);
	world_close(w);
}

static void a_walk_in_is_a_person_from_the_first_moment(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct id who = crypto_random_id(), badge = crypto_random_id(), entry;

	(void)state;
	write_checkin(w, k, who);
	entry = assign(w, k, badge, who, "Cleo");
	send_all(w, k);
	world_settle(w);
	assert_int_equal(
		world_count(w, "SELECT COUNT(*) FROM attendee WHERE name = 'Cleo' AND gone = 0"
			       " AND in_ms IS NOT NULL"),
		1);
	assert_int_equal(
		world_count(w,
			"SELECT COUNT(*) FROM ref r JOIN attendee a ON a.attendee = r.attendee"
			" AND r.badge = 1"),
		1);
	retract(w, k, entry);
	send_entries(w, k, 3, 1);
	world_settle(w);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM attendee WHERE gone = 0"), 0);
	diary_free(k);
	world_close(w);
}

static void check_in_follows_the_ids_not_the_arrival(void **state)
{
	struct world *w = world_open();
	struct diary *door = kiosk_new(w), *exit = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	static const char in[] = "SELECT COUNT(*) FROM attendee WHERE in_ms IS NOT NULL";
	struct id again;

	(void)state;
	write_checkin(w, door, ana.id);
	world_now += 1000;
	diary_write(exit, ENTRY_CHECKOUT, say(w, "{\"who\":\"%s\"}", id_text(ana.id).s));
	world_now += 1000;
	again = write_checkin(w, door, ana.id);
	send_all(w, exit);
	world_settle(w);
	assert_int_equal(world_count(w, in), 0);
	send_all(w, door);
	world_settle(w);
	assert_int_equal(world_count(w, in), 1);
	/* the clock of a Pi that says 1970 is corrected by its boot clock */
	assert_int_equal(world_count(w, "SELECT in_ms FROM attendee") / 1000, world_now / 1000);
	retract(w, exit, again);
	send_entries(w, exit, 2, 1);
	world_settle(w);
	assert_int_equal(world_count(w, in), 0);
	diary_free(exit);
	diary_free(door);
	world_close(w);
}

static void undo_works_before_and_after_what_it_undoes(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w), *other = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct id first, second;

	(void)state;
	first = write_meeting(w, k, ana.id, ben.id);
	second = write_meeting(w, k, ana.id, ben.id);
	retract(w, other, second);
	send_all(w, other); /* before the second meeting is here */
	world_settle(w);
	send_all(w, k);
	world_settle(w);
	assert_int_equal(log_length(w, ana.attendee), 1);
	assert_int_equal(world_count(w, "SELECT n FROM tally WHERE kind = 4"), 1);
	retract(w, k, first);
	retract(w, k, first);
	send_entries(w, k, 3, 2);
	world_settle(w);
	assert_int_equal(log_length(w, ana.attendee), 0);
	assert_int_equal(world_count(w, "SELECT n FROM tally WHERE kind = 4"), 0);
	diary_free(other);
	diary_free(k);
	world_close(w);
}

static void nobody_takes_back_what_is_not_theirs(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct diary *phone = diary_new(w, ROLE_ATTENDEE, ana.id),
		     *thief = diary_new(w, ROLE_ATTENDEE, ben.id);
	struct id at_kiosk, by_phone;

	(void)state;
	at_kiosk = write_meeting(w, k, ana.id, ben.id);
	by_phone = write_meeting(w, phone, ana.id, ben.id);
	retract(w, thief, at_kiosk);
	retract(w, thief, by_phone);
	retract(w, k, by_phone);
	send_all(w, thief);
	send_all(w, k);
	send_all(w, phone);
	world_settle(w);
	assert_int_equal(log_length(w, ana.attendee), 2);
	retract(w, phone, by_phone);
	send_entries(w, phone, 2, 1);
	world_settle(w);
	assert_int_equal(log_length(w, ana.attendee), 1);
	diary_free(thief);
	diary_free(phone);
	diary_free(k);
	world_close(w);
}

static void a_badge_goes_to_the_last_who_got_it(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct id badge = crypto_random_id(), last;

	(void)state;
	write_meeting(w, k, badge, crypto_random_id());
	assign(w, k, badge, ana.id, NULL);
	world_now += 5;
	last = assign(w, k, badge, ben.id, NULL);
	send_all(w, k);
	world_settle(w);
	assert_int_equal(log_length(w, ana.attendee), 1); /* only that a badge was given */
	assert_int_equal(log_length(w, ben.attendee), 3);
	retract(w, k, last);
	send_entries(w, k, 4, 1);
	world_settle(w);
	assert_int_equal(log_length(w, ben.attendee), 0);
	assert_int_equal(log_length(w, ana.attendee), 2);
	diary_free(k);
	world_close(w);
}

/* 0, or why the badge is revoked, as in the schema. */
static int64_t revoked(struct world *w, struct id badge)
{
	struct db_query *q = db_query(w->s->write.db, "SELECT revoked FROM ref WHERE id = $1");
	struct err e = { 0 };
	int64_t why;

	db_bind_id(q, 1, &badge);
	assert_int_equal(db_step(q, &e), DB_ROW);
	why = db_i64(q, 0);
	db_reset(q);
	return why;
}

static void a_badge_given_at_the_desk_ends_the_persons_former_ones(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct id listed = crypto_random_id(), first = crypto_random_id(), last,
		  second = crypto_random_id(), bens = crypto_random_id();
	struct db *db = w->s->write.db;
	struct err e = { 0 };
	struct ref ref;

	(void)state;
	assert_true(ref_intern(db, w->event.event, listed, &ref, &e));
	assert_true(badge_give(db, w->event.event, ref.ref, ana.attendee, &e));
	assert_true(ref_intern(db, w->event.event, bens, &ref, &e));
	assert_true(badge_give(db, w->event.event, ref.ref, ben.attendee, &e));
	assign(w, k, first, ana.id, NULL);
	send_all(w, k);
	world_settle(w);
	assert_int_equal(revoked(w, listed), 2);
	assert_int_equal(revoked(w, first), 0);
	world_now += 5;
	last = assign(w, k, second, ana.id, NULL);
	send_entries(w, k, 2, 1);
	world_settle(w);
	assert_int_equal(revoked(w, listed), 2);
	assert_int_equal(revoked(w, first), 2);
	assert_int_equal(revoked(w, second), 0);
	assert_int_equal(revoked(w, bens), 0);
	/* what the organizer revoked stays so, when the desk takes its own back */
	assert_true(badge_revoke(db, w->event.event, listed, &e));
	retract(w, k, last);
	send_entries(w, k, 3, 1);
	world_settle(w);
	assert_int_equal(revoked(w, listed), 3);
	assert_int_equal(revoked(w, first), 0);
	assert_int_equal(revoked(w, second), 0); /* nobody's */
	assert_false(badge_revoke(db, w->event.event, second, &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	diary_free(k);
	world_close(w);
}

static void nobody_gets_another_persons_own_id_as_badge(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct ref ref;
	struct err e = { 0 };

	(void)state;
	assign(w, k, ana.id, ben.id, NULL);
	send_all(w, k);
	world_settle(w);
	assert_true(ref_find(w->s->write.db, w->event.event, ana.id, &ref, &e));
	assert_int_equal(ref.attendee, ana.attendee);
	diary_free(k);
	world_close(w);
}

static void what_a_person_said_stands_above_the_list(void **state)
{
	struct world *w = world_open();
	struct attendee ana = world_attendee(w, "Ana");
	struct db *db = w->s->write.db;
	struct err e = { 0 };
	struct id id;

	(void)state;
	assert_true(db_begin(db, &e));
	assert_true(consent_set(
		db, w->event.event, ana.attendee, PURPOSE_FOLLOWUPS, true, 0, world_now, NULL, &e));
	assert_true(log_append(&w->s->write, w->event.event, ana.id, ENTRY_CONSENT,
		str_bytes(say(w,
			"{\"who\":\"%s\",\"purpose\":\"followups\",\"given\":false,\"version\":1}",
			id_text(ana.id).s)),
		&id, &e));
	assert_true(db_commit(db, &e));
	world_settle(w);
	assert_int_equal(world_count(w, "SELECT consent_followups FROM attendee"), 0);
	assert_true(consent_set(
		db, w->event.event, ana.attendee, PURPOSE_FOLLOWUPS, true, 0, world_now, NULL, &e));
	assert_int_equal(world_count(w, "SELECT consent_followups FROM attendee"), 0);
	world_close(w);
}

/* ---- the same entries in any order ---- */

enum { DIARIES = 5, PEOPLE = 8, BODIES_MAX = 400 };

struct body {
	const struct diary *diary;
	size_t from, count;
};

struct story {
	struct diary *diaries[DIARIES];
	struct body bodies[BODIES_MAX];
	size_t body_count;
	struct bytes empty_store; /* event, attendees and stations, no entry */
	struct arena arena;	  /* what the entries borrow */
	uint64_t random;
};

/* xorshift64: the same story for the same seed. */
static uint32_t dice(struct story *s, uint32_t sides)
{
	s->random ^= s->random << 13;
	s->random ^= s->random >> 7;
	s->random ^= s->random << 17;
	return (uint32_t)(s->random >> 33) % sides;
}

static void write_story(struct world *w, struct story *s, const struct attendee *people)
{
	struct id names[PEOPLE * 3], written[DIARY_MAX];
	size_t n = 0;

	/* attendees' ids, and badges and walk-ins that get their names in the middle of it */
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		names[i] = i < PEOPLE ? people[i].id : crypto_random_id();
	for (int step = 0; step < 220; step++) {
		struct diary *d = s->diaries[dice(s, 3)];
		struct id x = names[dice(s, ARRAY_LEN(names))],
			  y = names[dice(s, ARRAY_LEN(names))];
		struct id badge = names[PEOPLE + dice(s, PEOPLE)],
			  walk_in = names[PEOPLE * 2 + dice(s, PEOPLE)];

		struct id id = { { 0 } };

		world_now += 1 + dice(s, 2000);
		switch (dice(s, 10)) {
		case 0:
			id = write_checkin(w, d, x);
			break;
		case 1:
			id = diary_write(
				d, ENTRY_CHECKOUT, say(w, "{\"who\":\"%s\"}", id_text(x).s));
			break;
		case 2:
			id = assign(w, d, badge, dice(s, 2) ? x : walk_in,
				dice(s, 2) ? "Walk In" : NULL);
			break;
		case 3:
			if (n > 0)
				retract(w, d, written[dice(s, (uint32_t)n)]);
			break;
		case 4:
			d = s->diaries[3 + dice(s, 2)];
			id = diary_write(d, ENTRY_CONSENT,
				say(w,
					"{\"who\":\"%s\",\"purpose\":\"contact\",\"given\":%s,"
					"\"version\":1}",
					id_text(d->station).s, dice(s, 2) ? "true" : "false"));
			break;
		case 5:
			id = diary_seal(w, d, ENTRY_NOTE,
				say(w, "{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"t\"}",
					id_text(x).s,
					id_uuid_text(n ? written[dice(s, (uint32_t)n)] : x).s));
			break;
		case 6:
			/* refused, at once or when it is opened */
			if (dice(s, 2))
				diary_write(d, ENTRY_CHECKIN, STR("{}"));
			else
				diary_seal(w, d, ENTRY_NOTE, STR("{}"));
			break;
		default:
			id = write_meeting(w, d, x, y);
		}
		if (!id_is_none(id))
			written[n++] = id;
	}
}

static void cut_bodies(struct story *s)
{
	for (size_t i = 0; i < DIARIES; i++) {
		for (size_t from = 1; from <= s->diaries[i]->count;) {
			size_t left = s->diaries[i]->count - from + 1, n = 1 + dice(s, 7);

			s->bodies[s->body_count++] = (struct body){ s->diaries[i], from,
				n < left ? n : left };
			from += n < left ? n : left;
		}
	}
}

/* All derived state, by ids: the small integers depend on the order of arrival. */
static struct hash digest(struct world *w)
{
	static const char *const tables[] = {
		"SELECT hex(id) || name || gone || consent_contact || COALESCE(hex(in_entry), '-') "
		"|| COALESCE(in_ms, '-')"
		" FROM attendee WHERE gone = 0 ORDER BY id",
		"SELECT hex(r.id) || hex(a.id) || r.badge || r.revoked || "
		"COALESCE(hex(r.assigned_by), '-') FROM ref r"
		" JOIN ref a ON a.event = r.event AND a.ref = r.attendee ORDER BY r.id",
		"SELECT hex(e.id) || hex(r.id) || m.kind || m.gone || COALESCE(hex(o.id), '-') "
		"FROM mention m"
		" JOIN entry e ON e.row = m.row JOIN ref r ON r.event = m.event AND r.ref = m.ref"
		" LEFT JOIN ref o ON o.event = m.event AND o.ref = m.other ORDER BY e.id, r.id",
		"SELECT hex(t.of_id) || hex(e.id) FROM retract t JOIN entry e ON e.row = t.row "
		"ORDER BY t.of_id, e.id",
		"SELECT kind || ':' || n FROM tally WHERE n <> 0 ORDER BY kind",
		"SELECT hex(s.store_id) || f.seq || hex(f.id) || f.reason FROM refusal f"
		" JOIN stream s ON s.stream = f.stream ORDER BY s.store_id, f.seq",
		"SELECT hex(r.id) || c.purpose || c.given || hex(c.said_by) FROM consent c"
		" JOIN ref r ON r.event = c.event AND r.ref = c.attendee ORDER BY r.id, c.purpose",
		"SELECT hex(e.id) || hex(e.hash) || e.refused || COALESCE(hex(e.payload), '-')"
		" || COALESCE(hex(p.payload), '-') FROM entry e LEFT JOIN private p"
		" ON p.row = e.row ORDER BY e.id",
		"SELECT row FROM sealed",
	};
	struct buf all = BUF_IN(&w->arena);
	struct err e = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct db_query *q = db_query(w->s->write.db, tables[i]);
		enum db_row row;

		while ((row = db_step(q, &e)) == DB_ROW) {
			buf_add_str(&all, db_text(q, 0));
			buf_add_char(&all, '\n');
		}
		assert_int_equal(row, DB_DONE);
		buf_add_char(&all, '#');
	}
	return hash_of(buf_bytes(&all));
}

static struct story *new_story(uint64_t seed)
{
	struct world *w = world_open();
	struct story *s = calloc(1, sizeof(*s));
	struct attendee people[PEOPLE];
	struct bytes file;
	struct err e = { 0 };

	s->random = seed;
	for (size_t i = 0; i < PEOPLE; i++)
		people[i] = world_attendee(w, "Somebody");
	for (size_t i = 0; i < DIARIES; i++)
		s->diaries[i] = i < 3 ? kiosk_new(w) : diary_new(w, ROLE_ATTENDEE, people[i].id);
	/* what the story's entries borrow outlives this world */
	w->arena = s->arena;
	write_story(w, s, people);
	s->arena = w->arena;
	w->arena = (struct arena){ 0 };
	cut_bodies(s);
	assert_true(db_checkpoint(w->s->write.db, &e));
	if (!file_read(&file, say(w, "%s/kith.db%c", w->dir, 0).p, 16 << 20, &s->arena, &e))
		fail_msg("%s", e.text);
	s->empty_store = file;
	world_close(w);
	return s;
}

static struct world *world_of(const struct story *s)
{
	struct world *w = calloc(1, sizeof(*w));
	char path[128];
	struct err e = { 0 };

	snprintf(w->dir, sizeof(w->dir), "/tmp/kith-test-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	snprintf(path, sizeof(path), "%s/kith.db", w->dir);
	assert_true(file_replace(path, s->empty_store, 0600, &e));
	world_reopen(w);
	world_exec(w, "PRAGMA synchronous=OFF"); /* many stores, none of them kept */
	return w;
}

static void free_story(struct story *s)
{
	for (size_t i = 0; i < DIARIES; i++)
		diary_free(s->diaries[i]);
	arena_finish(&s->arena);
	free(s);
}

/* Deliver bodies in random order, again and again where they were too early, some twice. */
static void deliver_shuffled(struct world *w, struct story *s)
{
	bool held[BODIES_MAX] = { false };
	size_t left = s->body_count;

	while (left > 0) {
		size_t i = dice(s, (uint32_t)s->body_count);
		const struct body *b = &s->bodies[i];
		struct answer a;

		if (held[i] && dice(s, 20) != 0)
			continue;
		a = send_entries(w, b->diary, b->from, b->count);
		assert_int_equal(a.status, 200);
		assert_int_not_equal(a.reply.status, BATCH_FORK);
		if (a.reply.status == BATCH_OK && !held[i]) {
			held[i] = true;
			left--;
		}
		if (dice(s, 6) == 0)
			world_settle(w);
	}
	world_settle(w);
}

static void the_same_entries_in_any_order_give_the_same_state(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		struct story *s = new_story(seed * 0x9E3779B97F4A7C15u);
		struct hash first = { { 0 } };
		int64_t end = world_now;

		for (int round = 0; round < 4; round++) {
			struct world *w = world_of(s);
			struct hash h;

			world_now = end;
			deliver_shuffled(w, s);
			h = digest(w);
			if (round == 0)
				first = h;
			else if (!hash_equal(&first, &h))
				fail_msg("seed %llu, round %d: another state",
					(unsigned long long)seed, round);
			world_close(w);
		}
		free_story(s);
	}
}

static void replaying_everything_a_thousand_times_changes_nothing(void **state)
{
	struct story *s = new_story(42);
	struct world *w = world_of(s);
	struct hash before, after;
	int64_t entries;

	(void)state;
	deliver_shuffled(w, s);
	before = digest(w);
	entries = world_count(w, "SELECT COUNT(*) FROM entry");
	for (int i = 0; i < 1000; i++) {
		const struct body *b = &s->bodies[dice(s, (uint32_t)s->body_count)];
		struct answer a = send_entries(w, b->diary, b->from, b->count);

		assert_int_equal(a.reply.status, BATCH_OK);
		assert_int_equal(a.reply.durable_seq, b->diary->count);
	}
	world_settle(w);
	after = digest(w);
	assert_true(hash_equal(&before, &after));
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry"), entries);
	world_close(w);
	free_story(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_meeting_of_unknown_badges_finds_its_people_later),
		cmocka_unit_test(a_walk_in_is_a_person_from_the_first_moment),
		cmocka_unit_test(check_in_follows_the_ids_not_the_arrival),
		cmocka_unit_test(undo_works_before_and_after_what_it_undoes),
		cmocka_unit_test(nobody_takes_back_what_is_not_theirs),
		cmocka_unit_test(a_badge_goes_to_the_last_who_got_it),
		cmocka_unit_test(a_badge_given_at_the_desk_ends_the_persons_former_ones),
		cmocka_unit_test(nobody_gets_another_persons_own_id_as_badge),
		cmocka_unit_test(what_a_person_said_stands_above_the_list),
		cmocka_unit_test(the_same_entries_in_any_order_give_the_same_state),
		cmocka_unit_test(replaying_everything_a_thousand_times_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

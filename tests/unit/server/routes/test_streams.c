#include "tests/unit/server/world.h"

#include "core/base/json.h"
#include "core/base/text.h"
#include "server/store/signs.h"

static void holds_a_batch_and_says_how_far(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct answer a;

	(void)state;
	write_checkin(w, k, ana.id);
	write_meeting(w, k, ana.id, ben.id);
	a = send_entries(w, k, 1, 2);
	assert_int_equal(a.status, 200);
	assert_int_equal(a.reply.status, BATCH_OK);
	assert_int_equal(a.reply.durable_seq, 2);
	assert_memory_equal(a.reply.durable_hash, k->entries[1].hash, ENTRY_HASH_LEN);
	assert_int_equal(a.reply.safe_seq, 0);
	assert_int_equal(a.reply.refusal_count, 0);
	assert_true(id_equal(a.reply.timeline, w->s->timeline));
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry WHERE refused = 0"), 2);
	diary_free(k);
	world_close(w);
}

static void a_heartbeat_says_what_is_held(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct answer a;

	(void)state;
	a = send_entries(w, k, 1, 0);
	assert_int_equal(a.reply.status, BATCH_OK);
	assert_int_equal(a.reply.durable_seq, 0);
	write_checkin(w, k, crypto_random_id());
	send_all(w, k);
	a = send_entries(w, k, 2, 0);
	assert_int_equal(a.reply.status, BATCH_OK);
	assert_int_equal(a.reply.durable_seq, 1);
	/* less was made than is held: the card went back in time */
	a = send_entries(w, k, 1, 0);
	assert_int_equal(a.reply.status, BATCH_FORK);
	diary_free(k);
	world_close(w);
}

static const char open_signs[] = "SELECT COUNT(*) FROM station_sign WHERE until_ms IS NULL";

static int64_t sign_since(struct world *w, const char *sign)
{
	return world_count(w,
		arena_printf(&w->arena, "SELECT since_ms FROM station_sign WHERE sign = '%s'", sign)
			.p);
}

static void a_kiosk_says_what_it_is_used_as(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);

	(void)state;
	k->used_as = STR("lounge");
	assert_int_equal(send_entries(w, k, 1, 0).status, 200);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM station WHERE role = 'lounge'"), 1);
	/* an older kiosk does not say, which changes nothing */
	k->used_as = STR("");
	assert_int_equal(send_entries(w, k, 1, 0).status, 200);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM station WHERE role = 'lounge'"), 1);
	k->used_as = STR("door");
	assert_int_equal(send_entries(w, k, 1, 0).status, 200);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM station WHERE role = 'door'"), 1);
	diary_free(k);
	world_close(w);
}

static void a_kiosks_signs_are_kept_with_their_times(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct batch_sign signs[] = {
		{ .name = STR("reader"), .for_ms = 60000, .has_value = true, .value = 1 },
		{ .name = STR("clock"), .for_ms = 1000 },
	};
	int64_t since = world_now - 60000;

	(void)state;
	k->signs = signs;
	k->sign_count = 2;
	assert_int_equal(send_entries(w, k, 1, 0).status, 200);
	assert_int_equal(sign_since(w, "reader"), since);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM station_sign WHERE value = 1"), 1);
	/* it goes on: its beginning stays, whatever the station's clock made of it */
	world_now += 30000;
	signs[0].for_ms = 91234;
	k->sign_count = 1;
	assert_int_equal(send_entries(w, k, 1, 0).status, 200);
	assert_int_equal(sign_since(w, "reader"), since);
	assert_int_equal(world_count(w, open_signs), 1);
	/* an older kiosk says nothing, which changes nothing */
	k->signs = NULL;
	assert_int_equal(send_entries(w, k, 1, 0).status, 200);
	assert_int_equal(world_count(w, open_signs), 1);
	/* all is well: it is over, and since when is kept */
	k->signs = signs;
	k->sign_count = 0;
	assert_int_equal(send_entries(w, k, 1, 0).status, 200);
	assert_int_equal(world_count(w, open_signs), 0);
	assert_int_equal(sign_since(w, "reader"), since);
	/* and again */
	world_now += 5000;
	k->sign_count = 1;
	signs[0].for_ms = 0;
	assert_int_equal(send_entries(w, k, 1, 0).status, 200);
	assert_int_equal(sign_since(w, "reader"), world_now);
	diary_free(k);
	world_close(w);
}

static void a_kiosk_that_invents_signs_fills_no_table(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct batch_sign signs[BATCH_SIGNS_MAX];
	char names[BATCH_SIGNS_MAX][8];

	(void)state;
	k->signs = signs;
	k->sign_count = BATCH_SIGNS_MAX;
	for (size_t turn = 0; turn < 4; turn++) {
		for (size_t i = 0; i < BATCH_SIGNS_MAX; i++) {
			snprintf(names[i], sizeof(names[i]), "x%c%c", (char)('a' + turn),
				(char)('a' + i));
			signs[i] = (struct batch_sign){ .name = str_of(names[i]) };
		}
		assert_int_equal(send_entries(w, k, 1, 0).status, 200);
	}
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM station_sign"), LIMIT_STATION_SIGNS);
	diary_free(k);
	world_close(w);
}

static void what_is_sent_again_is_not_added_again(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct answer a;

	(void)state;
	for (int i = 0; i < 10; i++)
		write_checkin(w, k, crypto_random_id());
	send_entries(w, k, 1, 6);
	a = send_entries(w, k, 1, 6);
	assert_int_equal(a.reply.durable_seq, 6);
	a = send_entries(w, k, 2, 3); /* all of it before the end */
	assert_int_equal(a.reply.status, BATCH_OK);
	assert_int_equal(a.reply.durable_seq, 6);
	a = send_entries(w, k, 4, 7); /* some old, some new */
	assert_int_equal(a.reply.status, BATCH_OK);
	assert_int_equal(a.reply.durable_seq, 10);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry"), 10);
	diary_free(k);
	world_close(w);
}

static void a_batch_from_the_future_is_a_gap(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct answer a;

	(void)state;
	for (int i = 0; i < 4; i++)
		write_checkin(w, k, crypto_random_id());
	send_entries(w, k, 1, 1);
	a = send_entries(w, k, 3, 2);
	assert_int_equal(a.reply.status, BATCH_GAP);
	assert_int_equal(a.reply.durable_seq, 1);
	assert_memory_equal(a.reply.durable_hash, k->entries[0].hash, ENTRY_HASH_LEN);
	a = send_entries(w, k, 2, 3);
	assert_int_equal(a.reply.status, BATCH_OK);
	assert_int_equal(a.reply.durable_seq, 4);
	diary_free(k);
	world_close(w);
}

static void another_history_is_a_fork_at_any_place(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w), *clone;

	(void)state;
	for (int i = 0; i < 5; i++)
		write_checkin(w, k, crypto_random_id());
	send_all(w, k);
	clone = calloc(1, sizeof(*clone));
	*clone = *k;
	clone->entries[2].id = crypto_uuid7((uint64_t)world_now);
	diary_chain(clone);
	assert_int_equal(send_entries(w, clone, 1, 5).reply.status, BATCH_FORK);
	assert_int_equal(send_entries(w, clone, 3, 2).reply.status, BATCH_FORK);
	assert_int_equal(send_entries(w, clone, 6, 0).reply.status, BATCH_FORK);
	/* what both have in common is the same */
	assert_int_equal(send_entries(w, clone, 1, 2).reply.status, BATCH_OK);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry"), 5);
	diary_free(clone);
	diary_free(k);
	world_close(w);
}

static void a_forked_stream_goes_on_under_a_new_name(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct answer a;

	(void)state;
	for (int i = 0; i < 5; i++)
		write_checkin(w, k, crypto_random_id());
	send_entries(w, k, 1, 3);
	k->store_id = crypto_random_id();
	diary_chain(k);
	a = send_entries(w, k, 1, 5);
	assert_int_equal(a.reply.status, BATCH_OK);
	assert_int_equal(a.reply.durable_seq, 5);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry"), 5);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM folded"), 3);
	/* and its folded places are known when they come again */
	assert_int_equal(send_entries(w, k, 1, 2).reply.status, BATCH_OK);
	assert_int_equal(send_entries(w, k, 2, 1).reply.status, BATCH_OK);
	diary_free(k);
	world_close(w);
}

static void a_stream_belongs_to_who_used_it_first(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w), *thief = kiosk_new(w);

	(void)state;
	write_checkin(w, k, crypto_random_id());
	send_all(w, k);
	thief->store_id = k->store_id;
	write_checkin(w, thief, crypto_random_id());
	assert_int_equal(send_entries(w, thief, 1, 1).status, 403);
	assert_int_equal(send_entries(w, thief, 2, 0).status, 403);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry"), 1);
	diary_free(thief);
	diary_free(k);
	world_close(w);
}

/* Ids of people are known to whoever met them, and the kith-own-1 stream was named by that alone.
 */
static struct id own_store_by_id(struct id who)
{
	const struct bytes parts[] = { BYTES("kith-own-1"), id_bytes(&who) };
	struct hash h = hash_of_parts(parts, ARRAY_LEN(parts));
	struct id out;

	memcpy(out.b, h.b, sizeof(out.b));
	return out;
}

static void nobody_takes_the_stream_of_anothers_pages(void **state)
{
	struct world *w = world_open();
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct diary *p = diary_new(w, ROLE_ATTENDEE, ben.id);
	struct caller caller = { .role = ROLE_ATTENDEE, .event = w->event.event, .id = ana.id };
	struct str consent = STR("{\"purpose\":\"card\",\"given\":true}");

	(void)state;
	p->store_id = own_store_by_id(ana.id);
	assert_int_equal(send_entries(w, p, 1, 0).status, 200);
	assert_int_equal(
		ask(w, &caller, "POST", STR("/v1/me/consents"), str_bytes(consent)).status, 204);
	diary_free(p);
	world_close(w);
}

static bool import_into(struct work *work, void *arg, struct err *e)
{
	struct attendee *x = arg;

	return attendee_add(work->db, x->attendee, x, NULL, e);
}

static void a_person_of_two_events_has_a_log_in_each(void **state)
{
	struct world *w = world_open();
	struct event next = { .name = STR("Next year"),
		.host = STR("kith.example"),
		.topics = STR("[]"),
		.settings = STR("{}") };
	struct attendee ana = world_attendee(w, "Ana"), again = { .name = STR("Ana") };
	struct caller caller = { .role = ROLE_ATTENDEE, .event = w->event.event, .id = ana.id };
	struct str consent = STR("{\"purpose\":\"card\",\"given\":true}");
	struct err e = { 0 };

	(void)state;
	assert_true(writer_run(w->s, world_make_event, &next, &e));
	again.id = ana.id; /* an organizer's list names its people itself */
	again.attendee = next.event;
	if (!writer_run(w->s, import_into, &again, &e))
		fail_msg("%s", e.text);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
			ask(w, &caller, "POST", STR("/v1/me/consents"), str_bytes(consent)).status,
			204);
		caller.event = next.event;
	}
	assert_int_equal(world_count(w, "SELECT COUNT(DISTINCT event) FROM entry"), 2);
	world_settle(w);
	assert_int_equal(world_count(w, "SELECT SUM(consent_card) FROM attendee"), 2);
	world_close(w);
}

static void a_revoked_kiosk_is_told_to_wipe(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	const struct caller organizer = world_organizer(w);
	struct batch_reply reply;
	struct err e = { 0 };
	struct answer a;

	(void)state;
	write_checkin(w, k, crypto_random_id());
	assert_int_equal(ask(w, &organizer, "POST",
				 say(w, "/v1/events/%u/stations/%s/revoke", w->event.event,
					 id_uuid_text(k->station).s),
				 BYTES(""))
				 .status,
		200);
	a = send_all(w, k);
	assert_int_equal(a.status, 403);
	assert_true(batch_reply_read(&reply, str_bytes(a.body), &w->arena, &e));
	assert_true(reply.wipe);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry"), 0);
	diary_free(k);
	world_close(w);
}

static void entries_of_another_event_are_kept_without_effect(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct caller caller = caller_of(k);
	struct reply r;
	struct batch_reply reply;
	struct err e = { 0 };

	(void)state;
	k->event++;
	write_checkin(w, k, crypto_random_id());
	r = ask(w, &caller, "POST", say(w, "/v1/streams/%s", id_uuid_text(k->store_id).s),
		diary_batch(w, k, 1, 1));
	assert_int_equal(r.status, 200);
	assert_true(batch_reply_read(&reply, r.body, &w->arena, &e));
	assert_int_equal(reply.durable_seq, 1);
	assert_int_equal(reply.refusal_count, 1);
	assert_str(reply.refusals[0].reason, "not-your-event");
	diary_free(k);
	world_close(w);
}

static void poison_is_refused_and_does_not_block(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	struct answer a;

	(void)state;
	diary_write(k, ENTRY_CHECKIN, STR("not JSON"));
	diary_write(k, ENTRY_CHECKIN, STR("{\"who\":\"nobody\",\"how\":\"chip\"}"));
	diary_write(k, ENTRY_CHECKIN, STR("[]"));
	diary_write(k, ENTRY_NOTE, STR("sealed to nobody, longer than a box must be: 0123456789"));
	k->entries[3].sealed = true;
	diary_chain(k);
	write_checkin(w, k, ana.id);
	a = send_all(w, k);
	assert_int_equal(a.reply.status, BATCH_OK);
	assert_int_equal(a.reply.durable_seq, 5);
	/* at once what can be read, the sealed one in a later reply */
	assert_int_equal(a.reply.refusal_count, 3);
	assert_str(a.reply.refusals[0].reason, "malformed-payload");
	world_settle(w);
	a = send_entries(w, k, 6, 0);
	assert_int_equal(a.reply.refusal_count, 4);
	assert_str(a.reply.refusals[3].reason, "cannot-be-opened");
	assert_true(id_equal(a.reply.refusals[3].id, k->entries[3].id));
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry WHERE refused = 1"), 4);
	assert_int_equal(
		world_count(w, "SELECT COUNT(*) FROM attendee WHERE in_ms IS NOT NULL"), 1);
	diary_free(k);
	world_close(w);
}

static void a_kind_of_tomorrow_is_kept_and_does_not_block(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	struct answer a;

	(void)state;
	diary_write(k, (enum entry_kind)19, STR("{\"who\":\"whoever\"}"));
	diary_seal(w, k, (enum entry_kind)300, STR("{}"));
	k->entries[0].kind_name = STR("wave");
	k->entries[1].kind_name = STR("nod");
	write_checkin(w, k, ana.id);
	a = send_all(w, k);
	assert_int_equal(a.status, 200);
	assert_int_equal(a.reply.status, BATCH_OK);
	assert_int_equal(a.reply.durable_seq, 3);
	assert_int_equal(a.reply.refusal_count, 2);
	assert_true(id_equal(a.reply.refusals[0].id, k->entries[0].id));
	assert_str(a.reply.refusals[0].reason, "kind wave is not known to this server: update it");
	assert_str(a.reply.refusals[1].reason, "kind nod is not known to this server: update it");
	assert_int_equal(send_entries(w, k, 1, 3).reply.status, BATCH_OK); /* and again */
	world_settle(w);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry WHERE refused = 1"), 2);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM private"), 2);
	assert_int_equal(
		world_count(w, "SELECT COUNT(*) FROM attendee WHERE in_ms IS NOT NULL"), 1);
	diary_free(k);
	world_close(w);
}

static void a_phone_speaks_for_its_owner_only(void **state)
{
	struct world *w = world_open();
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct diary *p = diary_new(w, ROLE_ATTENDEE, ana.id);
	struct answer a;

	(void)state;
	write_meeting(w, p, ana.id, ben.id);
	write_meeting(w, p, ben.id, ana.id);
	write_checkin(w, p, ana.id);
	diary_write(p, ENTRY_CONSENT,
		say(w, "{\"who\":\"%s\",\"purpose\":\"card\",\"given\":true,\"version\":1}",
			id_text(ben.id).s));
	diary_write(p, ENTRY_CONSENT,
		say(w, "{\"who\":\"%s\",\"purpose\":\"card\",\"given\":true,\"version\":1}",
			id_text(ana.id).s));
	a = send_all(w, p);
	assert_int_equal(a.reply.durable_seq, 5);
	assert_int_equal(a.reply.refusal_count, 3);
	assert_str(a.reply.refusals[0].reason, "not-your-own");
	assert_str(a.reply.refusals[1].reason, "not-for-this-station");
	assert_str(a.reply.refusals[2].reason, "not-your-own");
	world_settle(w);
	assert_int_equal(world_count(w, "SELECT SUM(consent_card) FROM attendee"), 1);
	diary_free(p);
	world_close(w);
}

static void a_phone_does_not_send_for_who_was_there_before(void **state)
{
	struct world *w = world_open();
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct diary *p = diary_new(w, ROLE_ATTENDEE, ana.id);
	struct caller caller = caller_of(p);
	struct id_text his = id_text(ben.id), hers = id_text(ana.id);
	const char *headers[] = { "Kith-Owner", his.s, NULL };
	struct str target = say(w, "/v1/streams/%s", id_uuid_text(p->store_id).s);

	(void)state;
	write_meeting(w, p, ana.id, ben.id);
	assert_int_equal(
		ask_with(w, &caller, "POST", target, headers, diary_batch(w, p, 1, 1)).status, 403);
	headers[1] = "not an id";
	assert_int_equal(
		ask_with(w, &caller, "POST", target, headers, diary_batch(w, p, 1, 1)).status, 403);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM stream"), 0);
	headers[1] = hers.s;
	assert_int_equal(
		ask_with(w, &caller, "POST", target, headers, diary_batch(w, p, 1, 1)).status, 200);
	diary_free(p);
	world_close(w);
}

static void a_kiosk_gives_no_consent_for_people(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");

	(void)state;
	diary_seal(w, k, ENTRY_CONSENT,
		say(w, "{\"who\":\"%s\",\"purpose\":\"followups\",\"given\":true,\"version\":1}",
			id_text(ana.id).s));
	assert_int_equal(send_all(w, k).reply.refusal_count, 1);
	diary_free(k);
	world_close(w);
}

static void notes_are_opened_and_stand_apart(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct log_entry *log;
	struct err e = { 0 };
	struct id met;
	size_t n;

	(void)state;
	met = write_meeting(w, k, ana.id, ben.id);
	diary_seal(w, k, ENTRY_NOTE,
		say(w, "{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"canary\"}", id_text(ana.id).s,
			id_uuid_text(met).s));
	assert_int_equal(send_all(w, k).reply.refusal_count, 0);
	world_settle(w);
	assert_int_equal(
		world_count(w,
			"SELECT COUNT(*) FROM entry WHERE CAST(payload AS TEXT) LIKE '%canary%'"),
		0);
	assert_true(log_of_person(
		&log, &n, w->s->write.db, w->event.event, ana.attendee, &w->arena, &e));
	assert_int_equal(n, 2);
	assert_int_equal(log[0].kind, ENTRY_MEETING);
	assert_int_equal(log[0].other, ben.attendee);
	assert_true(id_equal(log[0].other_id, ben.id));
	assert_int_equal(log[1].kind, ENTRY_NOTE);
	assert_true(str_find((struct str){ (const char *)log[1].payload.p, log[1].payload.len },
			    STR("canary"), 0) != SIZE_MAX);
	/* it is its author's alone */
	assert_true(log_of_person(
		&log, &n, w->s->write.db, w->event.event, ben.attendee, &w->arena, &e));
	assert_int_equal(n, 1);
	assert_int_equal(log[0].other, ana.attendee);
	diary_free(k);
	world_close(w);
}

static void refuses_a_body_for_another_stream(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct caller caller = caller_of(k);

	(void)state;
	write_checkin(w, k, crypto_random_id());
	assert_int_equal(ask(w, &caller, "POST",
				 say(w, "/v1/streams/%s", id_uuid_text(crypto_random_id()).s),
				 diary_batch(w, k, 1, 1))
				 .status,
		400);
	assert_int_equal(
		ask(w, &caller, "POST", STR("/v1/streams/nonsense"), diary_batch(w, k, 1, 1))
			.status,
		404);
	assert_int_equal(ask(w, &caller, "POST",
				 say(w, "/v1/streams/%s", id_uuid_text(k->store_id).s), BYTES("{"))
				 .status,
		400);
	diary_free(k);
	world_close(w);
}

static void a_reply_is_signed_over_its_request(void **state)
{
	struct world *w = world_open();
	struct request q = { .arena = &w->arena, .caller = { .role = ROLE_STATION } };
	struct reply r = { .status = 200, .body = BYTES("{}") };
	uint8_t signature[SIGNATURE_LEN];
	struct buf b = BUF_ON(signature);
	struct hash request, hash;

	(void)state;
	memset(q.caller.request_hash, 7, sizeof(q.caller.request_hash));
	server_sign_reply(w->s, &q, &r);
	assert_int_equal(r.header_count, 1);
	assert_string_equal(r.headers[0].name, "Kith-Signature");
	assert_true(base64_read(&b, r.headers[0].value));
	memset(request.b, 7, sizeof(request.b));
	hash = reply_hash(&request, 200, BYTES("{}"));
	assert_true(sign_verify(signature, hash_bytes(&hash), w->s->public_key));
	hash = reply_hash(&request, 403, BYTES("{}"));
	assert_false(sign_verify(signature, hash_bytes(&hash), w->s->public_key));
	world_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_a_batch_and_says_how_far),
		cmocka_unit_test(a_heartbeat_says_what_is_held),
		cmocka_unit_test(a_kiosk_says_what_it_is_used_as),
		cmocka_unit_test(a_kiosks_signs_are_kept_with_their_times),
		cmocka_unit_test(a_kiosk_that_invents_signs_fills_no_table),
		cmocka_unit_test(what_is_sent_again_is_not_added_again),
		cmocka_unit_test(a_batch_from_the_future_is_a_gap),
		cmocka_unit_test(another_history_is_a_fork_at_any_place),
		cmocka_unit_test(a_forked_stream_goes_on_under_a_new_name),
		cmocka_unit_test(a_stream_belongs_to_who_used_it_first),
		cmocka_unit_test(nobody_takes_the_stream_of_anothers_pages),
		cmocka_unit_test(a_person_of_two_events_has_a_log_in_each),
		cmocka_unit_test(a_revoked_kiosk_is_told_to_wipe),
		cmocka_unit_test(entries_of_another_event_are_kept_without_effect),
		cmocka_unit_test(poison_is_refused_and_does_not_block),
		cmocka_unit_test(a_kind_of_tomorrow_is_kept_and_does_not_block),
		cmocka_unit_test(a_phone_speaks_for_its_owner_only),
		cmocka_unit_test(a_phone_does_not_send_for_who_was_there_before),
		cmocka_unit_test(a_kiosk_gives_no_consent_for_people),
		cmocka_unit_test(notes_are_opened_and_stand_apart),
		cmocka_unit_test(refuses_a_body_for_another_stream),
		cmocka_unit_test(a_reply_is_signed_over_its_request),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

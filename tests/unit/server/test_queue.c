/* Queue and organizer's list over a real store: what each person sees, and what the organizer may.
 */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <unistd.h>

#include "core/base/json.h"
#include "core/entry/wire/chain.h"
#include "server/followups.h"
#include "server/routes/routes.h"
#include "server/server.h"
#include "server/store/events.h"
#include "server/store/log.h"
#include "server/store/people.h"
#include "server/store/queue.h"
#include "server/writer.h"

enum { PEOPLE = 4 };

struct world {
	char folder[64];
	struct server *server;
	struct event event;
	struct attendee people[PEOPLE]; /* ana, ben, chidi, dora */
	struct arena arena;
};

static const int64_t start_ms = INT64_C(20779) * 86400000 + 36000000; /* 2026-11-22, 10:00 */
static int64_t test_now_ms;

static int64_t test_now(void)
{
	return test_now_ms;
}

#define OK(call)                                                                                   \
	do {                                                                                       \
		struct err e_ = { 0 };                                                             \
		struct err *e = &e_;                                                               \
		if (!(call))                                                                       \
			fail_msg("%s", e_.text);                                                   \
	} while (0)

static bool open_world(struct world *w, struct err *e)
{
	static const char *const names[PEOPLE] = { "Ana Müller", "Ben Kowalski", "Chidi Okafor",
		"Dóra Szabó" };
	struct server_config config = { .store = w->folder, .use = STORE_CREATE };
	struct db *db;

	if (!server_open(&w->server, &config, e))
		return false;
	w->server->now_ms = test_now;
	db = w->server->write.db;
	w->event = (struct event){ .name = STR_INIT("C Meetup"),
		.host = STR_INIT("example.org"),
		.topics = STR_INIT("[]"),
		.settings = STR_INIT("{}") };
	if (!db_begin(db, e) || !event_add(db, &w->event, test_now_ms, e))
		return false;
	for (int i = 0; i < PEOPLE; i++) {
		w->people[i] = (struct attendee){ .name = str_of(names[i]),
			.email = STR_INIT("x@example.org"),
			.phone = STR_INIT("+1 555"),
			.organization = STR_INIT("Org"),
			.title = STR_INIT("Dr"),
			.url = STR_INIT("https://example.org"),
			.lang = STR_INIT("en") };
		if (!attendee_add(db, w->event.event, &w->people[i], NULL, e))
			return false;
	}
	return db_commit(db, e);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	struct err e = { 0 };

	snprintf(w->folder, sizeof(w->folder), "/tmp/kith-queue-XXXXXX");
	test_now_ms = start_ms;
	if (!crypto_init(&e) || !mkdtemp(w->folder) || !open_world(w, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return -1;
	}
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[128];

	server_close(w->server);
	arena_finish(&w->arena);
	snprintf(command, sizeof(command), "rm -rf %s", w->folder);
	free(w);
	return system(command);
}

static struct id say(struct world *w, int who, enum entry_kind kind, const char *format, ...)
	PRINTF_LIKE(4, 5);
static struct id say(struct world *w, int who, enum entry_kind kind, const char *format, ...)
{
	struct buf payload = BUF_IN(&w->arena);
	struct id id;
	va_list args;

	va_start(args, format);
	buf_vprintf(&payload, format, args);
	va_end(args);
	OK(db_begin(w->server->write.db, e));
	OK(log_append(&w->server->write, w->event.event, w->people[who].id, kind,
		buf_bytes(&payload), &id, e));
	OK(db_commit(w->server->write.db, e));
	test_now_ms += 1000;
	return id;
}

/* A scan of b's code by a's own phone: nobody else saw it. */
static struct id scan_alone(struct world *w, int a, int b)
{
	return say(w, a, ENTRY_MEETING, "{\"a\":\"%s\",\"b\":\"%s\"}", id_text(w->people[a].id).s,
		id_text(w->people[b].id).s);
}

/* At a kiosk, which saw both badges. */
static struct id meet_by(struct world *w, int a, int b, const char *by)
{
	static const char kiosk[] =
		"INSERT INTO station (event, id, kind, name, made_ms) VALUES ($1, $2, 1, 'k', 1)";
	struct entry x = { .event = w->event.event, .kind = ENTRY_MEETING, .seq = 1 };
	struct db *db = w->server->write.db;
	struct buf payload = BUF_IN(&w->arena);
	struct db_query *q = db_query(db, kiosk);
	struct id station = crypto_random_id();
	struct station st;
	struct stream stream;
	bool held, made;

	buf_printf(&payload, "{\"a\":\"%s\",\"b\":\"%s\"%s}", id_text(w->people[a].id).s,
		id_text(w->people[b].id).s, by);
	x.id = crypto_uuid7((uint64_t)test_now_ms);
	x.store_id = crypto_random_id();
	x.time = (struct clock_time){ .boot_ms = 1, .wall_ms = test_now_ms, .quality = CLOCK_NTP };
	x.payload = buf_bytes(&payload);
	entry_seal_hash(&x);
	OK(db_begin(db, e));
	db_bind_i64(q, 1, w->event.event);
	db_bind_id(q, 2, &station);
	OK(db_run(q, e));
	OK(station_find(&st, db, station, e));
	OK(stream_open(&stream, db, &st, x.store_id, &made, e));
	OK(log_add(&w->server->write, &st, &stream, &x, NULL, &held, e));
	OK(stream_save(db, &stream, e));
	OK(db_commit(db, e));
	test_now_ms += 1000;
	return x.id;
}

static struct id meet(struct world *w, int a, int b)
{
	return meet_by(w, a, b, "");
}

static void agree(struct world *w, int who, enum purpose purpose, bool given)
{
	OK(db_begin(w->server->write.db, e));
	OK(consent_set(w->server->write.db, w->event.event, w->people[who].attendee, purpose, given,
		1, test_now_ms, NULL, e));
	OK(db_commit(w->server->write.db, e));
}

static struct request request_of(struct world *w, int who, const char *body)
{
	return (struct request){ .arena = &w->arena,
		.body = str_bytes(str_of(body)),
		.caller = {
			.role = ROLE_ATTENDEE, .event = w->event.event, .id = w->people[who].id } };
}

static struct json *queue_of(struct world *w, int who)
{
	struct request q = request_of(w, who, "");
	struct reply r = { .status = 200 };
	struct json *root = NULL;

	OK(writer_settle(&w->server->write, e));
	OK(queue_get(&w->server->write, &q, &r, e));
	OK(json_read(&root, r.body, &w->arena, e));
	return root;
}

static struct str text_of(const struct json *o, const char *key)
{
	struct str s = { NULL, 0 };

	return json_get_str(o, key, &s) ? s : STR("(absent)");
}

static const struct json *first_item(const struct json *queue)
{
	const struct json *items = json_get(queue, "items");

	assert_true(items && items->first);
	return items->first;
}

static void a_meeting_shows_in_both_queues_with_a_date(void **state)
{
	struct world *w = *state;
	const struct json *item;

	meet(w, 0, 1);
	item = first_item(queue_of(w, 0));
	assert_str(text_of(item, "kind"), "hello");
	assert_str(text_of(item, "due"), "2026-11-24");
	assert_str(text_of(item, "title"), "Say hello to Ben Kowalski");
	assert_str(text_of(item, "why"), "You met at C Meetup on 22 November.");
	item = first_item(queue_of(w, 1));
	assert_str(text_of(json_get(item, "person"), "name"), "Ana Müller");
	assert_int_equal(json_get(queue_of(w, 2), "items")->count, 0);
}

static void a_note_is_its_authors_alone(void **state)
{
	struct world *w = *state;
	struct id m = meet(w, 0, 1);
	const struct json *notes;

	say(w, 0, ENTRY_NOTE,
		"{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"likes SQLite\",\"topics\":[\"Tea\"]}",
		id_text(w->people[0].id).s, id_uuid_text(m).s);
	notes = json_get(first_item(queue_of(w, 0)), "notes");
	assert_int_equal(notes->count, 1);
	assert_str(text_of(notes->first, "text"), "likes SQLite");
	notes = json_get(first_item(queue_of(w, 1)), "notes");
	assert_int_equal(notes->count, 0);
}

static void a_code_scanned_alone_gives_no_name(void **state)
{
	struct world *w = *state;

	scan_alone(w, 0, 1);
	assert_str(text_of(json_get(first_item(queue_of(w, 0)), "person"), "name"), "");
	/* the one who was scanned sees by whom */
	assert_str(text_of(json_get(first_item(queue_of(w, 1)), "person"), "name"), "Ana Müller");
	agree(w, 1, PURPOSE_CARD, true);
	assert_str(text_of(json_get(first_item(queue_of(w, 0)), "person"), "name"), "Ben Kowalski");
	agree(w, 1, PURPOSE_CARD, false);
	/* nor does a code that a kiosk saw, with a's own badge before it */
	meet_by(w, 0, 1, ",\"by\":\"badge\"");
	assert_str(text_of(json_get(first_item(queue_of(w, 0)), "person"), "name"), "");
	meet(w, 1, 0);
	assert_str(text_of(json_get(first_item(queue_of(w, 0)), "person"), "name"), "Ben Kowalski");
}

static void further_fields_need_their_owners_consent(void **state)
{
	struct world *w = *state;

	meet(w, 0, 1);
	assert_int_equal(
		json_get(json_get(first_item(queue_of(w, 0)), "person"), "emails")->count, 0);
	agree(w, 1, PURPOSE_CARD, true);
	assert_int_equal(
		json_get(json_get(first_item(queue_of(w, 0)), "person"), "emails")->count, 1);
	agree(w, 1, PURPOSE_CARD, false);
	assert_int_equal(
		json_get(json_get(first_item(queue_of(w, 0)), "person"), "emails")->count, 0);
}

static struct json *act(struct world *w, int who, struct str key, const char *body)
{
	struct request q = request_of(w, who, body);
	struct reply r = { .status = 200 };
	struct json *root = NULL;

	q.params[0] = key;
	OK(db_begin(w->server->write.db, e));
	OK(queue_item_post(&w->server->write, &q, &r, e));
	OK(db_commit(w->server->write.db, e));
	OK(json_read(&root, r.body, &w->arena, e));
	return root;
}

static void a_change_shows_at_once_and_stays(void **state)
{
	struct world *w = *state;
	struct str key;

	meet(w, 0, 1);
	key = arena_str(&w->arena, text_of(first_item(queue_of(w, 0)), "key"));
	assert_str(
		text_of(json_get(act(w, 0, key, "{\"state\":\"done\"}"), "item"), "state"), "done");
	assert_int_equal(json_get(queue_of(w, 0), "done")->count, 1);
	/* Ben's own hello is not Ana's to close */
	assert_int_equal(json_get(queue_of(w, 1), "done")->count, 0);
}

static const struct json *item_of(const struct json *queue, const char *kind)
{
	for (const struct json *i = json_get(queue, "items")->first; i; i = i->next)
		if (str_equal(text_of(i, "kind"), str_of(kind)))
			return i;
	return NULL;
}

/* A coffee that was had is in neither list: the next one is months away. */
static void what_left_the_queue_is_answered_without_an_item(void **state)
{
	struct world *w = *state;
	struct id m = meet(w, 0, 1);
	const struct json *coffee;
	struct json *answer;
	struct str key;

	say(w, 0, ENTRY_SETTING, "{\"owner\":\"%s\",\"name\":\"rhythm/%s\",\"value\":\"365\"}",
		id_text(w->people[0].id).s, id_uuid_text(m).s);
	test_now_ms += INT64_C(3) * 86400000;
	key = arena_str(&w->arena, text_of(item_of(queue_of(w, 0), "hello"), "key"));
	act(w, 0, key, "{\"state\":\"done\"}");
	coffee = item_of(queue_of(w, 0), "face-time");
	assert_non_null(coffee);
	key = arena_str(&w->arena, text_of(coffee, "key"));
	answer = act(w, 0, key, "{\"state\":\"done\"}");
	assert_int_equal(answer->type, JSON_OBJECT);
	assert_int_equal(answer->count, 0);
	assert_null(item_of(queue_of(w, 0), "face-time"));
	assert_non_null(item_of(queue_of(w, 0), "keep-in-touch"));
}

static struct id uuid_read(struct str s)
{
	struct id id;

	assert_true(id_read(s, &id));
	return id;
}

static bool has_text(const struct json *list, const char *text)
{
	for (const struct json *n = list ? list->first : NULL; n; n = n->next)
		if (str_equal(n->text, str_of(text)))
			return true;
	return false;
}

/* The queue's items are those of the plan (docs/api.md), with all they say. */
static void an_item_says_all_that_is_known(void **state)
{
	struct world *w = *state;
	struct id m = meet(w, 0, 1);
	const char *ana = arena_cstr(&w->arena, str_of(id_text(w->people[0].id).s));
	const char *of = arena_cstr(&w->arena, str_of(id_uuid_text(m).s));
	const struct json *item;

	say(w, 0, ENTRY_NOTE,
		"{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"maps\",\"prompt\":\"cares\"}", ana,
		of);
	say(w, 0, ENTRY_FAVOUR,
		"{\"owner\":\"%s\",\"of\":\"%s\",\"way\":\"asked\",\"text\":\"a word\"}", ana, of);
	item = first_item(queue_of(w, 0));
	assert_true(has_text(json_get(item, "cares"), "maps"));
	assert_true(has_text(json_get(item, "whys"), "You met at C Meetup on 22 November."));
	assert_true(has_text(json_get(item, "whys"), "You asked for: a word"));
	assert_non_null(json_get(item, "hint"));
	assert_str(text_of(json_get(item, "place"), "is"), "due");
	assert_true(id_equal(uuid_read(text_of(item, "source")), m));
	say(w, 0, ENTRY_FAVOUR, "{\"owner\":\"%s\",\"of\":\"%s\",\"way\":\"given\"}", ana, of);
	assert_null(json_get(first_item(queue_of(w, 0)), "hint"));
}

static void a_merged_person_is_one_with_all_addresses(void **state)
{
	struct world *w = *state;
	struct id m = scan_alone(w, 0, 1), c;
	const char *ana = arena_cstr(&w->arena, str_of(id_text(w->people[0].id).s));
	const struct json *queue;

	c = say(w, 0, ENTRY_CONTACT,
		"{\"owner\":\"%s\",\"claimed\":true,\"card\":\"BEGIN:VCARD\\r\\nVERSION:3.0\\r\\n"
		"FN:Ben K.\\r\\nN:K.;Ben;;;\\r\\nEMAIL:ben@example.org\\r\\nEND:VCARD\\r\\n\"}",
		ana);
	assert_int_equal(json_get(queue_of(w, 0), "items")->count, 2);
	c = say(w, 0, ENTRY_MERGE, "{\"owner\":\"%s\",\"of\":[\"%s\",\"%s\"]}", ana,
		id_uuid_text(m).s, id_uuid_text(c).s);
	queue = queue_of(w, 0);
	assert_int_equal(json_get(queue, "items")->count, 1);
	/* the badge gave no name, the card does */
	assert_str(text_of(json_get(first_item(queue), "person"), "name"), "Ben K.");
	assert_true(has_text(
		json_get(json_get(first_item(queue), "person"), "emails"), "ben@example.org"));
	say(w, 0, ENTRY_RETRACT, "{\"of\":\"%s\"}", id_uuid_text(c).s);
	assert_int_equal(json_get(queue_of(w, 0), "items")->count, 2);
}

static void a_card_shown_at_a_meeting_names_its_person(void **state)
{
	struct world *w = *state;
	struct id m = scan_alone(w, 0, 1);

	say(w, 0, ENTRY_CONTACT,
		"{\"owner\":\"%s\",\"claimed\":true,\"of\":\"%s\",\"card\":\"BEGIN:"
		"VCARD\\r\\nVERSION:"
		"3.0\\r\\nFN:Ben from Acme\\r\\nN:;Ben;;;\\r\\nEND:VCARD\\r\\n\"}",
		id_text(w->people[0].id).s, id_uuid_text(m).s);
	assert_int_equal(json_get(queue_of(w, 0), "items")->count, 1);
	assert_str(
		text_of(json_get(first_item(queue_of(w, 0)), "person"), "name"), "Ben from Acme");
}

static void what_worked_out_asks_for_thanks(void **state)
{
	struct world *w = *state;
	struct id m = meet(w, 0, 1), r;
	struct id key;

	r = say(w, 0, ENTRY_FOLLOWUP,
		"{\"owner\":\"%s\",\"of\":\"%s\",\"kind\":\"referral\",\"due\":\"2026-11-25\","
		"\"text\":\"a job\"}",
		id_text(w->people[0].id).s, id_uuid_text(m).s);
	(void)queue_of(w, 0);
	key = followup_key(r, FOLLOWUP_REFERRAL);
	act(w, 0, arena_str(&w->arena, str_of(id_text(key).s)),
		"{\"state\":\"done\",\"worked\":true}");
	assert_non_null(item_of(queue_of(w, 0), "thanks"));
}

/* One more entry writes what changed, and leaves the other rows as they were. */
static void an_entry_writes_few_rows(void **state)
{
	struct world *w = *state;
	struct db *db = w->server->write.db;
	struct db_query *q;
	int64_t before;

	for (int i = 0; i < 3; i++)
		meet(w, 0, i + 1);
	(void)queue_of(w, 0);
	q = db_query(db, "SELECT total_changes()");
	OK(db_step(q, e) == DB_ROW);
	before = db_i64(q, 0);
	db_reset(q);
	OK(db_begin(db, e));
	OK(queue_plan(db, w->event.event, w->people[0].attendee, NULL, test_now_ms, &w->arena, e));
	OK(db_commit(db, e));
	OK(db_step(q, e) == DB_ROW);
	/* the plan's own row: nothing else has changed */
	assert_int_equal(db_i64(q, 0) - before, 1);
	db_reset(q);
}

static void a_snooze_wakes_up_on_its_day(void **state)
{
	struct world *w = *state;
	struct str key;

	meet(w, 0, 1);
	key = arena_str(&w->arena, text_of(first_item(queue_of(w, 0)), "key"));
	act(w, 0, key, "{\"state\":\"snooze\",\"until\":\"2026-11-29\"}");
	assert_str(text_of(first_item(queue_of(w, 0)), "state"), "snooze");
	test_now_ms = start_ms + INT64_C(7) * 86400000;
	assert_str(text_of(first_item(queue_of(w, 0)), "state"), "open");
}

static void refuses_changes_that_make_no_sense(void **state)
{
	static const char *const bad[] = { "", "[]", "{}", "{\"state\":\"later\"}",
		"{\"state\":\"snooze\"}", "{\"state\":\"snooze\",\"until\":\"2026-11-22\"}",
		"{\"state\":\"snooze\",\"until\":\"2026-02-30\"}",
		"{\"state\":\"done\",\"after\":[\"x\"]}" };
	struct world *w = *state;
	struct str key;

	meet(w, 0, 1);
	key = arena_str(&w->arena, text_of(first_item(queue_of(w, 0)), "key"));
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct request q = request_of(w, 0, bad[i]);
		struct reply r = { .status = 200 };
		struct err e = { 0 };

		q.params[0] = key;
		assert_false(queue_item_post(&w->server->write, &q, &r, &e));
		assert_int_equal(e.code, ERR_MALFORMED);
	}
	struct request q = request_of(w, 1, "{\"state\":\"done\"}");
	struct reply r = { .status = 200 };
	struct err e = { 0 };

	q.params[0] = STR("AAAAAAAAAAAAAAAAAAAAAA");
	assert_false(queue_item_post(&w->server->write, &q, &r, &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
}

static struct json *list_of(struct world *w)
{
	struct buf out = BUF_IN(&w->arena);
	struct json *root = NULL;

	OK(writer_settle(&w->server->write, e));
	OK(followups_write(&out, w->server->write.db, w->event.event, STR("json"), e));
	OK(json_read(&root, buf_bytes(&out), &w->arena, e));
	return root;
}

/* Each combination of what a (the owner) and b agreed to: 8 x 8. */
static void the_organizers_list_follows_every_combination_of_consents(void **state)
{
	struct world *w = *state;

	meet(w, 0, 1);
	for (unsigned bits = 0; bits < 64; bits++) {
		bool a[4], b[4];
		const struct json *rows, *row = NULL;
		struct id id;

		for (int p = 1; p <= 3; p++) {
			a[p] = bits >> (p - 1) & 1;
			b[p] = bits >> (p + 2) & 1;
			agree(w, 0, (enum purpose)p, a[p]);
			agree(w, 1, (enum purpose)p, b[p]);
		}
		rows = json_get(list_of(w), "rows");
		assert_int_equal(rows->count,
			(a[PURPOSE_FOLLOWUPS] ? 1u : 0u) + (b[PURPOSE_FOLLOWUPS] ? 1u : 0u));
		for (const struct json *r = rows->first; r; r = r->next)
			if (json_get_id(json_get(r, "a"), "id", &id) &&
				id_equal(id, w->people[0].id))
				row = r;
		assert_int_equal(row != NULL, a[PURPOSE_FOLLOWUPS]);
		if (!row)
			continue;
		assert_int_equal(json_get(json_get(row, "a"), "name") != NULL, a[PURPOSE_CONTACT]);
		assert_int_equal(json_get(json_get(row, "a"), "email") != NULL, a[PURPOSE_CONTACT]);
		assert_int_equal(json_get(row, "b")->type == JSON_OBJECT, b[1] || b[2] || b[3]);
		if (json_get(row, "b")->type == JSON_OBJECT)
			assert_int_equal(
				json_get(json_get(row, "b"), "email") != NULL, b[PURPOSE_CONTACT]);
	}
}

static void the_organizers_list_has_no_notes_and_no_formulas(void **state)
{
	struct world *w = *state;
	struct buf out = BUF_IN(&w->arena);
	struct id m = meet(w, 0, 1);

	for (int p = 1; p <= 3; p++) {
		agree(w, 0, (enum purpose)p, true);
		agree(w, 1, (enum purpose)p, true);
	}
	w->people[1].name = STR("=cmd|' /C calc'!A0");
	OK(db_begin(w->server->write.db, e));
	OK(attendee_save(w->server->write.db, w->event.event, &w->people[1], e));
	OK(db_commit(w->server->write.db, e));
	say(w, 0, ENTRY_NOTE, "{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"canary-in-a-note\"}",
		id_text(w->people[0].id).s, id_uuid_text(m).s);
	say(w, 0, ENTRY_FOLLOWUP,
		"{\"owner\":\"%s\",\"of\":\"%s\",\"kind\":\"promise\",\"due\":\"2026-11-25\","
		"\"text\":\"canary-promise\"}",
		id_text(w->people[0].id).s, id_uuid_text(m).s);
	OK(writer_settle(&w->server->write, e));
	OK(followups_write(&out, w->server->write.db, w->event.event, STR("csv"), e));
	OK(followups_write(&out, w->server->write.db, w->event.event, STR("json"), e));
	assert_true(str_find(buf_str(&out), STR("canary"), 0) == SIZE_MAX);
	assert_true(str_find(buf_str(&out), STR("\"'=cmd"), 0) != SIZE_MAX);
	assert_true(str_find(buf_str(&out), STR("promise"), 0) != SIZE_MAX);
}

static void the_feeds_address_works_until_it_is_renewed(void **state)
{
	struct world *w = *state;
	uint8_t first[32], second[32];
	uint32_t event, attendee;
	struct err e = { 0 };
	struct db *db = w->server->write.db;

	assert_true(feed_renew(db, w->event.event, w->people[0].attendee, first, test_now_ms, &e));
	assert_true(feed_find(db, bytes_of(first, 32), &event, &attendee, &e));
	assert_int_equal(attendee, w->people[0].attendee);
	assert_true(feed_renew(db, w->event.event, w->people[0].attendee, second, test_now_ms, &e));
	assert_false(feed_find(db, bytes_of(first, 32), &event, &attendee, &e));
	assert_true(feed_find(db, bytes_of(second, 32), &event, &attendee, &e));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_meeting_shows_in_both_queues_with_a_date),
		TEST(a_note_is_its_authors_alone),
		TEST(a_code_scanned_alone_gives_no_name),
		TEST(further_fields_need_their_owners_consent),
		TEST(a_change_shows_at_once_and_stays),
		TEST(what_left_the_queue_is_answered_without_an_item),
		TEST(an_item_says_all_that_is_known),
		TEST(a_merged_person_is_one_with_all_addresses),
		TEST(a_card_shown_at_a_meeting_names_its_person),
		TEST(what_worked_out_asks_for_thanks),
		TEST(an_entry_writes_few_rows),
		TEST(a_snooze_wakes_up_on_its_day),
		TEST(refuses_changes_that_make_no_sense),
		TEST(the_organizers_list_follows_every_combination_of_consents),
		TEST(the_organizers_list_has_no_notes_and_no_formulas),
		TEST(the_feeds_address_works_until_it_is_renewed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

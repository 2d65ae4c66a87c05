#include "tests/unit/test.h"

#include "kiosk/event.h"
#include "kiosk/pairing.h"
#include "kiosk/screen.h"

struct kiosk_seen {
	unsigned acts, newcomers;
	struct screen_act last;
	bool ok;
};

static bool on_act(void *kiosk, const struct screen_act *act, struct arena *a, struct err *e)
{
	struct kiosk_seen *seen = kiosk;

	(void)a;
	seen->acts++;
	seen->last = *act;
	return act->rev == 1 ? err_set(e, ERR_CONFLICT, "the screen shows somebody else by now")
			     : true;
}

static void on_health(void *kiosk, struct json_writer *w, bool *ok)
{
	const struct kiosk_seen *seen = kiosk;

	json_u64(w, "pending", 3);
	*ok = seen->ok;
}

static void on_metrics(void *kiosk, struct buf *out)
{
	(void)kiosk;
	buf_lit(out, "kith_kiosk_scans_total 1\n");
}

static void on_newcomer(void *kiosk)
{
	((struct kiosk_seen *)kiosk)->newcomers++;
}

static struct reply ask(struct kiosk_seen *seen, struct arena *a, const char *method,
	const char *target, const char *const headers[], const char *body)
{
	struct screen_ops ops = { .kiosk = seen,
		.fresh = on_newcomer,
		.act = on_act,
		.health = on_health,
		.metrics = on_metrics };
	struct http_config config = { .listen = "127.0.0.1:0",
		.routes = screen_routes,
		.route_count = screen_route_count,
		.context = &ops,
		.authenticate = screen_authenticate };
	struct request q;
	struct reply r = { 0 };
	struct err e;

	if (!request_make(&q, a, method, str_of(target), headers, str_bytes(str_of(body)), &e))
		fail_msg("%s", e.text);
	http_answer(&config, &q, &r);
	return r;
}

static const char *const own[] = { "Host", "127.0.0.1:8310", "Origin", "http://127.0.0.1:8310",
	"Content-Type", "application/json", NULL };

static void touches_are_read_with_what_they_need(void **state)
{
	static const struct {
		const char *body;
		int status;
		enum desk_act_kind kind;
		const char *word;
	} rows[] = {
		{ "{\"rev\":2,\"act\":\"undo\"}", 204, ACT_UNDO, "" },
		{ "{\"rev\":2,\"act\":\"lang\",\"lang\":\"de\"}", 204, ACT_LANG, "de" },
		{ "{\"rev\":2,\"act\":\"verb\",\"verb\":\"send\",\"on\":true}", 204, ACT_VERB,
			"send" },
		{ "{\"rev\":2,\"act\":\"topic\",\"topic\":\"SQLite\",\"on\":false}", 204, ACT_TOPIC,
			"SQLite" },
		{ "{\"rev\":2,\"act\":\"text\",\"text\":\"a \\u00fc\"}", 204, ACT_TEXT, "a ü" },
		{ "{\"rev\":2,\"act\":\"side\",\"side\":\"b\"}", 204, ACT_SIDE, "b" },
		{ "{\"rev\":2,\"act\":\"buddy\",\"on\":true}", 204, ACT_BUDDY, "" },
		{ "{\"rev\":2,\"act\":\"buddy\"}", 400, ACT_UNDO, NULL },
		{ "{\"rev\":2,\"act\":\"walk-in\",\"name\":\"Mo\"}", 204, ACT_WALK_IN, "Mo" },
		{ "{\"rev\":2,\"act\":\"when\",\"date\":\"2026-11-24\"}", 204, ACT_WHEN, "" },
		{ "{\"rev\":2,\"act\":\"staff\"}", 204, ACT_STAFF, "" },
		{ "{\"rev\":2,\"act\":\"find\",\"q\":\"ana\"}", 204, ACT_FIND, "" },
		{ "{\"rev\":2,\"act\":\"checkin\",\"id\":\"AAAAAAAAAAAAAAAAAAAAAA\"}", 204,
			ACT_CHECKIN, "" },
		{ "{\"rev\":1,\"act\":\"undo\"}", 409, ACT_UNDO, "" },
		{ "{\"act\":\"undo\"}", 400, ACT_UNDO, NULL },
		{ "{\"rev\":2}", 400, ACT_UNDO, NULL },
		{ "{\"rev\":2,\"act\":\"dance\"}", 400, ACT_UNDO, NULL },
		{ "{\"rev\":2,\"act\":\"verb\",\"verb\":\"send\"}", 400, ACT_UNDO, NULL },
		{ "{\"rev\":2,\"act\":\"verb\",\"on\":true}", 400, ACT_UNDO, NULL },
		{ "{\"rev\":2,\"act\":\"when\",\"date\":\"2026-02-30\"}", 400, ACT_UNDO, NULL },
		{ "{\"rev\":2,\"act\":\"when\",\"date\":\"tomorrow\"}", 400, ACT_UNDO, NULL },
		{ "{\"rev\":2,\"act\":\"assign\",\"id\":\"short\"}", 400, ACT_UNDO, NULL },
		{ "not json", 400, ACT_UNDO, NULL },
		{ "", 400, ACT_UNDO, NULL },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct kiosk_seen seen = { 0 };
		struct reply r = ask(&seen, &a, "POST", "/act", own, rows[i].body);

		if (r.status != rows[i].status)
			fail_msg("%s: %d", rows[i].body, r.status);
		assert_int_equal(seen.acts, rows[i].word != NULL);
		if (rows[i].word) {
			assert_int_equal(seen.last.act.kind, rows[i].kind);
			assert_str(seen.last.act.word, rows[i].word);
		}
	}
	arena_finish(&a);
}

static void strangers_pages_cannot_touch(void **state)
{
	static const char *const foreign[] = { "Host", "127.0.0.1:8310", "Origin",
		"http://evil.example", NULL };
	static const char *const rebound[] = { "Host", "evil.example", "Origin",
		"http://evil.example", NULL };
	struct kiosk_seen seen = { 0 };
	struct arena a = { 0 };

	(void)state;
	assert_int_equal(
		ask(&seen, &a, "POST", "/act", foreign, "{\"rev\":2,\"act\":\"undo\"}").status,
		403);
	assert_true(
		ask(&seen, &a, "POST", "/act", rebound, "{\"rev\":2,\"act\":\"undo\"}").status >=
		400);
	assert_true(ask(&seen, &a, "GET", "/events", rebound, "").status >= 400);
	assert_int_equal(seen.acts, 0);
	arena_finish(&a);
}

static void health_and_metrics_are_there(void **state)
{
	struct kiosk_seen seen = { .ok = true };
	struct arena a = { 0 };
	struct reply r;

	(void)state;
	r = ask(&seen, &a, "GET", "/healthz", own, "");
	assert_int_equal(r.status, 200);
	assert_str(((struct str){ (const char *)r.body.p, r.body.len }),
		"{\"pending\":3,\"ok\":true}");
	seen.ok = false;
	assert_int_equal(ask(&seen, &a, "GET", "/healthz", own, "").status, 503);
	r = ask(&seen, &a, "GET", "/metrics", own, "");
	assert_str(
		((struct str){ (const char *)r.body.p, r.body.len }), "kith_kiosk_scans_total 1\n");
	assert_int_equal(ask(&seen, &a, "GET", "/state", own, "").status, 404);
	arena_finish(&a);
}

static void a_newcomer_gets_the_picture_of_now(void **state)
{
	struct kiosk_seen seen = { .ok = true };
	struct arena a = { 0 };

	(void)state;
	(void)ask(&seen, &a, "GET", "/events", own, "");
	assert_int_equal(seen.newcomers, 1);
	(void)ask(&seen, &a, "GET", "/healthz", own, "");
	assert_int_equal(seen.newcomers, 1);
	arena_finish(&a);
}

static void a_note_is_written_whole(void **state)
{
	const struct desk_person ana = { .name = "Ana M.",
		.initials = "AM",
		.organization = "Acme" },
				 ben = { .name = "Ben \"K\"", .initials = "BK" };
	const struct desk_config config = { .role = DESK_LOUNGE,
		.langs = { "en", "de" },
		.lang_count = 2,
		.topics = { "SQLite" },
		.topic_count = 1 };
	const struct screen_reader reader = { "nfc 1", "ready", "PN532" };
	const struct desk_view view = { .screen = DESK_NOTE,
		.sound = SOUND_TICK,
		.lang = "en",
		.timer_ms = 12000,
		.left_ms = 11800,
		.person = &ana,
		.other = &ben,
		.shared = true,
		.met_count = 3,
		.noting = true,
		.chosen = { "send" },
		.chosen_count = 1,
		.when = 20781,
		.whens = { { "tomorrow", 20780 } },
		.when_count = 1,
		.side = 'a',
		.text = "ferries" };
	const struct screen_state s = { .rev = 12,
		.view = &view,
		.config = &config,
		.event = STR_INIT("C Meetup"),
		.link = { .online = true,
			.pending = 2,
			.synced = true,
			.synced_ms_ago = 4000,
			.server = "ok" },
		.readers = &reader,
		.reader_count = 1,
		.sound = true,
		.clock_ms = 5,
		.seen_ns = 1,
		.done_ns = 2 };
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);

	(void)state;
	screen_write(&out, &s);
	assert_str(buf_str(&out),
		"{\"rev\":12,\"screen\":\"note\",\"event\":\"C "
		"Meetup\",\"role\":\"lounge\",\"lang\":\"en\",\"langs\":[\"en\","
		"\"de\"],\"link\":{\"online\":true,\"pending\":2,\"synced_ms_"
		"ago\":4000,\"server\":\"ok\"},\"readers\":[{"
		"\"name\":\"nfc "
		"1\",\"state\":\"ready\",\"text\":\"PN532\"}],\"signs\":[],\"sound\":\"tick\","
		"\"clock_ms\":5,\"seen_ns\":1,"
		"\"done_ns\":2,\"volume\":0,\"timer\":{\"ms\":12000,\"left_ms\":11800},"
		"\"person\":{\"name\":\"Ana M.\",\"initials\":\"AM\","
		"\"organization\":\"Acme\"},\"other\":{\"name\":\"Ben "
		"\\\"K\\\"\",\"initials\":\"BK\"},\"shared\":[\"name\","
		"\"organization\"],\"met_count\":3,\"verbs\":[\"topic\",\"send\","
		"\"intro\",\"help\"],\"topics\":[\"SQLite\"],"
		"\"chosen\":[\"send\"],\"when\":\"2026-11-24\",\"whens\":[{"
		"\"key\":\"tomorrow\",\"date\":\"2026-11-23\"}],"
		"\"text\":\"ferries\",\"note_side\":\"a\"}");
	arena_finish(&a);
}

static void a_sound_is_heard_once(void **state)
{
	const struct desk_config config = { .langs = { "en" }, .lang_count = 1, .help = "3" };
	const struct desk_view view = { .screen = DESK_REFUSED,
		.reason = REASON_PHONE,
		.sound = SOUND_ATTENTION,
		.lang = "en" };
	struct screen_state s = {
		.view = &view, .config = &config, .link = { .server = "offline" }
	};
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);

	(void)state;
	screen_write(&out, &s);
	assert_true(str_find(buf_str(&out), STR("\"sound\":\"none\""), 0) != SIZE_MAX);
	assert_true(
		str_find(buf_str(&out), STR("\"reason\":\"phone\",\"help\":\"3\""), 0) != SIZE_MAX);
	arena_finish(&a);
}

static void an_event_is_read_and_what_is_wrong_is_named(void **state)
{
	struct event_info event;
	struct arena a = { 0 };
	struct err e;

	(void)state;
	assert_true(event_info_read(&event,
		STR("{\"event\":7,\"name\":\"C "
		    "Meetup\",\"host\":\"kith.example\",\"topics\":[\"1\",\"2\",\"3\",\"4\",\"5\","
		    "\"6\","
		    "\"7\"],\"keys\":[{\"number\":1,\"public\":"
		    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"until_ms\":5},"
		    "{\"number\":2,\"public\":"
		    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}],"
		    "\"settings\":{\"badge_checkin\":\"yes\"}}"),
		&a, &e));
	assert_int_equal(event.topic_count, EVENT_TOPICS_MAX);
	assert_int_equal(event.keys[0].event, 7);
	assert_int_equal(event.keys[0].until_ms, 5);
	assert_int_equal(event.keys[1].until_ms, 0);
	assert_true(event.badge_checkin);
	assert_true(event_info_read(&event, STR("{\"event\":7}"), &a, &e));
	assert_false(event.badge_checkin);
	assert_false(event_info_read(&event, STR("{\"event\":0}"), &a, &e));
	assert_false(
		event_info_read(&event, STR("{\"event\":7,\"keys\":[{\"number\":1}]}"), &a, &e));
	assert_false(event_info_read(&event, STR("[]"), &a, &e));
	arena_finish(&a);
}

static void a_pairing_code_fits_the_screen(void **state)
{
	char path[DESK_QR_MAX];
	unsigned size;

	(void)state;
	assert_true(pairing_qr(
		path, sizeof(path), &size, STR("https://kith.example/p#AAAAAAAAAAAAAAAAAAAAAA")));
	assert_true(size >= 29 && size <= 45);
	assert_true(strncmp(path, "M0 0h7v1h-7z", 12) == 0);
	assert_false(
		pairing_qr(path, 40, &size, STR("https://kith.example/p#AAAAAAAAAAAAAAAAAAAAAA")));
	assert_string_equal(path, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(touches_are_read_with_what_they_need),
		cmocka_unit_test(strangers_pages_cannot_touch),
		cmocka_unit_test(health_and_metrics_are_there),
		cmocka_unit_test(a_newcomer_gets_the_picture_of_now),
		cmocka_unit_test(a_note_is_written_whole),
		cmocka_unit_test(a_sound_is_heard_once),
		cmocka_unit_test(an_event_is_read_and_what_is_wrong_is_named),
		cmocka_unit_test(a_pairing_code_fits_the_screen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Every route of the server's table, asked by everybody: a new route fails here until it has a row.
 * In docs/api.md and /openapi.json each must be found too.
 */
#include "tests/unit/server/gate.h"

#include "core/base/config.h"
#include "core/tag/short_code.h"
#include "server/store/log.h"
#include "server/store/pairings.h"
#include "server/writer.h"

enum { NOBODY, ANA, BEN, KIOSK, REVOKED, ORGANIZER, STRANGER, CALLERS };

static const char *const caller_names[CALLERS] = { "nobody", "Ana", "Ben", "the kiosk",
	"a revoked kiosk", "the organizer", "another event's organizer" };

/*
 * In paths and bodies $ stands for what is Ana's or the event's: $event $ana $badge $kiosk $session
 * $pairing $entry $item $code (Ana's badge's), or Ben's: $ben; $store is new for everybody. The
 * order is that of the statuses.
 */
struct row {
	const char *method, *path, *asked, *body;
	int status[CALLERS];
};

#define ANYBODY(s)                                                                                 \
	{                                                                                          \
		s, s, s, s, 403, s, s                                                              \
	}
#define PERSONAL(s)                                                                                \
	{                                                                                          \
		401, s, s, 403, 403, 403, 403                                                      \
	}
#define ANAS(s)                                                                                    \
	{                                                                                          \
		401, s, 404, 403, 403, 403, 403                                                    \
	}
#define STATIONS(s)                                                                                \
	{                                                                                          \
		401, 403, 403, s, 403, 403, 403                                                    \
	}
#define ORGANIZERS(s, other)                                                                       \
	{                                                                                          \
		401, 403, 403, 403, 403, s, other                                                  \
	}

#define HEARTBEAT                                                                                  \
	"{\"store_id\":\"$store\",\"event\":$event,\"from_seq\":1,\"prev_hash\":"                  \
	"\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\",\"boot_id\":\"$store\",\"boot_ms\":1,"    \
	"\"wall_ms\":1,\"quality\":\"ntp\",\"pending\":0,\"entries\":[]}"

static const struct row rows[] = {
	{ "GET", "/", "/", "", ANYBODY(200) },
	{ "GET", "/assets/{name}", "/assets/nothing", "", ANYBODY(404) },
	{ "GET", "/sw.js", "/sw.js", "", ANYBODY(200) },
	{ "GET", "/b", "/b", "", ANYBODY(200) },
	{ "GET", "/organizer", "/organizer", "", ANYBODY(200) },
	{ "GET", "/p", "/p", "", ANYBODY(200) },
	{ "GET", "/t", "/t", "", ANYBODY(200) },
	{ "GET", "/healthz", "/healthz", "", ANYBODY(200) },
	{ "GET", "/metrics", "/metrics", "", ANYBODY(200) },
	{ "GET", "/openapi.json", "/openapi.json", "", ANYBODY(200) },
	{ "POST", "/v1/codes", "/v1/codes", "{\"code\":\"$code\"}", PERSONAL(200) },
	{ "POST", "/v1/enrol", "/v1/enrol", "{}", ANYBODY(400) },
	{ "GET", "/v1/events", "/v1/events", "", ORGANIZERS(200, 200) },
	{ "GET", "/v1/events/{event}", "/v1/events/$event", "", ORGANIZERS(200, 404) },
	{ "GET", "/v1/events/{event}/attendees", "/v1/events/$event/attendees", "",
		ORGANIZERS(200, 404) },
	{ "POST", "/v1/events/{event}/attendees", "/v1/events/$event/attendees",
		"name,email\nCarl,c@x.example\n", ORGANIZERS(200, 404) },
	{ "POST", "/v1/events/{event}/attendees/{attendee}/ticket",
		"/v1/events/$event/attendees/$ana/ticket", "{}", ORGANIZERS(200, 404) },
	{ "POST", "/v1/events/{event}/badges/{badge}/revoke",
		"/v1/events/$event/badges/$badge/revoke", "{}", ORGANIZERS(200, 404) },
	{ "POST", "/v1/events/{event}/enrolments", "/v1/events/$event/enrolments",
		"{\"name\":\"Door\"}", ORGANIZERS(200, 404) },
	{ "GET", "/v1/events/{event}/followups.csv", "/v1/events/$event/followups.csv", "",
		ORGANIZERS(200, 404) },
	{ "GET", "/v1/events/{event}/followups.json", "/v1/events/$event/followups.json", "",
		ORGANIZERS(200, 404) },
	{ "POST", "/v1/events/{event}/stations/{station}/revoke",
		"/v1/events/$event/stations/$kiosk/revoke", "{}", ORGANIZERS(200, 404) },
	{ "GET", "/v1/me", "/v1/me", "", PERSONAL(200) },
	{ "POST", "/v1/me/approvals/{pairing}", "/v1/me/approvals/$pairing", "{\"approve\":true}",
		ANAS(204) },
	/* Ben is Ana's buddy, she is his; he names himself here */
	{ "POST", "/v1/me/buddies/{id}/nudge", "/v1/me/buddies/$ben/nudge", "{}", ANAS(204) },
	{ "POST", "/v1/me/consents", "/v1/me/consents", "{\"purpose\":\"card\",\"given\":true}",
		PERSONAL(204) },
	/* each deletes oneself only: the name typed is Ana's, and nobody's else */
	{ "POST", "/v1/me/delete", "/v1/me/delete", "{\"confirm\":\"Ana\"}",
		{ 401, 204, 409, 403, 403, 403, 403 } },
	{ "POST", "/v1/me/devices/{session}/end", "/v1/me/devices/$session/end", "{}", ANAS(204) },
	{ "GET", "/v1/me/export", "/v1/me/export", "", PERSONAL(200) },
	{ "POST", "/v1/me/feed", "/v1/me/feed", "{}", PERSONAL(200) },
	/* an entry of one's own about whatever id: the answer does not say whether there is such a
	   thing */
	{ "POST", "/v1/me/hide", "/v1/me/hide", "{\"of\":\"$entry\"}", PERSONAL(200) },
	{ "POST", "/v1/me/join", "/v1/me/join", "{\"code\":\"x\"}",
		{ 401, 401, 401, 403, 403, 403, 403 } },
	{ "GET", "/v1/me/log", "/v1/me/log", "", PERSONAL(200) },
	/* nobody joined anything: the event in the body is Ana's only one */
	{ "POST", "/v1/me/part", "/v1/me/part", "{\"event\":$event}", PERSONAL(404) },
	{ "POST", "/v1/notes", "/v1/notes", "{\"of\":\"$entry\",\"text\":\"x\"}", PERSONAL(200) },
	{ "POST", "/v1/organizer/signin", "/v1/organizer/signin", "{}", ANYBODY(400) },
	{ "POST", "/v1/organizer/signout", "/v1/organizer/signout", "{}", ORGANIZERS(204, 204) },
	{ "POST", "/v1/pair", "/v1/pair", "{\"token\":\"x\"}", ANYBODY(410) },
	{ "POST", "/v1/pair/finish", "/v1/pair/finish", "{}", ANYBODY(401) },
	{ "POST", "/v1/pairings", "/v1/pairings", "{\"who\":\"$badge\",\"proof\":\"chip\"}",
		STATIONS(200) },
	{ "GET", "/v1/pairings/{pairing}", "/v1/pairings/$pairing", "", STATIONS(200) },
	{ "POST", "/v1/pairings/{pairing}/confirm", "/v1/pairings/$pairing/confirm",
		"{\"who\":\"$badge\"}", STATIONS(200) },
	{ "GET", "/v1/queue", "/v1/queue", "", PERSONAL(200) },
	{ "GET", "/v1/queue.csv", "/v1/queue.csv", "", PERSONAL(200) },
	/* without a session by its secret address only */
	{ "GET", "/v1/queue.ics", "/v1/queue.ics?key=wrong", "",
		{ 404, 404, 404, 404, 403, 404, 404 } },
	{ "GET", "/v1/queue.vcf", "/v1/queue.vcf", "", PERSONAL(200) },
	{ "POST", "/v1/queue/{key}", "/v1/queue/$item", "{\"state\":\"done\",\"after\":[]}",
		ANAS(200) },
	/* none is offered here: server/test_releases.c has some */
	{ "GET", "/v1/release", "/v1/release?architecture=arm64&version=0.1", "", STATIONS(404) },
	{ "GET", "/v1/release/{digest}",
		"/v1/release/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA?from=0&bytes=1", "",
		STATIONS(404) },
	{ "GET", "/v1/roster", "/v1/roster", "", STATIONS(200) },
	{ "POST", "/v1/signin", "/v1/signin", "{\"code\":\"x\"}", ANYBODY(401) },
	{ "POST", "/v1/signout", "/v1/signout", "{}", PERSONAL(204) },
	{ "POST", "/v1/streams/{store_id}", "/v1/streams/$store", HEARTBEAT,
		{ 401, 200, 200, 200, 403, 403, 403 } },
};

static const struct row *row_of(const struct route *r)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].method, r->method) == 0 && strcmp(rows[i].path, r->path) == 0)
			return &rows[i];
	fail_msg("%s %s has no row here: say who may call it", r->method, r->path);
	return NULL;
}

struct names {
	const char *event, *ana, *ben, *code, *badge, *kiosk, *session, *pairing, *entry, *item,
		*store;
	const char *ana_cookie, *ben_cookie, *organizer_cookie, *stranger_cookie;
};

static const char *substitute(struct gate *g, const struct names *n, const char *text)
{
	const struct {
		const char *name, *value;
	} all[] = { { "$event", n->event }, { "$ana", n->ana }, { "$ben", n->ben },
		{ "$code", n->code }, { "$badge", n->badge }, { "$kiosk", n->kiosk },
		{ "$session", n->session }, { "$pairing", n->pairing }, { "$entry", n->entry },
		{ "$item", n->item }, { "$store", n->store } };
	struct buf out = BUF_IN(&g->a);

	while (*text) {
		size_t i = 0;

		while (i < ARRAY_LEN(all) && strncmp(text, all[i].name, strlen(all[i].name)) != 0)
			i++;
		if (i < ARRAY_LEN(all)) {
			buf_add_str(&out, str_of(all[i].value));
			text += strlen(all[i].name);
		} else {
			buf_add_char(&out, *text++);
		}
	}
	return arena_cstr(&g->a, buf_str(&out));
}

/* A guest whom Ana met: an entry of hers, and the item in her queue that follows from it. */
static void meet_a_guest(struct gate *g, struct names *n)
{
	const char *payload = print(g,
		"{\"owner\":\"%s\",\"card\":\"BEGIN:VCARD\\r\\nVERSION:3.0\\r\\nN:Guest\\r\\n"
		"FN:Guest\\r\\nEND:VCARD\\r\\n\",\"claimed\":true}",
		n->ana);
	const struct json *items;
	struct answer a;
	struct id entry;
	struct str key;

	MUST(log_append(&g->s->write, g->event.event, g->ana.id, ENTRY_CONTACT,
		str_bytes(str_of(payload)), &entry, &e));
	MUST(writer_settle(&g->s->write, &e));
	n->entry = print(g, "%s", id_uuid_text(entry).s);
	a = ask(g, (struct who){ .cookie = n->ana_cookie }, "GET", "/v1/queue", "");
	items = json_get(a.json, "items");
	assert_true(items && items->count > 0);
	assert_true(json_get_str(items->first, "key", &key));
	n->item = arena_cstr(&g->a, key);
}

/* Both phones say so. */
static void pair_buddies(struct gate *g)
{
	const struct id both[] = { g->ana.id, g->ben.id };
	struct id entry;

	for (int i = 0; i < 2; i++)
		MUST(log_append(&g->s->write, g->event.event, both[i], ENTRY_BUDDY,
			str_bytes(str_of(print(g, "{\"a\":\"%s\",\"b\":\"%s\"}", id_text(both[i]).s,
				id_text(both[1 - i]).s))),
			&entry, &e));
}

/* A pairing of Ana's that waits for approval. */
static void begin_a_pairing(struct gate *g, struct names *n)
{
	struct pairing_token token;
	struct cookie page;
	struct pairing p;
	struct db *db = g->s->write.db;

	MUST(pairing_start(&p, db, g->event.event, g->kiosk.station, g->badge, PROOF_CHIP, gate_now,
		&token, &e));
	MUST(pairing_open(&p, db, str_of(token.text), STR("a phone"), gate_now, &page, &e));
	MUST(pairing_confirm(&p, db, g->badge, PROOF_CHIP, gate_now, &e));
	assert_int_equal(p.state, PAIRING_APPROVAL);
	n->pairing = print(g, "%s", id_uuid_text(p.id).s);
}

static struct names name_all(struct gate *g)
{
	struct names n = {
		.event = print(g, "%u", g->event.event),
		.ana = print(g, "%s", id_text(g->ana.id).s),
		.ben = print(g, "%s", id_text(g->ben.id).s),
		.code = print(g, "%s", short_code_of(g->badge).s),
		.badge = print(g, "%s", id_text(g->badge).s),
		.kiosk = print(g, "%s", id_uuid_text(g->kiosk.station).s),
		.ana_cookie = gate_session(g, SESSION_ATTENDEE, g->ana.id),
		.ben_cookie = gate_session(g, SESSION_ATTENDEE, g->ben.id),
		.organizer_cookie = gate_session(g, SESSION_ORGANIZER, g->organizer),
		.stranger_cookie = gate_session(g, SESSION_ORGANIZER, g->stranger),
	};
	struct session *sessions;
	size_t count;

	MUST(session_list(
		&sessions, &count, g->s->write.db, g->event.event, g->ana.id, gate_now, &g->a, &e));
	assert_int_equal(count, 1);
	n.session = print(g, "%s", id_text(sessions[0].id).s);
	pair_buddies(g);
	meet_a_guest(g, &n);
	begin_a_pairing(g, &n);
	return n;
}

static size_t check_route(const struct route *route)
{
	const struct row *row = row_of(route);
	struct gate *g = gate_open();
	struct names n = name_all(g);
	const struct who callers[CALLERS] = {
		[ANA] = { .cookie = n.ana_cookie },
		[BEN] = { .cookie = n.ben_cookie },
		[KIOSK] = { .kiosk = &g->kiosk },
		[REVOKED] = { .kiosk = &g->revoked },
		[ORGANIZER] = { .cookie = n.organizer_cookie },
		[STRANGER] = { .cookie = n.stranger_cookie },
	};
	/* Ana and the organizer come last: what they do may change the answer to the others */
	static const int order[CALLERS] = { NOBODY, BEN, KIOSK, REVOKED, STRANGER, ANA, ORGANIZER };
	size_t wrong = 0;

	for (size_t i = 0; i < CALLERS; i++) {
		int who = order[i];
		struct answer a;

		n.store = print(g, "%s", id_uuid_text(crypto_random_id()).s);
		a = ask(g, callers[who], row->method, substitute(g, &n, row->asked),
			substitute(g, &n, row->body));
		if (a.status == row->status[who])
			continue;
		print_error("%s %s for %s: %d, wanted %d: " STR_FMT "\n", row->method, row->path,
			caller_names[who], a.status, row->status[who],
			STR_ARG(((struct str){ (const char *)a.reply.body.p, a.reply.body.len })));
		wrong++;
	}
	gate_close(g);
	return wrong;
}

static void each_route_answers_each_caller_as_the_matrix_says(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < server_route_count; i++)
		wrong += check_route(&server_routes[i]);
	assert_int_equal(wrong, 0);
}

static void each_row_is_a_route(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t k = 0;

		while (k < server_route_count &&
			(strcmp(rows[i].method, server_routes[k].method) != 0 ||
				strcmp(rows[i].path, server_routes[k].path) != 0))
			k++;
		if (k == server_route_count)
			fail_msg("%s %s is no route any more", rows[i].method, rows[i].path);
	}
}

static void the_table_is_sorted(void **state)
{
	(void)state;
	for (size_t i = 1; i < server_route_count; i++) {
		int order = strcmp(server_routes[i - 1].path, server_routes[i].path);

		if (order > 0 || (order == 0 && strcmp(server_routes[i - 1].method,
							server_routes[i].method) >= 0))
			fail_msg("%s %s stands in the wrong place", server_routes[i].method,
				server_routes[i].path);
	}
}

static void openapi_has_each_route(void **state)
{
	static const struct {
		const char *method, *key;
	} keys[] = { { "GET", "get" }, { "POST", "post" }, { "PUT", "put" }, { "DELETE", "delete" },
		{ "OPTIONS", "options" }, { "PROPFIND", "x-propfind" }, { "REPORT", "x-report" } };
	struct gate *g = gate_open();
	struct answer a = ask(g, (struct who){ 0 }, "GET", "/openapi.json", "");
	size_t operations = 0;

	(void)state;
	assert_int_equal(a.status, 200);
	for (size_t i = 0; i < server_route_count; i++) {
		const struct json *path = json_get(
			json_get(a.json, "paths"), server_routes[i].path);
		struct str summary;
		size_t k = 0;

		while (k < ARRAY_LEN(keys) - 1 &&
			strcmp(keys[k].method, server_routes[i].method) != 0)
			k++;
		if (!json_get_str(json_get(path, keys[k].key), "summary", &summary) ||
			summary.len == 0)
			fail_msg("%s %s is not in /openapi.json", server_routes[i].method,
				server_routes[i].path);
	}
	for (const struct json *p = json_get(a.json, "paths")->first; p; p = p->next)
		operations += p->count;
	assert_int_equal(operations, server_route_count);
	gate_close(g);
}

/* "METHOD PATH" stands in docs/api.md, and the path ends there. */
static bool is_documented(struct str doc, const char *method, const char *path)
{
	struct arena a = { 0 };
	struct str what = arena_printf(&a, "%s %s", method, path);
	size_t at = 0;
	bool found = false;

	while (!found && (at = str_find(doc, what, at)) != SIZE_MAX) {
		at += what.len;
		found = at == doc.len || strchr("`? ,(", doc.p[at]);
	}
	arena_finish(&a);
	return found;
}

static void the_documents_name_each_route(void **state)
{
	struct arena a = { 0 };
	struct bytes text;
	size_t missing = 0;

	(void)state;
	MUST(file_read(&text, TEST_DATA "/../../docs/api.md", 1 << 20, &a, &e));
	for (size_t i = 0; i < server_route_count; i++)
		if (!is_documented((struct str){ (const char *)text.p, text.len },
			    server_routes[i].method, server_routes[i].path)) {
			print_error("docs/api.md lacks %s %s\n", server_routes[i].method,
				server_routes[i].path);
			missing++;
		}
	arena_finish(&a);
	assert_int_equal(missing, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_route_answers_each_caller_as_the_matrix_says),
		cmocka_unit_test(each_row_is_a_route),
		cmocka_unit_test(the_table_is_sorted),
		cmocka_unit_test(openapi_has_each_route),
		cmocka_unit_test(the_documents_name_each_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

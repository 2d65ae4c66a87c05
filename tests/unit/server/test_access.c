/* Enrolment, signatures, sessions, sign-in: who comes in, and who does not. */
#include "tests/unit/server/gate.h"

#include "server/passwords.h"

/* Of tests/data/tls/certificate.pem, by openssl. */
#define FIXTURE_PIN "sVv6ARIWGE9o4Dxt12gMJ6gzC6qiMTuz5xnkNCZKOGw="

static struct enrolment_code new_code(struct gate *g)
{
	struct enrolment_code code;

	MUST(enrolment_add(g->s->write.db, g->event.event, STR("Door 2"), gate_now, &code, &e));
	return code;
}

/* As a kiosk enrols: with the code as it reads it, and the pin of the key that it saw. */
static struct answer enrol(struct gate *g, const struct enrolment_code *code, const struct kiosk *k,
	const char *pin, const char *forwarded)
{
	struct str secret = arena_printf(
		&g->a, "%.4s%.4s%.4s", code->text + 5, code->text + 10, code->text + 15);
	struct hash proof = enrolment_proof(secret.p, STR("kith-enrol-1"),
		bytes_of(k->public_key, SIGN_PUBLIC_LEN), str_of(pin), &g->a);

	return ask(g, (struct who){ .forwarded = forwarded }, "POST", "/v1/enrol",
		print(g, "{\"name\":\"\",\"public\":\"%s\",\"code_id\":\"%.4s\",\"proof\":\"%s\"}",
			encoded(g, bytes_of(k->public_key, SIGN_PUBLIC_LEN)), code->text,
			encoded(g, hash_bytes(&proof))));
}

static void a_kiosk_joins_once_with_a_proof_both_ways(void **unused)
{
	struct gate *g = gate_open();
	struct enrolment_code code = new_code(g);
	struct answer a;
	struct str body, secret;
	struct hash wanted, got;
	struct kiosk k;
	size_t at;

	(void)unused;
	sign_keypair(k.public_key, k.secret_key);
	a = enrol(g, &code, &k, "", NULL);
	assert_int_equal(a.status, 200);
	assert_true(json_get_id(a.json, "station", &k.station));
	assert_str(said(&a, "name"), "Door 2");
	body = (struct str){ (const char *)a.reply.body.p, a.reply.body.len };
	at = str_find(body, STR(",\"proof\":"), 0);
	secret = arena_printf(&g->a, "%.4s%.4s%.4s", code.text + 5, code.text + 10, code.text + 15);
	wanted = enrolment_proof(
		secret.p, STR("kith-enrol-2"), bytes_of(body.p, at), STR(""), &g->a);
	assert_true(json_get_blob(a.json, "proof", got.b, sizeof(got.b)));
	assert_true(hash_equal(&wanted, &got));
	/* its signature opens the routes of stations */
	assert_int_equal(ask(g, (struct who){ .kiosk = &k }, "GET", "/v1/roster", "").status, 200);
	assert_int_equal(enrol(g, &code, &k, "", NULL).status, 403);
	gate_close(g);
}

static void a_code_is_over_after_ten_minutes(void **unused)
{
	struct gate *g = gate_open();
	struct enrolment_code code = new_code(g);
	struct kiosk k;

	(void)unused;
	sign_keypair(k.public_key, k.secret_key);
	gate_now += CODE_LIFE_MS;
	assert_int_equal(enrol(g, &code, &k, "", NULL).status, 403);
	gate_close(g);
}

static void a_code_is_gone_after_five_wrong_proofs(void **unused)
{
	struct gate *g = gate_open();
	struct enrolment_code code = new_code(g), wrong = code, fresh;
	struct kiosk k;

	(void)unused;
	sign_keypair(k.public_key, k.secret_key);
	wrong.text[13] = wrong.text[13] == '0' ? '1' : '0';
	for (int i = 0; i < CODE_TRIES; i++)
		assert_int_equal(enrol(g, &wrong, &k, "", NULL).status, 403);
	assert_int_equal(enrol(g, &code, &k, "", NULL).status, 403);
	fresh = new_code(g);
	for (int i = 0; i < CODE_TRIES - 1; i++) {
		wrong = fresh;
		wrong.text[13] = wrong.text[13] == '0' ? '1' : '0';
		assert_int_equal(enrol(g, &wrong, &k, "", NULL).status, 403);
	}
	assert_int_equal(enrol(g, &fresh, &k, "", NULL).status, 200);
	gate_close(g);
}

static void an_address_that_guesses_codes_must_wait(void **unused)
{
	struct gate *g = gate_open();
	struct enrolment_code none = { "ZZZZ-ZZZZ-ZZZZ" }, code = new_code(g);
	struct answer a;
	struct kiosk k;
	int tried = 0;

	(void)unused;
	sign_keypair(k.public_key, k.secret_key);
	while (tried < 1000 && (a = enrol(g, &none, &k, "", NULL)).status == 403)
		tried++;
	assert_int_equal(tried, 30);
	assert_int_equal(a.status, 429);
	assert_non_null(header_of(g, &a, "Retry-After"));
	assert_int_equal(enrol(g, &code, &k, "", NULL).status, 429);
	gate_now += 60000;
	code = new_code(g);
	assert_int_equal(enrol(g, &code, &k, "", NULL).status, 200);
	gate_close(g);
}

static void an_enrolment_covers_the_tls_key_that_was_seen(void **unused)
{
	static const char other_pin[] = "AAAAARIWGE9o4Dxt12gMJ6gzC6qiMTuz5xnkNCZKOGw=";
	struct gate *g = gate_open();
	struct enrolment_code code;
	struct answer a;
	struct kiosk k;

	(void)unused;
	sign_keypair(k.public_key, k.secret_key);
	g->config.proxy = "127.0.0.1";
	code = new_code(g);
	/* nobody told the server what its proxy shows */
	assert_int_equal(enrol(g, &code, &k, FIXTURE_PIN, "https").status, 503);
	g->s->config.pin_certificate = TEST_DATA "/tls/certificate.pem";
	/* somebody stands between: the kiosk saw another key, or none */
	assert_int_equal(enrol(g, &code, &k, other_pin, "https").status, 403);
	assert_int_equal(enrol(g, &code, &k, "", "https").status, 403);
	a = enrol(g, &code, &k, FIXTURE_PIN, "https");
	assert_int_equal(a.status, 200);
	assert_str(json_get(a.json, "pins")->first->text, FIXTURE_PIN);
	gate_close(g);
}

static void refuses_an_enrolment_without_its_parts(void **unused)
{
	static const char *const bad[] = { "", "[]", "{}", "{\"name\":\"x\"}",
		"{\"name\":\"x\",\"public\":\"AAAA\",\"code_id\":\"AAAA\",\"proof\":\"AAAA\"}" };
	struct gate *g = gate_open();

	(void)unused;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(
			ask(g, (struct who){ 0 }, "POST", "/v1/enrol", bad[i]).status, 400);
	gate_close(g);
}

static void a_signature_covers_method_target_and_body(void **unused)
{
	struct gate *g = gate_open();
	struct kiosk forged = g->kiosk, unknown = g->kiosk;
	uint8_t public_key[SIGN_PUBLIC_LEN];
	struct answer a;

	(void)unused;
	a = ask(g, (struct who){ .kiosk = &g->kiosk }, "GET", "/v1/roster", "");
	assert_int_equal(a.status, 200);
	assert_non_null(header_of(g, &a, "Kith-Signature"));
	sign_keypair(public_key, forged.secret_key);
	a = ask(g, (struct who){ .kiosk = &forged }, "GET", "/v1/roster", "");
	assert_int_equal(a.status, 401);
	assert_null(header_of(g, &a, "Kith-Signature"));
	unknown.station = crypto_random_id();
	assert_int_equal(
		ask(g, (struct who){ .kiosk = &unknown }, "GET", "/v1/roster", "").status, 401);
	gate_close(g);
}

/* A request that was signed for one thing and is sent as another. */
static int replayed(struct gate *g, const char *method, const char *path, const char *body,
	const char *as_method, const char *as_path, const char *as_body)
{
	struct who who = { .kiosk = &g->kiosk };
	const char *headers[24] = { "Host", "localhost" };
	struct reply r = { 0 };
	struct request q;

	add_headers(g, &who, method, str_of(path), str_bytes(str_of(body)), headers, 2);
	MUST(request_make(
		&q, &g->a, as_method, str_of(as_path), headers, str_bytes(str_of(as_body)), &e));
	http_answer(&g->config, &q, &r);
	return r.status;
}

static void a_signed_request_is_good_for_nothing_else(void **unused)
{
	struct gate *g = gate_open();
	const char *body = print(g, "{\"who\":\"%s\",\"proof\":\"chip\"}", id_text(g->badge).s);
	const char *staff = print(g, "{\"who\":\"%s\",\"proof\":\"staff\"}", id_text(g->badge).s);

	(void)unused;
	assert_int_equal(
		replayed(g, "POST", "/v1/pairings", body, "POST", "/v1/pairings", body), 200);
	assert_int_equal(
		replayed(g, "POST", "/v1/pairings", body, "POST", "/v1/pairings", staff), 401);
	assert_int_equal(
		replayed(g, "GET", "/v1/roster?after=1", "", "GET", "/v1/roster", ""), 401);
	assert_int_equal(
		replayed(g, "GET", "/v1/pairings", body, "POST", "/v1/pairings", body), 401);
	gate_close(g);
}

static void a_revoked_station_is_told_to_wipe_by_a_signed_answer(void **unused)
{
	struct gate *g = gate_open();
	struct answer a = ask(g, (struct who){ .kiosk = &g->revoked }, "GET", "/v1/roster", "");
	bool wipe;

	(void)unused;
	assert_int_equal(a.status, 403);
	assert_true(json_get_bool(a.json, "wipe", &wipe) && wipe);
	assert_non_null(header_of(g, &a, "Kith-Signature"));
	gate_close(g);
}

static struct str give_ticket(struct gate *g, const struct attendee *x)
{
	struct ticket t = ticket_random();
	struct ticket_hash h = ticket_hash(
		bytes_of(g->event.ticket_key, sizeof(g->event.ticket_key)), t);
	struct buf out = BUF_IN(&g->a);

	MUST(attendee_set_ticket(g->s->write.db, g->event.event, x->attendee, h.b, gate_now, &e));
	ticket_write_groups(&out, t);
	return buf_str(&out);
}

static void a_ticket_code_signs_in_as_typed_by_people(void **unused)
{
	struct gate *g = gate_open();
	struct str code = give_ticket(g, &g->ana);
	const char *cookie;
	struct answer a;

	(void)unused;
	a = ask(g, (struct who){ 0 }, "POST", "/v1/signin",
		print(g, "{\"code\":\" %s \"}", code.p));
	assert_int_equal(a.status, 204);
	cookie = cookie_of(g, &a, COOKIE_ATTENDEE);
	assert_non_null(cookie);
	a = ask(g, (struct who){ .cookie = cookie }, "GET", "/v1/me", "");
	assert_str(said(&a, "name"), "Ana");
	gate_close(g);
}

static void wrong_ticket_codes_are_refused_and_slowed_down(void **unused)
{
	struct gate *g = gate_open();
	struct str code = give_ticket(g, &g->ana);
	int tried = 0;

	(void)unused;
	assert_int_equal(ask(g, (struct who){ 0 }, "POST", "/v1/signin", "{}").status, 400);
	assert_int_equal(
		ask(g, (struct who){ 0 }, "POST", "/v1/signin", "{\"code\":\"ABC\"}").status, 401);
	while (tried < 1000 && ask(g, (struct who){ 0 }, "POST", "/v1/signin",
				       "{\"code\":\"0000-0000-0000-0000\"}")
					       .status == 401)
		tried++;
	assert_int_equal(tried, 59);
	assert_int_equal(ask(g, (struct who){ 0 }, "POST", "/v1/signin",
				 print(g, "{\"code\":\"%s\"}", code.p))
				 .status,
		429);
	gate_close(g);
}

static void one_ticket_code_opens_only_so_many_sessions(void **unused)
{
	struct gate *g = gate_open();
	struct str code = give_ticket(g, &g->ana);
	int opened = 0;

	(void)unused;
	while (opened < 100 && ask(g, (struct who){ 0 }, "POST", "/v1/signin",
				       print(g, "{\"code\":\"%s\"}", code.p))
					       .status == 204)
		opened++;
	assert_int_equal(opened, 10);
	gate_close(g);
}

static void a_session_ends_by_idleness_by_age_and_by_its_owner(void **unused)
{
	struct gate *g = gate_open();
	int64_t began = gate_now;
	const char *idle = gate_session(g, SESSION_ATTENDEE, g->ana.id),
		   *used = gate_session(g, SESSION_ATTENDEE, g->ana.id);
	const char *left = gate_session(g, SESSION_ATTENDEE, g->ana.id);
	struct answer a;

	(void)unused;
	assert_int_equal(
		ask(g, (struct who){ .cookie = left }, "POST", "/v1/signout", "{}").status, 204);
	assert_int_equal(ask(g, (struct who){ .cookie = left }, "GET", "/v1/me", "").status, 401);
	for (int day = 1; day < 30; day++) {
		gate_now = began + day * INT64_C(86400000);
		a = ask(g, (struct who){ .cookie = used }, "GET", "/v1/me", "");
		assert_int_equal(a.status, 200);
	}
	assert_int_equal(ask(g, (struct who){ .cookie = idle }, "GET", "/v1/me", "").status, 401);
	gate_now = began + SESSION_LIFE_MS;
	assert_int_equal(ask(g, (struct who){ .cookie = used }, "GET", "/v1/me", "").status, 401);
	gate_close(g);
}

static void a_session_is_held_only_as_a_hash(void **unused)
{
	struct gate *g = gate_open();
	const char *cookie = gate_session(g, SESSION_ATTENDEE, g->ana.id);
	struct str text = str_of(strchr(cookie, '=') + 1);
	struct buf secret = BUF_IN(&g->a);
	uint32_t event;
	uint8_t hash[32];
	struct db_query *q = db_query(g->s->write.db, "SELECT hash FROM session");
	struct err e;

	(void)unused;
	assert_true(cookie_read(text, &event, hash));
	assert_true(base64_read(&secret, text));
	assert_int_equal(db_step(q, &e), DB_ROW);
	assert_true(bytes_equal(db_blob(q, 0), bytes_of(hash, sizeof(hash))));
	assert_false(bytes_equal(db_blob(q, 0), buf_bytes(&secret)));
	db_reset(q);
	gate_close(g);
}

static void the_twenty_first_session_ends_the_oldest(void **unused)
{
	struct gate *g = gate_open();
	const char *first = gate_session(g, SESSION_ATTENDEE, g->ana.id), *last = NULL;

	(void)unused;
	for (int i = 0; i < SESSIONS_MAX; i++) {
		gate_now++;
		last = gate_session(g, SESSION_ATTENDEE, g->ana.id);
	}
	assert_int_equal(ask(g, (struct who){ .cookie = first }, "GET", "/v1/me", "").status, 401);
	assert_int_equal(ask(g, (struct who){ .cookie = last }, "GET", "/v1/me", "").status, 200);
	gate_close(g);
}

static void refuses_cookies_that_are_not_ours(void **unused)
{
	struct gate *g = gate_open();
	const char *org = gate_session(g, SESSION_ORGANIZER, g->organizer);
	const char *const bad[] = { COOKIE_ATTENDEE "=", COOKIE_ATTENDEE "=x",
		COOKIE_ATTENDEE "=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
		/* an organizer's secret is no attendee's, whatever cookie carries it */
		print(g, "%s=%s", COOKIE_ATTENDEE, strchr(org, '=') + 1) };

	(void)unused;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(
			ask(g, (struct who){ .cookie = bad[i] }, "GET", "/v1/me", "").status, 401);
	gate_close(g);
}

static void one_browser_may_be_an_attendee_and_an_organizer(void **unused)
{
	struct gate *g = gate_open();
	const char *both = print(g, "%s; %s", gate_session(g, SESSION_ORGANIZER, g->organizer),
		gate_session(g, SESSION_ATTENDEE, g->ana.id));

	(void)unused;
	assert_int_equal(ask(g, (struct who){ .cookie = both }, "GET", "/v1/me", "").status, 200);
	assert_int_equal(
		ask(g, (struct who){ .cookie = both }, "GET", "/v1/events", "").status, 200);
	gate_close(g);
}

static struct answer sign_in(struct gate *g, const char *email, const char *password)
{
	return ask(g, (struct who){ 0 }, "POST", "/v1/organizer/signin",
		print(g, "{\"email\":\"%s\",\"password\":\"%s\"}", email, password));
}

static void an_organizer_signs_in_by_password(void **unused)
{
	struct gate *g = gate_open();
	const char *cookie;
	struct answer a, b;

	(void)unused;
	gate_password(g);
	a = sign_in(g, " ORG@x.example", PASSWORD);
	assert_int_equal(a.status, 204);
	cookie = cookie_of(g, &a, COOKIE_ORGANIZER);
	assert_non_null(cookie);
	assert_int_equal(
		ask(g, (struct who){ .cookie = cookie }, "GET", "/v1/events", "").status, 200);
	/* an address that nobody has and a wrong password look the same */
	a = sign_in(g, "org@x.example", "wrong");
	b = sign_in(g, "nobody@x.example", "wrong");
	assert_int_equal(a.status, 401);
	assert_true(bytes_equal(a.reply.body, b.reply.body));
	assert_int_equal(b.status, 401);
	assert_int_equal(
		ask(g, (struct who){ .cookie = cookie }, "POST", "/v1/organizer/signout", "{}")
			.status,
		204);
	assert_int_equal(
		ask(g, (struct who){ .cookie = cookie }, "GET", "/v1/events", "").status, 401);
	gate_close(g);
}

static void wrong_passwords_are_slowed_down_by_account(void **unused)
{
	struct gate *g = gate_open();
	int tried = 0;

	(void)unused;
	gate_password(g);
	while (tried < 100 && sign_in(g, "org@x.example", "wrong").status == 401)
		tried++;
	assert_int_equal(tried, 10);
	assert_int_equal(sign_in(g, "org@x.example", PASSWORD).status, 429);
	gate_now += 90000;
	assert_int_equal(sign_in(g, "org@x.example", PASSWORD).status, 204);
	gate_close(g);
}

static void organizers_see_their_events_and_no_others(void **unused)
{
	struct gate *g = gate_open();
	struct id every;
	uint32_t *events;
	struct err why;
	size_t n;

	(void)unused;
	MUST(organizer_events(&events, &n, g->s->write.db, g->organizer, &g->a, &e));
	assert_int_equal(n, 1);
	assert_int_equal(events[0], g->event.event);
	assert_true(organizer_may(g->s->write.db, g->organizer, g->event.event, &why));
	assert_false(organizer_may(g->s->write.db, g->organizer, g->other.event, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	assert_false(organizer_may(g->s->write.db, g->organizer, 4711, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	MUST(organizer_add(g->s->write.db, STR("all@x.example"), 0, "hash", gate_now, &every, &e));
	assert_true(organizer_may(g->s->write.db, every, g->other.event, &why));
	assert_false(organizer_may(g->s->write.db, every, 4711, &why));
	gate_close(g);
}

static void organizers_need_an_address_an_event_and_a_password(void **unused)
{
	static const char *const bad[] = { "", "x", "@x", "x@", "a b@c" };
	struct gate *g = gate_open();
	struct id id, same;
	struct err why;

	(void)unused;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_false(organizer_add(
			g->s->write.db, str_of(bad[i]), 0, "hash", gate_now, &id, &why));
		assert_int_equal(why.code, ERR_USAGE);
	}
	assert_false(
		organizer_add(g->s->write.db, STR("new@x.example"), 0, NULL, gate_now, &id, &why));
	assert_false(organizer_add(
		g->s->write.db, STR("new@x.example"), 4711, "hash", gate_now, &id, &why));
	assert_int_equal(why.code, ERR_NOT_FOUND);
	MUST(organizer_add(
		g->s->write.db, STR("Org@X.example"), g->other.event, NULL, gate_now, &same, &e));
	assert_true(id_equal(same, g->organizer));
	assert_true(organizer_may(g->s->write.db, g->organizer, g->other.event, &why));
	assert_false(password_check(STR("short"), &why));
	assert_true(password_check(password_random(&g->a), &why));
	gate_close(g);
}

static void a_person_ends_a_device_of_theirs_and_nobody_elses(void **unused)
{
	struct gate *g = gate_open();
	const char *phone = gate_session(g, SESSION_ATTENDEE, g->ana.id),
		   *lost = gate_session(g, SESSION_ATTENDEE, g->ana.id);
	const char *ben = gate_session(g, SESSION_ATTENDEE, g->ben.id), *path = NULL;
	struct answer a = ask(g, (struct who){ .cookie = phone }, "GET", "/v1/me", "");
	const struct json *devices = json_get(a.json, "devices");

	(void)unused;
	assert_int_equal(devices->count, 2);
	for (const struct json *d = devices->first; d; d = d->next) {
		struct id id;
		bool this = false;

		assert_true(json_get_id(d, "session", &id) && json_get_bool(d, "this", &this));
		if (!this)
			path = print(g, "/v1/me/devices/%s/end", id_text(id).s);
	}
	assert_non_null(path);
	assert_int_equal(ask(g, (struct who){ .cookie = ben }, "POST", path, "{}").status, 404);
	assert_int_equal(ask(g, (struct who){ .cookie = lost }, "GET", "/v1/me", "").status, 200);
	assert_int_equal(ask(g, (struct who){ .cookie = phone }, "POST", path, "{}").status, 204);
	assert_int_equal(ask(g, (struct who){ .cookie = lost }, "GET", "/v1/me", "").status, 401);
	assert_int_equal(ask(g, (struct who){ .cookie = phone }, "POST", path, "{}").status, 404);
	gate_close(g);
}

static bool consent(struct gate *g, const char *phone, const char *purpose)
{
	struct answer a = ask(g, (struct who){ .cookie = phone }, "GET", "/v1/me", "");
	bool given;

	assert_true(json_get_bool(json_get(a.json, "consents"), purpose, &given));
	return given;
}

static void consents_are_given_and_withdrawn_at_once(void **unused)
{
	struct gate *g = gate_open();
	const char *phone = gate_session(g, SESSION_ATTENDEE, g->ana.id);
	struct who who = { .cookie = phone };

	(void)unused;
	assert_false(consent(g, phone, "followups"));
	assert_int_equal(
		ask(g, who, "POST", "/v1/me/consents", "{\"purpose\":\"followups\",\"given\":true}")
			.status,
		204);
	assert_true(consent(g, phone, "followups"));
	assert_false(consent(g, phone, "contact"));
	gate_now += 1000;
	assert_int_equal(ask(g, who, "POST", "/v1/me/consents",
				 "{\"purpose\":\"followups\",\"given\":false}")
				 .status,
		204);
	assert_false(consent(g, phone, "followups"));
	assert_int_equal(
		ask(g, who, "POST", "/v1/me/consents", "{\"purpose\":\"all\",\"given\":true}")
			.status,
		400);
	assert_int_equal(
		ask(g, who, "POST", "/v1/me/consents", "{\"purpose\":\"card\"}").status, 400);
	gate_close(g);
}

static void a_foreign_page_cannot_act_with_a_persons_cookie(void **unused)
{
	struct gate *g = gate_open();
	const char *headers[] = { "Host", "localhost", "Cookie",
		gate_session(g, SESSION_ATTENDEE, g->ana.id), "Origin", "http://evil.example",
		NULL };
	struct reply r = { 0 };
	struct request q;

	(void)unused;
	MUST(request_make(&q, &g->a, "POST", STR("/v1/signout"), headers, BYTES("{}"), &e));
	http_answer(&g->config, &q, &r);
	assert_int_equal(r.status, 403);
	gate_close(g);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kiosk_joins_once_with_a_proof_both_ways),
		cmocka_unit_test(a_code_is_over_after_ten_minutes),
		cmocka_unit_test(a_code_is_gone_after_five_wrong_proofs),
		cmocka_unit_test(an_address_that_guesses_codes_must_wait),
		cmocka_unit_test(an_enrolment_covers_the_tls_key_that_was_seen),
		cmocka_unit_test(refuses_an_enrolment_without_its_parts),
		cmocka_unit_test(a_signature_covers_method_target_and_body),
		cmocka_unit_test(a_signed_request_is_good_for_nothing_else),
		cmocka_unit_test(a_revoked_station_is_told_to_wipe_by_a_signed_answer),
		cmocka_unit_test(a_ticket_code_signs_in_as_typed_by_people),
		cmocka_unit_test(wrong_ticket_codes_are_refused_and_slowed_down),
		cmocka_unit_test(one_ticket_code_opens_only_so_many_sessions),
		cmocka_unit_test(a_session_ends_by_idleness_by_age_and_by_its_owner),
		cmocka_unit_test(a_session_is_held_only_as_a_hash),
		cmocka_unit_test(the_twenty_first_session_ends_the_oldest),
		cmocka_unit_test(refuses_cookies_that_are_not_ours),
		cmocka_unit_test(one_browser_may_be_an_attendee_and_an_organizer),
		cmocka_unit_test(an_organizer_signs_in_by_password),
		cmocka_unit_test(wrong_passwords_are_slowed_down_by_account),
		cmocka_unit_test(organizers_see_their_events_and_no_others),
		cmocka_unit_test(organizers_need_an_address_an_event_and_a_password),
		cmocka_unit_test(a_person_ends_a_device_of_theirs_and_nobody_elses),
		cmocka_unit_test(consents_are_given_and_withdrawn_at_once),
		cmocka_unit_test(a_foreign_page_cannot_act_with_a_persons_cookie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

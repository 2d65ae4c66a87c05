/* The desk under random inputs: what must hold whatever happens. */
#include "tests/unit/test.h"

#include "core/base/json.h"
#include "kiosk/desk.h"

enum { PEOPLE = 6, HOST = 9, STEPS = 20000, REST_MS = 3600000 };

struct world {
	struct desk *d;
	struct desk_config config;
	struct arena a;
	uint64_t now, seed, ids;
	uint64_t here_ms[PEOPLE]; /* when somebody last showed a chip or ticket; 0: never */
	bool online;
};

static uint32_t roll(struct world *w, uint32_t n)
{
	w->seed = w->seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(w->seed >> 33) % n;
}

static struct id id_of(unsigned person)
{
	return (struct id){ { 0xC0, (uint8_t)person } };
}

static int person_of(struct id id)
{
	return id.b[0] == 0xC0 ? id.b[1] : -1;
}

static struct desk_person person(struct world *w, unsigned n)
{
	struct desk_person p = {
		.who = id_of(n), .badge = id_of(n), .known = true, .checked_in = roll(w, 2)
	};

	snprintf(p.name, sizeof(p.name), "P%u", n);
	return p;
}

static void check_named(struct world *w, const struct json *o, const char *key, bool must_be_here)
{
	struct id id;
	int n;

	if (!json_get_id(o, key, &id))
		fail_msg("no %s", key);
	n = person_of(id);
	if (n < 0 || n == HOST)
		return;
	if (must_be_here && w->here_ms[n] == 0)
		fail_msg("P%d is %s without having shown a badge", n, key);
}

/* Whoever owns, comes first or checks in has shown a chip or a ticket, or staff did it. */
static void check_fact(struct world *w, const struct store_fact *f)
{
	struct json *o;
	struct str how;
	struct err e;
	struct id a = { { 0 } }, b = { { 0 } };

	if (!json_read(&o, str_bytes(f->payload), &w->a, &e))
		fail_msg("payload: %s", e.text);
	switch (f->kind) {
	case ENTRY_MEETING:
		assert_true(json_get_id(o, "a", &a));
		assert_true(json_get_id(o, "b", &b));
		assert_false(id_equal(a, b));
		check_named(w, o, "a", true);
		break;
	case ENTRY_CHECKIN:
		assert_true(json_get_str(o, "how", &how));
		if (str_equal(how, STR("badge")))
			assert_true(w->config.badge_checkin);
		else
			check_named(w, o, "who", !str_equal(how, STR("staff")));
		break;
	case ENTRY_CONTACT:
	case ENTRY_FOLLOWUP:
	case ENTRY_FAVOUR:
		check_named(w, o, "owner", true);
		break;
	case ENTRY_NOTE:
		check_named(w, o, "author", true);
		break;
	default:
		break;
	}
}

static void check_view(struct world *w, const struct desk_view *before, struct id shown_before)
{
	struct id shown = { { 0 } };
	struct desk_view v;

	desk_view(w->d, w->now, &v);
	if (v.person)
		shown = v.person->who;
	if (v.screen == DESK_IDLE || v.screen == DESK_CLOSED || v.screen == DESK_STARTING) {
		assert_null(v.person);
		assert_null(v.guest);
		assert_null(v.qr);
	}
	/* a touch made before somebody else came must be told apart */
	if (v.person && !id_is_none(shown_before) && !id_equal(shown, shown_before) &&
		v.screen != DESK_STAFF)
		assert_true(v.people_rev > before->people_rev);
	if (v.screen != DESK_IDLE && v.screen != DESK_CLOSED && v.screen != DESK_STARTING)
		assert_true(desk_next_ms(w->d) != UINT64_MAX);
}

static void step(struct world *w, struct desk_input *in)
{
	struct desk_output out;
	struct desk_view before;
	struct id shown = { { 0 } };

	desk_view(w->d, w->now, &before);
	if (before.person)
		shown = before.person->who;
	in->now_ms = w->now;
	in->day = 100;
	memcpy(in->at, "09:41", 6);
	for (size_t i = 0; i < DESK_FRESH_MAX; i++) {
		uint64_t n = ++w->ids;

		in->fresh[i] = (struct id){ { 0xE0 } };
		memcpy(in->fresh[i].b + 8, &n, sizeof(n));
	}
	desk_step(w->d, in, &out, &w->a);
	for (size_t i = 0; i < out.fact_count; i++)
		check_fact(w, &out.facts[i]);
	if (out.fact_count > 0) {
		struct desk_input commit = { .what = DESK_COMMIT, .now_ms = w->now };
		struct desk_output none;
		struct desk_view v;

		commit.of.committed = roll(w, 20) > 0;
		desk_step(w->d, &commit, &none, &w->a);
		desk_view(w->d, w->now, &v);
		if (!commit.of.committed) {
			assert_int_equal(v.screen, DESK_REFUSED);
			assert_int_equal(v.reason, REASON_NOT_RECORDED);
		}
	}
	check_view(w, &before, shown);
	arena_reset(&w->a);
}

static void pass_time(struct world *w, uint64_t ms)
{
	uint64_t end = w->now + ms;

	while (desk_next_ms(w->d) <= end) {
		struct desk_input in = { .what = DESK_TICK };
		uint64_t at = desk_next_ms(w->d);

		if (at > w->now)
			w->now = at;
		step(w, &in);
		/* a timer that does not move on would spin the kiosk's loop */
		assert_true(desk_next_ms(w->d) > w->now);
	}
	w->now = end;
}

static void random_scan(struct world *w)
{
	struct desk_scan scan = { .seen = (enum desk_seen)roll(w, SEEN_REFUSED + 1),
		.again = roll(w, 10) == 0 };
	unsigned n = roll(w, PEOPLE);
	struct desk_input in = { .what = DESK_SCAN };

	scan.person = person(w, n);
	scan.key = id_of(roll(w, 3) ? n : 40 + roll(w, 10));
	scan.code = scan.seen != SEEN_CHIP && roll(w, 2);
	if (scan.seen == SEEN_REFUSED)
		scan.reason = (enum desk_reason)(
			REASON_REVOKED + roll(w, REASON_PAIR_CODE - REASON_REVOKED + 1));
	if (scan.seen == SEEN_UNKNOWN)
		scan.reason = REASON_UNKNOWN_BADGE;
	if (scan.seen == SEEN_CHIP || scan.seen == SEEN_TICKET)
		w->here_ms[n] = w->now;
	snprintf(scan.guest.name, sizeof(scan.guest.name), "G");
	snprintf(scan.guest.card, sizeof(scan.guest.card), "BEGIN:VCARD");
	in.of.scan = &scan;
	step(w, &in);
}

static void random_act(struct world *w)
{
	static const char *const words[] = { "send", "intro", "help", "topic", "SQLite", "Hiring",
		"a", "b", "de", "Mo", "" };
	const struct desk_found found = { .name = "P" };
	struct desk_act act = { .kind = (enum desk_act_kind)roll(w, ACT_HELP + 1),
		.on = roll(w, 2) };
	struct desk_input in = { .what = DESK_ACT };

	act.word = str_of(words[roll(w, ARRAY_LEN(words))]);
	act.day = 95 + roll(w, 500);
	act.pin_given = roll(w, 2);
	act.pin_ok = act.pin_given && roll(w, 2);
	act.person = person(w, roll(w, PEOPLE));
	act.found = &found;
	act.found_count = roll(w, 2);
	in.of.act = &act;
	step(w, &in);
}

static void random_other(struct world *w)
{
	struct desk_pairing pairing = { .digits = "42", .qr = roll(w, 2) ? "M0" : NULL };
	struct desk_input in = { .what = DESK_PAIRING };

	if (roll(w, 3)) {
		pairing.state = (enum desk_reason)(
			REASON_PAIR_WAITING +
			roll(w, REASON_PAIR_REFUSED - REASON_PAIR_WAITING + 1));
		in.of.pairing = &pairing;
	} else {
		in.what = DESK_HEALTH;
		in.of.health = (struct desk_health){ .started = true,
			.reader_ok = roll(w, 5) > 0,
			.store_ok = roll(w, 5) > 0,
			.online = roll(w, 2) };
	}
	step(w, &in);
}

static void run(enum desk_role role, bool badge_checkin)
{
	struct world w = { .now = 1000, .seed = 88172645463325252u + role };

	w.config = (struct desk_config){ .role = role,
		.badge_checkin = badge_checkin,
		.langs = { "en", "de" },
		.lang_count = 2,
		.topics = { "SQLite", "Hiring" },
		.topic_count = 2 };
	w.config.host.who = id_of(HOST);
	w.d = desk_new(&w.config);
	for (unsigned i = 0; i < STEPS; i++) {
		uint32_t what = roll(&w, 100);

		if (what < 40)
			random_scan(&w);
		else if (what < 75)
			random_act(&w);
		else if (what < 80)
			random_other(&w);
		else
			pass_time(&w, roll(&w, 4000));
		if (roll(&w, 200) == 0) {
			struct desk_view v;

			/* left alone, every station comes to rest */
			pass_time(&w, REST_MS);
			memset(w.here_ms, 0, sizeof(w.here_ms));
			desk_view(w.d, w.now, &v);
			assert_true(v.screen == DESK_IDLE || v.screen == DESK_CLOSED ||
				    v.screen == DESK_STARTING);
			assert_string_equal(v.lang, "en");
		}
	}
	desk_free(w.d);
	arena_finish(&w.a);
}

static void holds_its_rules_under_random_inputs(void **state)
{
	(void)state;
	for (unsigned role = DESK_DOOR; role <= DESK_BOOTH; role++) {
		run((enum desk_role)role, false);
		run((enum desk_role)role, true);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds_its_rules_under_random_inputs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

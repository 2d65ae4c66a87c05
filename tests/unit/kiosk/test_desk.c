/*
 * The desk's rules as scripts: each line is an input and the picture and facts that must follow.
 * "screen[:reason] sound person+other flags | fact; fact", ids as names (ana) or numbers (#3).
 */
#include "tests/unit/test.h"

#include "core/base/text.h"
#include "kiosk/desk.h"

struct line {
	const char *in, *out;
};

struct script {
	struct desk *d;
	struct desk_config config;
	struct arena a;
	uint64_t now;
	unsigned ids;
	bool disk_full, stepped;
	struct id checked_in[8];
	size_t checked_in_count;
	char last_request[32];
};

/* The first letter of a name is its id. */
static struct id id_of(const char *name)
{
	return (struct id){ { (uint8_t)name[0], 0xEE } };
}

static struct id entry_id(unsigned n)
{
	return (struct id){ { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (uint8_t)(n >> 8),
		(uint8_t)n } };
}

static bool is_checked_in(const struct script *s, struct id who)
{
	for (size_t i = 0; i < s->checked_in_count; i++)
		if (id_equal(s->checked_in[i], who))
			return true;
	return false;
}

static struct desk_person person(const struct script *s, const char *name)
{
	struct desk_person p = { .who = id_of(name), .badge = id_of(name), .known = name[0] < 'n' };

	if (p.known)
		snprintf(p.name, sizeof(p.name), "%s", name);
	snprintf(p.lang, sizeof(p.lang), "%s", name[0] == 'd' ? "de" : "");
	p.checked_in = is_checked_in(s, p.who);
	if (p.checked_in)
		memcpy(p.at, "09:00", 6);
	return p;
}

/* Ids in a payload become names. */
static void add_payload(struct buf *out, struct str payload)
{
	static const char *const names[] = { "ana", "ben", "cid", "dora", "host", "nobody",
		"revoked", "z" };

	while (payload.len > 0) {
		bool found = false;

		for (size_t i = 0; i < ARRAY_LEN(names) && !found; i++) {
			struct id_text t = id_text(id_of(names[i]));

			if (str_starts(payload, str_of(t.s))) {
				buf_add_str(out, str_of(names[i]));
				payload = str_sub(payload, strlen(t.s), payload.len);
				found = true;
			}
		}
		for (unsigned n = 1; n < 300 && !found; n++) {
			struct id_text uuid = id_uuid_text(entry_id(n)),
				       text = id_text(entry_id(n));
			const char *t = str_starts(payload, str_of(uuid.s))   ? uuid.s
					: str_starts(payload, str_of(text.s)) ? text.s
									      : NULL;

			if (t) {
				buf_printf(out, "#%u", n);
				payload = str_sub(payload, strlen(t), payload.len);
				found = true;
			}
		}
		if (!found) {
			if (payload.p[0] != '"')
				buf_add_char(out, payload.p[0]);
			payload = str_sub(payload, 1, payload.len);
		}
	}
}

static const char *screen_name(enum desk_screen screen)
{
	static const char *const names[] = {
#define X(s, name) [s] = name,
		DESK_SCREENS(X)
#undef X
	};

	return names[screen];
}

static void add_view(struct script *s, struct buf *out)
{
	static const char *const sounds[] = { "-", "done", "exchange", "attention", "stop",
		"tick" };
	struct desk_view v;

	desk_view(s->d, s->now, &v);
	buf_printf(out, "%s", screen_name(v.screen));
	if (v.reason)
		buf_printf(out, ":%s", desk_reason_name(v.reason));
	buf_printf(out, " %s", sounds[s->stepped ? v.sound : SOUND_NONE]);
	if (v.person)
		buf_printf(out, " %s", v.person->name[0] ? v.person->name : "?");
	if (v.other || v.guest)
		buf_printf(out, "+%s", v.other ? v.other->name : v.guest->name);
	if (v.at)
		buf_printf(out, " at=%s", v.at);
	if (v.already)
		buf_printf(out, " already");
	if (v.met_count)
		buf_printf(out, " met=%u", v.met_count);
	if (v.staff)
		buf_printf(out, " staff");
	if (v.staff && v.tool)
		buf_printf(out, "=%s", desk_tool_name(v.tool));
	if (v.tools_only)
		buf_printf(out, " only");
	if (v.want_badge)
		buf_printf(out, " badge?");
	if (v.test)
		buf_printf(out, " test%u=%s%s", v.test->count, v.test->name,
			desk_reason_name(v.test->reason));
	if (v.noting && v.side == 'b')
		buf_printf(out, " side=b");
	if (v.buddy)
		buf_printf(out, " buddies");
	for (size_t i = 0; i < v.chosen_count; i++)
		buf_printf(out, " [%s]", v.chosen[i]);
	if (v.noting)
		buf_printf(out, " when=%lld", (long long)v.when);
	if (v.text)
		buf_printf(out, " text=%s", v.text);
	if (v.found_count)
		buf_printf(out, " found=%zu", v.found_count);
	if (v.qr)
		buf_printf(out, " qr=%s", v.qr);
	if (v.digits)
		buf_printf(out, " digits=%s", v.digits);
	if (strcmp(v.lang, "en") != 0)
		buf_printf(out, " %s", v.lang);
}

/* One input, with its commit when it asks for one. */
static void step(struct script *s, struct desk_input *in, struct buf *facts)
{
	static const char *const requests[] = { "", "find", "pair", "confirm", "pair-end", "volume",
		"sync", "service", "shutdown" };
	struct desk_output out;

	s->stepped = true;
	in->now_ms = s->now;
	in->day = 100;
	memcpy(in->at, "09:41", 6);
	for (unsigned i = 0; i < DESK_FRESH_MAX; i++)
		in->fresh[i] = entry_id(s->ids + i + 1);
	desk_step(s->d, in, &out, &s->a);
	s->ids += (unsigned)out.fact_count;
	for (size_t i = 0; i < out.fact_count; i++) {
		const struct store_fact *f = &out.facts[i];

		buf_printf(facts, "%s%s", facts->len ? "; " : "", entry_kind_name(f->kind));
		add_payload(facts, f->payload);
		assert_true((f->kind == ENTRY_RETRACT) == !id_is_none(f->undoes));
	}
	if (out.request)
		buf_printf(facts, "%s%s%s%s", facts->len ? "; " : "", requests[out.request],
			out.proof ? " " : "", out.proof ? out.proof : "");
	if (out.request == ASK_VOLUME)
		buf_printf(facts, " %u", out.level);
	if (out.request == ASK_SERVICE)
		buf_printf(facts, out.on ? " on" : " off");
	if (out.rejected)
		buf_printf(facts, "409");
	if (out.fact_count > 0) {
		struct desk_input commit = { .what = DESK_COMMIT, .now_ms = s->now };
		struct desk_output none;

		commit.of.committed = !s->disk_full;
		desk_step(s->d, &commit, &none, &s->a);
		assert_true(none.changed);
		assert_int_equal(none.fact_count, 0);
		if (!s->disk_full && !id_is_none(out.checked_in))
			s->checked_in[s->checked_in_count++] = out.checked_in;
		for (size_t i = 0; !s->disk_full && i < s->checked_in_count; i++)
			if (id_equal(s->checked_in[i], out.checkin_undone))
				s->checked_in[i] = (struct id){ { 1 } };
	}
}

static bool health(struct desk_health *h, const char *word)
{
	*h = (struct desk_health){ .reader_ok = true,
		.chip_ok = true,
		.store_ok = true,
		.started = true,
		.online = true };
	if (strcmp(word, "offline") == 0)
		h->online = false;
	else if (strcmp(word, "disk-full") == 0)
		h->store_ok = false;
	else if (strcmp(word, "no-reader") == 0)
		h->reader_ok = h->chip_ok = false;
	else if (strcmp(word, "camera-only") == 0)
		h->chip_ok = false;
	else if (strcmp(word, "out-of-service") == 0)
		h->out_of_service = true;
	else if (strcmp(word, "going-off") == 0)
		h->shutting_down = true;
	else if (strcmp(word, "opening") == 0)
		h->reader_ok = h->started = false;
	else if (strcmp(word, "station-revoked") == 0)
		h->revoked = true;
	else if (strcmp(word, "online") != 0)
		return false;
	return true;
}

static enum desk_reason reason_of(const char *name)
{
	for (unsigned r = 0; r < REASON_COUNT; r++)
		if (strcmp(desk_reason_name((enum desk_reason)r), name) == 0)
			return (enum desk_reason)r;
	fail_msg("no reason %s", name);
	return REASON_NONE;
}

static void wait_ms(struct script *s, uint64_t ms, struct buf *facts)
{
	uint64_t end = s->now + ms;

	while (desk_next_ms(s->d) <= end) {
		struct desk_input in = { .what = DESK_TICK };

		if (desk_next_ms(s->d) > s->now)
			s->now = desk_next_ms(s->d);
		step(s, &in, facts);
	}
	s->now = end;
}

/* "chip ana", "act verb send on", "pairing opened 42", "wait 8000", "health offline". */
static void play(struct script *s, const char *line, struct buf *facts)
{
	static const char *const seen[] = { "touch", "chip", "ticket", "code", "card", "unknown",
		"refused" };
	char verb[24] = "", one[80] = "", two[80] = "", three[16] = "";
	struct desk_input in = { 0 };
	struct desk_scan scan = { 0 };
	struct desk_act act = { 0 };
	struct desk_pairing pairing = { 0 };
	struct desk_found found[2] = { { .name = "Ana Marin" }, { .name = "Ana Maus" } };

	sscanf(line, "%23s %79s %79s %15s", verb, one, two, three);
	if (strcmp(verb, "wait") == 0) {
		wait_ms(s, strtoul(one, NULL, 10), facts);
		return;
	}
	if (strcmp(verb, "disk") == 0) {
		s->disk_full = strcmp(one, "full") == 0;
		return;
	}
	if (strcmp(verb, "health") == 0) {
		in.what = DESK_HEALTH;
		assert_true(health(&in.of.health, one));
		step(s, &in, facts);
		return;
	}
	if (strcmp(verb, "pairing") == 0) {
		in.what = DESK_PAIRING;
		in.of.pairing = &pairing;
		pairing.state = reason_of(one);
		snprintf(pairing.digits, sizeof(pairing.digits), "%.3s", two);
		pairing.qr = strcmp(one, "waiting") == 0 ? "M0" : NULL;
		step(s, &in, facts);
		return;
	}
	if (strcmp(verb, "act") == 0) {
		in.what = DESK_ACT;
		in.of.act = &act;
		assert_true(desk_act_read(str_of(one), &act.kind));
		act.word = str_of(two);
		act.on = strcmp(three, "on") == 0;
		act.day = (int64_t)strtol(two, NULL, 10);
		act.level = (unsigned)strtoul(two, NULL, 10);
		act.pending = strcmp(two, "unsent") == 0 ? 3 : 0;
		act.pin_given = two[0] != '\0';
		act.pin_ok = strcmp(two, "1234") == 0;
		act.person = person(s, two[0] ? two : "z");
		act.found = found;
		act.found_count = act.kind == ACT_FIND ? 2 : 0;
		step(s, &in, facts);
		return;
	}
	in.what = DESK_SCAN;
	in.of.scan = &scan;
	for (size_t i = 0; i < ARRAY_LEN(seen); i++) {
		if (strcmp(seen[i], verb) != 0)
			continue;
		scan.seen = (enum desk_seen)i;
		scan.person = person(s, one[0] ? one : "z");
		scan.key = id_of(one[0] ? one : "z");
		if (scan.seen == SEEN_UNKNOWN)
			scan.reason = REASON_UNKNOWN_BADGE;
		if (scan.seen == SEEN_REFUSED)
			scan.reason = reason_of(one);
		scan.code = scan.seen == SEEN_TICKET || scan.seen == SEEN_CODE ||
			    scan.seen == SEEN_CARD;
		scan.again = strcmp(two, "again") == 0;
		snprintf(scan.guest.name, sizeof(scan.guest.name), "%.60s", one);
		snprintf(scan.guest.card, sizeof(scan.guest.card), "CARD %.60s", one);
		step(s, &in, facts);
		return;
	}
	fail_msg("no input \"%s\"", line);
}

static void run_script(
	const char *name, enum desk_role role, bool badge_checkin, const struct line *lines)
{
	struct script s = { .now = 1000000 };

	memcpy(s.config.langs[0], "en", 3);
	memcpy(s.config.langs[1], "de", 3);
	s.config.lang_count = 2;
	memcpy(s.config.topics[0], "SQLite", 7);
	memcpy(s.config.topics[1], "Hiring", 7);
	s.config.topic_count = 2;
	s.config.role = role;
	s.config.badge_checkin = badge_checkin;
	s.config.host = person(&s, "host");
	if (strncmp(name, "staff_badge", 11) == 0) {
		s.config.staff[0] = id_of("cid");
		s.config.staff_count = 1;
	}
	s.d = desk_new(&s.config);
	for (; lines->in; lines++) {
		struct buf facts = BUF_IN(&s.a), got = BUF_IN(&s.a);

		s.stepped = false;
		play(&s, lines->in, &facts);
		add_view(&s, &got);
		if (facts.len > 0) {
			buf_lit(&got, " | ");
			buf_add_str(&got, buf_str(&facts));
		}
		if (lines->out && !str_equal(buf_str(&got), str_of(lines->out)))
			fail_msg("%s: \"%s\"\n  got    %.*s\n  wanted %s", name, lines->in,
				STR_ARG(buf_str(&got)), lines->out);
	}
	desk_free(s.d);
	arena_finish(&s.a);
}

#define SCRIPT(test, role, ...)                                                                    \
	static void test(void **state)                                                             \
	{                                                                                          \
		static const struct line lines[] = { __VA_ARGS__, { NULL, NULL } };                \
                                                                                                   \
		(void)state;                                                                       \
		run_script(#test, role, false, lines);                                             \
	}

#include "tests/unit/kiosk/desk_scripts.h"

#include "tests/unit/test.h"

#include "core/tag/ndef.h"
#include "kiosk/resolve.h"

/* An event with a key, Ana in the roster, and a resolver over both. */
struct world {
	struct event_key key, other_key;
	struct event_info event;
	struct people *people;
	struct resolver r;
	struct id ana, badge, unknown;
	struct ticket ticket;
	uint8_t ticket_key[32];
	struct arena a;
	struct err e;
};

static void make_world(struct world *w)
{
	struct roster_row row = { .name = STR_INIT("Ana Müller"),
		.organization = STR_INIT("Acme"),
		.lang = STR_INIT("de"),
		.has_ticket = true };
	struct ticket_hash h;

	memset(w, 0, sizeof(*w));
	assert_true(crypto_init(&w->e));
	w->key = (struct event_key){ .event = 7, .number = 1 };
	w->other_key = (struct event_key){ .event = 8, .number = 1 };
	sign_keypair(w->event.keys[0].public_key, w->key.secret);
	sign_keypair(w->ticket_key, w->other_key.secret);
	w->event.number = 7;
	w->event.host = STR("kith.example");
	w->event.keys[0].event = 7;
	w->event.keys[0].number = 1;
	w->event.key_count = 1;
	w->people = people_new();
	w->ana = crypto_random_id();
	w->badge = crypto_random_id();
	w->unknown = crypto_random_id();
	w->ticket = ticket_random();
	h = ticket_hash(bytes_of(w->ticket_key, 32), w->ticket);
	row.id = w->ana;
	row.badges = &w->badge;
	row.badge_count = 1;
	memcpy(row.ticket, h.b, sizeof(row.ticket));
	people_put(w->people, &row);
	w->r = (struct resolver){ .event = &w->event,
		.people = w->people,
		.ticket_key = bytes_of(w->ticket_key, 32),
		.show_names = true,
		.zone_ms = 3600000 };
}

static void end_world(struct world *w)
{
	people_free(w->people);
	arena_finish(&w->a);
}

static const uint8_t uid[7] = { 4, 1, 2, 3, 4, 5, 6 };

static struct scan chip_scan(struct bytes ndef)
{
	struct scan s = {
		.kind = SCAN_CHIP, .tag = SCAN_TAG_NTAG213, .uid_len = sizeof(uid), .seen_ns = 1
	};

	memcpy(s.uid, uid, sizeof(uid));
	if (ndef.len > 0)
		memcpy(s.data, ndef.p, ndef.len);
	s.len = (uint16_t)ndef.len;
	return s;
}

static struct scan code_scan(struct str text)
{
	struct scan s = { .kind = SCAN_CODE, .seen_ns = 1 };

	memcpy(s.data, text.p, text.len);
	s.len = (uint16_t)text.len;
	return s;
}

static struct bytes badge_ndef(struct world *w, struct id id, const struct event_key *key)
{
	const struct badge badge = { .id = id, .host = STR_INIT("kith.example") };
	struct buf ndef = BUF_IN(&w->a);

	assert_true(badge_write(&ndef, &badge, bytes_of(uid, sizeof(uid)), key, &w->e));
	return buf_bytes(&ndef);
}

static struct str badge_link(struct world *w, struct id id, const struct event_key *key)
{
	uint8_t signature[LINK_SIGNATURE_LEN];
	struct buf out = BUF_IN(&w->a);

	if (key)
		badge_link_sign(signature, id, key);
	link_badge_write(&out, STR("kith.example"), id, key ? signature : NULL);
	return buf_str(&out);
}

static struct desk_scan resolved(struct world *w, struct scan scan)
{
	struct desk_scan out;

	assert_true(resolve_scan(&w->r, &scan, &out, &w->a));
	return out;
}

static void refused_for(struct desk_scan s, enum desk_reason reason)
{
	if (s.seen != SEEN_REFUSED || s.reason != reason)
		fail_msg("seen %d, reason %s, wanted %s", s.seen, desk_reason_name(s.reason),
			desk_reason_name(reason));
}

static void a_signed_chip_names_its_person(void **state)
{
	struct desk_scan s;
	struct world w;

	(void)state;
	make_world(&w);
	people_check_in(w.people, w.ana, 8 * 3600000);
	s = resolved(&w, chip_scan(badge_ndef(&w, w.badge, &w.key)));
	assert_int_equal(s.seen, SEEN_CHIP);
	assert_false(s.code);
	assert_true(id_equal(s.person.who, w.ana));
	assert_true(id_equal(s.person.badge, w.badge));
	assert_string_equal(s.person.name, "Ana M.");
	assert_string_equal(s.person.initials, "AM");
	assert_string_equal(s.person.lang, "de");
	assert_true(s.person.checked_in);
	assert_string_equal(s.person.at, "09:00");
	w.r.show_names = false;
	assert_string_equal(
		resolved(&w, chip_scan(badge_ndef(&w, w.badge, &w.key))).person.name, "");
	end_world(&w);
}

static void a_signed_chip_needs_no_roster(void **state)
{
	struct desk_scan s;
	struct world w;

	(void)state;
	make_world(&w);
	s = resolved(&w, chip_scan(badge_ndef(&w, w.unknown, &w.key)));
	assert_int_equal(s.seen, SEEN_CHIP);
	assert_true(id_equal(s.person.who, w.unknown));
	assert_false(s.person.known);
	end_world(&w);
}

static void chips_that_cannot_be_trusted_are_named(void **state)
{
	struct roster_row revoked = { .id = { { 9 } } };
	struct scan scan;
	struct world w;
	struct bytes ndef;

	(void)state;
	make_world(&w);
	ndef = badge_ndef(&w, w.badge, &w.key);
	scan = chip_scan(ndef);
	scan.uid[3] ^= 1;
	refused_for(resolved(&w, scan), REASON_OTHER_CHIP);
	refused_for(resolved(&w, chip_scan(badge_ndef(&w, w.badge, &w.other_key))),
		REASON_FOREIGN_EVENT);
	scan = chip_scan(ndef);
	scan.data[scan.len - 1] ^= 1;
	refused_for(resolved(&w, scan), REASON_FORGED);
	refused_for(resolved(&w, chip_scan((struct bytes){ NULL, 0 })), REASON_NO_BADGE);
	revoked.revoked = &w.unknown;
	revoked.revoked_count = 1;
	people_put(w.people, &revoked);
	refused_for(resolved(&w, chip_scan(badge_ndef(&w, w.unknown, &w.key))), REASON_REVOKED);
	end_world(&w);
}

static void a_key_that_is_new_or_over_has_its_own_word(void **state)
{
	struct desk_scan s;
	struct world w;

	(void)state;
	make_world(&w);
	w.event.keys[0].until_ms = 2000;
	w.r.now_ms = 1999;
	assert_int_equal(resolved(&w, chip_scan(badge_ndef(&w, w.badge, &w.key))).seen, SEEN_CHIP);
	w.r.now_ms = 2000;
	refused_for(resolved(&w, chip_scan(badge_ndef(&w, w.badge, &w.key))), REASON_ROTATED_OUT);
	refused_for(resolved(&w, code_scan(badge_link(&w, w.badge, &w.key))), REASON_ROTATED_OUT);
	w.key.number = 2;
	s = resolved(&w, chip_scan(badge_ndef(&w, w.badge, &w.key)));
	assert_int_equal(s.seen, SEEN_UNKNOWN);
	assert_int_equal(s.reason, REASON_UNKNOWN_KEY);
	end_world(&w);
}

static void other_tags_are_named(void **state)
{
	static const struct {
		enum scan_tag tag;
		enum desk_reason reason;
	} rows[] = { { SCAN_TAG_CLASSIC, REASON_CLASSIC }, { SCAN_TAG_PHONE, REASON_PHONE },
		{ SCAN_TAG_SEVERAL, REASON_SEVERAL }, { SCAN_TAG_TORN, REASON_TORN } };
	struct world w;

	(void)state;
	make_world(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct scan scan = chip_scan((struct bytes){ NULL, 0 });

		scan.tag = (uint8_t)rows[i].tag;
		refused_for(resolved(&w, scan), rows[i].reason);
	}
	end_world(&w);
}

static void a_chip_that_signs_each_tap_is_kept_for_the_server(void **state)
{
	struct ndef_message m = { .count = 1 };
	struct desk_scan s;
	struct scan scan;
	struct world w;
	struct buf ndef, uri;

	(void)state;
	make_world(&w);
	ndef = uri = BUF_IN(&w.a);
	ndef_uri_payload(&uri, STR("https://kith.example/s?u=04A1&c=000001&m=00"));
	m.records[0] = (struct ndef_record){
		.tnf = NDEF_WELL_KNOWN, .type = BYTES("U"), .payload = buf_bytes(&uri)
	};
	ndef_write(&ndef, &m);
	scan = chip_scan(buf_bytes(&ndef));
	scan.tag = SCAN_TAG_NTAG424;
	s = resolved(&w, scan);
	refused_for(s, REASON_VERIFY_LATER);
	assert_str(s.sun, "https://kith.example/s?u=04A1&c=000001&m=00");
	/* without a link it is a chip like any other */
	scan.len = 0;
	refused_for(resolved(&w, scan), REASON_NO_BADGE);
	end_world(&w);
}

static void a_vcard_on_a_strangers_tag_is_a_guests_card(void **state)
{
	struct ndef_message m = { .count = 1 };
	struct desk_scan s;
	struct world w;
	struct buf ndef;

	(void)state;
	make_world(&w);
	ndef = BUF_IN(&w.a);
	m.records[0] = (struct ndef_record){ .tnf = NDEF_MIME,
		.type = BYTES("text/vcard"),
		.payload = BYTES("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Li "
				 "Wei\r\nN:Wei;Li;;;\r\nEND:VCARD\r\n") };
	ndef_write(&ndef, &m);
	s = resolved(&w, chip_scan(buf_bytes(&ndef)));
	assert_int_equal(s.seen, SEEN_CARD);
	assert_string_equal(s.guest.name, "Li Wei");
	end_world(&w);
}

static void badge_codes_name_people_when_signed_or_known(void **state)
{
	struct desk_scan s;
	struct world w;

	(void)state;
	make_world(&w);
	s = resolved(&w, code_scan(badge_link(&w, w.badge, &w.key)));
	assert_int_equal(s.seen, SEEN_CODE);
	assert_true(s.code);
	assert_true(id_equal(s.person.who, w.ana));
	assert_int_equal(
		resolved(&w, code_scan(badge_link(&w, w.unknown, &w.key))).seen, SEEN_CODE);
	assert_int_equal(resolved(&w, code_scan(badge_link(&w, w.badge, NULL))).seen, SEEN_CODE);
	s = resolved(&w, code_scan(badge_link(&w, w.unknown, NULL)));
	assert_int_equal(s.seen, SEEN_UNKNOWN);
	assert_int_equal(s.reason, REASON_UNKNOWN_BADGE);
	refused_for(resolved(&w, code_scan(badge_link(&w, w.badge, &w.other_key))), REASON_FORGED);
	w.event.host = STR("other.example");
	refused_for(resolved(&w, code_scan(badge_link(&w, w.badge, &w.key))), REASON_FOREIGN_EVENT);
	end_world(&w);
}

static void tickets_are_known_by_their_keyed_hash(void **state)
{
	struct desk_scan s;
	struct world w;
	struct buf link, code, wrong;

	(void)state;
	make_world(&w);
	link = code = wrong = BUF_IN(&w.a);
	link_ticket_write(&link, STR("kith.example"), w.ticket);
	ticket_write_groups(&code, w.ticket);
	w.ticket.b[0] ^= 1;
	link_ticket_write(&wrong, STR("kith.example"), w.ticket);
	s = resolved(&w, code_scan(buf_str(&link)));
	assert_int_equal(s.seen, SEEN_TICKET);
	assert_true(id_equal(s.person.who, w.ana));
	assert_int_equal(resolved(&w, code_scan(buf_str(&code))).seen, SEEN_TICKET);
	s = resolved(&w, code_scan(buf_str(&wrong)));
	assert_int_equal(s.seen, SEEN_UNKNOWN);
	assert_int_equal(s.reason, REASON_UNKNOWN_TICKET);
	end_world(&w);
}

static void guests_cards_become_vcards(void **state)
{
	static const char vcard[] =
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Li Wei\r\nN:Wei;Li;;;\r\nORG:Acme\r\nEND:VCARD";
	struct desk_scan s;
	struct world w;

	(void)state;
	make_world(&w);
	s = resolved(&w, code_scan(str_of(vcard)));
	assert_int_equal(s.seen, SEEN_CARD);
	assert_string_equal(s.guest.card, vcard);
	assert_string_equal(s.guest.organization, "Acme");
	assert_string_equal(s.guest.initials, "LW");
	s = resolved(&w, code_scan(STR("MECARD:N:Rahman,Noor;TEL:+880255501002;;")));
	assert_int_equal(s.seen, SEEN_CARD);
	assert_true(strncmp(s.guest.card, "BEGIN:VCARD\r\n", 13) == 0);
	assert_non_null(strstr(s.guest.card, "+880255501002"));
	end_world(&w);
}

static void our_own_peoples_cards_are_they_themselves(void **state)
{
	struct str link;
	struct world w;
	struct desk_scan s;

	(void)state;
	make_world(&w);
	link = badge_link(&w, w.badge, &w.key);
	s = resolved(&w, code_scan(arena_printf(&w.a,
				 "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nN:;Ana;;;\r\nURL:" STR_FMT
				 "\r\nEND:VCARD\r\n",
				 STR_ARG(link))));
	assert_int_equal(s.seen, SEEN_CODE);
	assert_true(id_equal(s.person.who, w.ana));
	/* as the phone shows it: not among the addresses, so that other phones do not offer it */
	s = resolved(
		&w, code_scan(STR("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nN:;Ana;;;\r\n"
				  "X-KITH:https://elsewhere.example/b#AAAAAAAAAAAAAAAAAAAAAA\r\n"
				  "END:VCARD\r\n")));
	assert_int_equal(s.seen, SEEN_CARD);
	s = resolved(&w, code_scan(arena_printf(&w.a,
				 "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ana\r\nN:;Ana;;;\r\n"
				 "X-KITH:" STR_FMT "\r\nEND:VCARD\r\n",
				 STR_ARG(link))));
	assert_int_equal(s.seen, SEEN_CODE);
	assert_true(id_equal(s.person.who, w.ana));
	end_world(&w);
}

static void what_is_no_card_is_refused(void **state)
{
	static const struct {
		const char *text;
		enum desk_reason reason;
	} rows[] = {
		{ "https://example.org/menu", REASON_NOT_A_CARD },
		{ "4006381333931", REASON_NOT_A_CARD },
		{ "WIFI:S:guest;T:WPA;P:secret;;", REASON_NOT_A_CARD },
		{ "https://kith.example/p#AAAAAAAAAAAAAAAAAAAAAA", REASON_PAIR_CODE },
		{ "\xFF\xFE\x00", REASON_NOT_A_CARD },
	};
	struct world w;

	(void)state;
	make_world(&w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		refused_for(resolved(&w, code_scan(str_of(rows[i].text))), rows[i].reason);
	end_world(&w);
}

static void alive_and_fault_are_no_scans(void **state)
{
	const struct scan alive = { .kind = SCAN_ALIVE }, touch = { .kind = SCAN_TOUCH };
	struct desk_scan s;
	struct world w;

	(void)state;
	make_world(&w);
	assert_false(resolve_scan(&w.r, &alive, &s, &w.a));
	assert_true(resolve_scan(&w.r, &touch, &s, &w.a));
	assert_int_equal(s.seen, SEEN_TOUCH);
	end_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signed_chip_names_its_person),
		cmocka_unit_test(a_signed_chip_needs_no_roster),
		cmocka_unit_test(chips_that_cannot_be_trusted_are_named),
		cmocka_unit_test(a_key_that_is_new_or_over_has_its_own_word),
		cmocka_unit_test(other_tags_are_named),
		cmocka_unit_test(a_chip_that_signs_each_tap_is_kept_for_the_server),
		cmocka_unit_test(a_vcard_on_a_strangers_tag_is_a_guests_card),
		cmocka_unit_test(badge_codes_name_people_when_signed_or_known),
		cmocka_unit_test(tickets_are_known_by_their_keyed_hash),
		cmocka_unit_test(guests_cards_become_vcards),
		cmocka_unit_test(our_own_peoples_cards_are_they_themselves),
		cmocka_unit_test(what_is_no_card_is_refused),
		cmocka_unit_test(alive_and_fault_are_no_scans),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

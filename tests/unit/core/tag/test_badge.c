#include "tests/unit/test.h"

#include "core/base/crypto.h"
#include "core/tag/badge.h"
#include "core/tag/event_key.h"

static const uint8_t uid_bytes[7] = { 0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0x80 };
static const uint8_t other_uid[7] = { 0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0x81 };

struct world {
	struct event_key key;
	struct badge_key known[2];
	struct badge what;
	uint8_t ndef[600];
	size_t len;
};

static struct bytes uid(void)
{
	return bytes_of(uid_bytes, sizeof(uid_bytes));
}

static struct world world(struct bytes vcard)
{
	struct world w = { .key = { .event = 7, .number = 1 } };
	struct buf to = BUF_ON(w.ndef);
	struct err e = { 0 };
	uint8_t public_key[SIGN_PUBLIC_LEN];

	assert_true(crypto_init(&e));
	sign_keypair(public_key, w.key.secret);
	w.known[0] = (struct badge_key){ .event = 9, .number = 1 };
	w.known[1] = event_key_public(&w.key);
	w.what = (struct badge){ .host = STR("ev.example.org"), .vcard = vcard };
	assert_true(id_read(STR("AAECAwQFBgcICQoLDA0ODw"), &w.what.id));
	assert_true(badge_write(&to, &w.what, uid(), &w.key, &e));
	assert_true(buf_ok(&to));
	w.len = to.len;
	return w;
}

static enum badge_verdict judge(const struct world *w, const uint8_t *ndef, struct bytes with_uid)
{
	struct badge b;
	struct err e = { 0 };

	assert_true(badge_read(&b, bytes_of(ndef, w->len), &e));
	return badge_verify(&b, w->known, 2, 7, with_uid, 0);
}

static void verifies_what_it_wrote(void **state)
{
	struct world w = world(BYTES(""));
	struct badge b;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(w.len, 112 + strlen("ev.example.org"));
	assert_true(badge_read(&b, bytes_of(w.ndef, w.len), &e));
	assert_true(id_equal(b.id, w.what.id));
	assert_str(b.host, "ev.example.org");
	assert_int_equal(b.event, 7);
	assert_int_equal(b.key, 1);
	assert_int_equal(b.after.len, 0);
	assert_int_equal(judge(&w, w.ndef, uid()), BADGE_OK);
}

static void carries_a_vcard_under_the_signature(void **state)
{
	struct bytes card = BYTES(
		"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ada\r\nN:;Ada;;;\r\nEND:VCARD\r\n");
	struct world w = world(card);
	struct badge b;
	struct err e = { 0 };

	(void)state;
	assert_true(badge_read(&b, bytes_of(w.ndef, w.len), &e));
	assert_true(bytes_equal(b.vcard, card));
	assert_int_equal(judge(&w, w.ndef, uid()), BADGE_OK);
	w.ndef[w.len - 20] ^= 1;
	assert_int_equal(judge(&w, w.ndef, uid()), BADGE_FORGED);
}

static void refuses_every_flipped_bit(void **state)
{
	static const char *const cards[] = { "", "BEGIN:VCARD\nFN:A\nEND:VCARD" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cards); i++) {
		struct world w = world(str_bytes(str_of(cards[i])));

		for (size_t bit = 0; bit < w.len * 8; bit++) {
			struct badge b;
			struct err e = { 0 };

			w.ndef[bit / 8] ^= (uint8_t)(1u << (bit % 8));
			if (badge_read(&b, bytes_of(w.ndef, w.len), &e))
				assert_int_not_equal(
					badge_verify(&b, w.known, 2, 7, uid(), 0), BADGE_OK);
			w.ndef[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		}
		for (size_t bit = 0; bit < sizeof(uid_bytes) * 8; bit++) {
			uint8_t u[7];

			memcpy(u, uid_bytes, 7);
			u[bit / 8] ^= (uint8_t)(1u << (bit % 8));
			assert_int_not_equal(judge(&w, w.ndef, bytes_of(u, 7)), BADGE_OK);
		}
		assert_int_equal(judge(&w, w.ndef, uid()), BADGE_OK);
	}
}

static void refuses_a_record_taken_away_or_added(void **state)
{
	struct world with = world(BYTES("BEGIN:VCARD\nEND:VCARD")), without = world(BYTES(""));
	struct badge b;
	struct err e = { 0 };
	size_t badge_len = without.len;

	(void)state;
	/* without its card: record 2 gets the last mark */
	with.ndef[112 - 82 + 14] |= 0x40;
	with.len = badge_len;
	assert_int_equal(judge(&with, with.ndef, uid()), BADGE_FORGED);
	/* with a record more */
	without.ndef[112 - 82 + 14] &= (uint8_t)~0x40u;
	memcpy(without.ndef + badge_len, "\x50\x00\x00", 3);
	assert_true(badge_read(&b, bytes_of(without.ndef, badge_len + 3), &e));
	assert_int_equal(badge_verify(&b, without.known, 2, 7, uid(), 0), BADGE_FORGED);
}

static void names_each_kind_of_stranger(void **state)
{
	struct world w = world(BYTES(""));
	struct badge b;
	struct err e = { 0 };

	(void)state;
	assert_true(badge_read(&b, bytes_of(w.ndef, w.len), &e));
	assert_int_equal(badge_verify(&b, w.known, 2, 8, uid(), 0), BADGE_FOREIGN_EVENT);
	assert_int_equal(badge_verify(&b, w.known, 1, 7, uid(), 0), BADGE_UNKNOWN_KEY);
	assert_int_equal(
		badge_verify(&b, w.known, 2, 7, bytes_of(other_uid, 7), 0), BADGE_OTHER_CHIP);
	assert_int_equal(badge_verify(&b, w.known, 2, 7, BYTES(""), 0), BADGE_OTHER_CHIP);
	sign_keypair(w.known[1].public_key, w.key.secret);
	assert_int_equal(badge_verify(&b, w.known, 2, 7, uid(), 0), BADGE_FORGED);
	assert_string_equal(badge_verdict_name(BADGE_OTHER_CHIP), "other-chip");
	assert_string_equal(
		badge_verdict_words(BADGE_FOREIGN_EVENT), "this badge belongs to another event");
}

static void a_replaced_key_holds_for_its_time(void **state)
{
	struct world w = world(BYTES(""));
	uint8_t signature[SIGNATURE_LEN];
	struct link link = { .kind = LINK_BADGE, .id = w.what.id, .has_signature = true };
	struct badge b;
	struct err e = { 0 };

	(void)state;
	badge_link_sign(signature, w.what.id, &w.key);
	memcpy(link.signature, signature, sizeof(signature));
	w.known[1].until_ms = 1000;
	assert_true(badge_read(&b, bytes_of(w.ndef, w.len), &e));
	assert_int_equal(badge_verify(&b, w.known, 2, 7, uid(), 999), BADGE_OK);
	assert_int_equal(badge_verify(&b, w.known, 2, 7, uid(), 1000), BADGE_ROTATED_OUT);
	assert_int_equal(badge_link_verify(&link, w.known, 2, 7, 999), BADGE_OK);
	assert_int_equal(badge_link_verify(&link, w.known, 2, 7, 1000), BADGE_ROTATED_OUT);
	/* only who signed is excused by age: a forger with an old key's number is a forger */
	b.signature[5] ^= 1;
	link.signature[5] ^= 1;
	assert_int_equal(badge_verify(&b, w.known, 2, 7, uid(), 1000), BADGE_FORGED);
	assert_int_equal(badge_link_verify(&link, w.known, 2, 7, 1000), BADGE_FORGED);
	assert_string_equal(badge_verdict_name(BADGE_ROTATED_OUT), "rotated-out-key");
}

static void fits_the_smallest_chip_or_says_the_limit(void **state)
{
	struct world w = world(BYTES(""));
	struct buf to = BUF_ON(w.ndef);
	struct err e = { 0 };

	(void)state;
	w.what.host = STR("a12345678901234567890.example");
	assert_true(badge_write(&to, &w.what, uid(), &w.key, &e));
	assert_int_equal(to.len, 141);
	w.what.host = STR("a12345678901234567890.examples");
	assert_false(badge_write(&to, &w.what, uid(), &w.key, &e));
	assert_int_equal(e.code, ERR_TOO_LARGE);
	assert_string_equal(e.text,
		"the host \"a12345678901234567890.examples\" has 30 characters; "
		"at most 29 fit a badge");
	w.what.host = STR("a/b");
	assert_false(badge_write(&to, &w.what, uid(), &w.key, &e));
	assert_int_equal(e.code, ERR_USAGE);
}

static void tells_no_badge_from_a_newer_one(void **state)
{
	struct world w = world(BYTES(""));
	struct badge b;
	struct err e = { 0 };

	(void)state;
	assert_false(badge_read(&b, BYTES("\xD1\x01\x08U\x01nfc.com"), &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	assert_false(badge_read(&b, BYTES(""), &e));
	assert_int_equal(e.code, ERR_NOT_FOUND);
	w.ndef[30 + 14 + 9] = 2;
	assert_false(badge_read(&b, bytes_of(w.ndef, w.len), &e));
	assert_int_equal(e.code, ERR_UNSUPPORTED);
	assert_string_equal(e.text, "badge format 2 is not known here; update this station");
	for (size_t n = 1; n < w.len; n++)
		assert_false(badge_read(&b, bytes_of(w.ndef, n), &e));
}

static void verifies_a_printed_link(void **state)
{
	struct world w = world(BYTES(""));
	uint8_t signature[SIGNATURE_LEN];
	char text[200];
	struct buf to = BUF_ON(text);
	struct link link;

	(void)state;
	badge_link_sign(signature, w.what.id, &w.key);
	link_badge_write(&to, w.what.host, w.what.id, signature);
	assert_int_equal(link_read(buf_str(&to), &link), LINK_BADGE);
	assert_int_equal(badge_link_verify(&link, w.known, 2, 7, 0), BADGE_OK);
	assert_int_equal(badge_link_verify(&link, w.known, 2, 9, 0), BADGE_FORGED);
	link.id.b[0] ^= 1;
	assert_int_equal(badge_link_verify(&link, w.known, 2, 7, 0), BADGE_FORGED);
	link.has_signature = false;
	assert_int_equal(badge_link_verify(&link, w.known, 2, 7, 0), BADGE_UNSIGNED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(verifies_what_it_wrote),
		cmocka_unit_test(carries_a_vcard_under_the_signature),
		cmocka_unit_test(refuses_every_flipped_bit),
		cmocka_unit_test(refuses_a_record_taken_away_or_added),
		cmocka_unit_test(names_each_kind_of_stranger),
		cmocka_unit_test(a_replaced_key_holds_for_its_time),
		cmocka_unit_test(fits_the_smallest_chip_or_says_the_limit),
		cmocka_unit_test(tells_no_badge_from_a_newer_one),
		cmocka_unit_test(verifies_a_printed_link),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

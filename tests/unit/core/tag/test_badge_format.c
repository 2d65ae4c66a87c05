/* The examples of docs/badge-format.md are what the code reads and writes. */
#include "tests/unit/test.h"

#include "core/base/config.h"
#include "core/base/text.h"
#include "core/tag/event_key.h"
#include "core/tag/ntag.h"

enum { DOC_MAX = 64 << 10 };

struct doc {
	struct arena a;
	struct str text;
	struct event_key key;
	struct badge_key public_key;
};

static const uint8_t uid_bytes[] = { 0x04, 0xA1, 0xB2, 0xC3, 0xD4, 0xE5, 0x80 };

/* What stands in ```NAME ... ``` */
static struct str block(const struct doc *d, const char *name)
{
	char mark[32];
	size_t from, to;

	snprintf(mark, sizeof(mark), "```%s\n", name);
	from = str_find(d->text, str_of(mark), 0);
	assert_int_not_equal(from, SIZE_MAX);
	from += strlen(mark);
	to = str_find(d->text, STR("```"), from);
	assert_int_not_equal(to, SIZE_MAX);
	return str_sub(d->text, from, to);
}

static int open_doc(void **state)
{
	static struct doc d;
	struct bytes b;
	struct err e = { 0 };

	d = (struct doc){ 0 };
	assert_true(crypto_init(&e));
	assert_true(file_read(&b, TEST_ROOT "/docs/badge-format.md", DOC_MAX, &d.a, &e));
	assert_true(utf8_check(b, &d.text));
	if (!event_key_read(&d.key, str_bytes(block(&d, "key")), &e))
		fail_msg("%s", e.text);
	assert_true(badge_key_read(&d.public_key, str_trim(block(&d, "public")), &e));
	*state = &d;
	return 0;
}

static int close_doc(void **state)
{
	struct doc *d = *state;

	arena_finish(&d->a);
	return 0;
}

/* "05  34 03 7E 91   words" lines into mem; the number of pages. */
static size_t read_pages(struct str text, uint8_t mem[180])
{
	struct str line;
	size_t n = 0;

	while (str_split(&text, '\n', &line)) {
		uint8_t bytes[5];
		struct buf b = BUF_ON(bytes);

		if (line.len < 15)
			continue;
		assert_true(hex_read(&b, str_sub(line, 0, 2)));
		for (size_t i = 0; i < 4; i++)
			assert_true(hex_read(&b, str_sub(line, 4 + i * 3, 6 + i * 3)));
		memcpy(mem + (size_t)bytes[0] * 4, bytes + 1, 4);
		n++;
	}
	return n;
}

static void the_public_word_is_of_the_key(void **state)
{
	struct doc *d = *state;
	struct badge_key p = event_key_public(&d->key);

	assert_int_equal(p.event, d->public_key.event);
	assert_int_equal(p.number, d->public_key.number);
	assert_memory_equal(p.public_key, d->public_key.public_key, SIGN_PUBLIC_LEN);
}

static void the_pages_verify(void **state)
{
	struct doc *d = *state;
	uint8_t mem[180] = { 0 };
	struct ntag_ndef found;
	struct badge b;
	struct err e = { 0 };

	assert_int_equal(read_pages(block(d, "pages"), mem), 35);
	assert_true(ntag_find_ndef(&found, bytes_of(mem + 12, 180 - 12), &e));
	if (!badge_read(&b, found.message, &e))
		fail_msg("%s", e.text);
	assert_string_equal(id_text(b.id).s, "AAECAwQFBgcICQoLDA0ODw");
	assert_str(b.host, "ev.example.org");
	assert_int_equal(
		badge_verify(&b, &d->public_key, 1, 7, bytes_of(uid_bytes, 7), 0), BADGE_OK);
}

static void the_pages_are_what_is_written(void **state)
{
	struct doc *d = *state;
	uint8_t want[180] = { 0 }, mem[180] = { 0 }, ndef[300];
	static struct ntag_plan plan;
	struct badge what = { .host = STR("ev.example.org") };
	struct buf to = BUF_ON(ndef);
	struct err e = { 0 };

	read_pages(block(d, "pages"), want);
	memcpy(mem + 12, "\xE1\x10\x12\x00\x01\x03\xA0\x0C\x34\x03\x00\xFE", 12);
	assert_true(id_read(STR("AAECAwQFBgcICQoLDA0ODw"), &what.id));
	assert_true(badge_write(&to, &what, bytes_of(uid_bytes, 7), &d->key, &e));
	assert_true(ntag_write_ndef(&plan, NTAG_213, bytes_of(mem, 180), buf_bytes(&to), &e));
	for (size_t i = 0; i < plan.count; i++)
		memcpy(mem + (size_t)plan.pages[i].number * 4, plan.pages[i].data, 4);
	assert_memory_equal(mem, want, 180);
}

static void the_link_verifies_and_is_what_is_written(void **state)
{
	struct doc *d = *state;
	struct str text = str_trim(block(d, "link"));
	uint8_t signature[SIGNATURE_LEN];
	char out[200];
	struct buf to = BUF_ON(out);
	struct link link;

	assert_int_equal(link_read(text, &link), LINK_BADGE);
	assert_int_equal(badge_link_verify(&link, &d->public_key, 1, 7, 0), BADGE_OK);
	badge_link_sign(signature, link.id, &d->key);
	link_badge_write(&to, link.host, link.id, signature);
	assert_true(str_equal(buf_str(&to), text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_public_word_is_of_the_key),
		cmocka_unit_test(the_pages_verify),
		cmocka_unit_test(the_pages_are_what_is_written),
		cmocka_unit_test(the_link_verifies_and_is_what_is_written),
	};

	return cmocka_run_group_tests(tests, open_doc, close_doc);
}

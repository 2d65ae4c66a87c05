/*
 * What real chips said, from public logs, byte for byte: tests/data/pn532/NAME.txt. A line is
 *
 *	# where it was seen
 *	tag KIND UID		laid on the reader
 *	page NUMBER HEX...	of that tag, as it was there
 *	> HEX...		from the host
 *	< HEX...		all that the chip answers by then; may be empty
 */
#include "tests/unit/test.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/base/config.h"
#include "core/base/text.h"
#include "firmware-tools/chipsim/chip.h"

struct replay {
	struct arena arena;
	struct sim_field field;
	struct chip chip;
	struct sim_named *tag;
	char answer[4 * FRAME_MAX];
	const char *name;
	int line; /* for whoever has to look */
};

static struct bytes hex_of(struct replay *r, struct str text)
{
	struct buf out = BUF_IN(&r->arena);
	struct str word;

	while (str_split(&text, ' ', &word))
		if (!hex_read(&out, word))
			fail_msg("%s:%d: no hexadecimal", r->name, r->line);
	return buf_bytes(&out);
}

static void lay(struct replay *r, struct str kind, struct str uid)
{
	struct err e;

	assert_true(sim_field_add(&r->field, STR("a"), &r->tag, &e));
	sim_tag_make(&r->tag->tag, sim_kind_named(kind), hex_of(r, uid).p, &r->arena);
	assert_true(sim_field_put(&r->field, r->tag, &e));
	chip_run(&r->chip, 0);
}

static void set_pages(struct replay *r, struct str number, struct str text)
{
	struct bytes data = hex_of(r, text);
	uint64_t page;

	assert_true(str_u64(number, &page) && page * 4 + data.len <= sizeof(r->tag->tag.mem));
	memcpy(r->tag->tag.mem[page], data.p, data.len);
}

static void hear(struct replay *r, struct str wanted)
{
	struct buf said = BUF_ON(r->answer), want = BUF_IN(&r->arena);
	struct bytes out;

	while (chip_take(&r->chip, 0, &out))
		hex_write(&said, out);
	assert_true(buf_ok(&said));
	hex_write(&want, hex_of(r, wanted));
	if (!str_equal(buf_str(&said), buf_str(&want)))
		fail_msg("%s:%d: said " STR_FMT ", wanted " STR_FMT, r->name, r->line,
			STR_ARG(buf_str(&said)), STR_ARG(buf_str(&want)));
}

static void follow(struct replay *r, struct str line)
{
	struct str word, next;

	if (!str_split(&line, ' ', &word) || word.len == 0 || word.p[0] == '#')
		return;
	if (str_equal(word, STR(">"))) {
		chip_feed(&r->chip, hex_of(r, line), 115200, 0);
	} else if (str_equal(word, STR("<"))) {
		hear(r, line);
	} else if (str_equal(word, STR("tag")) && str_split(&line, ' ', &next)) {
		lay(r, next, line);
	} else if (str_equal(word, STR("page")) && str_split(&line, ' ', &next)) {
		set_pages(r, next, line);
	} else {
		fail_msg("%s:%d: not understood", r->name, r->line);
	}
}

static void replay(const char *folder, const char *name)
{
	struct replay *r = calloc(1, sizeof(*r));
	struct bytes bytes;
	struct str text, line;
	struct err e = { 0 };

	assert_non_null(r);
	sim_field_init(&r->field, &r->arena);
	chip_init(&r->chip, &r->field, false, 4000000);
	if (!file_read(&bytes, arena_printf(&r->arena, "%s/%s", folder, name).p, 1 << 20, &r->arena,
		    &e))
		fail_msg("%s", e.text);
	assert_true(utf8_check(bytes, &text));
	r->name = name;
	while (str_split(&text, '\n', &line)) {
		r->line++;
		follow(r, line);
	}
	arena_finish(&r->arena);
	free(r);
}

static int is_log(const struct dirent *d)
{
	return str_ends(str_of(d->d_name), STR(".txt"));
}

static void answers_as_real_chips_did(void **state)
{
	const char *folder = TEST_DATA "/pn532";
	struct dirent **names = NULL;
	int n = scandir(folder, &names, is_log, alphasort);

	(void)state;
	assert_true(n >= 10);
	for (int i = 0; i < n; i++) {
		replay(folder, names[i]->d_name);
		free(names[i]);
	}
	free(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_as_real_chips_did),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

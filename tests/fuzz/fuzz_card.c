/*
 * Any bytes as cards: nothing breaks, every problem has its line, all text is UTF-8, and what was
 * read says the same after it was written and read again.
 */
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/card/card.h"
#include "core/card/card_json.h"
#include "tests/unit/core/card/card_equal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CARDS_CHECKED = 20 };

static void need(bool ok)
{
	if (!ok)
		abort();
}

/* The card as it comes back from what is written; false when the escapes made it too large. */
static bool write_and_read(const struct card **back, const struct card *card,
	enum card_version version, struct arena *a)
{
	struct buf out = BUF_IN(a);
	struct card_list list;
	struct err e = { 0 };
	struct str text;

	card_write_vcard(&out, card, version);
	need(utf8_check(buf_bytes(&out), &text));
	if (!card_read(&list, buf_bytes(&out), a, &e)) {
		need(e.code == ERR_TOO_LARGE);
		return false;
	}
	need(list.count == 1 && list.problem_count == 0);
	*back = &list.cards[0];
	return true;
}

/*
 * After one round nothing changes any more. The first may: what it leaves out of a hostile value
 * (control characters) can make sense of the rest.
 */
static void check_round_trip(const struct card *card, enum card_version version, struct arena *a)
{
	const struct card *once, *twice;
	const char *difference;
	struct card wanted;

	if (!write_and_read(&once, card, version, a) || !write_and_read(&twice, once, version, a))
		return;
	wanted = card_as_written(once, twice, a);
	difference = card_difference(&wanted, twice, version == CARD_VERSION_30);
	if (difference) {
		struct buf out = BUF_IN(a);

		card_write_vcard(&out, once, version);
		fprintf(stderr, "%s differs after\n" STR_FMT, difference, STR_ARG(buf_str(&out)));
		abort();
	}
}

static void check_json(const struct card *card, struct arena *a)
{
	struct buf out = BUF_IN(a);
	struct json_writer w = JSON_TO(&out);
	struct err e = { 0 };
	struct json *back;

	card_write_json(&w, STR("f"), 0, card, a);
	need(json_read(&back, buf_bytes(&out), a, &e));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	struct card_list list;
	struct err e = { 0 };
	struct str text;

	if (!card_read(&list, bytes_of(data, size), &a, &e))
		need(list.count == 0 && list.problem_count > 0 && e.text[0]);
	for (size_t i = 0; i < list.problem_count; i++)
		need(list.problems[i].line > 0 && list.problems[i].text.len > 0);
	for (size_t i = 0; i < list.count && i < CARDS_CHECKED; i++) {
		const struct card *card = &list.cards[i];

		need(utf8_check(str_bytes(card_short_name(card, &a)), &text));
		check_json(card, &a);
		check_round_trip(card, CARD_VERSION_30, &a);
		check_round_trip(card, CARD_VERSION_40, &a);
	}
	arena_finish(&a);
	return 0;
}

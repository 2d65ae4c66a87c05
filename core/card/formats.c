#include "core/card/formats.h"

#include "core/base/limits.h"
#include "core/card/charset.h"

/* Asked in this order: a vCard may hold lines that look like those of a MEMORY card. */
static const struct card_reader *const readers[] = {
	&card_reader_bizcard,
	&card_reader_mecard,
	&card_reader_vcard,
	&card_reader_memory,
};

static void read_any(struct card_list *out, const struct card_input *in, struct arena *a)
{
	for (size_t i = 0; i < ARRAY_LEN(readers); i++) {
		if (!readers[i]->sniff(in))
			continue;
		readers[i]->read(out, in, a);
		return;
	}
	list_problem(out, 1, ERR_MALFORMED, a,
		"not a card: no vCard, MECARD, BIZCARD or MEMORY begins here");
}

bool card_read(struct card_list *out, struct bytes in, struct arena *a, struct err *e)
{
	const struct card_problem *first;
	struct card_input input;

	*out = (struct card_list){ 0 };
	if (in.len > LIMIT_CARD_FILE) {
		list_problem(out, 1, ERR_TOO_LARGE, a, "larger than %d MiB: split the file",
			LIMIT_CARD_FILE >> 20);
	} else {
		input.text = charset_open(in, &input.is_utf8, a);
		read_any(out, &input, a);
	}
	if (out->count > 0)
		return true;
	if (out->problem_count == 0)
		list_problem(out, 1, ERR_MALFORMED, a, "nothing in the card");
	first = &out->problems[0];
	return err_set(e, first->code ? first->code : ERR_MALFORMED, "line %zu: " STR_FMT,
		first->line, STR_ARG(first->text));
}

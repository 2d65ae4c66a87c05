/*
 * How to add a card format: write formats/NAME.c with one struct card_reader, name it in the table
 * of formats.c and in CMakeLists.txt, put pairs NAME.in and NAME.out into tests/data/NAME/, and a
 * seed into tests/fuzz/seeds/card/.
 */
#pragma once

#include "core/card/build.h"

struct card_input {
	struct bytes text; /* without byte order mark; UTF-8 if is_utf8, else nobody knows yet */
	bool is_utf8;
};

struct card_reader {
	const char *name;
	/* Whether the input is of this format, by how it begins. */
	bool (*sniff)(const struct card_input *in);
	/* Add every card to list; what is wrong becomes a list_problem with its line. */
	void (*read)(struct card_list *list, const struct card_input *in, struct arena *a);
};

extern const struct card_reader card_reader_bizcard;
extern const struct card_reader card_reader_mecard;
extern const struct card_reader card_reader_memory;
extern const struct card_reader card_reader_vcard;

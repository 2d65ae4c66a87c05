/* All languages, for the programs; a page loads those that it speaks. */
#include "core/followup/language.h"

static const struct language *const all[] = { &language_en, &language_de, &language_es,
	&language_ar };

const struct languages languages_all = { all, ARRAY_LEN(all) };

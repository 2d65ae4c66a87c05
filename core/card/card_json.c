#include "core/card/card_json.h"

static void write_values(struct json_writer *w, const char *key, const struct card_values *values)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < values->count; i++)
		json_str(w, NULL, values->items[i].value);
	json_close(w, ']');
}

void card_write_json(struct json_writer *w, struct str file, size_t index, const struct card *card,
	struct arena *scratch)
{
	json_open(w, NULL, '{');
	json_str(w, "file", file);
	json_u64(w, "index", index);
	json_str(w, "name", card_person_name(card, scratch));
	json_str(w, "organization", card_organization(card));
	json_str(w, "title", card->title);
	write_values(w, "emails", &card->emails);
	write_values(w, "phones", &card->phones);
	write_values(w, "urls", &card->urls);
	json_open(w, "notes", '[');
	for (size_t i = 0; i < card->notes.count; i++)
		json_str(w, NULL, card->notes.items[i]);
	json_close(w, ']');
	json_str(w, "uid", card->uid);
	json_close(w, '}');
}

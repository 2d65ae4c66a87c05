/* A card as JSON. */
#pragma once

#include "core/base/json.h"
#include "core/card/card.h"

/*
 * {file,index,name,organization,title,emails[],phones[],urls[],notes[],uid} at w, with every key
 * always there. name is card_person_name; index counts from 0 in its file; scratch is for names.
 */
void card_write_json(struct json_writer *w, struct str file, size_t index, const struct card *card,
	struct arena *scratch);

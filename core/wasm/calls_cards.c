#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/card/card_json.h"
#include "core/tag/link.h"
#include "core/wasm/calls.h"

bool call_card_read(struct buf *out, struct bytes in, struct arena *a, struct err *e)
{
	struct json_writer w = JSON_TO(out);
	struct card_list list;

	if (!card_read(&list, in, a, e))
		return false;
	json_open(&w, NULL, '[');
	for (size_t i = 0; i < list.count; i++)
		card_write_json(&w, STR(""), i, &list.cards[i], a);
	json_close(&w, ']');
	return true;
}

bool call_card_convert(struct buf *out, struct bytes in, struct arena *a, struct err *e)
{
	struct card_list list;

	if (!card_read(&list, in, a, e))
		return false;
	/* pictures and what was kept in its sender's words would not fit an entry */
	list.cards[0].photo = (struct bytes){ NULL, 0 };
	list.cards[0].photo_uri = (struct str){ NULL, 0 };
	list.cards[0].properties.count = 0;
	card_write_vcard(out, &list.cards[0], CARD_VERSION_30);
	return true;
}

static void link_code(struct json_writer *w, const struct ticket *t)
{
	char code[TICKET_TEXT_LEN];
	struct buf b = BUF_ON(code);

	ticket_write(&b, *t);
	json_str(w, "code", buf_str(&b));
}

bool call_link_read(struct buf *out, struct bytes in, struct arena *a, struct err *e)
{
	struct json_writer w = JSON_TO(out);
	struct link link;

	(void)e;
	link_read(text_from_bytes(a, in), &link);
	json_open(&w, NULL, '{');
	json_str(&w, "kind", str_of(link_kind_name(link.kind)));
	if (link.kind != LINK_NONE)
		json_str(&w, "host", link.host);
	if (link.kind == LINK_BADGE) {
		json_id(&w, "id", link.id);
		json_bool(&w, "signed", link.has_signature);
	} else if (link.kind == LINK_PAIR) {
		json_id(&w, "token", link.id);
	} else if (link.kind == LINK_TICKET) {
		link_code(&w, &link.ticket);
	}
	json_close(&w, '}');
	return true;
}

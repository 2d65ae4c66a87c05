#include "kiosk/event.h"

static bool read_keys(struct event_info *out, const struct json *list, struct err *e)
{
	for (const struct json *o = list ? list->first : NULL; o && out->key_count < EVENT_KEYS_MAX;
		o = o->next) {
		struct badge_key *key = &out->keys[out->key_count];
		uint64_t number, until_ms;

		if (!json_get_u64(o, "number", &number) || number > UINT8_MAX ||
			!json_get_blob(o, "public", key->public_key, sizeof(key->public_key)))
			return err_set(e, ERR_MALFORMED, "event: a key is wrong");
		key->event = out->number;
		key->number = (uint8_t)number;
		if (json_get_u64(o, "until_ms", &until_ms) && until_ms <= INT64_MAX)
			key->until_ms = (int64_t)until_ms;
		out->key_count++;
	}
	return true;
}

/* A switch may come as a boolean or as a word. */
static bool setting_on(const struct json *settings, const char *name)
{
	struct str word;
	bool on;

	if (json_get_bool(settings, name, &on))
		return on;
	return json_get_str(settings, name, &word) &&
	       (str_equal(word, STR("yes")) || str_equal(word, STR("on")));
}

bool event_info_read(struct event_info *out, struct str text, struct arena *a, struct err *e)
{
	const struct json *topics;
	struct json *root;
	uint64_t number;

	*out = (struct event_info){ 0 };
	if (!json_read(&root, str_bytes(text), a, e))
		return err_in(e, "event");
	if (!json_get_u64(root, "event", &number) || number == 0 || number > UINT32_MAX)
		return err_set(e, ERR_MALFORMED, "event: its number is missing");
	out->number = (uint32_t)number;
	if (!json_get_str(root, "name", &out->name))
		out->name = STR("");
	if (!json_get_str(root, "host", &out->host))
		out->host = STR("");
	topics = json_get(root, "topics");
	for (const struct json *o = topics ? topics->first : NULL;
		o && out->topic_count < EVENT_TOPICS_MAX; o = o->next)
		if (o->type == JSON_STRING && o->text.len > 0)
			out->topics[out->topic_count++] = o->text;
	out->badge_checkin = setting_on(json_get(root, "settings"), "badge_checkin");
	return read_keys(out, json_get(root, "keys"), e);
}

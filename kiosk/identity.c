#include "kiosk/identity.h"

#include <sys/stat.h>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/limits.h"

bool identity_url_ok(struct str url, struct err *e)
{
	static const struct str local[] = { STR_INIT("127.0.0.1"), STR_INIT("localhost"),
		STR_INIT("[::1]") };
	bool tls = str_starts(url, STR("https://"));
	struct str host = str_sub(url, tls ? 8 : 7, url.len);

	if (!tls && !str_starts(url, STR("http://")))
		return err_set(e, ERR_USAGE, "the address must begin with https://");
	if (host.len == 0 || str_find_char(host, '/', 0) != SIZE_MAX ||
		str_find_char(host, '@', 0) != SIZE_MAX)
		return err_set(
			e, ERR_USAGE, "the address must be https://HOST or https://HOST:PORT");
	for (size_t i = 0; !tls && i < ARRAY_LEN(local); i++)
		if (str_starts(host, local[i]) &&
			(host.len == local[i].len || host.p[local[i].len] == ':'))
			return true;
	return tls || err_set(e, ERR_USAGE, "http:// is for this machine only: use https://");
}

bool identity_read(struct identity *out, const char *path, struct arena *a, struct err *e)
{
	const struct json *pins;
	struct bytes text;
	struct stat st;
	struct json *root;
	uint64_t event;
	bool ok;

	*out = (struct identity){ 0 };
	if (!file_read(&text, path, LIMIT_CONFIG_BYTES, a, e)) {
		if (e->code == ERR_NOT_FOUND)
			err_set(e, ERR_NOT_FOUND,
				"%s: this kiosk is not enrolled: kith-kiosk enrol URL CODE", path);
		return false;
	}
	if (stat(path, &st) != 0 || (st.st_mode & 077) != 0)
		return err_set(e, ERR_FORBIDDEN, "%s holds a secret: chmod 600 it", path);
	if (!json_read(&root, text, a, e))
		return err_in(e, "%s", path);
	ok = json_get_id(root, "station", &out->station) &&
	     json_get_str(root, "name", &out->name) && json_get_str(root, "url", &out->url) &&
	     json_get_u64(root, "event", &event) && event <= UINT32_MAX &&
	     json_get_blob(root, "public", out->public_key, sizeof(out->public_key)) &&
	     json_get_blob(root, "secret", out->secret_key, sizeof(out->secret_key)) &&
	     json_get_blob(root, "server_public", out->server_public, sizeof(out->server_public)) &&
	     json_get_blob(root, "seal_public", out->seal_public, sizeof(out->seal_public)) &&
	     json_get_blob(root, "ticket_key", out->ticket_key, sizeof(out->ticket_key)) &&
	     json_get_str(root, "event_json", &out->event_json);
	if (!ok)
		return err_set(
			e, ERR_MALFORMED, "%s: a field is missing or wrong: enrol again", path);
	out->event = (uint32_t)event;
	pins = json_get(root, "pins");
	for (const struct json *p = pins ? pins->first : NULL;
		p && out->pin_count < IDENTITY_PINS_MAX; p = p->next)
		if (p->type == JSON_STRING)
			out->pins[out->pin_count++] = p->text;
	if (out->pin_count == 0 && str_starts(out->url, STR("https://")))
		return err_set(
			e, ERR_MALFORMED, "%s: no pin of the server's key: enrol again", path);
	return identity_url_ok(out->url, e) || err_in(e, "%s", path);
}

bool identity_write(const struct identity *id, const char *path, struct err *e)
{
	struct arena a = { 0 };
	struct buf text = BUF_IN(&a);
	struct json_writer w = JSON_TO(&text);
	bool ok;

	json_open(&w, NULL, '{');
	json_uuid(&w, "station", id->station);
	json_str(&w, "name", id->name);
	json_str(&w, "url", id->url);
	json_u64(&w, "event", id->event);
	json_blob(&w, "public", bytes_of(id->public_key, sizeof(id->public_key)));
	json_blob(&w, "secret", bytes_of(id->secret_key, sizeof(id->secret_key)));
	json_blob(&w, "server_public", bytes_of(id->server_public, sizeof(id->server_public)));
	json_blob(&w, "seal_public", bytes_of(id->seal_public, sizeof(id->seal_public)));
	json_blob(&w, "ticket_key", bytes_of(id->ticket_key, sizeof(id->ticket_key)));
	json_str(&w, "event_json", id->event_json);
	json_open(&w, "pins", '[');
	for (size_t i = 0; i < id->pin_count; i++)
		json_str(&w, NULL, id->pins[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	buf_add_char(&text, '\n');
	ok = file_replace(path, buf_bytes(&text), 0600, e);
	crypto_wipe(text.p, text.len);
	arena_finish(&a);
	return ok;
}

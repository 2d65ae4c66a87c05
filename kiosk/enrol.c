#include "kiosk/enrol.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "kiosk/identity.h"
#include "kiosk/transport.h"

enum { CODE_LEN = 16, CODE_ID_LEN = 4 };

/* The code as the server wrote it: upper case, without dashes, I L O read as 1 1 0. */
static bool normalize(char out[CODE_LEN + 1], const char *code, struct err *e)
{
	size_t n = 0;

	for (const char *p = code; *p; p++) {
		char c = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;

		if (c == '-' || c == ' ')
			continue;
		if (n == CODE_LEN)
			return err_set(e, ERR_USAGE, "the code is too long: it has %d characters",
				CODE_LEN);
		out[n++] = c == 'I' || c == 'L' ? '1' : c == 'O' ? '0' : c;
	}
	out[n] = '\0';
	return n == CODE_LEN ||
	       err_set(e, ERR_USAGE, "the code has %d characters, not %zu", CODE_LEN, n);
}

static struct hash prove(
	const char *secret, struct str tag, struct bytes what, const char *pin, struct arena *a)
{
	struct buf message = BUF_IN(a);

	buf_add_str(&message, tag);
	buf_add(&message, what);
	buf_add_str(&message, str_of(pin));
	return hmac_of(str_bytes(str_of(secret)), buf_bytes(&message));
}

static struct str write_request(const char *code, const struct transport_pin *pin,
	const struct identity *id, struct arena *a)
{
	struct bytes public_key = bytes_of(id->public_key, sizeof(id->public_key));
	struct hash proof = prove(code + CODE_ID_LEN, STR("kith-enrol-1"), public_key, pin->s, a);
	struct buf text = BUF_IN(a);
	struct json_writer w = JSON_TO(&text);

	json_open(&w, NULL, '{');
	json_str(&w, "name", STR(""));
	json_blob(&w, "public", public_key);
	json_str(&w, "code_id", (struct str){ code, CODE_ID_LEN });
	json_blob(&w, "proof", hash_bytes(&proof));
	json_close(&w, '}');
	return buf_str(&text);
}

/* The server knows the code too, so nobody stands in between. */
static bool server_proves(
	const char *code, struct bytes reply, const struct json *root, struct arena *a)
{
	struct str text = { (const char *)reply.p, reply.len };
	size_t at = SIZE_MAX;
	struct hash said, wanted;

	for (size_t hit = 0; (hit = str_find(text, STR(",\"proof\":"), hit)) != SIZE_MAX; hit++)
		at = hit;
	if (at == SIZE_MAX || !json_get_blob(root, "proof", said.b, sizeof(said.b)))
		return false;
	wanted = prove(code + CODE_ID_LEN, STR("kith-enrol-2"), bytes_of(reply.p, at), "", a);
	return crypto_equal(hash_bytes(&said), hash_bytes(&wanted));
}

static bool read_reply(struct identity *id, const struct json *root, struct arena *a, struct err *e)
{
	const struct json *event = json_get(root, "event"), *pins = json_get(root, "pins");
	struct buf text = BUF_IN(a);
	uint64_t number;

	if (!json_get_id(root, "station", &id->station) || !json_get_u64(event, "event", &number) ||
		number > UINT32_MAX ||
		!json_get_blob(root, "seal_public", id->seal_public, sizeof(id->seal_public)) ||
		!json_get_blob(
			root, "server_public", id->server_public, sizeof(id->server_public)) ||
		!json_get_blob(root, "ticket_key", id->ticket_key, sizeof(id->ticket_key)))
		return err_set(e, ERR_MALFORMED,
			"the server's answer is incomplete: is it a Kith server?");
	if (!json_get_str(root, "name", &id->name))
		id->name = STR("");
	id->event = (uint32_t)number;
	json_copy(&text, event);
	id->event_json = buf_str(&text);
	for (const struct json *p = pins ? pins->first : NULL;
		p && id->pin_count < IDENTITY_PINS_MAX; p = p->next)
		if (p->type == JSON_STRING)
			id->pins[id->pin_count++] = p->text;
	return true;
}

/* The key that was seen and proven stands in the list of pins, else that list is not the server's.
 */
static bool pin_listed(const struct identity *id, const struct transport_pin *pin)
{
	for (size_t i = 0; i < id->pin_count; i++)
		if (str_equal(id->pins[i], str_of(pin->s)))
			return true;
	return pin->s[0] == '\0';
}

static bool exchange(struct identity *id, const char *code, struct arena *a, struct err *e)
{
	const char *url = arena_cstr(a, id->url);
	struct transport_pin pin;
	struct str request, why;
	struct bytes reply;
	struct json *root;
	int status;

	if (!transport_pin_of(url, &pin, e))
		return false;
	request = write_request(code, &pin, id, a);
	if (!transport_post(url, "/v1/enrol", &pin, str_bytes(request), &status, &reply, a, e))
		return false;
	if (!json_read(&root, reply, a, e))
		return err_set(e, ERR_UNAVAILABLE,
			"%s answers %d, and no JSON: is it a Kith server?", url, status);
	if (status != 200) {
		if (!json_get_str(json_get(root, "error"), "text", &why))
			why = STR("no reason given");
		return err_set(e, status == 429 ? ERR_TOO_MANY : ERR_FORBIDDEN,
			"the server refuses: " STR_FMT, STR_ARG(utf8_cut(why, 150)));
	}
	if (!server_proves(code, reply, root, a))
		return err_set(e, ERR_FORBIDDEN,
			"the server does not know this code: somebody may stand in between");
	if (!read_reply(id, root, a, e))
		return false;
	if (!pin_listed(id, &pin))
		return err_set(e, ERR_FORBIDDEN,
			"the server shows another key than it names: ask the organizer");
	return true;
}

/* The code works once: nothing may fail on this side after it was spent. */
static bool can_write(const char *identity_path, struct arena *a, struct err *e)
{
	const char *trial = arena_printf(a, "%s.try", identity_path).p;

	if (!file_replace(trial, (struct bytes){ 0 }, 0600, e))
		return false;
	unlink(trial);
	return true;
}

bool enrol(const char *identity_path, const char *url, const char *code, struct err *e)
{
	struct arena a = { 0 };
	struct identity id = { .url = str_of(url) };
	char clean[CODE_LEN + 1];
	struct stat st;
	bool ok;

	while (str_ends(id.url, STR("/")))
		id.url.len--;
	if (stat(identity_path, &st) == 0)
		return err_set(e, ERR_CONFLICT,
			"%s: enrolled already; to enrol anew, move that file away first",
			identity_path);
	if (!normalize(clean, code, e) || !identity_url_ok(id.url, e))
		return false;
	sign_keypair(id.public_key, id.secret_key);
	ok = can_write(identity_path, &a, e) && exchange(&id, clean, &a, e) &&
	     identity_write(&id, identity_path, e);
	if (ok)
		printf("enrolled as %s for event %u\n", id_uuid_text(id.station).s, id.event);
	crypto_wipe(id.secret_key, sizeof(id.secret_key));
	crypto_wipe(clean, sizeof(clean));
	arena_finish(&a);
	return ok;
}

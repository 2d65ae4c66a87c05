#include "core/tag/event_key.h"

#include <sys/stat.h>

#include "core/base/config.h"
#include "core/base/text.h"

enum { KEY_FILE_MAX = 1024 };

static const struct str file_mark = STR_INIT("kith-event-key-1");

static bool read_line(struct str line, const char *name, struct str *value)
{
	struct str head;

	return str_split(&line, ' ', &head) && str_equal(head, str_of(name)) && line.p &&
	       (*value = str_trim(line)).len > 0;
}

/* libsodium keeps the public key behind the seed, and signs wrongly when they do not belong
 * together. */
static bool is_whole(const uint8_t secret[SIGN_SECRET_LEN])
{
	uint8_t signature[SIGNATURE_LEN];

	sign_message(signature, BYTES("kith"), secret);
	return sign_verify(signature, BYTES("kith"), secret + SIGN_SECRET_LEN - SIGN_PUBLIC_LEN);
}

static bool read_secret(struct str value, uint8_t out[SIGN_SECRET_LEN])
{
	struct buf b = BUF_OVER(out, SIGN_SECRET_LEN);

	return base64_read(&b, value) && b.len == SIGN_SECRET_LEN;
}

bool event_key_read(struct event_key *key, struct bytes text, struct err *e)
{
	struct str rest, line[4] = { 0 }, value;
	uint64_t event, number;

	if (!utf8_check(text, &rest))
		return err_set(e, ERR_MALFORMED, "an event key file is text");
	for (size_t i = 0; i < ARRAY_LEN(line); i++)
		if (str_split(&rest, '\n', &line[i]))
			line[i] = str_trim(line[i]);
	if (!str_equal(line[0], file_mark))
		return err_set(e, ERR_MALFORMED, "line 1: not \"kith-event-key-1\": no event key");
	if (!read_line(line[1], "event", &value) || !str_u64(value, &event) || event > UINT32_MAX)
		return err_set(e, ERR_MALFORMED, "line 2: expected \"event NUMBER\"");
	if (!read_line(line[2], "key", &value) || !str_u64(value, &number) || number > UINT8_MAX)
		return err_set(e, ERR_MALFORMED, "line 3: expected \"key NUMBER\", 0 to 255");
	if (!read_line(line[3], "secret", &value) || !read_secret(value, key->secret))
		return err_set(
			e, ERR_MALFORMED, "line 4: expected \"secret\" and 64 bytes of base64url");
	if (str_trim(rest).len)
		return err_set(e, ERR_MALFORMED, "line 5: nothing belongs after the secret");
	if (!is_whole(key->secret))
		return err_set(e, ERR_MALFORMED, "line 4: the secret is damaged");
	key->event = (uint32_t)event;
	key->number = (uint8_t)number;
	return true;
}

void event_key_write(struct buf *out, const struct event_key *key)
{
	buf_add_str(out, file_mark);
	buf_printf(out, "\nevent %lu\nkey %u\nsecret ", (unsigned long)key->event, key->number);
	base64url_write(out, bytes_of(key->secret, SIGN_SECRET_LEN));
	buf_add_char(out, '\n');
}

bool event_key_read_file(struct event_key *key, const char *path, struct arena *a, struct err *e)
{
	struct stat st;
	struct bytes text;
	bool ok;

	if (stat(path, &st) != 0)
		return err_set(e, ERR_NOT_FOUND, "no event key at %s", path);
	if (st.st_mode & (S_IRWXG | S_IRWXO))
		return err_set(e, ERR_FORBIDDEN,
			"%s: others may read this key; run chmod 600 on it", path);
	if (!file_read(&text, path, KEY_FILE_MAX, a, e))
		return false;
	ok = event_key_read(key, text, e) || err_in(e, "%s", path);
	crypto_wipe((void *)text.p, text.len);
	return ok;
}

bool event_key_write_file(const char *path, const struct event_key *key, struct err *e)
{
	char text[256];
	struct buf b = BUF_ON(text);
	bool ok;

	event_key_write(&b, key);
	ok = file_replace(path, buf_bytes(&b), S_IRUSR | S_IWUSR, e);
	crypto_wipe(text, sizeof(text));
	return ok;
}

struct badge_key event_key_public(const struct event_key *key)
{
	struct badge_key out = { .event = key->event, .number = key->number };

	memcpy(out.public_key, key->secret + SIGN_SECRET_LEN - SIGN_PUBLIC_LEN, SIGN_PUBLIC_LEN);
	return out;
}

bool badge_key_read(struct badge_key *out, struct str word, struct err *e)
{
	struct str rest = word, event_text, number_text;
	struct buf b = BUF_ON(out->public_key);
	uint64_t event, number;

	if (!str_split(&rest, '.', &event_text) || !str_split(&rest, '.', &number_text) ||
		!str_u64(event_text, &event) || event > UINT32_MAX ||
		!str_u64(number_text, &number) || number > UINT8_MAX || !base64_read(&b, rest) ||
		b.len != SIGN_PUBLIC_LEN)
		return err_set(e, ERR_MALFORMED, "a public key reads EVENT.NUMBER.BASE64URL");
	out->event = (uint32_t)event;
	out->number = (uint8_t)number;
	out->until_ms = 0;
	return true;
}

void badge_key_write(struct buf *out, const struct badge_key *key)
{
	buf_printf(out, "%lu.%u.", (unsigned long)key->event, key->number);
	base64url_write(out, bytes_of(key->public_key, SIGN_PUBLIC_LEN));
}

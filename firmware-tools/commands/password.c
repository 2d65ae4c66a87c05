#include "firmware-tools/commands/password.h"

#include "core/base/text.h"

static void derive(struct chip_password *out, const struct event_key *key, struct bytes uid)
{
	uint8_t text[16 + NTAG_PAGE + 16];
	struct buf to = BUF_ON(text);
	struct hash h;

	buf_lit(&to, "kith-chip-pwd-1");
	buf_add(&to, uid);
	h = hmac_of(bytes_of(key->secret, SIGN_SECRET_LEN), buf_bytes(&to));
	memcpy(out->password, h.b, NTAG_PASSWORD_LEN);
	memcpy(out->pack, h.b + NTAG_PASSWORD_LEN, NTAG_PACK_LEN);
	crypto_wipe(&h, sizeof(h));
}

bool chip_password_read(struct chip_password *out, const char *word, const struct event_key *key,
	struct bytes uid, struct err *e)
{
	struct buf to = BUF_ON(out->password);

	memset(out, 0, sizeof(*out));
	if (strcmp(word, "key") == 0) {
		if (!key)
			return err_set(e, ERR_USAGE, "--password key needs --key FILE");
		derive(out, key, uid);
		return true;
	}
	if (!hex_read(&to, str_of(word)) || to.len != NTAG_PASSWORD_LEN)
		return err_set(e, ERR_USAGE, "--password takes \"key\" or 8 hexadecimal digits");
	return true;
}

/* DESFire's own commands, wrapped in CLA 90h (DESFire EV1 data sheet), as libfreefare asks them. */
#include "core/base/crypto.h"
#include "firmware-tools/chipsim/card.h"
#include "firmware-tools/chipsim/cipher.h"
#include "firmware-tools/chipsim/field.h"

/* Status bytes of native commands (DESFire EV1 data sheet, table 34). */
enum native {
	NATIVE_OK = 0x00,
	NATIVE_ILLEGAL = 0x1C,
	NATIVE_INTEGRITY = 0x1E,
	NATIVE_NO_KEY = 0x40,
	NATIVE_LENGTH = 0x7E,
	NATIVE_DENIED = 0x9D,
	NATIVE_PARAMETER = 0x9E,
	NATIVE_NO_APP = 0xA0,
	NATIVE_AUTH = 0xAE,
	NATIVE_MORE = 0xAF,
	NATIVE_BOUNDARY = 0xBE,
	NATIVE_COUNT = 0xCE,
	NATIVE_DUPLICATE = 0xDE,
	NATIVE_NO_FILE = 0xF0,
};

static const uint8_t zero_key[AES_LEN];

static uint32_t le(const uint8_t *p, size_t n)
{
	uint32_t value = 0;

	while (n-- > 0)
		value = value << 8 | p[n];
	return value;
}

static struct card_file *file_numbered(const struct sim_card *c, uint8_t number)
{
	for (size_t i = 0; c->app && i < CARD_FILES; i++)
		if (c->app->files[i].there && c->app->files[i].number == number)
			return &c->app->files[i];
	return NULL;
}

static enum native do_version(struct sim_card *c, struct bytes data, struct buf *answer)
{
	static const uint8_t desfire[2][7] = { { 0x04, 0x01, 0x01, 0x01, 0x00, 0x18, 0x05 },
		{ 0x04, 0x01, 0x01, 0x01, 0x04, 0x18, 0x05 } };
	static const uint8_t ntag424[2][7] = { { 0x04, 0x04, 0x02, 0x30, 0x00, 0x11, 0x05 },
		{ 0x04, 0x04, 0x02, 0x01, 0x02, 0x11, 0x05 } };
	const uint8_t(*parts)[7] = c->kind == CARD_NTAG424 ? ntag424 : desfire;

	(void)data;
	if (c->version_part < 2) {
		buf_add(answer, bytes_of(parts[c->version_part++], 7));
		c->awaits = 0x60;
		return NATIVE_MORE;
	}
	c->version_part = 0;
	buf_add(answer, bytes_of(c->uid, sizeof(c->uid)));
	buf_add(answer, BYTES("\xBA\x34\x5D\x6C\x40\x21\x22")); /* batch, week, year */
	return NATIVE_OK;
}

static enum native do_key_settings(struct sim_card *c, struct bytes data, struct buf *answer)
{
	(void)data;
	buf_add_u8(answer, c->app ? c->app->settings : c->settings);
	buf_add_u8(answer, c->app ? c->app->keys : 0x01);
	return NATIVE_OK;
}

static enum native do_key_version(struct sim_card *c, struct bytes data, struct buf *answer)
{
	(void)c;
	if (data.p[0] != 0)
		return NATIVE_NO_KEY;
	buf_add_u8(answer, 0x00);
	return NATIVE_OK;
}

static enum native do_free_memory(struct sim_card *c, struct bytes data, struct buf *answer)
{
	uint32_t left = 4096 + 2048;

	(void)data;
	for (size_t i = 0; i < CARD_APPS; i++)
		for (size_t k = 0; c->apps[i].there && k < CARD_FILES; k++)
			if (c->apps[i].files[k].there && c->apps[i].files[k].size < left)
				left -= c->apps[i].files[k].size;
	for (unsigned shift = 0; shift < 24; shift += 8)
		buf_add_u8(answer, (uint8_t)(left >> shift));
	return NATIVE_OK;
}

static enum native do_select(struct sim_card *c, struct bytes data, struct buf *answer)
{
	(void)answer;
	if (le(data.p, 3) == 0) {
		card_session_begin(c, NULL);
		return NATIVE_OK;
	}
	for (size_t i = 0; i < CARD_APPS; i++)
		if (c->apps[i].there && memcmp(c->apps[i].aid, data.p, 3) == 0) {
			card_session_begin(c, &c->apps[i]);
			return NATIVE_OK;
		}
	return NATIVE_NO_APP;
}

static enum native do_app_ids(struct sim_card *c, struct bytes data, struct buf *answer)
{
	(void)data;
	for (size_t i = 0; i < CARD_APPS; i++)
		if (c->apps[i].there)
			buf_add(answer, bytes_of(c->apps[i].aid, 3));
	return NATIVE_OK;
}

static enum native do_file_ids(struct sim_card *c, struct bytes data, struct buf *answer)
{
	(void)data;
	for (size_t i = 0; c->app && i < CARD_FILES; i++)
		if (c->app->files[i].there)
			buf_add_u8(answer, c->app->files[i].number);
	return NATIVE_OK;
}

static enum native do_create_app(struct sim_card *c, struct bytes data, struct buf *answer)
{
	struct card_app *app;

	(void)answer;
	if (c->app)
		return NATIVE_DENIED;
	for (size_t i = 0; i < CARD_APPS; i++)
		if (c->apps[i].there && memcmp(c->apps[i].aid, data.p, 3) == 0)
			return NATIVE_DUPLICATE;
	app = card_app_add(c);
	if (!app)
		return NATIVE_COUNT;
	memcpy(app->aid, data.p, 3);
	app->settings = data.p[3];
	app->keys = data.p[4];
	if (data.len >= 7 && (data.p[4] & 0x20)) {
		app->iso_id = (uint16_t)le(data.p + 5, 2);
		app->name_len = data.len - 7 < CARD_DF_NAME_MAX ? data.len - 7 : CARD_DF_NAME_MAX;
		memcpy(app->name, data.p + 7, app->name_len);
	}
	return NATIVE_OK;
}

static enum native do_delete_app(struct sim_card *c, struct bytes data, struct buf *answer)
{
	(void)answer;
	for (size_t i = 0; i < CARD_APPS; i++)
		if (c->apps[i].there && memcmp(c->apps[i].aid, data.p, 3) == 0) {
			c->apps[i].there = false;
			card_session_begin(c, NULL);
			return NATIVE_OK;
		}
	return NATIVE_NO_APP;
}

static enum native do_format(struct sim_card *c, struct bytes data, struct buf *answer)
{
	(void)data, (void)answer;
	if (!c->authenticated || c->app)
		return NATIVE_AUTH;
	memset(c->apps, 0, sizeof(c->apps));
	return NATIVE_OK;
}

static enum native do_create_file(struct sim_card *c, struct bytes data, struct buf *answer)
{
	bool iso = data.len == 9;
	struct card_file *f;

	(void)answer;
	if (!c->app || (data.len != 7 && !iso))
		return c->app ? NATIVE_LENGTH : NATIVE_DENIED;
	if (file_numbered(c, data.p[0]))
		return NATIVE_DUPLICATE;
	f = card_file_add(c, c->app, le(data.p + (iso ? 6 : 4), 3));
	if (!f)
		return NATIVE_COUNT;
	f->number = data.p[0];
	f->iso_id = iso ? (uint16_t)le(data.p + 1, 2) : 0;
	f->comm = data.p[iso ? 3 : 1];
	f->rights = (uint16_t)le(data.p + (iso ? 4 : 2), 2);
	return NATIVE_OK;
}

static enum native do_file_settings(struct sim_card *c, struct bytes data, struct buf *answer)
{
	const struct card_file *f = file_numbered(c, data.p[0]);

	if (!f)
		return NATIVE_NO_FILE;
	buf_add_u8(answer, 0x00); /* standard data file */
	buf_add_u8(answer, f->comm);
	buf_add_u8(answer, (uint8_t)f->rights);
	buf_add_u8(answer, (uint8_t)(f->rights >> 8));
	for (unsigned shift = 0; shift < 24; shift += 8)
		buf_add_u8(answer, (uint8_t)(f->size >> shift));
	return NATIVE_OK;
}

static enum native read_on(struct sim_card *c, struct buf *answer)
{
	uint32_t n = c->stream_left < CARD_NATIVE_CHUNK ? c->stream_left : CARD_NATIVE_CHUNK;

	buf_add(answer, bytes_of(c->stream->data + c->stream_at, n));
	c->stream_at += n;
	c->stream_left -= n;
	c->awaits = c->stream_left ? 0xBD : 0;
	return c->stream_left ? NATIVE_MORE : NATIVE_OK;
}

static enum native write_on(struct sim_card *c, struct bytes data)
{
	if (data.len > c->stream_left)
		return NATIVE_BOUNDARY;
	memcpy(c->stream->data + c->stream_at, data.p, data.len);
	c->stream_at += (uint32_t)data.len;
	c->stream_left -= (uint32_t)data.len;
	c->awaits = c->stream_left ? 0x3D : 0;
	return c->stream_left ? NATIVE_MORE : NATIVE_OK;
}

/* File number, offset and length of READ and WRITE DATA. */
static enum native open_stream(struct sim_card *c, struct bytes data, bool writing)
{
	struct card_file *f = file_numbered(c, data.p[0]);

	if (!f)
		return NATIVE_NO_FILE;
	if (!(writing ? card_may_write(c, f) : card_may_read(c, f)))
		return NATIVE_AUTH;
	c->stream = f;
	c->stream_at = le(data.p + 1, 3);
	c->stream_left = le(data.p + 4, 3);
	if (c->stream_at > f->size)
		return NATIVE_BOUNDARY;
	if (c->stream_left == 0 && !writing)
		c->stream_left = f->size - c->stream_at;
	return c->stream_left > f->size - c->stream_at ? NATIVE_BOUNDARY : NATIVE_OK;
}

static enum native do_read(struct sim_card *c, struct bytes data, struct buf *answer)
{
	enum native status = open_stream(c, data, false);

	return status == NATIVE_OK ? read_on(c, answer) : status;
}

static enum native do_write(struct sim_card *c, struct bytes data, struct buf *answer)
{
	enum native status = open_stream(c, data, true);

	(void)answer;
	return status == NATIVE_OK ? write_on(c, bytes_of(data.p + 7, data.len - 7)) : status;
}

static void rotate(uint8_t out[DES_LEN], const uint8_t in[DES_LEN])
{
	for (size_t i = 0; i < DES_LEN; i++)
		out[i] = in[(i + 1) % DES_LEN];
}

/* The old authentication by DES: the card enciphers always, the reader deciphers always. */
static enum native do_authenticate(struct sim_card *c, struct bytes data, struct buf *answer)
{
	uint8_t sealed[DES_LEN];

	c->authenticated = false;
	if (data.p[0] != 0)
		return NATIVE_NO_KEY;
	crypto_random(c->challenge, sizeof(c->challenge));
	if (!cipher_des(sealed, c->challenge, zero_key))
		return NATIVE_PARAMETER;
	buf_add(answer, bytes_of(sealed, sizeof(sealed)));
	c->awaits = 0x0A;
	return NATIVE_MORE;
}

static enum native authenticate_on(struct sim_card *c, struct bytes data, struct buf *answer)
{
	uint8_t theirs[DES_LEN], ours[DES_LEN], turned[DES_LEN];

	if (data.len != 2 * DES_LEN || !cipher_des(theirs, data.p, zero_key) ||
		!cipher_des(ours, data.p + DES_LEN, zero_key))
		return NATIVE_LENGTH;
	for (size_t i = 0; i < DES_LEN; i++)
		ours[i] ^= data.p[i];
	rotate(turned, c->challenge);
	if (memcmp(turned, ours, DES_LEN) != 0)
		return NATIVE_AUTH;
	rotate(turned, theirs);
	if (!cipher_des(ours, turned, zero_key))
		return NATIVE_PARAMETER;
	buf_add(answer, bytes_of(ours, sizeof(ours)));
	memcpy(c->session, theirs, DES_LEN / 2);
	memcpy(c->session + DES_LEN / 2, c->challenge, DES_LEN / 2);
	c->authenticated = true;
	return NATIVE_OK;
}

/* One byte and its CRC_A, padded with zeros, under the session's key. */
static enum native do_change_settings(struct sim_card *c, struct bytes data, struct buf *answer)
{
	uint8_t plain[DES_LEN];
	uint16_t crc;

	(void)answer;
	if (!c->authenticated)
		return NATIVE_AUTH;
	if (data.len != DES_LEN || !cipher_des(plain, data.p, c->session))
		return NATIVE_LENGTH;
	crc = sim_crc(bytes_of(plain, 1));
	if (plain[1] != (crc & 0xFF) || plain[2] != crc >> 8)
		return NATIVE_INTEGRITY;
	*(c->app ? &c->app->settings : &c->settings) = plain[0];
	return NATIVE_OK;
}

static enum native do_more(struct sim_card *c, struct bytes data, struct buf *answer)
{
	uint8_t awaits = c->awaits;

	c->awaits = 0;
	switch (awaits) {
	case 0x0A:
		return authenticate_on(c, data, answer);
	case 0x3D:
		return write_on(c, data);
	case 0x60:
		return do_version(c, data, answer);
	case 0xBD:
		return read_on(c, answer);
	default:
		return NATIVE_ILLEGAL;
	}
}

static const struct {
	uint8_t code, min_len;
	enum native (*run)(struct sim_card *c, struct bytes data, struct buf *answer);
} natives[] = {
	{ 0x0A, 1, do_authenticate },
	{ 0x3D, 7, do_write },
	{ 0x45, 0, do_key_settings },
	{ 0x54, 8, do_change_settings },
	{ 0x5A, 3, do_select },
	{ 0x60, 0, do_version },
	{ 0x64, 1, do_key_version },
	{ 0x6A, 0, do_app_ids },
	{ 0x6E, 0, do_free_memory },
	{ 0x6F, 0, do_file_ids },
	{ 0xAF, 0, do_more },
	{ 0xBD, 7, do_read },
	{ 0xCA, 5, do_create_app },
	{ 0xCD, 7, do_create_file },
	{ 0xDA, 3, do_delete_app },
	{ 0xF5, 1, do_file_settings },
	{ 0xFC, 0, do_format },
};

static enum native run_native(struct sim_card *c, struct bytes apdu, struct buf *answer)
{
	size_t len = apdu.len > 5 ? apdu.p[4] : 0;
	struct bytes data = bytes_of(apdu.p + 5, len);

	if (apdu.len < 5 || (len && apdu.len < 5 + len) || c->kind == CARD_PHONE)
		return c->kind == CARD_PHONE ? NATIVE_ILLEGAL : NATIVE_LENGTH;
	if (apdu.p[1] != NATIVE_MORE) {
		c->awaits = 0;
		c->version_part = 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(natives); i++)
		if (natives[i].code == apdu.p[1])
			return len < natives[i].min_len ? NATIVE_LENGTH
							: natives[i].run(c, data, answer);
	return NATIVE_ILLEGAL;
}

unsigned card_native(struct sim_card *c, struct bytes apdu, struct buf *answer)
{
	return 0x9100U | run_native(c, apdu, answer);
}

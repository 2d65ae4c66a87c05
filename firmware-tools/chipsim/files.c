#include "firmware-tools/chipsim/card.h"
#include "firmware-tools/chipsim/cipher.h"

enum {
	CLA_NATIVE = 0x90,
	FREE = 14, /* a nibble of a file's rights */
	KEY_0 = 0,
	SW_OK = 0x9000,
	SW_NOT_FOUND = 0x6A82,
	SW_NOT_ALLOWED = 0x6982,
	SW_LENGTH = 0x6700,
	SW_PARAMETERS = 0x6A86,
	SW_INS = 0x6D00,
	SW_CLA = 0x6E00,
	SW_END = 0x6B00,
};

static const uint8_t ndef_name[] = { 0xD2, 0x76, 0x00, 0x00, 0x85, 0x01, 0x01 };
static const uint8_t zero_key[AES_LEN];

void card_session_reset(struct sim_card *c)
{
	c->app = NULL;
	c->file = NULL;
	c->stream = NULL;
	c->authenticated = false;
	c->awaits = c->version_part = 0;
}

void card_session_begin(struct sim_card *c, struct card_app *app)
{
	card_session_reset(c);
	c->app = app;
}

static bool may(const struct sim_card *c, unsigned a, unsigned b)
{
	return a == FREE || b == FREE || (c->authenticated && (a == KEY_0 || b == KEY_0));
}

bool card_may_read(const struct sim_card *c, const struct card_file *f)
{
	return may(c, f->rights >> 12, f->rights >> 4 & 15u);
}

bool card_may_write(const struct sim_card *c, const struct card_file *f)
{
	return may(c, f->rights >> 8 & 15u, f->rights >> 4 & 15u);
}

struct card_app *card_app_add(struct sim_card *c)
{
	for (size_t i = 0; i < CARD_APPS; i++)
		if (!c->apps[i].there) {
			c->apps[i] = (struct card_app){ .there = true };
			return &c->apps[i];
		}
	return NULL;
}

struct card_file *card_file_add(struct sim_card *c, struct card_app *app, uint32_t size)
{
	for (size_t i = 0; i < CARD_FILES && size <= CARD_FILE_MAX; i++)
		if (!app->files[i].there) {
			app->files[i] = (struct card_file){
				.there = true, .size = size, .data = arena_alloc(c->arena, size)
			};
			return &app->files[i];
		}
	return NULL;
}

/* ---- the SUN message ---- */

static void mirror(uint8_t *at, struct bytes value)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < value.len; i++) {
		at[2 * i] = (uint8_t)digits[value.p[i] >> 4];
		at[2 * i + 1] = (uint8_t)digits[value.p[i] & 15];
	}
}

/* The first reading after power-up counts (AN12196 3.2); what is mirrored stands in the file then.
 */
static void sun_refresh(struct sim_card *c, struct card_file *f)
{
	struct card_sun *s = &c->sun;
	uint8_t mac[8], counter[3];

	if (f->iso_id != 0xE104 || (!s->uid_at && !s->counter_at && !s->mac_at) || s->counted)
		return;
	s->counted = true;
	s->counter++;
	for (size_t i = 0; i < 3; i++)
		counter[i] = (uint8_t)(s->counter >> (16 - 8 * i));
	if (s->uid_at)
		mirror(f->data + s->uid_at, bytes_of(c->uid, sizeof(c->uid)));
	if (s->counter_at)
		mirror(f->data + s->counter_at, bytes_of(counter, sizeof(counter)));
	if (s->mac_at && cipher_sun(mac, c->uid, s->counter, zero_key))
		mirror(f->data + s->mac_at, bytes_of(mac, sizeof(mac)));
}

/* ---- ISO/IEC 7816-4 ---- */

static unsigned iso_select(struct sim_card *c, struct bytes apdu)
{
	size_t len = apdu.len > 4 ? apdu.p[4] : 0;
	struct bytes name = bytes_of(apdu.p + 5, len);

	if (apdu.len < 5 + len)
		return SW_LENGTH;
	if (apdu.p[2] == 0x04) {
		for (size_t i = 0; i < CARD_APPS; i++) {
			struct card_app *app = &c->apps[i];

			if (app->there && app->name_len &&
				bytes_equal(bytes_of(app->name, app->name_len), name)) {
				card_session_begin(c, app);
				return SW_OK;
			}
		}
		return SW_NOT_FOUND;
	}
	if (apdu.p[2] != 0x00 || len != 2)
		return SW_PARAMETERS;
	for (size_t i = 0; c->app && i < CARD_FILES; i++) {
		struct card_file *f = &c->app->files[i];

		if (f->there && f->iso_id == (name.p[0] << 8 | name.p[1])) {
			c->file = f;
			return SW_OK;
		}
	}
	return SW_NOT_FOUND;
}

static unsigned iso_read(struct sim_card *c, struct bytes apdu, struct buf *answer)
{
	uint32_t at = (uint32_t)apdu.p[2] << 8 | apdu.p[3], n;

	if (!c->file)
		return SW_NOT_ALLOWED;
	if (!card_may_read(c, c->file))
		return SW_NOT_ALLOWED;
	if (at >= c->file->size)
		return SW_END;
	n = apdu.len > 4 && apdu.p[4] ? apdu.p[4] : 256;
	if (n > c->file->size - at)
		n = c->file->size - at;
	sun_refresh(c, c->file);
	buf_add(answer, bytes_of(c->file->data + at, n));
	return SW_OK;
}

static unsigned iso_update(struct sim_card *c, struct bytes apdu)
{
	uint32_t at = (uint32_t)apdu.p[2] << 8 | apdu.p[3];
	size_t n = apdu.len > 4 ? apdu.p[4] : 0;

	if (!c->file || !card_may_write(c, c->file))
		return SW_NOT_ALLOWED;
	if (apdu.len < 5 + n)
		return SW_LENGTH;
	if (at + n > c->file->size)
		return SW_END;
	memcpy(c->file->data + at, apdu.p + 5, n);
	return SW_OK;
}

static unsigned iso_command(struct sim_card *c, struct bytes apdu, struct buf *answer)
{
	switch (apdu.p[1]) {
	case 0xA4:
		return iso_select(c, apdu);
	case 0xB0:
		return iso_read(c, apdu, answer);
	case 0xD6:
		return iso_update(c, apdu);
	default:
		return SW_INS;
	}
}

void card_apdu(struct sim_card *c, struct bytes command, struct buf *answer)
{
	unsigned words = SW_CLA;

	if (command.len < 4)
		words = SW_LENGTH;
	else if (command.p[0] == CLA_NATIVE)
		words = card_native(c, command, answer);
	else if (command.p[0] == 0x00)
		words = iso_command(c, command, answer);
	buf_add_u16be(answer, (uint16_t)words);
}

/* ---- made to order ---- */

/* Zeros behind a name, as a server's template has them. */
static uint32_t find_mirror(const uint8_t *data, size_t len, const char *name, size_t zeros)
{
	for (size_t i = 2; i + 2 + zeros <= len; i++) {
		size_t n = 0;

		if (data[i] != (uint8_t)name[0] || data[i + 1] != '=')
			continue;
		while (n < zeros && data[i + 2 + n] == '0')
			n++;
		if (n == zeros)
			return (uint32_t)i + 2;
	}
	return 0;
}

bool card_set_ndef(struct sim_card *c, struct bytes message, struct err *e)
{
	static const uint32_t sizes[] = {
		[CARD_DESFIRE] = 2048, [CARD_NTAG424] = 256, [CARD_PHONE] = 1024
	};
	uint32_t size = sizes[c->kind];
	struct card_file *cc, *ndef;
	struct card_app *app;

	if (message.len + 2 > size)
		return err_set(e, ERR_TOO_LARGE, "this card's NDEF file has %lu bytes",
			(unsigned long)size);
	memset(c->apps, 0, sizeof(c->apps));
	app = card_app_add(c);
	*app = (struct card_app){ .there = true,
		.aid = { 1 },
		.settings = 0x0F,
		.keys = 0x21,
		.iso_id = 0xE110,
		.name_len = sizeof(ndef_name) };
	memcpy(app->name, ndef_name, sizeof(ndef_name));
	cc = card_file_add(c, app, 15);
	cc->number = 1;
	cc->iso_id = 0xE103;
	cc->rights = 0xE000;
	memcpy(cc->data,
		(uint8_t[]){ 0x00, 0x0F, 0x20, 0x00, 0x3B, 0x00, 0x34, 0x04, 0x06, 0xE1, 0x04,
			(uint8_t)(size >> 8), (uint8_t)size, 0x00,
			c->kind == CARD_PHONE ? 0xFF : 0x00 },
		15);
	ndef = card_file_add(c, app, size);
	ndef->number = 2;
	ndef->iso_id = 0xE104;
	ndef->rights = c->kind == CARD_PHONE ? 0xEFFF : 0xEEE0;
	ndef->data[0] = (uint8_t)(message.len >> 8);
	ndef->data[1] = (uint8_t)message.len;
	memcpy(ndef->data + 2, message.p, message.len);
	if (c->kind == CARD_NTAG424) {
		c->sun.uid_at = find_mirror(ndef->data, message.len + 2, "u", 14);
		c->sun.counter_at = find_mirror(ndef->data, message.len + 2, "c", 6);
		c->sun.mac_at = find_mirror(ndef->data, message.len + 2, "m", 16);
	}
	sim_card_power_up(c);
	return true;
}

#include "core/nfc/classic.h"

enum {
	BLOCK = 16,
	SAK_4K = 0x18,
	SMALL_SECTORS = 32, /* of 4 blocks; behind them 16 */
	AID_NFC = 0xE103,
	TLV_NULL = 0x00,
	TLV_NDEF = 0x03,
	TLV_END = 0xFE,
};

static const uint8_t key_directory[NFC_CLASSIC_KEY_LEN] = { 0xA0, 0xA1, 0xA2, 0xA3, 0xA4, 0xA5 };
static const uint8_t key_nfc[NFC_CLASSIC_KEY_LEN] = { 0xD3, 0xF7, 0xD3, 0xF7, 0xD3, 0xF7 };

const char *nfc_classic_name(const struct nfc_tag *tag)
{
	return tag->sak == SAK_4K ? "MIFARE Classic 4K" : "MIFARE Classic 1K";
}

static uint8_t first_block(unsigned sector)
{
	return (uint8_t)(sector < SMALL_SECTORS ? sector * 4 : 128 + (sector - SMALL_SECTORS) * 16);
}

static unsigned data_blocks(unsigned sector)
{
	return sector < SMALL_SECTORS ? 3 : 15;
}

static bool login(struct nfc_port *p, const struct nfc_tag *tag, unsigned sector,
	const uint8_t key[NFC_CLASSIC_KEY_LEN], struct err *e)
{
	return nfc_port_classic_login(p, tag, first_block(sector), key, e);
}

/* The sectors' applications, two bytes each, from block on; n blocks. */
static bool read_directory(struct nfc_port *p, const struct nfc_tag *tag, unsigned sector,
	unsigned skip, unsigned n, uint8_t *out, struct err *e)
{
	if (!login(p, tag, sector, key_directory, e))
		return false;
	for (unsigned i = 0; i < n; i++)
		if (!nfc_port_read(
			    p, (uint8_t)(first_block(sector) + skip + i), out + i * BLOCK, e))
			return false;
	return true;
}

static bool read_sector(struct nfc_port *p, const struct nfc_tag *tag, unsigned sector,
	struct buf *out, struct err *e)
{
	uint8_t block[BLOCK];

	if (!login(p, tag, sector, key_nfc, e))
		return false;
	for (unsigned i = 0; i < data_blocks(sector); i++) {
		if (!nfc_port_read(p, (uint8_t)(first_block(sector) + i), block, e))
			return false;
		buf_add(out, bytes_of(block, sizeof(block)));
	}
	return true;
}

static bool take_length(struct bytes *from, size_t *len)
{
	uint8_t one;
	uint16_t two;

	if (!bytes_take_u8(from, &one))
		return false;
	*len = one;
	if (one != 0xFF)
		return true;
	if (!bytes_take_u16be(from, &two))
		return false;
	*len = two;
	return true;
}

/* AN1304 3: the same blocks as on a Type 2 tag, without a container in front. */
static bool find_message(struct bytes area, struct buf *out, struct err *e)
{
	uint8_t type;

	while (bytes_take_u8(&area, &type) && type != TLV_END) {
		struct bytes value;
		size_t len;

		if (type == TLV_NULL)
			continue;
		if (!take_length(&area, &len) || !bytes_take(&area, len, &value))
			return err_set(e, ERR_MALFORMED,
				"block 0x%02x runs past the end of the card", type);
		if (type != TLV_NDEF)
			continue;
		if (len == 0)
			break;
		buf_add(out, value);
		return true;
	}
	return err_set(e, ERR_NOT_FOUND, "the card is empty");
}

static bool is_nfc(const uint8_t *aid)
{
	return (aid[0] | aid[1] << 8) == AID_NFC;
}

bool nfc_classic_read_ndef(
	struct nfc_port *p, const struct nfc_tag *tag, struct buf *out, struct err *e)
{
	uint8_t small[2 * BLOCK], big[3 * BLOCK] = { 0 }, memory[NFC_CLASSIC_MAX];
	struct buf area = BUF_ON(memory);

	if (!read_directory(p, tag, 0, 1, 2, small, e))
		return e->code == ERR_FORBIDDEN
			       ? err_set(e, ERR_NOT_FOUND, "the card has no NFC directory")
			       : false;
	if (tag->sak == SAK_4K && !read_directory(p, tag, 16, 0, 3, big, e)) {
		if (e->code != ERR_FORBIDDEN)
			return false;
		memset(big, 0,
			sizeof(big)); /* a directory of the old kind: the first 16 sectors only */
		*e = (struct err){ 0 };
	}
	for (unsigned sector = 1; sector < 16; sector++)
		if (is_nfc(small + 2 * sector) && !read_sector(p, tag, sector, &area, e))
			return false;
	for (unsigned sector = 17; sector < 40 && tag->sak == SAK_4K; sector++)
		if (is_nfc(big + 2 * (sector - 16)) && !read_sector(p, tag, sector, &area, e))
			return false;
	if (area.len == 0)
		return err_set(e, ERR_NOT_FOUND, "the card has no NFC sectors");
	return find_message(buf_bytes(&area), out, e);
}

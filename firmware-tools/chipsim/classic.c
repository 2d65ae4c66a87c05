#include "firmware-tools/chipsim/classic.h"

enum {
	CMD_READ = 0x30,
	CMD_WRITE = 0xA0,
	CMD_TRANSFER = 0xB0,
	CMD_DECREMENT = 0xC0,
	CMD_INCREMENT = 0xC1,
	CMD_RESTORE = 0xC2,
	KEY_B_AT = 10,
	ACCESS_AT = 6,
	NO_ACCESS = 8,	/* the access bits contradict their copies: nothing is allowed */
	BIG_FROM = 128, /* sectors of 16 blocks begin here */
	WRITE_NS = 4100000,
};

/* Who may: by neither key, by A, by B, by both. */
enum who { NOBODY, KEY_A, KEY_B, BOTH };

/* 8.7.1, by C1 C2 C3 as a number: data blocks. */
static const struct {
	uint8_t read, write, increment, decrement;
} data_access[NO_ACCESS + 1] = {
	[0] = { BOTH, BOTH, BOTH, BOTH },
	[1] = { BOTH, NOBODY, NOBODY, BOTH },
	[2] = { BOTH, NOBODY, NOBODY, NOBODY },
	[3] = { KEY_B, KEY_B, NOBODY, NOBODY },
	[4] = { BOTH, KEY_B, NOBODY, NOBODY },
	[5] = { KEY_B, NOBODY, NOBODY, NOBODY },
	[6] = { BOTH, KEY_B, KEY_B, BOTH },
};

/* The same of the sector's last block: its parts. */
static const struct {
	uint8_t write_a, read_bits, write_bits, read_b, write_b;
} trailer_access[NO_ACCESS + 1] = {
	[0] = { KEY_A, KEY_A, NOBODY, KEY_A, KEY_A },
	[1] = { KEY_A, KEY_A, KEY_A, KEY_A, KEY_A },
	[2] = { NOBODY, KEY_A, NOBODY, KEY_A, NOBODY },
	[3] = { KEY_B, BOTH, KEY_B, NOBODY, KEY_B },
	[4] = { KEY_B, BOTH, NOBODY, NOBODY, KEY_B },
	[5] = { NOBODY, BOTH, KEY_B, NOBODY, NOBODY },
	[6] = { NOBODY, BOTH, NOBODY, NOBODY, NOBODY },
	[7] = { NOBODY, BOTH, NOBODY, NOBODY, NOBODY },
};

static int sector_of(size_t block)
{
	return (int)(block < BIG_FROM ? block / 4 : 32 + (block - BIG_FROM) / 16);
}

static size_t trailer_of(size_t block)
{
	return block < BIG_FROM ? block | 3 : block | 15;
}

static bool is_trailer(size_t block)
{
	return block == trailer_of(block);
}

static unsigned group_of(size_t block)
{
	return (unsigned)(block < BIG_FROM ? block % 4 : block % 16 / 5);
}

/* C1 C2 C3 of a group, each also stored inverted. */
static unsigned access_of(const struct sim_classic *c, size_t block, unsigned group)
{
	const uint8_t *b = c->mem[trailer_of(block)] + ACCESS_AT;
	unsigned c1 = b[1] >> 4, c2 = b[2] & 15u, c3 = b[2] >> 4;

	if (((b[0] & 15u) ^ 15u) != c1 || (b[0] >> 4 ^ 15) != (int)c2 || ((b[1] & 15u) ^ 15u) != c3)
		return NO_ACCESS;
	return (c1 >> group & 1) << 2 | (c2 >> group & 1) << 1 | (c3 >> group & 1);
}

/* A key B that may be read is no key (8.7.2, remark). */
static bool may(const struct sim_classic *c, size_t block, uint8_t who)
{
	bool readable = trailer_access[access_of(c, block, 3)].read_b != NOBODY;

	if (c->sector != sector_of(block))
		return false;
	return c->key_b ? (who & KEY_B) && !readable : who & KEY_A;
}

struct sim_classic *sim_classic_new(
	struct arena *a, uint16_t blocks, const uint8_t uid[CLASSIC_UID_LEN])
{
	static const uint8_t transport[] = { 0xFF, 0x07, 0x80, 0x69 };
	struct sim_classic *c = ARENA_NEW(a, struct sim_classic);

	c->blocks = blocks;
	memcpy(c->mem[0], uid, CLASSIC_UID_LEN);
	c->mem[0][4] = (uint8_t)(uid[0] ^ uid[1] ^ uid[2] ^ uid[3]);
	c->mem[0][5] = blocks > BIG_FROM ? 0x18 : 0x08;
	c->mem[0][6] = blocks > BIG_FROM ? 0x02 : 0x04;
	for (size_t block = 0; block < blocks; block++)
		if (is_trailer(block)) {
			memset(c->mem[block], 0xFF, CLASSIC_BLOCK);
			memcpy(c->mem[block] + ACCESS_AT, transport, sizeof(transport));
		}
	sim_classic_power_up(c);
	return c;
}

void sim_classic_power_up(struct sim_classic *c)
{
	c->sector = -1;
	c->pending = 0;
	c->has_transfer = false;
}

bool sim_classic_login(struct sim_classic *c, bool key_b, uint8_t block,
	const uint8_t key[CLASSIC_KEY_LEN], const uint8_t uid[CLASSIC_UID_LEN])
{
	const uint8_t *trailer;

	sim_classic_power_up(c);
	if (block >= c->blocks || memcmp(uid, c->mem[0], CLASSIC_UID_LEN) != 0)
		return false;
	trailer = c->mem[trailer_of(block)];
	if (memcmp(trailer + (key_b ? KEY_B_AT : 0), key, CLASSIC_KEY_LEN) != 0)
		return false;
	c->sector = sector_of(block);
	c->key_b = key_b;
	return true;
}

static enum sim_answer do_read(struct sim_classic *c, size_t block, struct buf *out)
{
	uint8_t data[CLASSIC_BLOCK];
	unsigned bits = access_of(c, block, is_trailer(block) ? 3 : group_of(block));

	if (!is_trailer(block)) {
		if (!may(c, block, data_access[bits].read))
			return SIM_NAK_AUTH;
		buf_add(out, bytes_of(c->mem[block], CLASSIC_BLOCK));
		return SIM_DATA;
	}
	if (c->sector != sector_of(block))
		return SIM_NAK_AUTH;
	memcpy(data, c->mem[block], CLASSIC_BLOCK);
	memset(data, 0, CLASSIC_KEY_LEN);
	if (!may(c, block, trailer_access[bits].read_bits))
		memset(data + ACCESS_AT, 0, 4);
	if (!may(c, block, trailer_access[bits].read_b))
		memset(data + KEY_B_AT, 0, CLASSIC_KEY_LEN);
	buf_add(out, bytes_of(data, sizeof(data)));
	return SIM_DATA;
}

static bool may_write(const struct sim_classic *c, size_t block)
{
	unsigned bits = access_of(c, block, is_trailer(block) ? 3 : group_of(block));

	if (block == 0)
		return false; /* the maker's */
	if (!is_trailer(block))
		return may(c, block, data_access[bits].write);
	return may(c, block, trailer_access[bits].write_a) ||
	       may(c, block, trailer_access[bits].write_bits) ||
	       may(c, block, trailer_access[bits].write_b);
}

static void store(struct sim_classic *c, size_t block, const uint8_t *data, size_t len)
{
	unsigned bits = access_of(c, block, 3);
	uint8_t fresh[CLASSIC_BLOCK];

	memcpy(fresh, c->mem[block], CLASSIC_BLOCK);
	memcpy(fresh, data, len);
	if (is_trailer(block)) {
		if (!may(c, block, trailer_access[bits].write_a))
			memcpy(fresh, c->mem[block], CLASSIC_KEY_LEN);
		if (!may(c, block, trailer_access[bits].write_bits))
			memcpy(fresh + ACCESS_AT, c->mem[block] + ACCESS_AT, 4);
		if (!may(c, block, trailer_access[bits].write_b))
			memcpy(fresh + KEY_B_AT, c->mem[block] + KEY_B_AT, CLASSIC_KEY_LEN);
	}
	memcpy(c->mem[block], fresh, CLASSIC_BLOCK);
}

/* A value block (8.6.2.1): the value three times, the middle one inverted, the address four times.
 */
static bool value_read(const uint8_t *b, int32_t *value)
{
	uint32_t v = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
		     (uint32_t)b[3] << 24;

	for (size_t i = 0; i < 4; i++)
		if (b[i] != b[8 + i] || (b[i] ^ b[4 + i]) != 0xFF)
			return false;
	if (b[12] != b[14] || b[13] != b[15] || (b[12] ^ b[13]) != 0xFF)
		return false;
	*value = (int32_t)v;
	return true;
}

static void value_write(uint8_t *b, int32_t value, uint8_t address)
{
	for (size_t i = 0; i < 4; i++) {
		b[i] = b[8 + i] = (uint8_t)((uint32_t)value >> (8 * i));
		b[4 + i] = (uint8_t)~b[i];
	}
	b[12] = b[14] = address;
	b[13] = b[15] = (uint8_t)~address;
}

/* The second half of INCREMENT, DECREMENT and RESTORE: no answer means that all is well. */
static enum sim_answer do_value(
	struct sim_classic *c, uint8_t code, size_t block, struct bytes data)
{
	int32_t value;
	uint32_t by = 0;

	if (data.len != 4 || !value_read(c->mem[block], &value))
		return SIM_NAK_ARGUMENT;
	for (size_t i = 0; i < 4; i++)
		by |= (uint32_t)data.p[i] << (8 * i);
	if (code == CMD_INCREMENT)
		value = (int32_t)((uint32_t)value + by);
	else if (code == CMD_DECREMENT)
		value = (int32_t)((uint32_t)value - by);
	value_write(c->transfer, value, c->mem[block][12]);
	c->has_transfer = true;
	return SIM_SILENT;
}

static enum sim_answer second_half(
	struct sim_classic *c, uint8_t code, struct bytes data, uint64_t *ns)
{
	if (code != CMD_WRITE)
		return do_value(c, code, c->pending_block, data);
	if (data.len != CLASSIC_BLOCK)
		return SIM_NAK_ARGUMENT;
	store(c, c->pending_block, data.p, CLASSIC_BLOCK);
	*ns = WRITE_NS;
	return SIM_ACK;
}

static enum sim_answer do_transfer(struct sim_classic *c, size_t block, uint64_t *ns)
{
	if (!c->has_transfer || is_trailer(block) ||
		!may(c, block, data_access[access_of(c, block, group_of(block))].decrement))
		return SIM_NAK_AUTH;
	memcpy(c->mem[block], c->transfer, CLASSIC_BLOCK);
	c->has_transfer = false;
	*ns = WRITE_NS;
	return SIM_ACK;
}

static enum sim_answer first_half(struct sim_classic *c, uint8_t code, size_t block)
{
	unsigned bits = access_of(c, block, is_trailer(block) ? 3 : group_of(block));
	bool allowed = code == CMD_WRITE ? may_write(c, block) : !is_trailer(block);

	if (code == CMD_INCREMENT)
		allowed = allowed && may(c, block, data_access[bits].increment);
	else if (code != CMD_WRITE)
		allowed = allowed && may(c, block, data_access[bits].decrement);
	if (!allowed)
		return SIM_NAK_AUTH;
	c->pending = code;
	c->pending_block = (uint8_t)block;
	return SIM_ACK;
}

enum sim_answer sim_classic_command(
	struct sim_classic *c, struct bytes command, struct buf *out, uint64_t *ns)
{
	uint8_t pending = c->pending, code = command.len ? command.p[0] : 0;

	*ns = 0;
	c->pending = 0;
	if (pending)
		return second_half(c, pending, command, ns);
	if (command.len != 2 || command.p[1] >= c->blocks || c->sector < 0)
		return SIM_NAK_AUTH;
	switch (code) {
	case CMD_READ:
		return do_read(c, command.p[1], out);
	case CMD_TRANSFER:
		return do_transfer(c, command.p[1], ns);
	case CMD_WRITE:
	case CMD_INCREMENT:
	case CMD_DECREMENT:
	case CMD_RESTORE:
		return first_half(c, code, command.p[1]);
	default:
		return SIM_NAK_ARGUMENT;
	}
}

void sim_classic_tear(struct sim_classic *c, struct bytes command)
{
	if (c->pending == CMD_WRITE && command.len == CLASSIC_BLOCK)
		store(c, c->pending_block, command.p, CLASSIC_BLOCK / 2);
}

/* What the chip does on the air: activation, selection, exchanges. */
#include "firmware-tools/chipsim/chip.h"

enum { CASCADE_TAG = 0x88, SAK_BLOCKS = 0x20, AUTO_RATS = 0x10 };

static void air_set(struct sim_air *air, struct bytes data, bool crc)
{
	uint16_t sum = sim_crc(data);

	memcpy(air->data, data.p, data.len);
	air->bits = data.len * 8;
	if (crc) {
		air->data[data.len] = (uint8_t)sum;
		air->data[data.len + 1] = (uint8_t)(sum >> 8);
		air->bits += 16;
	}
}

/* RFConfiguration item 2; 0 counts as 16. */
static uint64_t timeout_ns(const struct chip *c)
{
	unsigned n = c->timeout_code == 0 || c->timeout_code > 16 ? 16 : c->timeout_code;

	return UINT64_C(100000) << (n - 1);
}

/* One frame out and, perhaps, one back; the clock goes on by what that took. */
static void on_air(struct chip *c, const struct sim_air *sent, struct sim_air *answer)
{
	sim_field_exchange(c->field, sent, answer);
	if (answer->ns > timeout_ns(c)) /* done, but nobody listened any more */
		answer->bits = 0;
	else
		c->clock.now_ns += answer->ns;
	c->clock.now_ns += sim_air_ns(sent->bits, answer->bits);
}

/* Nobody answered: the chip waited its whole timeout. */
static enum chip_status timed_out(struct chip *c)
{
	c->clock.now_ns += timeout_ns(c);
	return CHIP_TIMEOUT;
}

enum chip_status chip_exchange(struct chip *c, struct bytes data, struct sim_air *answer)
{
	struct sim_air sent;
	struct bytes got;

	air_set(&sent, data, true);
	on_air(c, &sent, answer);
	if (answer->bits == 0)
		return timed_out(c);
	if (answer->bits == 4)
		return CHIP_FORMAT;
	got = bytes_of(answer->data, answer->bits / 8);
	if (!sim_crc_strip(&got))
		return CHIP_CRC;
	answer->bits = got.len * 8;
	return got.len > CHIP_DATA_MAX ? CHIP_OVERFLOW : CHIP_OK;
}

enum chip_status chip_exchange_raw(struct chip *c, struct bytes data, struct sim_air *answer)
{
	const uint8_t *reg = c->registers;
	bool other_framing = (reg[REG_TX_MODE] & 0x03) || (reg[REG_RX_MODE] & 0x03);
	uint8_t last_bits = reg[REG_BIT_FRAMING] & 0x07;
	struct sim_air sent;
	struct bytes got;

	answer->bits = 0;
	if (data.len == 0 || other_framing || (reg[REG_MANUAL_RCV] & 0x10))
		return timed_out(c);
	air_set(&sent, data, (reg[REG_TX_MODE] & 0x80) && last_bits == 0);
	if (last_bits)
		sent.bits -= 8U - last_bits;
	on_air(c, &sent, answer);
	c->registers[REG_CONTROL] = (uint8_t)((reg[REG_CONTROL] & ~0x07U) | (answer->bits & 0x07));
	if (answer->bits == 0)
		return timed_out(c);
	if ((answer->bits + 7) / 8 > CHIP_DATA_MAX + 2)
		return CHIP_OVERFLOW;
	if (answer->collision >= 0)
		return CHIP_COLLISION;
	if (!(reg[REG_RX_MODE] & 0x80))
		return CHIP_OK;
	got = bytes_of(answer->data, answer->bits / 8);
	if (answer->bits % 8 || !sim_crc_strip(&got))
		return CHIP_CRC;
	answer->bits = got.len * 8;
	return CHIP_OK;
}

static bool wake(struct chip *c, bool halted_too, uint8_t atqa[2])
{
	struct sim_air sent = { .data = { halted_too ? 0x52 : 0x26 }, .bits = 7 }, answer;

	on_air(c, &sent, &answer);
	if (answer.bits != 16)
		return false;
	memcpy(atqa, answer.data, 2);
	return true;
}

/* The code of one cascade level; where tags differ, those with a 1 are followed. */
static bool anticollision(struct chip *c, uint8_t command, uint8_t code[5])
{
	size_t known = 0;

	memset(code, 0, 5);
	while (known < 40) {
		struct sim_air sent = { .data = { command }, .bits = 16 + known }, answer;

		sent.data[1] = (uint8_t)((2 + known / 8) << 4 | known % 8);
		memcpy(sent.data + 2, code, 5);
		on_air(c, &sent, &answer);
		if (answer.bits == 0)
			return false;
		for (size_t i = known / 8, from = 0; i < 5; i++, from++)
			code[i] |= answer.data[from];
		if (answer.collision < 0)
			break;
		/* keep what all agreed on, choose 1, forget the rest */
		known = (size_t)answer.collision;
		for (size_t bit = known + 1; bit < 40; bit++)
			code[bit / 8] &= (uint8_t) ~(1U << (bit % 8));
		code[known / 8] |= (uint8_t)(1U << (known % 8));
		known++;
	}
	return (code[0] ^ code[1] ^ code[2] ^ code[3]) == code[4];
}

static bool select_level(struct chip *c, uint8_t command, const uint8_t code[5], uint8_t *sak)
{
	uint8_t frame[7] = { command, 0x70 };
	struct sim_air answer;

	memcpy(frame + 2, code, 5);
	if (chip_exchange(c, bytes_of(frame, sizeof(frame)), &answer) != CHIP_OK)
		return false;
	*sak = answer.data[0];
	return answer.bits == 8;
}

static void add_check(uint8_t code[5])
{
	code[4] = (uint8_t)(code[0] ^ code[1] ^ code[2] ^ code[3]);
}

/* One level of the cascade: which tag, and its SAK. */
static bool cascade(struct chip *c, uint8_t command, bool known, uint8_t code[5], uint8_t *sak)
{
	if (known)
		add_check(code);
	return (known || anticollision(c, command, code)) && select_level(c, command, code, sak);
}

/* Of at most two levels: no tag here has a UID of 10 bytes. */
static bool find_uid(struct chip *c, struct chip_target *t)
{
	uint8_t one[5] = { CASCADE_TAG, t->uid[0], t->uid[1], t->uid[2] },
		two[5] = { t->uid[3], t->uid[4], t->uid[5], t->uid[6] };
	bool known = t->uid_len > 0;

	if (t->uid_len == 4)
		memcpy(one, t->uid, 4);
	if (!cascade(c, 0x93, known, one, &t->sak))
		return false;
	if (!(t->sak & 0x04)) {
		memcpy(t->uid, one, 4);
		t->uid_len = 4;
		return true;
	}
	if (one[0] != CASCADE_TAG || !cascade(c, 0x95, known, two, &t->sak) || (t->sak & 0x04))
		return false;
	memcpy(t->uid, one + 1, 3);
	memcpy(t->uid + 3, two, 4);
	t->uid_len = 7;
	return true;
}

/* RATS: frames of up to 64 bytes for us, no CID (14443-4 5.1). */
static bool ask_ats(struct chip *c, struct chip_target *t)
{
	static const uint8_t sizes[] = { 16, 24, 32, 40, 48, 64, 96, 128 };
	struct sim_air answer;
	uint8_t code;

	if (chip_exchange(c, BYTES("\xE0\x50"), &answer) != CHIP_OK || answer.bits < 8)
		return false;
	t->ats_len = (uint8_t)(answer.bits / 8 < sizeof(t->ats) ? answer.bits / 8 : sizeof(t->ats));
	memcpy(t->ats, answer.data, t->ats_len);
	code = t->ats_len > 1 ? t->ats[1] & 0x0F : 2;
	t->frame_max = code < ARRAY_LEN(sizes) ? sizes[code] : 128;
	t->block = 0;
	return true;
}

bool chip_activate(struct chip *c, bool halted_too, struct chip_target *t)
{
	t->ats_len = 0;
	return wake(c, halted_too, t->atqa) && find_uid(c, t) &&
	       (!(t->sak & SAK_BLOCKS) || !(c->parameters & AUTO_RATS) || ask_ats(c, t));
}

/* The parts of a command, each but the last acknowledged (14443-4 7.5.2). */
static enum chip_status send_blocks(
	struct chip *c, struct chip_target *t, struct bytes data, struct sim_air *answer)
{
	size_t room = t->frame_max - 3U;

	for (;;) {
		uint8_t memory[256];
		struct buf block = BUF_ON(memory);
		struct bytes part = bytes_of(data.p, data.len < room ? data.len : room);
		bool more = part.len < data.len;
		enum chip_status s;

		buf_add_u8(&block, (uint8_t)(0x02 | (more ? 0x10 : 0) | t->block));
		buf_add(&block, part);
		s = chip_exchange(c, buf_bytes(&block), answer);
		if (s != CHIP_OK)
			return s;
		if (!more)
			return CHIP_OK;
		if (answer->data[0] != (0xA2 | t->block))
			return CHIP_CONTEXT;
		t->block ^= 1;
		data = bytes_of(data.p + part.len, data.len - part.len);
	}
}

enum chip_status chip_exchange_blocks(
	struct chip *c, struct chip_target *t, struct bytes data, struct buf *reply)
{
	struct sim_air answer;
	enum chip_status s = send_blocks(c, t, data, &answer);

	for (;;) {
		uint8_t receipt;
		size_t len = answer.bits / 8;

		if (s != CHIP_OK)
			return s;
		if (len == 0 || (answer.data[0] & 0xE2) != 0x02 || (answer.data[0] & 1) != t->block)
			return CHIP_CONTEXT;
		t->block ^= 1;
		if (reply->len + len - 1 > CHIP_DATA_MAX)
			return CHIP_OVERFLOW;
		buf_add(reply, bytes_of(answer.data + 1, len - 1));
		if (!(answer.data[0] & 0x10))
			return CHIP_OK;
		receipt = (uint8_t)(0xA2 | t->block);
		s = chip_exchange(c, bytes_of(&receipt, 1), &answer);
	}
}

void chip_halt(struct chip *c, struct chip_target *t)
{
	struct sim_air sent, answer;

	if (!t->selected)
		return;
	if (t->ats_len) /* S(DESELECT) */
		air_set(&sent, BYTES("\xC2"), true);
	else
		air_set(&sent, BYTES("\x50\x00"), true);
	on_air(c, &sent, &answer);
	t->selected = false;
}

enum chip_status chip_select(struct chip *c, uint8_t tg)
{
	struct chip_target *t;

	if (tg == 0 || tg > CHIP_TARGETS || !c->targets[tg - 1].known)
		return CHIP_CONTEXT;
	t = &c->targets[tg - 1];
	if (t->selected)
		return CHIP_OK;
	for (size_t i = 0; i < CHIP_TARGETS; i++)
		chip_halt(c, &c->targets[i]);
	if (!chip_activate(c, true, t))
		return timed_out(c);
	t->selected = true;
	return CHIP_OK;
}

void chip_forget_targets(struct chip *c)
{
	memset(c->targets, 0, sizeof(c->targets));
}

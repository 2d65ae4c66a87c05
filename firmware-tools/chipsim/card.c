#include "firmware-tools/chipsim/card.h"

enum {
	RATS = 0xE0,
	S_DESELECT = 0xC2,
	R_ACK = 0xA2,
	PCB_CID = 0x08,
	PCB_CHAIN = 0x10, /* of an I-block; NAK of an R-block */
	PCB_BLOCK = 0x01,
};

/* ATS by kind: TL, T0 (FSCI 5: 64 bytes), TA, TB, TC, historical bytes. */
static const struct {
	uint8_t len, bytes[8];
} ats[] = {
	[CARD_DESFIRE] = { 6, { 0x06, 0x75, 0x77, 0x81, 0x02, 0x80 } },
	[CARD_NTAG424] = { 6, { 0x06, 0x77, 0x77, 0x71, 0x02, 0x80 } },
	[CARD_PHONE] = { 5, { 0x05, 0x78, 0x80, 0x70, 0x02 } },
};

struct bytes sim_card_ats(enum card_kind kind)
{
	return bytes_of(ats[kind].bytes, ats[kind].len);
}

struct sim_card *sim_card_new(struct arena *a, enum card_kind kind, const uint8_t uid[SIM_UID_LEN])
{
	struct sim_card *c = ARENA_NEW(a, struct sim_card);

	c->kind = kind;
	c->arena = a;
	c->settings = CARD_SETTINGS;
	memcpy(c->uid, uid, SIM_UID_LEN);
	sim_card_power_up(c);
	return c;
}

void sim_card_power_up(struct sim_card *c)
{
	c->active = c->halted = c->sun.counted = false;
	c->block = 1;
	c->command_len = c->answer_len = c->answer_at = c->last_len = 0;
	card_session_reset(c);
}

/* FSDI to bytes, 14443-4 table 1. */
static size_t frame_size(uint8_t code)
{
	static const uint16_t sizes[] = { 16, 24, 32, 40, 48, 64, 96, 128, 256 };

	return code < ARRAY_LEN(sizes) ? sizes[code] : 256;
}

static enum sim_answer do_rats(struct sim_card *c, struct bytes frame, struct buf *out)
{
	sim_card_power_up(c);
	c->active = true;
	c->frame_max = frame_size(frame.p[1] >> 4);
	buf_add(out, sim_card_ats(c->kind));
	return SIM_DATA;
}

/* A block of ours: kept, so that it can be sent again. */
static enum sim_answer send(struct sim_card *c, uint8_t pcb, struct bytes data, struct buf *out)
{
	struct buf last = BUF_ON(c->last);

	buf_add_u8(&last, pcb);
	buf_add(&last, data);
	c->last_len = buf_bytes(&last).len;
	buf_add(out, buf_bytes(&last));
	return SIM_DATA;
}

static enum sim_answer send_part(struct sim_card *c, struct buf *out)
{
	size_t room = c->frame_max - 3, left = c->answer_len - c->answer_at;
	size_t n = left < room ? left : room;
	struct bytes part = bytes_of(c->answer + c->answer_at, n);

	c->answer_at += n;
	return send(c, (uint8_t)(0x02 | (n < left ? PCB_CHAIN : 0) | c->block), part, out);
}

static enum sim_answer take_information(
	struct sim_card *c, uint8_t pcb, struct bytes data, struct buf *out)
{
	struct buf answer = BUF_ON(c->answer);

	c->block ^= 1; /* rule D: each I-block turns it */
	if (c->command_len + data.len > sizeof(c->command)) {
		c->command_len = 0;
		return SIM_SILENT;
	}
	memcpy(c->command + c->command_len, data.p, data.len);
	c->command_len += data.len;
	if (pcb & PCB_CHAIN)
		return send(c, (uint8_t)(R_ACK | c->block), bytes_of(data.p, 0), out);
	card_apdu(c, bytes_of(c->command, c->command_len), &answer);
	c->command_len = 0;
	c->answer_len = buf_bytes(&answer).len;
	c->answer_at = 0;
	return send_part(c, out);
}

/* Rules 11 to 13: again, the next part, or just "I am here". */
static enum sim_answer take_receipt(struct sim_card *c, uint8_t pcb, struct buf *out)
{
	if ((pcb & PCB_BLOCK) == c->block && c->last_len) {
		buf_add(out, bytes_of(c->last, c->last_len));
		return SIM_DATA;
	}
	if (pcb & PCB_CHAIN)
		return send(c, (uint8_t)(R_ACK | c->block), bytes_of(c->last, 0), out);
	c->block ^= 1;
	return send_part(c, out);
}

enum sim_answer sim_card_block(struct sim_card *c, struct bytes frame, struct buf *out)
{
	uint8_t pcb = frame.len ? frame.p[0] : 0;
	size_t head = 1;

	if (frame.len == 2 && pcb == RATS)
		return do_rats(c, frame, out);
	if (!c->active || frame.len == 0)
		return SIM_SILENT;
	if ((pcb & PCB_CID) && frame.len > 1)
		return SIM_SILENT; /* the ATS offers none */
	if ((pcb & 0xF7) == S_DESELECT) {
		c->halted = true;
		c->active = false;
		buf_add_u8(out, S_DESELECT);
		return SIM_DATA;
	}
	if ((pcb & 0xE2) == 0x02)
		return take_information(c, pcb, bytes_of(frame.p + head, frame.len - head), out);
	if ((pcb & 0xE6) == R_ACK)
		return take_receipt(c, pcb, out);
	return SIM_SILENT;
}

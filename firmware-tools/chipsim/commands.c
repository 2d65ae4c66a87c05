/* The table of the chip's commands; numbers and layouts are those of UM0701-02, section 7. */
#include "firmware-tools/chipsim/chip.h"

enum {
	ENDLESS = 0xFF,
	LIST_SLOT_NS = 5000000,	  /* between tries on an empty field */
	POLL_UNIT_NS = 150000000, /* InAutoPoll's period */
	BRTY_106A = 0x00,
	BRTY_212 = 0x01,
	BRTY_424 = 0x02,
	BRTY_LAST = 0x04,
};

static enum chip_outcome status(struct buf *reply, enum chip_status s)
{
	buf_add_u8(reply, (uint8_t)s);
	return CHIP_REPLY;
}

/* ---- the chip itself ---- */

static enum chip_outcome do_diagnose(struct chip *c, struct bytes args, struct buf *reply)
{
	switch (args.p[0]) {
	case 0x00: /* communication line: everything comes back */
		buf_add(reply, args);
		return CHIP_REPLY;
	case 0x01: /* ROM */
	case 0x02: /* RAM */
	case 0x07: /* antenna */
		return status(reply, CHIP_OK);
	case 0x06: /* is the target still there? */
		return status(reply, c->field->present_count ? CHIP_OK : CHIP_TIMEOUT);
	default:
		return CHIP_SYNTAX;
	}
}

static enum chip_outcome do_version(struct chip *c, struct bytes args, struct buf *reply)
{
	(void)c, (void)args;
	buf_add(reply, BYTES("\x32\x01\x06\x07")); /* IC PN532, version 1.6, 14443 A+B and 18092 */
	return CHIP_REPLY;
}

static enum chip_outcome do_general_status(struct chip *c, struct bytes args, struct buf *reply)
{
	uint8_t known = 0;

	(void)args;
	for (size_t i = 0; i < CHIP_TARGETS; i++)
		known = (uint8_t)(known + c->targets[i].known);
	buf_add_u8(reply, 0x00); /* no error */
	buf_add_u8(reply, c->field->powered);
	buf_add_u8(reply, known);
	for (size_t i = 0; i < CHIP_TARGETS; i++) {
		if (!c->targets[i].known)
			continue;
		buf_add_u8(reply, (uint8_t)(i + 1));
		buf_add(reply, BYTES("\x00\x00\x10")); /* 106 kbit/s both ways, MIFARE */
	}
	buf_add_u8(reply, 0x80); /* no SAM */
	return CHIP_REPLY;
}

static enum chip_outcome do_read_register(struct chip *c, struct bytes args, struct buf *reply)
{
	uint16_t address;

	if (args.len % 2 != 0 || args.len / 2 > CHIP_DATA_MAX)
		return CHIP_SYNTAX;
	while (bytes_take_u16be(&args, &address))
		buf_add_u8(reply, c->registers[address]);
	return CHIP_REPLY;
}

static enum chip_outcome do_write_register(struct chip *c, struct bytes args, struct buf *reply)
{
	uint16_t address;
	uint8_t value;

	(void)reply;
	if (args.len % 3 != 0)
		return CHIP_SYNTAX;
	while (bytes_take_u16be(&args, &address) && bytes_take_u8(&args, &value))
		c->registers[address] = value;
	return CHIP_REPLY;
}

static enum chip_outcome do_read_gpio(struct chip *c, struct bytes args, struct buf *reply)
{
	(void)c, (void)args;
	buf_add(reply, BYTES("\x3F\x06\x00")); /* P3, P7, I0 and I1 low: the serial line */
	return CHIP_REPLY;
}

/* Settings that change nothing that a host could see here. */
static enum chip_outcome do_setting(struct chip *c, struct bytes args, struct buf *reply)
{
	(void)c, (void)args, (void)reply;
	return CHIP_REPLY;
}

static enum chip_outcome do_parameters(struct chip *c, struct bytes args, struct buf *reply)
{
	(void)reply;
	c->parameters = args.p[0];
	return CHIP_REPLY;
}

static enum chip_outcome do_baud(struct chip *c, struct bytes args, struct buf *reply)
{
	(void)c, (void)reply;
	return args.p[0] <= 0x08 ? CHIP_REPLY : CHIP_SYNTAX;
}

static enum chip_outcome do_power_down(struct chip *c, struct bytes args, struct buf *reply)
{
	(void)args;
	sim_field_power(c->field, false);
	chip_forget_targets(c);
	c->asleep = true;
	return status(reply, CHIP_OK);
}

static enum chip_outcome do_rf_configuration(struct chip *c, struct bytes args, struct buf *reply)
{
	static const struct {
		uint8_t item, len;
	} items[] = { { 0x01, 1 }, { 0x02, 3 }, { 0x04, 1 }, { 0x05, 3 }, { 0x0A, 11 }, { 0x0B, 8 },
		{ 0x0C, 3 }, { 0x0D, 9 } };
	const uint8_t *value = args.p + 1;
	size_t i = 0;

	(void)reply;
	while (i < ARRAY_LEN(items) && items[i].item != args.p[0])
		i++;
	if (i == ARRAY_LEN(items) || args.len - 1 != items[i].len)
		return CHIP_SYNTAX;
	if (args.p[0] == 0x01) {
		sim_field_power(c->field, value[0] & 0x01);
		if (!(value[0] & 0x01))
			chip_forget_targets(c);
	} else if (args.p[0] == 0x02) {
		c->timeout_code = value[2];
	} else if (args.p[0] == 0x05) {
		c->retries = value[2];
	}
	return CHIP_REPLY;
}

/* ---- finding targets ---- */

/* A UID of 7 bytes, or as libnfc writes it, with the cascade tag in front. */
static bool read_wanted_uid(struct chip_search *s, struct bytes data)
{
	if (data.len == 0)
		return true;
	if (data.len == SIM_UID_LEN + 1 && data.p[0] == 0x88)
		data = bytes_of(data.p + 1, SIM_UID_LEN);
	memset(s->uid, 0, sizeof(s->uid));
	s->uid_len = SIM_UID_LEN;
	if (data.len == SIM_UID_LEN || data.len == 4) {
		memcpy(s->uid, data.p, data.len);
		s->uid_len = (uint8_t)data.len;
	} else if (data.len != 10 && data.len != 12) {
		return false; /* nobody here has so long a UID: zeros find nobody */
	}
	return true;
}

static enum chip_outcome do_list(struct chip *c, struct bytes args, struct buf *reply)
{
	struct chip_search *s = &c->search;
	uint8_t wanted = args.p[0], brty = args.p[1];
	struct bytes data = bytes_of(args.p + 2, args.len - 2);

	(void)reply;
	if (wanted == 0 || wanted > CHIP_TARGETS || brty > BRTY_LAST)
		return CHIP_SYNTAX;
	/* FeliCa is called by a polling command, whose code is 0: anything else libnfc#671 saw
	 * refused */
	if ((brty == BRTY_212 || brty == BRTY_424) && (data.len != 5 || data.p[0] != 0))
		return CHIP_SYNTAX;
	*s = (struct chip_search){ .command = 0x4A, .wanted = wanted, .type_count = 1 };
	s->types[0] = brty == BRTY_106A ? 0x00 : 0xFF;
	if (brty == BRTY_106A && !read_wanted_uid(s, data))
		return CHIP_SYNTAX;
	chip_search_start(
		c, c->retries == ENDLESS ? UINT64_MAX : c->retries + UINT64_C(1), LIST_SLOT_NS);
	return CHIP_SEARCHES;
}

static enum chip_outcome do_auto_poll(struct chip *c, struct bytes args, struct buf *reply)
{
	struct chip_search *s = &c->search;
	uint8_t rounds = args.p[0], period = args.p[1];
	size_t types = args.len - 2;

	(void)reply;
	if (rounds == 0 || period == 0 || period > 0x0F || types > sizeof(s->types))
		return CHIP_SYNTAX;
	*s = (struct chip_search){ .command = 0x60, .wanted = 1, .type_count = types };
	memcpy(s->types, args.p + 2, types);
	chip_search_start(c, rounds == ENDLESS ? UINT64_MAX : rounds * (uint64_t)types,
		period * (uint64_t)POLL_UNIT_NS);
	return CHIP_SEARCHES;
}

/* The simulated world has no other reader, so nobody ever calls on a chip that plays a tag. */
static enum chip_outcome do_target_mode(struct chip *c, struct bytes args, struct buf *reply)
{
	(void)args, (void)reply;
	c->search = (struct chip_search){ .command = 0x8C };
	chip_search_start(c, UINT64_MAX, POLL_UNIT_NS);
	sim_field_power(c->field, false);
	return CHIP_SEARCHES;
}

/* No peer speaks NFC-DEP here. */
static enum chip_outcome do_no_dep(struct chip *c, struct bytes args, struct buf *reply)
{
	(void)c, (void)args;
	return status(reply, CHIP_TIMEOUT);
}

static enum chip_outcome do_not_now(struct chip *c, struct bytes args, struct buf *reply)
{
	(void)c, (void)args;
	return status(reply, CHIP_CONTEXT);
}

static enum chip_outcome do_select(struct chip *c, struct bytes args, struct buf *reply)
{
	return status(reply, chip_select(c, args.p[0]));
}

static enum chip_outcome leave(struct chip *c, uint8_t tg, bool forget, struct buf *reply)
{
	if (tg > CHIP_TARGETS || (tg > 0 && !c->targets[tg - 1].known))
		return status(reply, CHIP_CONTEXT);
	for (size_t i = 0; i < CHIP_TARGETS; i++) {
		if (tg > 0 && tg - 1U != i)
			continue;
		chip_halt(c, &c->targets[i]);
		if (forget)
			c->targets[i].known = false;
	}
	return status(reply, CHIP_OK);
}

static enum chip_outcome do_deselect(struct chip *c, struct bytes args, struct buf *reply)
{
	return leave(c, args.p[0], false, reply);
}

static enum chip_outcome do_release(struct chip *c, struct bytes args, struct buf *reply)
{
	return leave(c, args.p[0], true, reply);
}

/* ---- data ---- */

/* A command that the tag only acknowledges: 4 bits, 1010. */
static enum chip_status acknowledged(struct chip *c, struct bytes data, struct sim_air *answer)
{
	enum chip_status s = chip_exchange(c, data, answer);
	bool ack = answer->bits == 4 && answer->data[0] == 0x0A;

	if (s == CHIP_FORMAT && ack) {
		answer->bits = 0;
		return CHIP_OK;
	}
	return s == CHIP_OK ? CHIP_FORMAT : s;
}

/* The firmware writes 16 bytes in two steps: the address, then the data. */
static enum chip_status write_16(struct chip *c, struct bytes data, struct sim_air *answer)
{
	enum chip_status s = acknowledged(c, bytes_of(data.p, 2), answer);

	return s == CHIP_OK ? acknowledged(c, bytes_of(data.p + 2, 16), answer) : s;
}

/* The address, which is acknowledged, then the value, which is not: silence means that it was. */
static enum chip_status change_value(struct chip *c, struct bytes data, struct sim_air *answer)
{
	enum chip_status s = acknowledged(c, bytes_of(data.p, 2), answer);

	if (s != CHIP_OK)
		return s;
	s = chip_exchange(c, bytes_of(data.p + 2, 4), answer);
	answer->bits = 0;
	return s == CHIP_TIMEOUT ? CHIP_OK : CHIP_FORMAT;
}

/* For a tag like ours InDataExchange speaks MIFARE: what it does hangs on the first byte. */
static enum chip_status mifare(struct chip *c, struct bytes data, struct sim_air *answer)
{
	uint8_t code = data.len ? data.p[0] : 0;

	answer->bits = 0;
	if (code == 0x60 || code == 0x61) {
		/* authentication of a MIFARE Classic; others refuse it and fall back */
		if (data.len == 12 &&
			sim_field_login(c->field, code == 0x61, data.p[1], data.p + 2)) {
			c->clock.now_ns += 3 * sim_air_ns(64, 32);
			return CHIP_OK;
		}
		chip_exchange(c, bytes_of((uint8_t[]){ code, 0x00 }, 2), answer);
		answer->bits = 0;
		return CHIP_AUTH;
	}
	if (code >= 0xC0 && code <= 0xC2 && data.len == 6)
		return change_value(c, data, answer);
	if (code == 0xB0 && data.len == 2)
		return acknowledged(c, data, answer);
	if (code == 0xA0 && data.len == 18)
		return write_16(c, data, answer);
	if (code == 0xA2)
		return acknowledged(c, data, answer);
	return chip_exchange(c, data, answer);
}

static enum chip_outcome exchange_blocks(
	struct chip *c, struct chip_target *t, struct bytes data, struct buf *reply)
{
	uint8_t memory[CHIP_DATA_MAX];
	struct buf answer = BUF_ON(memory);
	enum chip_status s = chip_exchange_blocks(c, t, data, &answer);

	status(reply, s);
	if (s == CHIP_OK)
		buf_add(reply, buf_bytes(&answer));
	return CHIP_REPLY;
}

static enum chip_outcome do_exchange(struct chip *c, struct bytes args, struct buf *reply)
{
	struct sim_air answer = { .bits = 0 };
	enum chip_status s = chip_select(c, args.p[0] & 0x0F);
	struct bytes data = bytes_of(args.p + 1, args.len - 1);

	if (s == CHIP_OK && c->targets[(args.p[0] & 0x0F) - 1].ats_len)
		return exchange_blocks(c, &c->targets[(args.p[0] & 0x0F) - 1], data, reply);
	if (s == CHIP_OK)
		s = mifare(c, data, &answer);
	status(reply, s);
	if (s == CHIP_OK)
		buf_add(reply, bytes_of(answer.data, answer.bits / 8));
	return CHIP_REPLY;
}

static enum chip_outcome do_thru(struct chip *c, struct bytes args, struct buf *reply)
{
	struct sim_air answer = { .bits = 0 };
	enum chip_status s = chip_exchange_raw(c, args, &answer);

	status(reply, s);
	if (s == CHIP_OK)
		buf_add(reply, bytes_of(answer.data, (answer.bits + 7) / 8));
	return CHIP_REPLY;
}

/* ---- the table, sorted by code ---- */

static const struct chip_command commands[] = {
	{ 0x00, "Diagnose", 1, false, do_diagnose },
	{ 0x02, "GetFirmwareVersion", 0, false, do_version },
	{ 0x04, "GetGeneralStatus", 0, false, do_general_status },
	{ 0x06, "ReadRegister", 2, false, do_read_register },
	{ 0x08, "WriteRegister", 3, false, do_write_register },
	{ 0x0C, "ReadGPIO", 0, false, do_read_gpio },
	{ 0x0E, "WriteGPIO", 2, false, do_setting },
	{ 0x10, "SetSerialBaudRate", 1, false, do_baud },
	{ 0x12, "SetParameters", 1, false, do_parameters },
	{ 0x14, "SAMConfiguration", 1, false, do_setting },
	{ 0x16, "PowerDown", 1, false, do_power_down },
	{ 0x32, "RFConfiguration", 2, false, do_rf_configuration },
	{ 0x40, "InDataExchange", 1, true, do_exchange },
	{ 0x42, "InCommunicateThru", 0, true, do_thru },
	{ 0x44, "InDeselect", 1, false, do_deselect },
	{ 0x46, "InJumpForPSL", 2, false, do_no_dep },
	{ 0x4A, "InListPassiveTarget", 2, false, do_list },
	{ 0x4E, "InPSL", 3, false, do_not_now },
	{ 0x50, "InATR", 2, false, do_not_now },
	{ 0x52, "InRelease", 1, false, do_release },
	{ 0x54, "InSelect", 1, false, do_select },
	{ 0x56, "InJumpForDEP", 2, false, do_no_dep },
	{ 0x60, "InAutoPoll", 3, false, do_auto_poll },
	{ 0x8C, "TgInitAsTarget", 1, false, do_target_mode },
};

const struct chip_command *chip_command_find(uint8_t code)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (commands[i].code == code)
			return &commands[i];
	return NULL;
}

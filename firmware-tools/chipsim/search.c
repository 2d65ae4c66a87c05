/* Commands that wait for a tag: InListPassiveTarget, InAutoPoll, and TgInitAsTarget for ever. */
#include "firmware-tools/chipsim/chip.h"

enum { TYPE_GENERIC_106A = 0x00, TYPE_MIFARE = 0x10, TYPE_ISO14443_4 = 0x20, IN_AUTO_POLL = 0x60 };

/* UM0701-02 7.3.5: ATQA with its second byte first, SAK, UID, and the ATS where there is one. */
static void add_target(struct buf *reply, uint8_t number, const struct chip_target *t)
{
	buf_add_u8(reply, number);
	buf_add_u8(reply, t->atqa[1]);
	buf_add_u8(reply, t->atqa[0]);
	buf_add_u8(reply, t->sak);
	buf_add_u8(reply, t->uid_len);
	buf_add(reply, bytes_of(t->uid, t->uid_len));
	buf_add(reply, bytes_of(t->ats, t->ats_len));
}

static size_t find_targets(struct chip *c)
{
	struct chip_search *s = &c->search;
	size_t found = 0;

	c->polls++;
	chip_forget_targets(c);
	while (found < s->wanted) {
		struct chip_target *t = &c->targets[found];

		if (found > 0)
			chip_halt(c, &c->targets[found - 1]);
		memcpy(t->uid, s->uid, sizeof(t->uid));
		t->uid_len = s->uid_len;
		if (!chip_activate(c, c->wupa && found == 0, t))
			break;
		t->known = t->selected = true;
		found++;
	}
	return found;
}

/* The reply with what was found; with none, the same reply says so. */
static void finish(struct chip *c, size_t found)
{
	uint8_t memory[FRAME_BODY_MAX];
	struct buf reply = BUF_ON(memory);

	buf_add_u8(&reply, (uint8_t)found);
	for (size_t i = 0; i < found; i++) {
		const struct chip_target *t = &c->targets[i];

		if (c->search.command == IN_AUTO_POLL) {
			buf_add_u8(&reply, t->ats_len ? TYPE_ISO14443_4 : TYPE_MIFARE);
			buf_add_u8(&reply, (uint8_t)(5 + t->uid_len + t->ats_len));
		}
		add_target(&reply, (uint8_t)(i + 1), t);
	}
	if (found > 0) { /* the firmware leaves the contactless unit set up for 106A with CRC */
		c->registers[REG_TX_MODE] = 0x80;
		c->registers[REG_RX_MODE] = 0x80;
		c->registers[REG_BIT_FRAMING] = 0;
	}
	c->search.on = false;
	chip_reply(c, c->search.command, buf_bytes(&reply));
}

/* One try; true when the search is over. */
static bool slot(struct chip *c)
{
	struct chip_search *s = &c->search;
	uint8_t type = s->type_count ? s->types[s->slot % s->type_count] : 0xFF;
	size_t found = 0;

	if (c->clock.now_ns < s->next_ns)
		c->clock.now_ns = s->next_ns;
	if (type == TYPE_GENERIC_106A || type == TYPE_MIFARE || type == TYPE_ISO14443_4)
		found = find_targets(c);
	if (found > 0) {
		finish(c, found);
		return true;
	}
	s->slot++;
	s->next_ns += s->slot_ns;
	if (s->endless || --s->slots_left > 0)
		return false;
	c->clock.now_ns = s->next_ns;
	finish(c, 0);
	return true;
}

void chip_search_start(struct chip *c, uint64_t slots, uint64_t slot_ns)
{
	struct chip_search *s = &c->search;

	s->on = true;
	s->endless = slots == UINT64_MAX;
	s->slots_left = slots;
	s->slot = 0;
	s->slot_ns = slot_ns;
	s->next_ns = c->clock.now_ns;
	sim_field_power(c->field, true);
}

/*
 * Without real time, tries that follow each other at once tell nothing new after the second round:
 * an endless search then waits for the field to change, a finite one ends.
 */
static void run_unreal(struct chip *c)
{
	struct chip_search *s = &c->search;
	uint64_t rounds = 2 * (s->type_count ? s->type_count : 1);

	s->next_ns = c->clock.now_ns;
	for (uint64_t i = 0; i < rounds; i++)
		if (slot(c))
			return;
	if (s->endless)
		return;
	s->next_ns += (s->slots_left - 1) * s->slot_ns;
	s->slots_left = 1;
	slot(c);
}

void chip_run(struct chip *c, uint64_t world_ns)
{
	if (!c->search.on)
		return;
	if (!c->clock.real) {
		run_unreal(c);
		return;
	}
	while (c->search.on && c->search.next_ns <= world_ns)
		slot(c);
}

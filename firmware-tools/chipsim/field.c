#include "firmware-tools/chipsim/field.h"

#include "firmware-tools/chipsim/card.h"
#include "firmware-tools/chipsim/classic.h"

enum {
	AIR_REQA = 0x26,
	AIR_WUPA = 0x52,
	AIR_CASCADE1 = 0x93,
	AIR_CASCADE2 = 0x95,
	AIR_HLTA = 0x50,
	CASCADE_TAG = 0x88,
};

uint16_t sim_crc(struct bytes b)
{
	uint16_t crc = 0x6363;

	for (size_t i = 0; i < b.len; i++) {
		crc ^= b.p[i];
		for (int bit = 0; bit < 8; bit++)
			crc = (uint16_t)(crc >> 1 ^ (crc & 1 ? 0x8408 : 0));
	}
	return crc;
}

bool sim_crc_strip(struct bytes *b)
{
	uint16_t crc;

	if (b->len < 3)
		return false;
	crc = sim_crc(bytes_of(b->p, b->len - 2));
	if (b->p[b->len - 2] != (crc & 0xFF) || b->p[b->len - 1] != crc >> 8)
		return false;
	b->len -= 2;
	return true;
}

void sim_field_init(struct sim_field *f, struct arena *a)
{
	memset(f, 0, sizeof(*f));
	f->pull = -1;
	f->arena = a;
}

struct sim_named *sim_field_find(struct sim_field *f, struct str name)
{
	for (size_t i = 0; i < f->count; i++)
		if (str_equal(name, str_of(f->tags[i]->name)))
			return f->tags[i];
	return NULL;
}

static bool name_ok(struct str name)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";

	for (size_t i = 0; i < name.len; i++)
		if (!name.p[i] || !strchr(allowed, name.p[i]))
			return false;
	return name.len > 0 && name.len < SIM_NAME_MAX;
}

bool sim_field_add(struct sim_field *f, struct str name, struct sim_named **out, struct err *e)
{
	if (!name_ok(name))
		return err_set(e, ERR_USAGE, "a tag's name is 1 to %d of A-Z a-z 0-9 . _ -",
			SIM_NAME_MAX - 1);
	if (sim_field_find(f, name))
		return err_set(
			e, ERR_CONFLICT, "there is a tag " STR_FMT " already", STR_ARG(name));
	if (f->count == SIM_TAGS_MAX)
		return err_set(e, ERR_FULL, "no more than %d tags", SIM_TAGS_MAX);
	*out = ARENA_NEW(f->arena, struct sim_named);
	memcpy((*out)->name, name.p, name.len);
	f->tags[f->count++] = *out;
	return true;
}

bool sim_field_put(struct sim_field *f, struct sim_named *tag, struct err *e)
{
	if (tag->present)
		return true;
	if (f->present_count == SIM_PRESENT_MAX)
		return err_set(e, ERR_FULL, "no more than %d tags in the field", SIM_PRESENT_MAX);
	tag->present = true;
	sim_tag_power_up(&tag->tag);
	f->present[f->present_count++] = tag;
	return true;
}

void sim_field_take(struct sim_field *f, struct sim_named *tag)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->present_count; i++)
		if (f->present[i] != tag)
			f->present[kept++] = f->present[i];
	f->present_count = kept;
	tag->present = false;
}

void sim_field_power(struct sim_field *f, bool on)
{
	if (f->powered && !on)
		for (size_t i = 0; i < f->present_count; i++)
			sim_tag_power_up(&f->present[i]->tag);
	f->powered = on;
}

/* An unexpected frame, or an error: back to where it was woken from (14443-3 figure 7). */
static void fall_back(struct sim_tag *tag)
{
	if (tag->classic)
		sim_classic_power_up(tag->classic);
	if (tag->state != SIM_HALT)
		tag->state = tag->from_halt ? SIM_HALT : SIM_IDLE;
	tag->compat_page = -1;
}

/* The 40 bits that a tag shows on a cascade level. */
static void cascade_code(const struct sim_tag *tag, int level, uint8_t code[5])
{
	uint8_t uid[SIM_UID_LEN];
	size_t len = sim_tag_uid(tag, uid);

	if (len == 4) {
		memcpy(code, uid, 4);
	} else if (level == 1) {
		code[0] = CASCADE_TAG;
		memcpy(code + 1, uid, 3);
	} else {
		memcpy(code, uid + 3, 4);
	}
	code[4] = (uint8_t)(code[0] ^ code[1] ^ code[2] ^ code[3]);
}

static bool bit_at(const uint8_t *data, size_t bit)
{
	return data[bit / 8] >> (bit % 8) & 1;
}

/* REQA or WUPA: all that may, say ATQA together. */
static void wake(struct sim_field *f, bool halted_too, struct sim_air *answer)
{
	for (size_t i = 0; i < f->present_count; i++) {
		struct sim_tag *tag = &f->present[i]->tag;

		if (tag->state == SIM_IDLE || (tag->state == SIM_HALT && halted_too)) {
			tag->from_halt = tag->state == SIM_HALT;
			tag->state = SIM_READY1;
			for (size_t k = 0; k < 2; k++) /* all at once: their bits add up */
				answer->data[k] = (uint8_t)((answer->bits ? answer->data[k] : 0) |
							    tag->kind->atqa[k]);
			answer->bits = 16;
		} else {
			fall_back(tag);
		}
	}
}

/* Anticollision: the tags whose code begins with the known bits send the others. */
static void anticollision(
	struct sim_field *f, const struct sim_air *sent, int level, struct sim_air *answer)
{
	size_t known = (size_t)((sent->data[1] >> 4) - 2) * 8 + (sent->data[1] & 7U);
	bool first = true;
	uint8_t all[5] = { 0 };

	for (size_t i = 0; i < f->present_count; i++) {
		struct sim_tag *tag = &f->present[i]->tag;
		uint8_t code[5];
		size_t bit = 0;

		if (tag->state != (level == 1 ? SIM_READY1 : SIM_READY2)) {
			fall_back(tag);
			continue;
		}
		cascade_code(tag, level, code);
		while (bit < known && bit_at(code, bit) == bit_at(sent->data + 2, bit))
			bit++;
		if (bit < known)
			continue; /* stays READY and silent */
		for (bit = known; !first && bit < 40; bit++)
			if (bit_at(code, bit) != bit_at(all, bit) &&
				(answer->collision < 0 || (int)bit < answer->collision))
				answer->collision = (int)bit;
		for (size_t k = 0; k < sizeof(all); k++)
			all[k] |= code[k];
		first = false;
	}
	if (first || known >= 40)
		return;
	memcpy(answer->data, all + known / 8, sizeof(all) - known / 8);
	answer->data[0] &= (uint8_t)(0xFF << (known % 8));
	answer->bits = (sizeof(all) - known / 8) * 8;
}

static void add_crc(struct sim_air *answer, size_t len)
{
	uint16_t crc = sim_crc(bytes_of(answer->data, len));

	answer->data[len] = (uint8_t)crc;
	answer->data[len + 1] = (uint8_t)(crc >> 8);
	answer->bits = (len + 2) * 8;
}

static void select_one(struct sim_field *f, struct bytes frame, int level, struct sim_air *answer)
{
	for (size_t i = 0; i < f->present_count; i++) {
		struct sim_tag *tag = &f->present[i]->tag;
		uint8_t code[5];
		bool more;

		cascade_code(tag, level, code);
		if (tag->state != (level == 1 ? SIM_READY1 : SIM_READY2) ||
			memcmp(code, frame.p + 2, sizeof(code)) != 0) {
			fall_back(tag);
			continue;
		}
		more = level == 1 && tag->kind->uid_len > 4;
		tag->state = more ? SIM_READY2 : SIM_ACTIVE;
		answer->data[0] = more ? 0x04 : tag->kind->sak; /* 04h: the UID goes on */
		add_crc(answer, 1);
	}
}

static void nibble(struct sim_air *answer, uint8_t value)
{
	answer->data[0] = value;
	answer->bits = 4;
}

/* A tag being pulled away is gone in the middle of a command that it cannot finish. */
static bool pulled(struct sim_field *f, struct sim_named *named, struct bytes command)
{
	int64_t cost = (int64_t)sim_tag_cost(command);

	if (f->pull < 0)
		return false;
	if (cost <= f->pull) {
		f->pull -= cost;
		return false;
	}
	sim_tag_tear(&named->tag, command);
	sim_field_take(f, named);
	f->pull = -1;
	return true;
}

static void command_active(struct sim_field *f, struct sim_named *named, struct bytes frame,
	bool crc_ok, struct sim_air *answer)
{
	static const uint8_t nibbles[] = {
		[SIM_ACK] = 0xA,
		[SIM_NAK_ARGUMENT] = 0x0,
		[SIM_NAK_CRC] = 0x1,
		[SIM_NAK_AUTH] = 0x4,
		[SIM_NAK_WRITE] = 0x5,
	};
	struct buf out = BUF_OVER(answer->data, sizeof(answer->data) - 2);
	enum sim_answer what = SIM_NAK_CRC;

	if (crc_ok) {
		if (pulled(f, named, frame))
			return;
		what = sim_tag_command(&named->tag, frame, &out, &answer->ns);
		if (answer->ns > 0)
			answer->ns += f->slow_ns;
	}
	if (what == SIM_SILENT) {
		if (named->tag.kind->family == SIM_NTAG)
			fall_back(&named->tag);
		return;
	}
	if (what == SIM_DATA)
		add_crc(answer, out.len);
	else
		nibble(answer, nibbles[what]);
	if (what != SIM_DATA && what != SIM_ACK)
		fall_back(&named->tag);
	if (named->tag.card && named->tag.card->halted) {
		named->tag.card->halted = false;
		named->tag.state = SIM_HALT;
	}
}

/* A frame to the one tag that is selected; the others fall back. */
static void command_any(struct sim_field *f, struct bytes frame, struct sim_air *answer)
{
	bool crc_ok = sim_crc_strip(&frame);
	bool halt = crc_ok && frame.len == 2 && frame.p[0] == AIR_HLTA && frame.p[1] == 0x00;

	for (size_t i = f->present_count; i-- > 0;) {
		struct sim_named *named = f->present[i];

		if (named->tag.state != SIM_ACTIVE)
			fall_back(&named->tag);
		else if (halt)
			named->tag.state = SIM_HALT;
		else
			command_active(f, named, frame, crc_ok, answer);
	}
}

struct sim_tag *sim_field_active(struct sim_field *f)
{
	for (size_t i = 0; f->powered && i < f->present_count; i++)
		if (f->present[i]->tag.state == SIM_ACTIVE)
			return &f->present[i]->tag;
	return NULL;
}

bool sim_field_login(struct sim_field *f, bool key_b, uint8_t block, const uint8_t *key_and_uid)
{
	struct sim_tag *tag = sim_field_active(f);

	if (tag && tag->classic &&
		sim_classic_login(
			tag->classic, key_b, block, key_and_uid, key_and_uid + CLASSIC_KEY_LEN))
		return true;
	if (tag)
		fall_back(tag);
	return false;
}

void sim_field_exchange(struct sim_field *f, const struct sim_air *sent, struct sim_air *answer)
{
	struct bytes frame = bytes_of(sent->data, sent->bits / 8);
	bool cascade;
	int level;

	answer->bits = 0;
	answer->collision = -1;
	answer->ns = 0;
	if (!f->powered || sent->bits == 0)
		return;
	if (sent->bits == 7) {
		if (sent->data[0] == AIR_REQA || sent->data[0] == AIR_WUPA)
			wake(f, sent->data[0] == AIR_WUPA, answer);
		return;
	}
	cascade = frame.len >= 2 && (frame.p[0] == AIR_CASCADE1 || frame.p[0] == AIR_CASCADE2);
	level = cascade && frame.p[0] == AIR_CASCADE2 ? 2 : 1;
	if (cascade && frame.len == 9 && frame.p[1] == 0x70 && sim_crc_strip(&frame))
		select_one(f, frame, level, answer);
	else if (cascade && frame.p[1] >= 0x20 && frame.p[1] < 0x70 &&
		 sent->bits == (size_t)(frame.p[1] >> 4) * 8 + (frame.p[1] & 7U))
		anticollision(f, sent, level, answer);
	else if (sent->bits % 8 == 0)
		command_any(f, frame, answer);
}

#include "firmware-tools/chipsim/tag.h"

#include <assert.h>

#include "core/base/crypto.h"
#include "firmware-tools/chipsim/card.h"
#include "firmware-tools/chipsim/classic.h"

enum {
	PAGE_LOCKS = 2,
	PAGE_CC = 3,
	PAGE_USER = 4,
	CFG_PROT = 0x80,
	CFG_LOCKED = 0x40,
	CFG_COUNT = 0x10,
	CFG_COUNT_PWD = 0x08,
	CFG_AUTH_LIMIT = 0x07,
	WRITE_NS = 4100000, /* one page of EEPROM */
};

static const struct sim_kind kinds[] = {
	{ "ntag213", 45, 0x27, 0x12, 0x0F, 2, SIM_NTAG, 7, { 0x44, 0x00 }, 0x00, 0 },
	{ "ntag215", 135, 0x81, 0x3E, 0x11, 16, SIM_NTAG, 7, { 0x44, 0x00 }, 0x00, 0 },
	{ "ntag216", 231, 0xE1, 0x6D, 0x13, 16, SIM_NTAG, 7, { 0x44, 0x00 }, 0x00, 0 },
	{ "classic1k", 256, 0, 0, 0, 0, SIM_CLASSIC, 4, { 0x04, 0x00 }, 0x08, 15 },
	{ "classic4k", 1024, 0, 0, 0, 0, SIM_CLASSIC, 4, { 0x02, 0x00 }, 0x18, 63 },
	{ "desfire", 0, 0, 0, 0, 0, SIM_CARD, 7, { 0x44, 0x03 }, 0x20, CARD_DESFIRE },
	{ "ntag424", 0, 0, 0, 0, 0, SIM_CARD, 7, { 0x44, 0x03 }, 0x20, CARD_NTAG424 },
	{ "phone", 0, 0, 0, 0, 0, SIM_CARD, 4, { 0x04, 0x00 }, 0x20, CARD_PHONE },
};

const struct sim_kind *sim_kind_named(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_equal(name, str_of(kinds[i].name)))
			return &kinds[i];
	return NULL;
}

const struct sim_kind *sim_kind_sized(size_t bytes)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (bytes && bytes == kinds[i].pages * (size_t)4)
			return &kinds[i];
	return NULL;
}

/* Pages behind user memory, the same in all kinds. */
static size_t page_dynamic(const struct sim_tag *tag)
{
	return tag->kind->last_user + 1U;
}

static size_t page_cfg0(const struct sim_tag *tag)
{
	return tag->kind->last_user + 2U;
}

static size_t page_password(const struct sim_tag *tag)
{
	return tag->kind->last_user + 4U;
}

static size_t page_pack(const struct sim_tag *tag)
{
	return tag->kind->last_user + 5U;
}

static uint8_t access_bits(const struct sim_tag *tag)
{
	return tag->mem[page_cfg0(tag) + 1][0];
}

static uint8_t auth0(const struct sim_tag *tag)
{
	return tag->mem[page_cfg0(tag)][3];
}

size_t sim_tag_uid(const struct sim_tag *tag, uint8_t uid[SIM_UID_LEN])
{
	if (tag->kind->family == SIM_NTAG) {
		memcpy(uid, tag->mem[0], 3);
		memcpy(uid + 3, tag->mem[1], 4);
	} else {
		memcpy(uid, tag->uid, SIM_UID_LEN);
	}
	return tag->kind->uid_len;
}

void sim_tag_power_up(struct sim_tag *tag)
{
	tag->state = SIM_IDLE;
	tag->from_halt = false;
	tag->authenticated = false;
	tag->counted = false;
	tag->compat_page = -1;
	if (tag->classic)
		sim_classic_power_up(tag->classic);
	if (tag->card)
		sim_card_power_up(tag->card);
	if (tag->card && tag->card->kind == CARD_PHONE) {
		crypto_random(tag->uid, SIM_UID_LEN); /* another each time, ISO/IEC 14443-3 6.5.4 */
		tag->uid[0] = 0x08;
	}
}

static void sign(struct sim_tag *tag)
{
	uint8_t uid[SIM_UID_LEN];
	struct hash h;

	sim_tag_uid(tag, uid);
	h = hash_of_parts(
		(struct bytes[]){ BYTES("kith-chipsim signature"), bytes_of(uid, sizeof(uid)) }, 2);
	memcpy(tag->signature, h.b, sizeof(tag->signature));
}

void sim_tag_init(struct sim_tag *tag, const struct sim_kind *kind, const uint8_t uid[SIM_UID_LEN])
{
	uint8_t(*mem)[4] = tag->mem;

	memset(tag, 0, sizeof(*tag));
	tag->kind = kind;
	memcpy(mem[0], uid, 3);
	mem[0][3] = (uint8_t)(0x88 ^ uid[0] ^ uid[1] ^ uid[2]);
	memcpy(mem[1], uid + 3, 4);
	mem[PAGE_LOCKS][0] = (uint8_t)(uid[3] ^ uid[4] ^ uid[5] ^ uid[6]);
	mem[PAGE_LOCKS][1] = 0x48;
	memcpy(mem[PAGE_CC], (uint8_t[]){ 0xE1, 0x10, kind->cc_size, 0x00 }, 4);
	memcpy(mem[PAGE_USER], (uint8_t[]){ 0x03, 0x00, 0xFE, 0x00 }, 4);
	mem[page_dynamic(tag)][3] = 0xBD;
	memcpy(mem[page_cfg0(tag)], (uint8_t[]){ 0x04, 0x00, 0x00, 0xFF }, 4);
	memcpy(mem[page_cfg0(tag) + 1], (uint8_t[]){ 0x00, 0x05, 0x00, 0x00 }, 4);
	memset(mem[page_password(tag)], 0xFF, 4);
	sign(tag);
	sim_tag_power_up(tag);
}

bool sim_tag_load(struct sim_tag *tag, struct bytes dump, struct err *e)
{
	const struct sim_kind *kind = sim_kind_sized(dump.len);
	const uint8_t *p = dump.p;

	if (!kind || kind->family != SIM_NTAG)
		return err_set(e, ERR_MALFORMED,
			"%zu bytes are no dump: an NTAG213 has 180, a 215 540, a 216 924",
			dump.len);
	if (p[3] != (0x88 ^ p[0] ^ p[1] ^ p[2]) || p[8] != (p[4] ^ p[5] ^ p[6] ^ p[7]))
		return err_set(e, ERR_MALFORMED,
			"the check bytes of the UID (offsets 3 and 8) do not fit it");
	memset(tag, 0, sizeof(*tag));
	tag->kind = kind;
	memcpy(tag->mem, dump.p, dump.len);
	sign(tag);
	sim_tag_power_up(tag);
	return true;
}

void sim_tag_make(
	struct sim_tag *tag, const struct sim_kind *kind, const uint8_t *uid, struct arena *a)
{
	if (kind->family == SIM_NTAG) {
		sim_tag_init(tag, kind, uid);
		return;
	}
	memset(tag, 0, sizeof(*tag));
	tag->kind = kind;
	memcpy(tag->uid, uid, kind->uid_len);
	if (kind->family == SIM_CLASSIC)
		tag->classic = sim_classic_new(a, (uint16_t)(4 * (kind->detail + 1)), uid);
	else
		tag->card = sim_card_new(a, (enum card_kind)kind->detail, tag->uid);
	sim_tag_power_up(tag);
}

bool sim_tag_load_any(struct sim_tag *tag, struct bytes dump, struct arena *a, struct err *e)
{
	const struct sim_kind *kind = sim_kind_sized(dump.len);

	if (!kind || kind->family == SIM_NTAG)
		return sim_tag_load(tag, dump, e);
	if (dump.p[4] != (dump.p[0] ^ dump.p[1] ^ dump.p[2] ^ dump.p[3]))
		return err_set(
			e, ERR_MALFORMED, "the check byte of the UID (offset 4) does not fit it");
	sim_tag_make(tag, kind, dump.p, a);
	assert(tag->classic);
	memcpy(tag->classic->mem, dump.p, dump.len);
	return true;
}

struct bytes sim_tag_dump(const struct sim_tag *tag)
{
	if (tag->classic)
		return bytes_of(tag->classic->mem, (size_t)tag->classic->blocks * CLASSIC_BLOCK);
	return bytes_of(tag->mem, tag->kind->pages * (size_t)4);
}

/* ---- reading ---- */

static bool may_read(const struct sim_tag *tag, size_t page)
{
	return tag->authenticated || !(access_bits(tag) & CFG_PROT) || page < auth0(tag);
}

/* The text that CFG0's MIRROR lays over user memory (8.7); its length, 0 for none. */
static size_t mirror_text(const struct sim_tag *tag, char text[24])
{
	uint8_t conf = tag->mem[page_cfg0(tag)][0] >> 6;
	uint8_t uid[SIM_UID_LEN];
	size_t len = 0;

	if (!(access_bits(tag) & CFG_COUNT))
		conf &= 1;
	sim_tag_uid(tag, uid);
	if (conf & 1)
		for (size_t i = 0; i < sizeof(uid); i++, len += 2)
			snprintf(text + len, 24 - len, "%02X", uid[i]);
	if (conf == 3)
		text[len++] = 'x';
	if (conf & 2) {
		snprintf(text + len, 24 - len, "%06X", (unsigned)tag->counter & 0xFFFFFF);
		len += 6;
	}
	return len;
}

static void read_page(const struct sim_tag *tag, size_t page, struct buf *out)
{
	const uint8_t *cfg = tag->mem[page_cfg0(tag)];
	char text[24];
	size_t start = cfg[2] * (size_t)4 + (cfg[0] >> 4 & 3);
	size_t len = cfg[2] > PAGE_CC ? mirror_text(tag, text) : 0;

	for (size_t i = 0; i < 4; i++) {
		size_t at = page * 4 + i;

		if (page >= page_password(tag))
			buf_add_u8(out, 0);
		else if (at >= start && at < start + len && page <= tag->kind->last_user)
			buf_add_u8(out, (uint8_t)text[at - start]);
		else
			buf_add_u8(out, tag->mem[page][i]);
	}
}

/* The counter goes up at the first READ or FAST_READ after power-up (8.6). */
static void count_reading(struct sim_tag *tag)
{
	tag->reads++;
	if (tag->counted || !(access_bits(tag) & CFG_COUNT))
		return;
	tag->counted = true;
	if (tag->counter < 0xFFFFFF)
		tag->counter++;
}

static enum sim_answer do_read(struct sim_tag *tag, struct bytes c, struct buf *out, uint64_t *ns)
{
	size_t page = c.p[1];

	(void)ns;
	if (page >= tag->kind->pages || !may_read(tag, page))
		return SIM_NAK_ARGUMENT;
	count_reading(tag);
	for (size_t i = 0; i < 4; i++, page++) {
		if (page >= tag->kind->pages || !may_read(tag, page))
			page = 0; /* rolls over */
		read_page(tag, page, out);
	}
	return SIM_DATA;
}

static enum sim_answer do_fast_read(
	struct sim_tag *tag, struct bytes c, struct buf *out, uint64_t *ns)
{
	size_t from = c.p[1], to = c.p[2];

	(void)ns;
	if (from > to || to >= tag->kind->pages || !may_read(tag, to))
		return SIM_NAK_ARGUMENT;
	count_reading(tag);
	for (size_t page = from; page <= to; page++)
		read_page(tag, page, out);
	return SIM_DATA;
}

static enum sim_answer do_version(
	struct sim_tag *tag, struct bytes c, struct buf *out, uint64_t *ns)
{
	(void)c, (void)ns;
	buf_add(out, BYTES("\x00\x04\x04\x02\x01\x00"));
	buf_add_u8(out, tag->kind->storage);
	buf_add_u8(out, 0x03);
	return SIM_DATA;
}

static enum sim_answer do_signature(
	struct sim_tag *tag, struct bytes c, struct buf *out, uint64_t *ns)
{
	(void)ns;
	if (c.p[1] != 0x00)
		return SIM_NAK_ARGUMENT;
	buf_add(out, bytes_of(tag->signature, sizeof(tag->signature)));
	return SIM_DATA;
}

static enum sim_answer do_counter(
	struct sim_tag *tag, struct bytes c, struct buf *out, uint64_t *ns)
{
	uint8_t access = access_bits(tag);

	(void)ns;
	if (c.p[1] != 0x02 || !(access & CFG_COUNT))
		return SIM_NAK_ARGUMENT;
	if ((access & CFG_COUNT_PWD) && !tag->authenticated)
		return SIM_NAK_ARGUMENT;
	for (unsigned shift = 0; shift < 24; shift += 8)
		buf_add_u8(out, (uint8_t)(tag->counter >> shift));
	return SIM_DATA;
}

/* ---- writing ---- */

static size_t lock_bits(const struct sim_tag *tag)
{
	size_t grain = tag->kind->lock_grain;

	return (tag->kind->last_user + 1U - 16 + grain - 1) / grain;
}

static bool is_locked(const struct sim_tag *tag, size_t page)
{
	const uint8_t *fixed = tag->mem[PAGE_LOCKS] + 2, *dynamic = tag->mem[page_dynamic(tag)];
	size_t bit;

	if (page < 16)
		return fixed[page / 8] >> (page % 8) & 1;
	if (page > tag->kind->last_user)
		return false;
	bit = (page - 16) / tag->kind->lock_grain;
	return dynamic[bit / 8] >> (bit % 8) & 1;
}

/* Locks and capability container are one-time programmable: bits only ever become 1. */
static void write_static_locks(uint8_t page[4], const uint8_t data[4])
{
	uint8_t frozen = page[2];
	unsigned set = (unsigned)(data[2] | data[3] << 8);

	if (frozen & 0x01)
		set &= ~0x0008U; /* BL-CC: page 3 */
	if (frozen & 0x02)
		set &= ~0x03F0U; /* BL 9-4 */
	if (frozen & 0x04)
		set &= ~0xFC00U; /* BL 15-10 */
	page[2] = (uint8_t)(page[2] | (set & 0xFF));
	page[3] = (uint8_t)(page[3] | set >> 8);
}

static void write_dynamic_locks(const struct sim_tag *tag, uint8_t page[4], const uint8_t data[4])
{
	size_t n = lock_bits(tag);

	for (size_t bit = 0; bit < n; bit++)
		if (!(page[2] >> (bit / 2) & 1))
			page[bit / 8] |= (uint8_t)(data[bit / 8] & 1U << (bit % 8));
	page[2] |= (uint8_t)(data[2] & ((1U << ((n + 1) / 2)) - 1));
}

static bool may_write(const struct sim_tag *tag, size_t page)
{
	bool config = page == page_cfg0(tag) || page == page_cfg0(tag) + 1;

	return page >= PAGE_LOCKS && page < tag->kind->pages &&
	       (tag->authenticated || page < auth0(tag)) &&
	       (page == PAGE_LOCKS || !is_locked(tag, page)) &&
	       !(config && (access_bits(tag) & CFG_LOCKED));
}

static void store_page(struct sim_tag *tag, size_t page, const uint8_t data[4])
{
	uint8_t *at = tag->mem[page];

	if (page == PAGE_LOCKS)
		write_static_locks(at, data);
	else if (page == page_dynamic(tag))
		write_dynamic_locks(tag, at, data);
	else if (page == PAGE_CC)
		for (size_t i = 0; i < 4; i++)
			at[i] |= data[i];
	else if (page == page_pack(tag))
		memcpy(at, data, 2); /* the other two are reserved */
	else
		memcpy(at, data, 4);
}

static enum sim_answer write_page(
	struct sim_tag *tag, size_t page, const uint8_t data[4], uint64_t *ns)
{
	if (!may_write(tag, page))
		return SIM_NAK_ARGUMENT;
	store_page(tag, page, data);
	tag->writes++;
	*ns = WRITE_NS;
	return SIM_ACK;
}

static enum sim_answer do_write(struct sim_tag *tag, struct bytes c, struct buf *out, uint64_t *ns)
{
	(void)out;
	return write_page(tag, c.p[1], c.p + 2, ns);
}

/* COMPATIBILITY WRITE: the page first, then in a second frame 16 bytes, of which 4 count. */
static enum sim_answer do_compat(struct sim_tag *tag, struct bytes c, struct buf *out, uint64_t *ns)
{
	(void)out, (void)ns;
	if (!may_write(tag, c.p[1]))
		return SIM_NAK_ARGUMENT;
	tag->compat_page = c.p[1];
	return SIM_ACK;
}

static enum sim_answer do_password(
	struct sim_tag *tag, struct bytes c, struct buf *out, uint64_t *ns)
{
	uint8_t limit = access_bits(tag) & CFG_AUTH_LIMIT;

	(void)ns;
	tag->authenticated = false;
	if (limit && tag->refused >= limit)
		return SIM_NAK_AUTH;
	if (memcmp(c.p + 1, tag->mem[page_password(tag)], 4) != 0) {
		if (tag->refused < 0xFF)
			tag->refused++;
		return SIM_NAK_AUTH;
	}
	tag->refused = 0;
	tag->authenticated = true;
	buf_add(out, bytes_of(tag->mem[page_pack(tag)], 2));
	return SIM_DATA;
}

/* ---- commands ---- */

static const struct tag_command {
	uint8_t code, len;
	enum sim_answer (*run)(struct sim_tag *, struct bytes, struct buf *, uint64_t *ns);
} commands[] = {
	{ 0x1B, 5, do_password },
	{ 0x30, 2, do_read },
	{ 0x39, 2, do_counter },
	{ 0x3A, 3, do_fast_read },
	{ 0x3C, 2, do_signature },
	{ 0x60, 1, do_version },
	{ 0xA0, 2, do_compat },
	{ 0xA2, 6, do_write },
};

/* What a Classic and a card answer, and what of it counts as reading and as writing. */
static enum sim_answer command_other(
	struct sim_tag *tag, struct bytes command, struct buf *out, uint64_t *ns)
{
	enum sim_answer what = tag->classic ? sim_classic_command(tag->classic, command, out, ns)
					    : sim_card_block(tag->card, command, out);

	tag->reads += what == SIM_DATA && out->len > CLASSIC_BLOCK - 1;
	tag->writes += *ns > 0;
	return what;
}

enum sim_answer sim_tag_command(
	struct sim_tag *tag, struct bytes command, struct buf *out, uint64_t *ns)
{
	int16_t compat = tag->compat_page;

	*ns = 0;
	if (tag->kind->family != SIM_NTAG)
		return command_other(tag, command, out, ns);
	tag->compat_page = -1;
	if (compat >= 0)
		return command.len == 16 ? write_page(tag, (size_t)compat, command.p, ns)
					 : SIM_NAK_ARGUMENT;
	for (size_t i = 0; command.len && i < ARRAY_LEN(commands); i++)
		if (command.p[0] == commands[i].code)
			return command.len == commands[i].len
				       ? commands[i].run(tag, command, out, ns)
				       : SIM_SILENT; /* as seen, libfreefare#112 */
	return SIM_NAK_ARGUMENT;
}

size_t sim_tag_cost(struct bytes command)
{
	bool fast = command.len == 3 && command.p[0] == 0x3A && command.p[1] <= command.p[2];

	return fast ? command.p[2] - command.p[1] + 1U : 1;
}

void sim_tag_tear(struct sim_tag *tag, struct bytes command)
{
	const uint8_t *data = command.p + 2;
	size_t page;
	uint8_t torn[4];

	if (tag->kind->family != SIM_NTAG) {
		if (tag->classic)
			sim_classic_tear(tag->classic, command);
		return;
	}
	if (tag->compat_page >= 0 && command.len == 16) {
		page = (size_t)tag->compat_page;
		data = command.p;
	} else if (command.len == 6 && command.p[0] == 0xA2) {
		page = command.p[1];
	} else {
		return;
	}
	if (!may_write(tag, page))
		return;
	memcpy(torn, tag->mem[page], 4);
	memcpy(torn, data, 2);
	store_page(tag, page, torn);
}

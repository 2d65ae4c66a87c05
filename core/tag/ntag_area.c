#include "core/tag/ntag_area.h"

/* NTAG213/215/216 data sheet 8.5: bytes of the lock and configuration pages. */
enum {
	TLV_NDEF = 0x03,
	TLV_END = 0xFE,
	CC_READ_ONLY = 0x0F,
	LOCK_PAGE = 2,
	STATIC_LOCKS = 10, /* offset */
	CFG_PROT = 0x80,
	CFG_LOCKED = 0x40,
	CFG_AUTH_LIMIT = 0x07,
};

/* The dynamic lock bytes with every bit that means something, and their block-lock bits. */
static const uint8_t dynamic_all[NTAG_TYPES][3] = {
	[NTAG_213] = { 0xFF, 0x0F, 0x3F },
	[NTAG_215] = { 0xFF, 0x00, 0x0F },
	[NTAG_216] = { 0xFF, 0x3F, 0x7F },
};

static size_t cfg0_at(enum ntag_type type)
{
	return (size_t)(ntag_layout(type)->lock_page + 1) * NTAG_PAGE;
}

static size_t area_len(enum ntag_type type)
{
	return (size_t)(ntag_layout(type)->user_last + 1 - NTAG_DATA_PAGE) * NTAG_PAGE;
}

static bool check(enum ntag_type type, struct bytes mem, struct err *e)
{
	if (type == NTAG_OTHER)
		return err_set(e, ERR_UNSUPPORTED, "only NTAG213, NTAG215 and NTAG216 are written");
	if (mem.len != (size_t)ntag_layout(type)->pages * NTAG_PAGE)
		return err_set(e, ERR_INTERNAL, "an %s has %u pages", ntag_layout(type)->name,
			ntag_layout(type)->pages);
	return true;
}

struct ntag_state ntag_state_of(enum ntag_type type, struct bytes mem)
{
	const struct ntag_layout *l = ntag_layout(type);
	struct ntag_state s = { .auth0 = NTAG_AUTH_OFF, .locked = true };
	const uint8_t *cfg;

	if (type == NTAG_OTHER || mem.len != (size_t)l->pages * NTAG_PAGE)
		return (struct ntag_state){ .auth0 = NTAG_AUTH_OFF };
	cfg = mem.p + cfg0_at(type);
	s.cc_read_only = (mem.p[NTAG_CC_PAGE * NTAG_PAGE + 3] & CC_READ_ONLY) != 0;
	for (uint16_t page = NTAG_DATA_PAGE; page <= l->user_last; page++) {
		bool locked = ntag_page_locked(type, mem, page);

		s.locked = s.locked && locked;
		s.some_locked = s.some_locked || locked;
	}
	s.auth0 = cfg[3];
	s.protected = s.auth0 <= l->user_last;
	s.read_protected = s.protected && (cfg[4] & CFG_PROT);
	s.config_locked = cfg[4] & CFG_LOCKED;
	return s;
}

static void add(struct ntag_plan *out, size_t page, const uint8_t data[NTAG_PAGE])
{
	struct ntag_page *to = &out->pages[out->count++];

	to->number = (uint16_t)page;
	memcpy(to->data, data, NTAG_PAGE);
}

static bool check_locks(
	const struct ntag_plan *plan, enum ntag_type type, struct bytes mem, struct err *e)
{
	for (size_t i = 0; i < plan->count; i++)
		if (ntag_page_locked(type, mem, plan->pages[i].number))
			return err_set(e, ERR_FORBIDDEN,
				"page %u of the chip is locked for ever; take another",
				plan->pages[i].number);
	return true;
}

bool ntag_write_area(struct ntag_plan *out, enum ntag_type type, struct bytes mem,
	struct bytes area, struct err *e)
{
	const size_t from = NTAG_DATA_PAGE * NTAG_PAGE;
	uint8_t first[NTAG_PAGE];

	out->count = 0;
	if (!check(type, mem, e))
		return false;
	if (area.len != area_len(type))
		return err_set(e, ERR_USAGE, "the data area of an %s has %zu bytes, not %zu",
			ntag_layout(type)->name, area_len(type), area.len);
	if (memcmp(mem.p + from, area.p, area.len) == 0)
		return true;
	/* each of the three writes of page 4 changes its first byte or the others, never both */
	memcpy(first, mem.p + from, NTAG_PAGE);
	if (first[0] != TLV_END) {
		first[0] = TLV_END;
		add(out, NTAG_DATA_PAGE, first);
	}
	for (size_t at = NTAG_PAGE; at < area.len; at += NTAG_PAGE)
		if (memcmp(mem.p + from + at, area.p + at, NTAG_PAGE) != 0)
			add(out, NTAG_DATA_PAGE + at / NTAG_PAGE, area.p + at);
	if (memcmp(first + 1, area.p + 1, NTAG_PAGE - 1) != 0) {
		memcpy(first + 1, area.p + 1, NTAG_PAGE - 1);
		add(out, NTAG_DATA_PAGE, first);
	}
	if (area.p[0] != TLV_END)
		add(out, NTAG_DATA_PAGE, area.p);
	return check_locks(out, type, mem, e);
}

void ntag_blank_area(struct buf *out, enum ntag_type type)
{
	size_t len = area_len(type);

	buf_add(out, bytes_of((uint8_t[]){ TLV_NDEF, 0x00, TLV_END }, 3));
	for (size_t i = 3; i < len; i++)
		buf_add_u8(out, 0);
}

/* The page with those bits set, where any is missing. */
static void add_bits(
	struct ntag_plan *out, struct bytes mem, size_t page, const uint8_t bits[NTAG_PAGE])
{
	uint8_t data[NTAG_PAGE];
	bool missing = false;

	for (size_t i = 0; i < NTAG_PAGE; i++) {
		data[i] = mem.p[page * NTAG_PAGE + i] | bits[i];
		missing = missing || data[i] != mem.p[page * NTAG_PAGE + i];
	}
	if (missing)
		add(out, page, data);
}

/* One-time bits are only added; what is there already is left out. */
static void lock_pages(struct ntag_plan *out, enum ntag_type type, struct bytes mem)
{
	const struct ntag_layout *l = ntag_layout(type);
	const uint8_t *all = dynamic_all[type];
	const uint8_t *cfg1 = mem.p + cfg0_at(type) + NTAG_PAGE;
	uint8_t data[NTAG_PAGE];

	if (!ntag_page_locked(type, mem, NTAG_CC_PAGE))
		add_bits(out, mem, NTAG_CC_PAGE, (uint8_t[]){ 0, 0, 0, CC_READ_ONLY });
	add_bits(out, mem, l->lock_page, (uint8_t[]){ all[0], all[1], all[2], 0 });
	add_bits(out, mem, LOCK_PAGE, (uint8_t[]){ 0, 0, 0xFF, 0xFF });
	/* nobody shall set a password later; this one comes last, since it freezes itself */
	if (!(cfg1[0] & CFG_LOCKED)) {
		memcpy(data, cfg1, NTAG_PAGE);
		data[0] |= CFG_LOCKED;
		add(out, l->lock_page + 2U, data);
	}
}

bool ntag_lock_plan(struct ntag_plan *out, enum ntag_type type, struct bytes mem, struct err *e)
{
	const uint8_t *all = dynamic_all[type], *has;
	uint8_t statics;

	out->count = 0;
	if (!check(type, mem, e))
		return false;
	has = mem.p + (size_t)ntag_layout(type)->lock_page * NTAG_PAGE;
	statics = mem.p[STATIC_LOCKS];
	/* a block-lock bit that is set freezes lock bits that are not */
	if (((statics & 0x02) &&
		    ((statics & 0xF0) != 0xF0 || (mem.p[STATIC_LOCKS + 1] & 0x03) != 0x03)) ||
		((statics & 0x04) && (mem.p[STATIC_LOCKS + 1] & 0xFC) != 0xFC) ||
		(has[2] && ((has[0] & all[0]) != all[0] || (has[1] & all[1]) != all[1])))
		return err_set(e, ERR_FORBIDDEN,
			"a block-lock bit of the chip is set: its pages cannot be locked any more");
	lock_pages(out, type, mem);
	return true;
}

bool ntag_lock_done(enum ntag_type type, struct bytes mem)
{
	struct ntag_plan plan = { 0 };

	lock_pages(&plan, type, mem);
	return plan.count == 0;
}

bool ntag_protect_plan(struct ntag_plan *out, enum ntag_type type, struct bytes mem,
	const uint8_t password[NTAG_PASSWORD_LEN], const uint8_t pack[NTAG_PACK_LEN], struct err *e)
{
	const struct ntag_layout *l = ntag_layout(type);
	const uint8_t *cfg;
	uint8_t data[NTAG_PAGE] = { pack[0], pack[1], 0, 0 };

	out->count = 0;
	if (!check(type, mem, e))
		return false;
	cfg = mem.p + cfg0_at(type);
	if (cfg[NTAG_PAGE] & CFG_LOCKED)
		return err_set(e, ERR_FORBIDDEN,
			"the configuration of the chip is locked for ever; take another");
	/* neither can be read back, so both are always written */
	add(out, l->lock_page + 3U, password);
	add(out, l->lock_page + 4U, data);
	memcpy(data, cfg + NTAG_PAGE, NTAG_PAGE);
	/* a limit of wrong passwords lets anybody brick a badge with a phone */
	data[0] &= (uint8_t) ~(CFG_PROT | CFG_AUTH_LIMIT);
	if (memcmp(data, cfg + NTAG_PAGE, NTAG_PAGE) != 0)
		add(out, l->lock_page + 2U, data);
	memcpy(data, cfg, NTAG_PAGE);
	data[3] = NTAG_DATA_PAGE;
	add(out, l->lock_page + 1U, data);
	return true;
}

bool ntag_unprotect_plan(
	struct ntag_plan *out, enum ntag_type type, struct bytes mem, struct err *e)
{
	static const uint8_t ones[NTAG_PAGE] = { 0xFF, 0xFF, 0xFF, 0xFF }, zeros[NTAG_PAGE];
	const struct ntag_layout *l = ntag_layout(type);
	uint8_t data[NTAG_PAGE];

	out->count = 0;
	if (!check(type, mem, e))
		return false;
	memcpy(data, mem.p + cfg0_at(type), NTAG_PAGE);
	if (data[3] != NTAG_AUTH_OFF) {
		data[3] = NTAG_AUTH_OFF;
		add(out, l->lock_page + 1U, data);
	}
	add(out, l->lock_page + 3U, ones);
	add(out, l->lock_page + 4U, zeros);
	return true;
}

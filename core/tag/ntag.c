#include "core/tag/ntag.h"

/* T2T 2.3: blocks of the data area. */
enum {
	TLV_NULL = 0x00,
	TLV_LOCK_CONTROL = 0x01,
	TLV_MEMORY_CONTROL = 0x02,
	TLV_NDEF = 0x03,
	TLV_PROPRIETARY = 0xFD,
	TLV_END = 0xFE,
	TLV_LONG = 0xFF, /* as a length: two more bytes */
};

enum {
	CC_MAGIC = 0xE1,
	CC_VERSION = 0x10,
	CC_NO_WRITE = 0x0F,
	CC_AT = NTAG_CC_PAGE * NTAG_PAGE,
	DATA_AT = NTAG_DATA_PAGE * NTAG_PAGE,
	STATIC_LOCK_AT = 10,
	STATIC_LOCK_PAGES = 16, /* 3 to 15; dynamic locks begin here */
	VERSION_LEN = 8,
	CONTROL_VALUE_LEN = 3,
};

static const struct ntag_layout layouts[NTAG_TYPES] = {
	[NTAG_OTHER] = { .name = "Type 2" },
	[NTAG_213] = { "NTAG213", 0x0F, 0x12, 45, 0x27, 0x28, 2, 141 },
	[NTAG_215] = { "NTAG215", 0x11, 0x3E, 135, 0x81, 0x82, 16, 491 },
	[NTAG_216] = { "NTAG216", 0x13, 0x6D, 231, 0xE1, 0xE2, 16, 867 },
};

const struct ntag_layout *ntag_layout(enum ntag_type type)
{
	return &layouts[type];
}

enum ntag_type ntag_type_of_version(struct bytes version)
{
	if (version.len != VERSION_LEN || version.p[1] != 0x04 || version.p[2] != 0x04)
		return NTAG_OTHER; /* not NXP, or not an NTAG */
	for (enum ntag_type t = NTAG_213; t < NTAG_TYPES; t++)
		if (version.p[6] == layouts[t].storage)
			return t;
	return NTAG_OTHER;
}

struct block {
	size_t at; /* of its type byte */
	uint8_t type;
	size_t len_bytes; /* 0, 1 or 3 */
	size_t value_at, len;
};

/* The data area, as far as it was read, and a place in it; offsets count from page 0. */
struct area {
	struct bytes mem; /* from page 0, or as if: what stands before the CC is never looked at */
	size_t have;	  /* bytes readable, from page 0 */
	size_t end;	  /* of the data area, by the CC */
	size_t at;
};

static uint8_t area_byte(const struct area *a, size_t at)
{
	return a->mem.p[at - (a->have - a->mem.len)];
}

enum step { STEP_BLOCK, STEP_END, STEP_MORE, STEP_BAD };

/* The next block that is no NULL. STEP_MORE leaves in b->value_at up to where to read. */
static enum step area_next(struct area *a, struct block *b)
{
	size_t head;

	while (a->at < a->end && a->at < a->have && area_byte(a, a->at) == TLV_NULL)
		a->at++;
	*b = (struct block){ .at = a->at, .value_at = a->at + 1 };
	if (a->at >= a->end)
		return STEP_END;
	if (a->at >= a->have)
		return STEP_MORE;
	b->type = area_byte(a, a->at);
	if (b->type == TLV_END)
		return STEP_END;
	head = a->at + 2;
	if (head > a->end)
		return STEP_BAD;
	b->value_at = head;
	if (head > a->have)
		return STEP_MORE;
	b->len_bytes = 1;
	b->len = area_byte(a, a->at + 1);
	if (b->len == TLV_LONG) {
		b->len_bytes = 3;
		b->value_at = head += 2;
		if (head > a->end)
			return STEP_BAD;
		if (head > a->have)
			return STEP_MORE;
		b->len = (size_t)area_byte(a, head - 2) << 8 | area_byte(a, head - 1);
	}
	a->at = b->value_at + b->len;
	return a->at > a->end ? STEP_BAD : STEP_BLOCK;
}

/* T2T 2.3.2 and 2.3.3: the bytes that a control block keeps, from page 0. */
static bool reserves_data(const struct area *a, const struct block *b)
{
	uint8_t position = area_byte(a, b->value_at), size = area_byte(a, b->value_at + 1);
	unsigned page_bits = area_byte(a, b->value_at + 2) & 15u;
	size_t start = ((size_t)(position >> 4) << page_bits) + (position & 15u);
	size_t len = size ? size : 256;

	if (b->type == TLV_LOCK_CONTROL)
		len = (len + 7) / 8;
	return start < a->end && start + len > DATA_AT;
}

static bool check_cc(const uint8_t cc[NTAG_PAGE], struct err *e)
{
	if (cc[0] != CC_MAGIC)
		return err_set(e, ERR_NOT_FOUND, "the chip is not formatted for NDEF");
	if (cc[1] >> 4 != CC_VERSION >> 4)
		return err_set(e, ERR_UNSUPPORTED,
			"the chip is formatted by version %u.%u of Type 2", cc[1] >> 4, cc[1] & 15);
	if (cc[3] >> 4 != 0)
		return err_set(
			e, ERR_FORBIDDEN, "the chip allows no reading (CC byte 3 is %02x)", cc[3]);
	return true;
}

static bool past_end(const struct block *b, struct err *e)
{
	return err_set(e, ERR_MALFORMED, "block 0x%02x at page %zu runs past the end of the tag",
		b->type, b->at / NTAG_PAGE);
}

static bool check_control(const struct area *a, const struct block *b, struct err *e)
{
	if (b->len != CONTROL_VALUE_LEN)
		return err_set(e, ERR_MALFORMED, "control block 0x%02x has %zu bytes, not 3",
			b->type, b->len);
	if (reserves_data(a, b))
		return err_set(e, ERR_UNSUPPORTED,
			"control block 0x%02x reserves bytes among the data", b->type);
	return true;
}

static bool find_block(struct area *a, struct block *b, struct ntag_ndef *out, struct err *e)
{
	for (;;) {
		enum step step = area_next(a, b);
		bool is_control = b->type == TLV_LOCK_CONTROL || b->type == TLV_MEMORY_CONTROL;

		if (step == STEP_BAD)
			return past_end(b, e);
		if (step == STEP_END)
			return err_set(e, ERR_NOT_FOUND, "the chip is empty");
		if (step == STEP_BLOCK && b->type == TLV_NDEF && a->at <= a->have)
			return true;
		if (step == STEP_MORE || (is_control && a->at > a->have) || b->type == TLV_NDEF) {
			size_t until = step == STEP_MORE ? b->value_at : a->at;

			out->more = until - a->have;
			return true;
		}
		if (is_control && !check_control(a, b, e))
			return false;
	}
}

bool ntag_find_ndef(struct ntag_ndef *out, struct bytes mem, struct err *e)
{
	struct area a = { .mem = mem, .have = CC_AT + mem.len, .at = DATA_AT };
	struct block b;

	*out = (struct ntag_ndef){ 0 };
	if (mem.len < NTAG_PAGE) {
		out->more = NTAG_PAGE - mem.len;
		return true;
	}
	if (!check_cc(mem.p, e))
		return false;
	out->is_locked = (mem.p[3] & 15) != 0;
	a.end = DATA_AT + (size_t)mem.p[2] * 8;
	if (a.have > a.end) {
		a.mem.len -= a.have - a.end;
		a.have = a.end;
	}
	if (!find_block(&a, &b, out, e))
		return false;
	if (out->more)
		return true;
	if (b.len == 0)
		return err_set(e, ERR_NOT_FOUND, "the chip is empty");
	out->at = b.at;
	out->message = bytes_of(mem.p + b.value_at - CC_AT, b.len);
	return true;
}

bool ntag_page_locked(enum ntag_type type, struct bytes mem, uint16_t page)
{
	const struct ntag_layout *l = &layouts[type];
	size_t bit = page, at = STATIC_LOCK_AT;

	if (page >= STATIC_LOCK_PAGES) {
		if (!l->lock_grain)
			return false;
		bit = (size_t)(page - STATIC_LOCK_PAGES) / l->lock_grain;
		at = (size_t)l->lock_page * NTAG_PAGE;
	}
	at += bit / 8;
	return at < mem.len && (mem.p[at] >> (bit % 8) & 1);
}

/* Writing: the memory as it will be after the pages planned so far. */
struct plan {
	struct ntag_plan *out;
	uint8_t now[LIMIT_TAG_BYTES];
	uint8_t wanted[LIMIT_TAG_BYTES];
	size_t header_at; /* of the new NDEF block */
	size_t header_len;
	size_t end; /* of what we write */
};

static void plan_page(struct plan *p, size_t page, const uint8_t data[NTAG_PAGE])
{
	struct ntag_page *to = &p->out->pages[p->out->count];

	if (memcmp(p->now + page * NTAG_PAGE, data, NTAG_PAGE) == 0)
		return;
	memcpy(p->now + page * NTAG_PAGE, data, NTAG_PAGE);
	to->number = (uint16_t)page;
	memcpy(to->data, data, NTAG_PAGE);
	p->out->count++;
}

/*
 * The page of the length, with a length of zero: nothing else in it differs from what stands there
 * with the true length, so that even a page torn in the middle has one or the other.
 */
static void plan_empty(struct plan *p, const uint8_t from[LIMIT_TAG_BYTES], size_t length_at)
{
	uint8_t data[NTAG_PAGE];
	size_t page = length_at / NTAG_PAGE;

	memcpy(data, from + page * NTAG_PAGE, NTAG_PAGE);
	data[length_at % NTAG_PAGE] = 0;
	plan_page(p, page, data);
}

/*
 * Where the blocks in front end that must stay: sound control blocks. Unsound ones were torn, since
 * these chips reserve nothing among their data. *ndef_at 0: there is no NDEF block.
 */
static void find_front(struct bytes mem, size_t end, size_t *front, size_t *ndef_at)
{
	struct area a = { .mem = mem, .have = mem.len, .end = end, .at = DATA_AT };
	struct block b;
	struct err ignored;

	*front = DATA_AT;
	*ndef_at = 0;
	while (area_next(&a, &b) == STEP_BLOCK) {
		if (b.type == TLV_NDEF) {
			*ndef_at = b.at;
			return;
		}
		if ((b.type == TLV_LOCK_CONTROL || b.type == TLV_MEMORY_CONTROL) &&
			*front == b.at && check_control(&a, &b, &ignored))
			*front = a.at;
	}
}

/* The first place at or behind front where the block's type and length share one page. */
static size_t header_place(size_t front, size_t header_len)
{
	while (front / NTAG_PAGE != (front + header_len - 1) / NTAG_PAGE)
		front++;
	return front;
}

static bool place(struct plan *p, enum ntag_type type, struct bytes ndef, size_t front, size_t end,
	struct err *e)
{
	const struct ntag_layout *l = &layouts[type];
	size_t behind;

	p->header_len = ndef.len < TLV_LONG ? 2 : 4;
	p->header_at = header_place(front, p->header_len);
	/*
	 * These chips reserve nothing among their data, so what the factory says of the locks
	 * behind it (T2T 2.2.2 assumes the same without) gives way to a message that needs the
	 * room.
	 */
	if (p->header_at + p->header_len + ndef.len + 1 > end)
		p->header_at = DATA_AT;
	behind = p->header_at + p->header_len + 1;
	p->end = behind + ndef.len;
	if (p->end > end)
		return err_set(e, ERR_TOO_LARGE,
			"the NDEF message has %zu bytes; this %s holds at most %zu", ndef.len,
			l->name,
			end > behind ? (end - behind < l->ndef_max ? end - behind : l->ndef_max)
				     : 0);
	return true;
}

static void lay_out(struct plan *p, size_t front, struct bytes ndef)
{
	uint8_t header[4] = { TLV_NDEF, TLV_LONG, (uint8_t)(ndef.len >> 8), (uint8_t)ndef.len };
	size_t value_at = p->header_at + p->header_len;

	if (p->header_len == 2)
		header[1] = (uint8_t)ndef.len;
	if (front < p->header_at)
		memset(p->wanted + front, TLV_NULL, p->header_at - front);
	memcpy(p->wanted + p->header_at, header, p->header_len);
	memcpy(p->wanted + value_at, ndef.p, ndef.len);
	p->wanted[value_at + ndef.len] = TLV_END;
	for (size_t at = p->end; at % NTAG_PAGE; at++)
		p->wanted[at] = 0;
}

/*
 * A block that moves: its place holds a terminator, set as the only change to its page, until the
 * rest of the page is what it will be.
 */
static void plan_place(struct plan *p)
{
	uint8_t data[NTAG_PAGE];
	size_t page = p->header_at / NTAG_PAGE, in = p->header_at % NTAG_PAGE;

	if (p->now[p->header_at] == TLV_NDEF)
		return;
	memcpy(data, p->now + page * NTAG_PAGE, NTAG_PAGE);
	data[in] = TLV_END;
	plan_page(p, page, data);
	memcpy(data, p->wanted + page * NTAG_PAGE, NTAG_PAGE);
	data[in] = TLV_END;
	data[in + 1] = 0;
	plan_page(p, page, data);
}

static void plan_order(struct plan *p, size_t old_ndef_at)
{
	size_t header_page = p->header_at / NTAG_PAGE;

	if (memcmp(p->now, p->wanted, sizeof(p->now)) == 0)
		return;
	plan_page(p, NTAG_CC_PAGE, p->wanted + CC_AT);
	if (old_ndef_at && p->now[old_ndef_at + 1] != 0)
		plan_empty(p, p->now, old_ndef_at + 1);
	plan_place(p);
	plan_empty(p, p->wanted, p->header_at + 1);
	for (size_t at = DATA_AT; at < p->end; at += NTAG_PAGE)
		if (at / NTAG_PAGE != header_page)
			plan_page(p, at / NTAG_PAGE, p->wanted + at);
	plan_page(p, header_page, p->wanted + header_page * NTAG_PAGE);
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

static bool check_writable(const uint8_t cc[NTAG_PAGE], const struct ntag_layout *l, struct err *e)
{
	size_t claimed = (size_t)cc[2] * 8,
	       has = (size_t)(l->user_last + 1 - NTAG_DATA_PAGE) * NTAG_PAGE;

	if (!check_cc(cc, e))
		return false;
	if ((cc[3] & CC_NO_WRITE) != 0)
		return err_set(e, ERR_FORBIDDEN, "the chip is write-protected; take another");
	if (claimed > has)
		return err_set(e, ERR_UNSUPPORTED,
			"the chip claims %zu bytes, an %s has %zu; take another", claimed, l->name,
			has);
	return true;
}

bool ntag_write_ndef(struct ntag_plan *out, enum ntag_type type, struct bytes mem,
	struct bytes ndef, struct err *e)
{
	static const uint8_t blank[NTAG_PAGE];
	const struct ntag_layout *l = &layouts[type];
	struct plan p = { .out = out };
	size_t claimed, end, front, old_ndef_at;

	out->count = 0;
	if (type == NTAG_OTHER)
		return err_set(e, ERR_UNSUPPORTED, "only NTAG213, NTAG215 and NTAG216 are written");
	if (mem.len != (size_t)l->pages * NTAG_PAGE)
		return err_set(e, ERR_INTERNAL, "an %s has %u pages", l->name, l->pages);
	if (!ndef.len)
		return err_set(e, ERR_USAGE, "there is no NDEF message to write");
	memcpy(p.now, mem.p, mem.len);
	memcpy(p.wanted, mem.p, mem.len);
	if (memcmp(mem.p + CC_AT, blank, NTAG_PAGE) == 0)
		memcpy(p.wanted + CC_AT, (uint8_t[]){ CC_MAGIC, CC_VERSION, l->cc_size, 0 },
			NTAG_PAGE);
	if (!check_writable(p.wanted + CC_AT, l, e))
		return false;
	claimed = p.wanted[CC_AT + 2];
	find_front(mem, DATA_AT + claimed * 8, &front, &old_ndef_at);
	end = DATA_AT + (claimed < l->cc_size ? claimed : l->cc_size) * 8;
	if (!place(&p, type, ndef, front, end, e))
		return false;
	lay_out(&p, front, ndef);
	plan_order(&p, old_ndef_at);
	return check_locks(out, type, mem, e);
}

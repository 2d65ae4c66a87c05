/*
 * The NFC reader. A tag is touched, read and reported once, and again only after it left.
 *
 * A tap is reported as early as the chip allows: select, then one FAST_READ that holds all of an
 * NTAG213; what kind of tag it is, its capability container says in the same bytes. Only when
 * the tag is reported does the reader look whether a second one lies there.
 */
#include "kiosk/readers/nfc.h"

#include "core/base/clock.h"
#include "core/nfc/type2.h"
#include "core/nfc/type4.h"
#include "kiosk/scan.h"

enum {
	EMPTY_ROUND_MS =
		10,	    /* a select on an empty field takes a real chip 15 to 20 ms by itself */
	HELD_ROUND_MS = 50, /* between looks at a tag that was reported */
	MISSES = 2,	    /* looks without an answer before a tag counts as gone */
	OTHERS = 3, /* looks that each find another tag than the one before: ours has left */
};

enum state {
	STATE_START, /* opened, not yet announced */
	STATE_EMPTY,
	STATE_TOUCHED, /* a tag was selected and announced, not yet read */
	STATE_HELD,    /* it was reported and lies there still */
};

struct nfc_reader {
	struct nfc_port *port;
	enum state state;
	struct nfc_tag tag;
	struct nfc_tag other; /* STATE_HELD: another tag, seen after ours */
	unsigned others;      /* looks that found another tag, since ours was reported */
	bool said_several;
	unsigned misses;
	struct nfc_memory memory;
	uint8_t card[NFC_TYPE4_MAX]; /* the message of a Type 4 */
};

static bool nfc_reader_open(void **reader, const char *argument, struct err *e)
{
	struct nfc_reader *r = calloc(1, sizeof(*r));

	*reader = NULL;
	if (!r)
		return err_set(e, ERR_INTERNAL, "out of memory");
	if (!nfc_port_open(&r->port, argument, e)) {
		free(r);
		return false;
	}
	*reader = r;
	return true;
}

static void nfc_reader_close(void *reader)
{
	struct nfc_reader *r = reader;

	if (!r)
		return;
	nfc_port_close(r->port);
	free(r);
}

static void fill(
	struct scan *scan, enum scan_kind kind, const struct nfc_tag *tag, struct bytes data)
{
	memset(scan, 0, offsetof(struct scan, data));
	scan->kind = (uint8_t)kind;
	scan->seen_ns = clock_monotonic_ns();
	if (tag) {
		scan->uid_len = tag->uid_len;
		memcpy(scan->uid, tag->uid, tag->uid_len);
	}
	scan->len = (uint16_t)(data.len < SCAN_DATA_MAX ? data.len : SCAN_DATA_MAX);
	if (scan->len)
		memcpy(scan->data, data.p, scan->len);
}

static void announce(struct nfc_reader *r, struct scan *scan)
{
	const char *name = nfc_port_name(r->port);

	fill(scan, SCAN_READY, NULL, str_bytes(str_of(name)));
	r->state = STATE_EMPTY;
}

static enum scan_tag scan_tag_of(enum ntag_type type)
{
	static const enum scan_tag tags[NTAG_TYPES] = {
		[NTAG_OTHER] = SCAN_TAG_TYPE2,
		[NTAG_213] = SCAN_TAG_NTAG213,
		[NTAG_215] = SCAN_TAG_NTAG215,
		[NTAG_216] = SCAN_TAG_NTAG216,
	};

	return tags[type];
}

static bool read_type2(struct nfc_reader *r, struct scan *scan, struct err *e)
{
	if (nfc_type2_read_ndef(r->port, &r->tag, &r->memory, e)) {
		fill(scan, SCAN_CHIP, &r->tag, r->memory.ndef.message);
		scan->tag = (uint8_t)scan_tag_of(r->memory.type);
		return true;
	}
	if (e->code == ERR_UNAVAILABLE)
		return false;
	fill(scan, SCAN_CHIP, &r->tag, BYTES(""));
	if (e->code == ERR_GONE)
		scan->tag = SCAN_TAG_TORN;
	else if (e->code == ERR_CONFLICT)
		scan->tag = SCAN_TAG_SEVERAL;
	else
		scan->tag = (uint8_t)scan_tag_of(r->memory.type); /* blank, or not for NDEF */
	*e = (struct err){ 0 };
	return true;
}

/* Somebody's own card may hold a vCard, and an NTAG 424's message is for the server to verify. */
static bool read_type4(struct nfc_reader *r, struct scan *scan, struct err *e)
{
	struct buf ndef = BUF_ON(r->card);
	enum nfc_card card;
	bool ok = nfc_type4_card(r->port, &r->tag, &card, e) &&
		  nfc_type4_read_ndef(r->port, &ndef, e);

	if (!ok && e->code == ERR_UNAVAILABLE)
		return false;
	fill(scan, SCAN_CHIP, &r->tag, ok && buf_ok(&ndef) ? buf_bytes(&ndef) : BYTES(""));
	scan->tag = !ok && e->code == ERR_GONE	     ? SCAN_TAG_TORN
		    : ok && card == NFC_CARD_NTAG424 ? SCAN_TAG_NTAG424
						     : SCAN_TAG_TYPE4;
	*e = (struct err){ 0 };
	return true;
}

/* Read what was touched and report it, whatever it is. */
static bool report(struct nfc_reader *r, struct scan *scan, struct err *e)
{
	static const enum scan_tag tags[] = {
		[NFC_CLASSIC] = SCAN_TAG_CLASSIC,
		[NFC_PHONE] = SCAN_TAG_PHONE,
	};

	r->state = STATE_HELD;
	r->misses = 0;
	r->others = 0;
	r->said_several = false;
	if (r->tag.kind == NFC_TYPE2 || r->tag.kind == NFC_TYPE4) {
		if (!(r->tag.kind == NFC_TYPE2 ? read_type2 : read_type4)(r, scan, e))
			return false;
		if (scan->tag == SCAN_TAG_TORN)
			r->state = STATE_EMPTY; /* put back, it is read again */
		r->said_several = scan->tag == SCAN_TAG_SEVERAL;
		return true;
	}
	fill(scan, SCAN_CHIP, &r->tag, BYTES(""));
	scan->tag = (uint8_t)tags[r->tag.kind];
	return true;
}

static void touch(struct nfc_reader *r, const struct nfc_tag *tag, struct scan *scan)
{
	r->tag = *tag;
	r->state = STATE_TOUCHED;
	fill(scan, SCAN_TOUCH, tag, BYTES(""));
}

static bool same_as_held(const struct nfc_reader *r, const struct nfc_tag *tag)
{
	/* a phone draws a new UID each time it is asked */
	return nfc_tag_equal(&r->tag, tag) || (r->tag.kind == NFC_PHONE && tag->kind == NFC_PHONE);
}

/*
 * A tag was reported and now something else answers. If ours answers again after it, both lie
 * there. If the other one answers twice, ours has left and this is the next tap; so it has when
 * others take turns, as two that came together do, and a phone with its UIDs.
 */
static bool look_at_held(struct nfc_reader *r, const struct nfc_tag *tag, struct scan *scan)
{
	r->misses = 0;
	if (same_as_held(r, tag)) {
		if (!r->others || r->said_several)
			return false;
		r->said_several = true;
		fill(scan, SCAN_CHIP, tag, BYTES(""));
		scan->tag = SCAN_TAG_SEVERAL;
		return true;
	}
	if (r->said_several)
		return false; /* until the field was empty once */
	if ((r->others && nfc_tag_equal(&r->other, tag)) || ++r->others >= OTHERS) {
		touch(r, tag, scan);
		return true;
	}
	r->other = *tag;
	return false;
}

static bool look(struct nfc_reader *r, struct scan *scan, bool *found, struct err *e)
{
	struct nfc_tag tag;
	bool here;

	if (!nfc_port_select(r->port, &tag, &here, e))
		return false;
	if (here && r->state == STATE_EMPTY) {
		touch(r, &tag, scan);
		*found = true;
	} else if (here) {
		*found = look_at_held(r, &tag, scan);
	} else if (r->state == STATE_HELD && ++r->misses >= MISSES) {
		r->state = STATE_EMPTY;
	}
	return true;
}

/* Sleep for what a round lacks; when something changes, the next look comes sooner. */
static void pace(const struct nfc_reader *r, uint64_t round_start_ns)
{
	uint64_t spent = clock_monotonic_ns() - round_start_ns;
	bool calm = r->state == STATE_HELD && !r->misses && (!r->others || r->said_several);
	uint64_t round_ms = calm ? HELD_ROUND_MS : EMPTY_ROUND_MS;
	uint64_t round = round_ms * 1000000u;
	struct timespec left = { 0 };

	if (spent >= round)
		return;
	left.tv_nsec = (long)(round - spent);
	nanosleep(&left, NULL);
}

static bool nfc_reader_wait(
	void *reader, int timeout_ms, struct scan *scan, bool *found, struct err *e)
{
	struct nfc_reader *r = reader;
	uint64_t until = clock_monotonic_ns() + (uint64_t)timeout_ms * 1000000u;

	*found = true;
	if (r->state == STATE_START) {
		announce(r, scan);
		return true;
	}
	if (r->state == STATE_TOUCHED)
		return report(r, scan, e);
	*found = false;
	for (;;) {
		uint64_t start = clock_monotonic_ns();

		if (!look(r, scan, found, e))
			return false;
		if (*found || clock_monotonic_ns() >= until)
			return true;
		pace(r, start);
	}
}

const struct reader_type reader_nfc = {
	.name = "nfc",
	.help = "reads badges by an NFC reader, named as in pn532_uart:/dev/ttyAMA0",
	.open = nfc_reader_open,
	.wait = nfc_reader_wait,
	.close = nfc_reader_close,
};

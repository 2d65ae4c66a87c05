#define _DEFAULT_SOURCE
#include "firmware-tools/commands/bench_tag.h"

#include <stdio.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/nfc/classic.h"

enum { PAUSE_MS = 20 };

bool bench_wait_read(uint64_t *seconds, const char *text, struct err *e)
{
	*seconds = BENCH_WAIT_S;
	if (!text || (str_u64(str_of(text), seconds) && *seconds <= BENCH_WAIT_MAX_S))
		return true;
	return err_set(e, ERR_USAGE, "--wait takes 0 to %d seconds", BENCH_WAIT_MAX_S);
}

bool bench_wait_until(uint64_t *until_ns, const char *text, struct err *e)
{
	uint64_t seconds;

	if (!bench_wait_read(&seconds, text, e))
		return false;
	*until_ns = clock_monotonic_ns() + seconds * 1000000000u;
	return true;
}

bool bench_tag_wait(struct nfc_port *p, uint64_t until_ns, struct nfc_tag *out, struct err *e)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000000 };
	bool said = false;

	for (;;) {
		bool found;

		if (!nfc_port_select(p, out, &found, e))
			return false;
		if (found)
			return true;
		if (!said)
			fprintf(stderr, "put a badge on the reader\n");
		said = true;
		if (clock_monotonic_ns() >= until_ns)
			return err_set(e, ERR_TIMEOUT, "no badge came; --wait gives more time");
		nanosleep(&pause, NULL);
	}
}

static bool read_card(struct nfc_port *p, struct bench_tag *t, struct buf *ndef, struct err *e)
{
	static const char *const names[] = {
		[NFC_CARD_DESFIRE] = "DESFire",
		[NFC_CARD_NTAG424] = "NTAG 424 DNA",
	};
	enum nfc_card card;

	if (t->tag.kind == NFC_TYPE4) {
		if (!nfc_type4_card(p, &t->tag, &card, e))
			return false;
		t->name = names[card];
		t->is_ntag424 = card == NFC_CARD_NTAG424;
	}
	return nfc_type4_read_ndef(p, ndef, e);
}

/* Why it gives no message is kept, and no error of the reading. */
static bool read_other(struct nfc_port *p, struct bench_tag *t, struct err *e)
{
	struct buf ndef = BUF_ON(t->ndef);
	bool ok;

	if (t->tag.kind == NFC_CLASSIC) {
		t->name = nfc_classic_name(&t->tag);
		ok = nfc_classic_read_ndef(p, &t->tag, &ndef, e);
	} else {
		ok = read_card(p, t, &ndef, e);
	}
	if (ok) {
		t->ndef_len = buf_bytes(&ndef).len;
		return true;
	}
	if (e->code == ERR_UNAVAILABLE)
		return false;
	t->why = *e;
	*e = (struct err){ 0 };
	return true;
}

bool bench_tag_read(struct nfc_port *p, struct bench_tag *t, struct err *e)
{
	t->type = NTAG_OTHER;
	t->len = t->ndef_len = 0;
	t->name = NULL;
	t->is_ntag424 = false;
	t->why = (struct err){ 0 };
	if (t->tag.kind != NFC_TYPE2)
		return read_other(p, t, e);
	if (!nfc_type2_type(p, &t->tag, &t->type, e))
		return false;
	if (t->type == NTAG_OTHER)
		return true;
	if (!nfc_type2_read_all(p, &t->tag, t->type, t->mem, e))
		return false;
	t->len = (size_t)ntag_layout(t->type)->pages * NTAG_PAGE;
	return true;
}

bool bench_tag_is_ntag(const struct bench_tag *t, struct err *e)
{
	return t->len ||
	       err_set(e, ERR_UNSUPPORTED, "this is a %s; badges are NTAG213, NTAG215 or NTAG216",
		       bench_tag_name(t));
}

bool bench_ntag_get(struct nfc_port *p, uint64_t until_ns, struct bench_tag *t, struct err *e)
{
	return bench_tag_wait(p, until_ns, &t->tag, e) && bench_tag_read(p, t, e) &&
	       bench_tag_is_ntag(t, e);
}

bool bench_until_done(
	bool (*once)(void *work, struct err *e), void *work, uint64_t until_ns, struct err *e)
{
	*e = (struct err){ 0 };
	while (!once(work, e)) {
		if (e->code != ERR_GONE || clock_monotonic_ns() >= until_ns)
			return false;
		fprintf(stderr, "the badge was taken away too early; put it back on the reader\n");
		*e = (struct err){ 0 };
	}
	*e = (struct err){ 0 };
	return true;
}

struct bench_uid bench_uid_text(struct bytes uid)
{
	struct bench_uid out = { 0 };
	struct buf hex = BUF_OVER(out.s, sizeof(out.s) - 1);

	hex_write(&hex, uid);
	return out;
}

const char *bench_tag_name(const struct bench_tag *t)
{
	static const char *const kinds[] = {
		[NFC_TYPE2] = "Type 2 tag",
		[NFC_CLASSIC] = "MIFARE Classic",
		[NFC_TYPE4] = "Type 4 card",
		[NFC_PHONE] = "phone",
	};

	if (t->name)
		return t->name;
	return t->type == NTAG_OTHER ? kinds[t->tag.kind] : ntag_layout(t->type)->name;
}

bool bench_tag_ndef(const struct bench_tag *t, struct bytes *message, struct err *e)
{
	const size_t cc_at = (size_t)NTAG_CC_PAGE * NTAG_PAGE;
	struct ntag_ndef ndef;

	if (!bench_tag_is_ntag(t, e))
		return false;
	if (!ntag_find_ndef(&ndef, bytes_of(t->mem + cc_at, t->len - cc_at), e))
		return false;
	if (ndef.more)
		return err_set(e, ERR_MALFORMED, "the chip claims more memory than it has");
	*message = ndef.message;
	return true;
}

bool bench_tag_message(const struct bench_tag *t, struct bytes *message, struct err *e)
{
	if (t->len || t->tag.kind == NFC_TYPE2)
		return bench_tag_ndef(t, message, e);
	*message = bytes_of(t->ndef, t->ndef_len);
	if (t->ndef_len)
		return true;
	*e = t->why;
	return false;
}

bool bench_tag_badge(const struct bench_tag *t, struct badge *out, struct err *e)
{
	struct bytes ndef;

	return bench_tag_ndef(t, &ndef, e) && badge_read(out, ndef, e);
}

/* Passwords read as zeros, and the first bytes of the lock page are nobody's to write. */
static bool is_readable(enum ntag_type type, uint16_t page)
{
	const struct ntag_layout *l = ntag_layout(type);

	return page > 2 && page <= l->lock_page + 2 && page != l->lock_page;
}

bool bench_tag_again(struct nfc_port *p, struct bench_tag *t, struct err *e)
{
	return nfc_type2_read_all(p, &t->tag, t->type, t->mem, e);
}

bool bench_tag_write(
	struct nfc_port *p, struct bench_tag *t, const struct ntag_plan *plan, struct err *e)
{
	uint8_t wanted[LIMIT_TAG_BYTES];

	if (!nfc_type2_write(p, &t->tag, plan, e))
		return false;
	memcpy(wanted, t->mem, t->len);
	for (size_t i = 0; i < plan->count; i++)
		memcpy(wanted + (size_t)plan->pages[i].number * NTAG_PAGE, plan->pages[i].data,
			NTAG_PAGE);
	if (!bench_tag_again(p, t, e))
		return false;
	for (size_t i = 0; i < plan->count; i++) {
		size_t at = (size_t)plan->pages[i].number * NTAG_PAGE;

		if (is_readable(t->type, plan->pages[i].number) &&
			memcmp(t->mem + at, wanted + at, NTAG_PAGE) != 0)
			return err_set(e, ERR_IO,
				"page %u reads back as something else; take another chip",
				plan->pages[i].number);
	}
	return true;
}

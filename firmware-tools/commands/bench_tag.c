#define _DEFAULT_SOURCE
#include "firmware-tools/commands/bench_tag.h"

#include <stdio.h>

#include "core/base/clock.h"

enum { PAUSE_MS = 20 };

bool bench_wait_read(uint64_t *seconds, const char *text, struct err *e)
{
	if (str_u64(str_of(text), seconds) && *seconds <= BENCH_WAIT_MAX_S)
		return true;
	return err_set(e, ERR_USAGE, "--wait takes 0 to %d seconds", BENCH_WAIT_MAX_S);
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

bool bench_tag_read(struct nfc_port *p, struct bench_tag *t, struct err *e)
{
	t->type = NTAG_OTHER;
	t->len = 0;
	if (t->tag.kind != NFC_TYPE2)
		return true;
	if (!nfc_type2_type(p, &t->tag, &t->type, e))
		return false;
	if (t->type == NTAG_OTHER)
		return true;
	if (!nfc_type2_read_all(p, &t->tag, t->type, t->mem, e))
		return false;
	t->len = (size_t)ntag_layout(t->type)->pages * NTAG_PAGE;
	return true;
}

const char *bench_tag_name(const struct bench_tag *t)
{
	static const char *const kinds[] = {
		[NFC_TYPE2] = "Type 2 tag",
		[NFC_CLASSIC] = "MIFARE Classic",
		[NFC_TYPE4] = "Type 4 card",
		[NFC_PHONE] = "phone",
	};

	return t->type == NTAG_OTHER ? kinds[t->tag.kind] : ntag_layout(t->type)->name;
}

bool bench_tag_ndef(const struct bench_tag *t, struct bytes *message, struct err *e)
{
	const size_t cc_at = (size_t)NTAG_CC_PAGE * NTAG_PAGE;
	struct ntag_ndef ndef;

	if (!t->len)
		return err_set(e, ERR_UNSUPPORTED,
			"this is a %s; badges are NTAG213, NTAG215 or NTAG216", bench_tag_name(t));
	if (!ntag_find_ndef(&ndef, bytes_of(t->mem + cc_at, t->len - cc_at), e))
		return false;
	if (ndef.more)
		return err_set(e, ERR_MALFORMED, "the chip claims more memory than it has");
	*message = ndef.message;
	return true;
}

/* What write and read share: waiting for a badge at a reader, and reading all of it. */
#pragma once

#include "core/base/arena.h"
#include "core/nfc/type2.h"

enum { BENCH_WAIT_S = 10, BENCH_WAIT_MAX_S = 3600 };

struct bench_tag {
	struct nfc_tag tag;
	enum ntag_type type;
	uint8_t mem[LIMIT_TAG_BYTES];
	size_t len; /* of mem; 0 for everything but an NTAG */
};

/* "10": seconds, for --wait. ERR_USAGE otherwise. */
MUST_CHECK bool bench_wait_read(uint64_t *seconds, const char *text, struct err *e);
/*
 * Wait for a tag until that time (clock_monotonic_ns), and say so on stderr once there is none.
 * ERR_TIMEOUT names what to do.
 */
MUST_CHECK bool bench_tag_wait(
	struct nfc_port *p, uint64_t until_ns, struct nfc_tag *out, struct err *e);
/* Its kind and its memory. */
MUST_CHECK bool bench_tag_read(struct nfc_port *p, struct bench_tag *t, struct err *e);
/* What to call it: "NTAG213", "MIFARE Classic", "a phone". */
const char *bench_tag_name(const struct bench_tag *t);
/* The NDEF message in t->mem. Errors as ntag_find_ndef. */
MUST_CHECK bool bench_tag_ndef(const struct bench_tag *t, struct bytes *message, struct err *e);

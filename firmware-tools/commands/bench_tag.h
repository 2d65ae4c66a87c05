/* What the commands at a reader share: waiting for a badge, reading all of it, changing it. */
#pragma once

#include "core/base/arena.h"
#include "core/nfc/type2.h"
#include "core/nfc/type4.h"
#include "core/tag/badge.h"

enum { BENCH_WAIT_S = 10, BENCH_WAIT_MAX_S = 86400, BENCH_NDEF_MAX = NFC_TYPE4_MAX };

struct bench_tag {
	struct nfc_tag tag;
	enum ntag_type type;
	uint8_t mem[LIMIT_TAG_BYTES];
	size_t len; /* of mem; 0 for everything but an NTAG */
	/* What others have: their name, their message, or why there is none. */
	const char *name;
	uint8_t ndef[BENCH_NDEF_MAX];
	size_t ndef_len;
	bool is_ntag424;
	struct err why;
};

/* "10": seconds, for --wait; NULL: BENCH_WAIT_S. ERR_USAGE otherwise. */
MUST_CHECK bool bench_wait_read(uint64_t *seconds, const char *text, struct err *e);
/* The same, as the time on clock_monotonic_ns at which waiting ends. */
MUST_CHECK bool bench_wait_until(uint64_t *until_ns, const char *text, struct err *e);
/*
 * Wait for a tag until that time (clock_monotonic_ns), and say so on stderr once there is none.
 * ERR_TIMEOUT names what to do.
 */
MUST_CHECK bool bench_tag_wait(
	struct nfc_port *p, uint64_t until_ns, struct nfc_tag *out, struct err *e);
/* Its kind and its memory; of what is no NTAG, its name and its message. */
MUST_CHECK bool bench_tag_read(struct nfc_port *p, struct bench_tag *t, struct err *e);
/* What bench_tag_read found is an NTAG; ERR_UNSUPPORTED names anything else. */
MUST_CHECK bool bench_tag_is_ntag(const struct bench_tag *t, struct err *e);
/* bench_tag_wait and bench_tag_read; ERR_UNSUPPORTED names anything but an NTAG. */
MUST_CHECK bool bench_ntag_get(
	struct nfc_port *p, uint64_t until_ns, struct bench_tag *t, struct err *e);
/* What to call it: "NTAG213", "MIFARE Classic", "phone". */
const char *bench_tag_name(const struct bench_tag *t);
/* Its UID in hexadecimal, NUL-terminated. */
struct bench_uid {
	char s[2 * NFC_UID_MAX + 1];
};
struct bench_uid bench_uid_text(struct bytes uid);
/* The NDEF message in t->mem. Errors as ntag_find_ndef. */
MUST_CHECK bool bench_tag_ndef(const struct bench_tag *t, struct bytes *message, struct err *e);
/* The same, of any tag that was read. */
MUST_CHECK bool bench_tag_message(const struct bench_tag *t, struct bytes *message, struct err *e);
/* The badge in t->mem. Errors as bench_tag_ndef and badge_read. */
MUST_CHECK bool bench_tag_badge(const struct bench_tag *t, struct badge *out, struct err *e);
/* The memory once more, of a tag whose kind is known: saves asking for it. */
MUST_CHECK bool bench_tag_again(struct nfc_port *p, struct bench_tag *t, struct err *e);
/* Write a plan, read everything again and check that each page is as planned. */
MUST_CHECK bool bench_tag_write(
	struct nfc_port *p, struct bench_tag *t, const struct ntag_plan *plan, struct err *e);
/*
 * Do once with the badge that lies there; taken away in between, ask for it and do it again, until
 * that time. once selects and reads the badge itself.
 */
MUST_CHECK bool bench_until_done(
	bool (*once)(void *work, struct err *e), void *work, uint64_t until_ns, struct err *e);

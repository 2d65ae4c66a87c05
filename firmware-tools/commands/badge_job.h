/*
 * One badge onto one chip, as write and batch do it: made for the chip's UID, written in an order
 * that survives a pull, read back and judged.
 */
#pragma once

#include "core/tag/event_key.h"
#include "firmware-tools/commands/bench_tag.h"

struct badge_job {
	const struct event_key *key;
	struct badge badge; /* id, host, vcard */
};

/* The pages that this chip (read by bench_tag_read) lacks. Refuses what cannot be written. */
MUST_CHECK bool badge_job_plan(struct ntag_plan *plan, size_t *ndef_len, const struct badge_job *j,
	const struct bench_tag *t, struct err *e);
/*
 * Write that plan and read all of the chip back: ERR_IO when the badge does not verify then.
 * ERR_GONE: taken away; plan again when it is back.
 */
MUST_CHECK bool badge_job_write(struct nfc_port *p, struct bench_tag *t,
	const struct ntag_plan *plan, const struct badge_job *j, struct err *e);
/*
 * What is wrong with the host, the id or the vCard is found without a chip. *smallest, where it is
 * given, is the kind of chip that has room; ERR_TOO_LARGE: none has.
 */
MUST_CHECK bool badge_job_try(const struct badge_job *j, enum ntag_type *smallest, struct err *e);
/* ERR_MALFORMED: no vCard in UTF-8. */
MUST_CHECK bool badge_vcard_check(struct bytes vcard, struct err *e);

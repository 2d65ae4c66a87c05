/*
 * What a batch did, in a file that survives a crash: one line a step, appended and on the disk
 * before the next step is taken. What was begun and not done is the one chip that may be half
 * written. A line that a power cut left unfinished is cut off at the next opening.
 *
 *	kith-batch-1 event 7 key 1
 *	begin ID UID NTAG213 2026-11-22T09:41:00Z
 *	done ID UID NTAG213 2026-11-22T09:41:01Z
 *	spoilt ID UID NTAG213 2026-11-22T09:42:00Z	given up: not to be used
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/id.h"
#include "core/nfc/nfc.h"

enum journal_step { JOURNAL_BEGIN, JOURNAL_DONE, JOURNAL_SPOILT, JOURNAL_STEPS };

struct journal_line {
	enum journal_step step;
	struct id id;
	uint8_t uid[NFC_UID_MAX];
	uint8_t uid_len;
	char chip[12];
	struct str time;
};

struct journal {
	int fd;
	struct journal_line *lines; /* in the arena, in order */
	size_t count, room;
	struct arena *arena;
};

/*
 * Open or make it. ERR_CONFLICT: another batch works with it, or it is of another event or key.
 * ERR_MALFORMED names the line.
 */
MUST_CHECK bool journal_open(struct journal *j, const char *path, uint32_t event, uint8_t key,
	struct arena *a, struct err *e);
void journal_close(struct journal *j);
/* On the disk when it returns. */
MUST_CHECK bool journal_note(struct journal *j, enum journal_step step, struct id id,
	struct bytes uid, const char *chip, struct err *e);
/* The newest line about that badge, or about that chip; NULL: none. */
const struct journal_line *journal_of_id(const struct journal *j, struct id id);
const struct journal_line *journal_of_uid(const struct journal *j, struct bytes uid);

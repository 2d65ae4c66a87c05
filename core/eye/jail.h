/*
 * The eye in a process of its own: pictures of strangers go to decoders of others', so whatever
 * breaks there breaks alone. The process has no files, no network and no new memory past a limit
 * (seccomp(2), setrlimit(2)); what takes too long is killed. A crash or a hang costs one picture:
 * that call fails, and the next one starts a new process.
 *
 * What comes back is checked as anything from outside is. Fork happens in the calling process, so
 * it must have one thread when a call starts a decoder.
 */
#pragma once

#include <sys/types.h>

#include "core/eye/eye.h"

enum {
	JAIL_PICTURE_MAX = LIMIT_IMAGE_BYTES, /* bytes of pixels or of a file at a time */
	JAIL_MEMORY_MAX = 768 << 20,	      /* address space of the process */
	JAIL_STILL_MS = 30000,		      /* 48 million pixels with every pass */
	JAIL_FRAME_MS = 2000,
};

struct jail;

/* Starts nothing yet. ERR_FULL. */
MUST_CHECK bool jail_open(struct jail **out, struct err *e);
void jail_close(struct jail *j); /* accepts NULL */
/*
 * eye_read there. *out borrows from j until its next call. Beside eye_read's errors: ERR_TIMEOUT,
 * it took too long; ERR_UNAVAILABLE, the process ended. Both are over with the next call.
 */
MUST_CHECK bool jail_read(struct jail *j, const struct image *in, enum eye_mode mode,
	unsigned timeout_ms, struct eye_codes *out, struct err *e);
/* The same of a file: also what is in it is decoded there (image_read). */
MUST_CHECK bool jail_read_file(struct jail *j, struct bytes file, enum eye_mode mode,
	unsigned timeout_ms, struct eye_codes *out, struct err *e);
/*
 * The same without waiting, so that several decoders work at a time: one task is given, and its
 * answer asked for until *done. Every mode, and EYE_PASS.
 */
struct jail_task {
	struct image image; /* pixels NULL: what is in the file */
	struct bytes file;
	enum eye_mode mode;
	unsigned pass; /* of EYE_PASS: which, eye_pass_name */
};
bool jail_is_free(const struct jail *j);
/* j is free. False: as jail_read, and j is free again. The task's bytes are not needed after. */
MUST_CHECK bool jail_give(
	struct jail *j, const struct jail_task *task, unsigned timeout_ms, struct err *e);
/* *done false: not yet, which wait rules out, or nothing was asked. False: as jail_read. */
MUST_CHECK bool jail_answer(
	struct jail *j, bool wait, bool *done, struct eye_codes *out, struct err *e);
/* The process at work, 0 for none; how many have been started. For tests and for the log. */
pid_t jail_pid(const struct jail *j);
unsigned jail_starts(const struct jail *j);

/*
 * The eye: a gray picture in, the QR codes in it out.
 *
 * A picture goes through passes, each a preparation (core/eye/prepare.h) and a decoder
 * (core/eye/engine.h); the table is in eye.c, cheap and fruitful ones first. A still picture
 * takes them in order. A frame of a video takes the cheapest, and one of the others in turn:
 * whoever holds a card before a camera holds it for many frames.
 *
 * A text of one decoder counts when its error correction is clean; where two have read the same
 * place and differ, neither counts.
 *
 * Codes are bytes, as they stand in the symbol; text is the caller's question (text_from_bytes).
 * Nothing is allocated for a picture that is no larger than the largest before it, but for what
 * ZBar and ZXing allocate themselves. One eye is used by one thread at a time.
 */
#pragma once

#include "core/base/bytes.h"
#include "core/base/err.h"
#include "core/eye/engine.h"
#include "core/eye/image.h"

enum {
	EYE_CODES_MAX = 128,	  /* codes of one picture; further ones are left out */
	EYE_DATA_MAX = 256 << 10, /* and their bytes together */
	EYE_MEMORY_LEAST = 20 << 20,
};

struct eye_code {
	struct bytes data;	     /* borrowed from the eye, until its next picture */
	struct eye_point corners[4]; /* in pixels of the picture, in order around the code */
	const char *engine, *pass;   /* who read it first */
	float ms;		     /* from the start of the picture */
};

/* What would help to read a code that is located in a frame and was not read. */
enum eye_advice {
	EYE_NO_ADVICE,
	EYE_MORE_LIGHT,
	EYE_CLOSER,
	EYE_TILT,	/* a lamp shines in it: tilt it a little */
	EYE_HOLD_STILL, /* blurred by motion, or not in focus yet */
	EYE_ADVICE_COUNT,
};

/* Of EYE_GLANCE, EYE_VIDEO and EYE_PASS, where nothing was read. */
struct eye_sight {
	bool located;	     /* something is there that looks like a code */
	struct eye_point at; /* its middle; the picture is 1 wide */
	enum eye_advice advice;
	unsigned still; /* frames in a row, before this one, that showed nothing else */
};

struct eye_codes {
	const struct eye_code *code;
	size_t count;
	struct eye_sight sight;
};

enum eye_mode {
	EYE_FIRST,  /* a still; stop after the first pass that reads something */
	EYE_ALL,    /* a still; every pass, each code once */
	EYE_GLANCE, /* the first look at a frame of a video, alone */
	/*
	 * A frame: the cheapest pass, then one of the others; unless it read something, or all
	 * others have seen the same already and nothing is located in it.
	 */
	EYE_VIDEO,
	EYE_PASS, /* a frame: one pass alone, by eye_read_pass */
};

struct eye;

/* False: ERR_INTERNAL, ERR_FULL. */
MUST_CHECK bool eye_open(struct eye **out, struct err *e);
void eye_close(struct eye *eye); /* accepts NULL */
/* *out borrows from eye until its next picture. False: no memory, or past image.h's limits. */
MUST_CHECK bool eye_read(struct eye *eye, const struct image *in, enum eye_mode mode,
	struct eye_codes *out, struct err *e);
/* The names of the passes in order, for tables and benches; NULL past the last. */
const char *eye_pass_name(size_t i);
size_t eye_pass_count(void);
/*
 * Bytes that it holds, beside what ZBar and ZXing hold for themselves. Never more than
 * EYE_MEMORY_LEAST and two a pixel of the largest picture that it has seen.
 */
size_t eye_memory(const struct eye *eye);
/* EYE_GLANCE read nothing: whether another pass is worth its time. */
bool eye_wants_more(const struct eye_sight *sight);
/* One pass alone, over a frame of a video. */
MUST_CHECK bool eye_read_pass(
	struct eye *eye, const struct image *in, size_t pass, struct eye_codes *out, struct err *e);

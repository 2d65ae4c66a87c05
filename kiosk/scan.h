/*
 * What a reader process sends to the desk: one struct scan a write(2), no larger than PIPE_BUF,
 * so that scans of several readers never mix and a torn one cannot be seen.
 */
#pragma once

#include <limits.h>
#include <stdint.h>

#include "core/base/bytes.h"
#include "core/base/err.h"

enum scan_kind {
	SCAN_ALIVE, /* nothing new: the reader works. At least once a second. */
	SCAN_READY, /* the device answers, after start or after a fault; data names it */
	SCAN_FAULT, /* the device is gone or ill; data says what to do, in words */
	SCAN_TOUCH, /* a tag is in the field, its content not read yet: for the screen's "keep it
		       there" */
	SCAN_CHIP,  /* a tag was read: uid, tag, and its NDEF message in data (may be empty) */
	SCAN_CODE,  /* a QR code, or a line of a barcode scanner: its bytes in data */
	SCAN_HINT,  /* a card is held before a camera that cannot read it: data says what would
		       help, in a word of scan_hint_names, or nothing. At least once a second
		       while it holds. */
};

/* What answered at the NFC reader. */
enum scan_tag {
	SCAN_TAG_NONE,
	SCAN_TAG_NTAG213,
	SCAN_TAG_NTAG215,
	SCAN_TAG_NTAG216,
	SCAN_TAG_TYPE2,	  /* another Type 2 tag */
	SCAN_TAG_CLASSIC, /* MIFARE Classic: named, never accepted */
	SCAN_TAG_TYPE4,
	SCAN_TAG_NTAG424, /* a Type 4 whose message is new at each tap, signed by the chip */
	SCAN_TAG_PHONE,	  /* a random UID (08...): hold your badge, not your phone */
	SCAN_TAG_SEVERAL, /* two tags at once: one at a time, please */
	SCAN_TAG_TORN,	  /* pulled away while it was read */
};

/* What the screen may ask of whoever holds a card before a camera. */
enum scan_hint { HINT_NONE, HINT_LIGHT, HINT_CLOSER, HINT_TILT, HINT_STILL, HINT_COUNT };
extern const char *const scan_hint_names[HINT_COUNT]; /* "", "light", "closer", "tilt", "still" */
MUST_CHECK bool scan_hint_read(struct bytes word, enum scan_hint *out);

enum { SCAN_DATA_MAX = 3072 };

struct scan {
	uint8_t kind; /* enum scan_kind */
	uint8_t tag;  /* enum scan_tag, for SCAN_CHIP */
	uint8_t uid_len;
	uint8_t uid[10];
	uint16_t len;	  /* bytes in data */
	uint64_t seen_ns; /* CLOCK_MONOTONIC of the device's last byte or of the frame */
	uint8_t data[SCAN_DATA_MAX];
};
_Static_assert(sizeof(struct scan) <= PIPE_BUF, "a scan must go down a pipe in one piece");

/*
 * A kind of reader, one file in kiosk/readers/ and one line in kiosk/readers.c. These run in the
 * reader's own process, which may block, crash or hang: the kiosk restarts it.
 */
struct reader_type {
	const char *name; /* the first word of "reader = NAME ARGUMENT" */
	const char *help;
	bool (*open)(void **reader, const char *argument, struct err *e);
	/*
	 * Wait at most timeout_ms (250) for something to report; *found tells whether scan was
	 * filled. False when the device is lost: it is closed and opened again, with back-off.
	 */
	bool (*wait)(void *reader, int timeout_ms, struct scan *scan, bool *found, struct err *e);
	void (*close)(void *reader); /* accepts NULL */
};

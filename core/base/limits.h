/* Named bounds for everything that arrives from outside. Input past one is refused, never cut. */
#pragma once

enum {
	LIMIT_CARD_BYTES = 4 << 20,  /* a card, with its photo */
	LIMIT_CARD_LINE = 2 << 20,   /* one unfolded content line */
	LIMIT_CARD_PROPERTIES = 200, /* properties of one card */
	LIMIT_CARDS = 10000,	     /* cards in one file */
	LIMIT_CARD_FILE = 64 << 20,  /* a file of cards */
	LIMIT_CODE_BYTES = 2953,     /* a version 40-L QR code in byte mode, ISO/IEC 18004 */
	LIMIT_TAG_BYTES = 1024,	     /* user memory of the largest tag that we read */
	LIMIT_NDEF_RECORDS = 16,
	LIMIT_JSON_DEPTH = 16,
	LIMIT_JSON_NODES = 100000,
	LIMIT_BATCH_ENTRIES = 200,	/* entries in one sync request */
	LIMIT_BATCH_BYTES = 256 << 10,	/* the body of one sync request */
	LIMIT_PAYLOAD_BYTES = 16 << 10, /* payload of one entry, sealed or not */
	LIMIT_NOTE_BYTES = 2000,	/* text of one note */
	LIMIT_NAME_BYTES = 200,		/* a person's, event's or station's name */
	LIMIT_CSV_BYTES = 16 << 20,	/* an attendee list */
	LIMIT_CSV_ROWS = 200000,
	LIMIT_CONFIG_BYTES = 64 << 10,
	LIMIT_REQUEST_BYTES = 1 << 20, /* any other request body */
};

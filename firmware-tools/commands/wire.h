/*
 * A PN532's serial line without libnfc: command in, answer out, and what came back when none did.
 * libnfc says "no such device" to every fault of a cable; here the bytes themselves are seen.
 */
#pragma once

#include "core/base/bytes.h"
#include "core/base/err.h"

enum {
	WIRE_BAUD = 115200,
	WIRE_TIMEOUT_MS = 250,
	WIRE_REPLY_MAX = 300,
	WIRE_RAW_MAX = 512,
};

struct wire {
	int fd, lock;
	uint32_t baud;
	uint8_t raw[WIRE_RAW_MAX]; /* all that came since the last command was sent */
	size_t raw_len;
};

enum wire_outcome {
	WIRE_ANSWER,
	WIRE_ERROR,    /* the chip knows no such command */
	WIRE_NO_REPLY, /* acknowledged, and then nothing */
	WIRE_ECHO,     /* what was sent came back */
	WIRE_TEXT,     /* text came: a console */
	WIRE_GARBAGE,  /* bytes, but no frame */
	WIRE_SILENCE,
};

struct wire_answer {
	enum wire_outcome outcome;
	uint8_t data[WIRE_REPLY_MAX]; /* behind D5 and the command's code */
	size_t len;
	uint64_t took_ns;  /* from the first byte sent to the last one received */
	size_t line_bytes; /* of command, ACK and reply: what the bus had to carry */
};

/*
 * The path of a serial line in a reader's name ("/dev/ttyAMA0", "pn532_uart:/dev/ttyAMA0:115200"),
 * into out; false when it names no line.
 */
MUST_CHECK bool wire_path(const char *where, char out[256]);
/*
 * Open by path, with our lock on the reader. ERR_NOT_FOUND, ERR_FORBIDDEN (with the group to join)
 * and ERR_CONFLICT say what to do.
 */
MUST_CHECK bool wire_open(struct wire *w, const char *path, uint32_t baud, struct err *e);
void wire_close(struct wire *w);
/* Wake the chip and set it up as libnfc does; call it before the first command. */
void wire_wake(struct wire *w, struct wire_answer *out);
/* One command, without D4. */
void wire_command(
	struct wire *w, struct bytes command, unsigned timeout_ms, struct wire_answer *out);
/* "nothing came back" and what to look at then; one paragraph. */
const char *wire_words(enum wire_outcome outcome);

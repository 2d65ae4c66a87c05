/*
 * The readers of a kiosk, each in a process of its own that may crash, hang or lose its device:
 * it is started again, and its state is there to be shown. One descriptor for the kiosk's loop.
 *
 * To add a kind of reader: kiosk/readers/NAME.c with one const struct reader_type (kiosk/scan.h),
 * its line in the table of kiosk/readers.c, its test in tests/unit/kiosk/readers/.
 */
#pragma once

#include "core/base/config.h"
#include "kiosk/readers/view.h"
#include "kiosk/scan.h"

enum {
	READER_ALIVE_MS = 3000, /* silent for so long, it is killed */
	READER_WAIT_MS = 250,	/* a reader's own wait */
	READER_RETRY_MIN_MS = 200,
	READER_RETRY_MAX_MS = 2000, /* of a process that ends again and again */
	READER_REOPEN_MS = 250,	    /* of its device: a tap shall count within 2 s of its return */
	READER_STOP_MS = 2000,	    /* from SIGTERM to SIGKILL */
};

enum reader_status {
	READER_STARTING,
	READER_READY,
	READER_FAULT, /* its process works, its device does not */
	READER_DOWN,  /* its process ended, or was killed; it starts again */
};

struct reader_state {
	char name[32]; /* "nfc 1": kind and number among its kind */
	enum reader_status status;
	char text[160]; /* what is wrong and what to do; or the device's name */
	unsigned starts;
};

/* The table. */
extern const struct reader_type *const reader_types[];
extern const size_t reader_type_count;

struct readers;
struct readers_config {
	const struct config_list *lines;	/* "nfc CONNSTRING", in the order of the file */
	const struct reader_type *const *types; /* reader_types, or a test's */
	size_t type_count;
	/* The program that is started as "PROGRAM reader KIND ARGUMENT" with the pipe as
	 * descriptor 3. */
	const char *program;
	void *context;
	void (*scan)(void *context, size_t reader, const struct scan *scan);
	void (*changed)(void *context); /* some state is different */
};

/* Is line a reader of a known kind? ERR_MALFORMED says which kinds there are. */
MUST_CHECK bool readers_check(
	struct str line, const struct reader_type *const *types, size_t n, struct err *e);
/* Starts all of them. lines must outlive it. */
MUST_CHECK bool readers_open(
	struct readers **out, const struct readers_config *config, struct err *e);
/* Ends them, waiting at most READER_STOP_MS in all. Accepts NULL. */
void readers_close(struct readers *r);
int readers_fd(const struct readers *r);
int readers_timeout_ms(const struct readers *r);
void readers_run(struct readers *r);
size_t readers_count(const struct readers *r);
const struct reader_state *readers_state(const struct readers *r, size_t i);

/*
 * For cameras: ask for a picture of what it sees; take the newest that was asked for and has come.
 * Neither waits.
 */
void readers_look(struct readers *r, size_t i);
bool readers_view(struct readers *r, size_t i, struct view_frame *out);

/* The child: opens, waits, sends, until SIGTERM or its parent's end. Returns the exit status. */
int reader_main(
	const struct reader_type *const *types, size_t n, const char *kind, const char *argument);

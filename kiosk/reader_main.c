/* The reader's own process: the other end of kiosk/readers.c's pipe. */
#define _GNU_SOURCE
#include "kiosk/readers.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/text.h"
#include "kiosk/readers/guard.h"

enum { PIPE = 3 };

static volatile sig_atomic_t stopped;

static void on_stop(int number)
{
	(void)number;
	stopped = 1;
}

static bool send_scan(const struct scan *scan)
{
	size_t len = offsetof(struct scan, data) + scan->len;
	ssize_t n;

	do
		n = write(PIPE, scan, len);
	while (n < 0 && errno == EINTR && !stopped);
	return n == (ssize_t)len;
}

static bool send_word(enum scan_kind kind, const char *text)
{
	struct scan scan = { .kind = (uint8_t)kind, .seen_ns = clock_monotonic_ns() };
	struct str s = utf8_cut(str_of(text), 150);

	if (s.len > 0)
		memcpy(scan.data, s.p, s.len);
	scan.len = (uint16_t)s.len;
	return send_scan(&scan);
}

/* Wait without falling silent. */
static bool pause_alive(unsigned ms)
{
	while (ms > 0 && !stopped) {
		unsigned part = ms < READER_WAIT_MS ? ms : READER_WAIT_MS;
		struct timespec t = { 0, (long)part * 1000000 };

		if (!send_word(SCAN_ALIVE, ""))
			return false;
		nanosleep(&t, NULL);
		ms -= part;
	}
	return true;
}

/* One opened device until it is lost. False: nobody listens any more. */
static bool serve(const struct reader_type *type, void *reader, struct err *e)
{
	while (!stopped) {
		struct scan scan = { 0 };
		bool found = false;

		if (!type->wait(reader, READER_WAIT_MS, &scan, &found, e))
			return send_word(SCAN_FAULT, e->text);
		if (!(found ? send_scan(&scan) : send_word(SCAN_ALIVE, "")))
			return false;
	}
	return true;
}

static void catch_signals(void)
{
	struct sigaction stop = { .sa_handler = on_stop };

	/* no SA_RESTART: a wait in the device ends */
	sigaction(SIGTERM, &stop, NULL);
	sigaction(SIGINT, &stop, NULL);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
}

int reader_main(
	const struct reader_type *const *types, size_t n, const char *kind, const char *argument)
{
	const struct reader_type *type = NULL;
	bool heard = true;

	for (size_t i = 0; i < n; i++)
		if (strcmp(types[i]->name, kind) == 0)
			type = types[i];
	if (!type)
		return EX_USAGE;
	catch_signals();
	reader_guard();
	while (!stopped && heard) {
		struct err e = { 0 };
		void *reader = NULL;

		heard = send_word(SCAN_ALIVE, "");
		if (type->open(&reader, argument, &e)) {
			/* its first report says that it is ready, and names the device */
			heard = heard && serve(type, reader, &e);
			type->close(reader);
		} else {
			heard = heard && send_word(SCAN_FAULT, e.text);
		}
		heard = heard && pause_alive(READER_REOPEN_MS);
	}
	return heard ? 0 : EX_IOERR;
}

/* kith-badge reader watch: what comes into the field and what leaves it, as it happens. */
#include <stdio.h>
#include <time.h>

#include "core/base/clock.h"
#include "firmware-tools/commands/bench_tag.h"
#include "firmware-tools/commands/reader.h"
#include "firmware-tools/options.h"

struct job {
	const char *reader, *seconds;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct job, reader), true },
	{ "seconds", "N", "end after that time (never)", offsetof(struct job, seconds), false },
};

enum { MISSES = 4, PAUSE_MS = 20, REOPEN_MS = 300, SEEN_MAX = 4 };

struct seen {
	struct nfc_tag tag;
	unsigned misses;
	uint64_t from_ns;
};

struct watch {
	struct nfc_port *port;
	struct seen seen[SEEN_MAX];
	size_t count;
};

static void print_arrival(struct watch *w, const struct nfc_tag *tag)
{
	struct bench_tag t = { .tag = *tag };
	struct err e = { 0 };
	struct badge b;
	bool read = bench_tag_read(w->port, &t, &e);

	printf("+ %s %s", read ? bench_tag_name(&t) : "tag", bench_uid_text(nfc_tag_uid(tag)).s);
	if (tag->kind == NFC_PHONE)
		printf(" a phone: its UID is another each time");
	else if (read && t.len && bench_tag_badge(&t, &b, &e))
		printf(" badge %s of event %lu at " STR_FMT, id_text(b.id).s,
			(unsigned long)b.event, STR_ARG(b.host));
	else if (e.code)
		printf(" %s", e.text);
	putchar('\n');
	fflush(stdout);
}

static bool is_same(const struct nfc_tag *a, const struct nfc_tag *b)
{
	return nfc_tag_equal(a, b) || (a->kind == NFC_PHONE && b->kind == NFC_PHONE);
}

static void note(struct watch *w, const struct nfc_tag *tag)
{
	for (size_t i = 0; i < w->count; i++)
		if (is_same(&w->seen[i].tag, tag)) {
			w->seen[i].misses = 0;
			return;
		}
	if (w->count == SEEN_MAX)
		return;
	w->seen[w->count++] = (struct seen){ .tag = *tag, .from_ns = clock_monotonic_ns() };
	print_arrival(w, tag);
	if (w->count > 1) {
		printf("! %zu tags lie there at once: one at a time\n", w->count);
		fflush(stdout);
	}
}

static void age(struct watch *w)
{
	size_t kept = 0;

	for (size_t i = 0; i < w->count; i++) {
		struct seen *s = &w->seen[i];

		if (++s->misses <= MISSES) {
			w->seen[kept++] = *s;
			continue;
		}
		printf("- %s after %.1f s\n", bench_uid_text(nfc_tag_uid(&s->tag)).s,
			(double)(clock_monotonic_ns() - s->from_ns) / 1e9);
		fflush(stdout);
	}
	w->count = kept;
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000 }, NULL);
}

static bool look(struct watch *w, struct err *e)
{
	struct nfc_tag tag;
	bool found;

	if (!nfc_port_select(w->port, &tag, &found, e))
		return false;
	age(w);
	if (found)
		note(w, &tag);
	return true;
}

/* Lost and found again, without an end. */
static bool look_or_reopen(struct watch *w, const char *where, struct err *e)
{
	if (w->port && look(w, e))
		return true;
	if (w->port) {
		printf("! %s\n", e->text);
		fflush(stdout);
		nfc_port_close(w->port);
		w->port = NULL;
		w->count = 0;
	}
	*e = (struct err){ 0 };
	if (!nfc_port_open(&w->port, where, e)) {
		pause_ms(REOPEN_MS);
		return e->code == ERR_UNAVAILABLE;
	}
	printf("! the reader is back\n");
	fflush(stdout);
	return true;
}

static bool run(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("reader watch", rows, "", 0, 0);
	struct watch w = { 0 };
	struct job j = { 0 };
	uint64_t seconds = 0, until_ns;
	bool helped, ok = true;

	(void)a;
	if (!options_read(&j, &table, argc, argv, &helped, e) || helped)
		return helped;
	if (j.seconds && !str_u64(str_of(j.seconds), &seconds))
		return err_set(e, ERR_USAGE, "--seconds takes a number");
	until_ns = seconds ? clock_monotonic_ns() + seconds * 1000000000u : UINT64_MAX;
	if (!nfc_port_open(&w.port, j.reader, e))
		return false;
	printf("watching %s, %s\n", j.reader, nfc_port_name(w.port));
	fflush(stdout);
	while (ok && clock_monotonic_ns() < until_ns) {
		ok = look_or_reopen(&w, j.reader, e);
		pause_ms(PAUSE_MS);
	}
	nfc_port_close(w.port);
	return ok;
}

const struct reader_command reader_watch = {
	.name = "watch",
	.help = "show what comes into the field and what leaves it",
	.run = run,
};

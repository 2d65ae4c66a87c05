/*
 * The hands of ./kith bench nfc: one reader, held open. Each line from stdin is one task, answered
 * by lines:
 *
 *	tap		"uid NS", when a tag was selected, and "ok NS" when its badge verified
 *	gone		"ok NS", when nothing lies there any more
 *	write ID	"ok NS", when a badge with that id is on the tag and was read back
 *
 * NS is CLOCK_MONOTONIC; instead of "ok" come the words of an error. tap asks just what a kiosk
 *asks: select, then one FAST_READ.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "firmware-tools/commands/badge_job.h"

enum { LINE_MAX_LEN = 128, MISSES = 3 };

struct hands {
	struct nfc_port *port;
	struct event_key key;
};

static void say(const char *word)
{
	printf("%s %llu\n", word, (unsigned long long)clock_monotonic_ns());
	fflush(stdout);
}

static bool wait_tag(struct hands *h, struct nfc_tag *tag, struct err *e)
{
	bool found = false;

	while (!found)
		if (!nfc_port_select(h->port, tag, &found, e))
			return false;
	return true;
}

static bool tap(struct hands *h, struct err *e)
{
	static struct nfc_memory memory;
	const struct badge_key key = event_key_public(&h->key);
	enum badge_verdict verdict;
	struct nfc_tag tag;
	struct badge b;

	if (!wait_tag(h, &tag, e))
		return false;
	say("uid");
	if (!nfc_type2_read_ndef(h->port, &tag, &memory, e) ||
		!badge_read(&b, memory.ndef.message, e))
		return false;
	verdict = badge_verify(&b, &key, 1, key.event, nfc_tag_uid(&tag), 0);
	return verdict == BADGE_OK || err_set(e, ERR_FORBIDDEN, "%s", badge_verdict_words(verdict));
}

static bool gone(struct hands *h, struct err *e)
{
	struct nfc_tag tag;
	bool found;

	for (int misses = 0; misses < MISSES; misses = found ? 0 : misses + 1)
		if (!nfc_port_select(h->port, &tag, &found, e))
			return false;
	return true;
}

static bool write_badge(struct hands *h, const char *id, struct err *e)
{
	static struct ntag_plan plan;
	struct badge_job job = { .key = &h->key, .badge = { .host = STR("ev.example.org") } };
	struct bench_tag t;
	size_t len;

	if (!id_read(str_of(id), &job.badge.id))
		return err_set(e, ERR_USAGE, "no id");
	return wait_tag(h, &t.tag, e) && bench_tag_read(h->port, &t, e) &&
	       badge_job_plan(&plan, &len, &job, &t, e) &&
	       badge_job_write(h->port, &t, &plan, &job, e);
}

static bool serve(struct hands *h, char *line, struct err *e)
{
	line[strcspn(line, "\n")] = '\0';
	if (strcmp(line, "tap") == 0)
		return tap(h, e);
	if (strcmp(line, "gone") == 0)
		return gone(h, e);
	if (strncmp(line, "write ", 6) == 0)
		return write_badge(h, line + 6, e);
	return err_set(e, ERR_USAGE, "tap, gone or write ID");
}

int main(int argc, char **argv)
{
	struct hands h = { 0 };
	struct arena a = { 0 };
	struct err e = { 0 };
	char line[LINE_MAX_LEN];

	if (argc != 3 || !crypto_init(&e) || !event_key_read_file(&h.key, argv[2], &a, &e) ||
		!nfc_port_open(&h.port, argv[1], &e)) {
		fprintf(stderr, "bench-nfc READER KEY: %s\n", e.text);
		return 1;
	}
	say("ready");
	while (fgets(line, sizeof(line), stdin)) {
		e = (struct err){ 0 };
		say(serve(&h, line, &e) ? "ok" : e.text);
	}
	nfc_port_close(h.port);
	arena_finish(&a);
	return 0;
}

/* kith-badge read: what stands on a badge, and whether it is genuine. */
#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/tag/event_key.h"
#include "core/tag/ndef.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/bench_tag.h"

#define USAGE                                                                                      \
	"usage: kith-badge read --reader CONN [--json] [--key FILE | --key-public WORD] "          \
	"[--wait SECONDS]"

struct job {
	const char *reader, *key_file, *key_word, *wait;
	bool json;
	struct badge_key key;
	bool has_key;
	uint64_t until_ns;
};

/* All that is known of a tag; texts live in the command's arena. */
struct found {
	struct bench_tag tag;
	struct ndef_message message;
	struct badge badge;
	bool has_badge, has_verdict;
	enum badge_verdict verdict;
};

static bool read_options(struct job *j, int argc, char **argv, struct err *e)
{
	static const struct option options[] = {
		{ "reader", required_argument, NULL, 'r' },
		{ "json", no_argument, NULL, 'j' },
		{ "key", required_argument, NULL, 'k' },
		{ "key-public", required_argument, NULL, 'p' },
		{ "wait", required_argument, NULL, 'w' },
		{ NULL, 0, NULL, 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'r':
			j->reader = optarg;
			break;
		case 'j':
			j->json = true;
			break;
		case 'k':
			j->key_file = optarg;
			break;
		case 'p':
			j->key_word = optarg;
			break;
		case 'w':
			j->wait = optarg;
			break;
		default:
			return err_set(e, ERR_USAGE, USAGE);
		}
	}
	if (!j->reader || optind < argc || (j->key_file && j->key_word))
		return err_set(e, ERR_USAGE, USAGE);
	return true;
}

static bool prepare(struct job *j, struct arena *a, struct err *e)
{
	uint64_t wait_s = BENCH_WAIT_S;
	struct event_key key;

	if (j->wait && !bench_wait_read(&wait_s, j->wait, e))
		return false;
	if (j->key_word && !badge_key_read(&j->key, str_of(j->key_word), e))
		return false;
	if (j->key_file) {
		if (!event_key_read_file(&key, j->key_file, a, e))
			return false;
		j->key = event_key_public(&key);
		crypto_wipe(&key, sizeof(key));
	}
	j->has_key = j->key_word || j->key_file;
	j->until_ns = clock_monotonic_ns() + wait_s * 1000000000u;
	return true;
}

/* As far as it can be understood; e says what could not. */
static void understand(struct found *f, const struct job *j, struct err *e)
{
	struct bytes ndef;

	if (!bench_tag_message(&f->tag, &ndef, e) || !ndef_read(&f->message, ndef, e))
		return;
	if (!f->tag.len) {
		err_set(e, ERR_UNSUPPORTED, "this is a %s; badges are NTAG213, NTAG215 or NTAG216",
			bench_tag_name(&f->tag));
		return;
	}
	if (!badge_read(&f->badge, ndef, e))
		return;
	f->has_badge = true;
	if (!j->has_key)
		return;
	f->has_verdict = true;
	f->verdict = badge_verify(&f->badge, &j->key, 1, j->key.event, nfc_tag_uid(&f->tag.tag));
	if (f->verdict != BADGE_OK)
		err_set(e, ERR_FORBIDDEN, "%s", badge_verdict_words(f->verdict));
}

static struct str uid_text(const struct found *f, struct arena *a)
{
	struct buf hex = BUF_IN(a);

	hex_write(&hex, nfc_tag_uid(&f->tag.tag));
	return buf_str(&hex);
}

static struct str record_text(const struct ndef_record *r, struct arena *a)
{
	struct buf text = BUF_IN(a);

	if (ndef_uri_read(&text, r))
		return buf_str(&text);
	return ndef_record_is(r, NDEF_MIME, STR("text/vcard")) ? text_from_bytes(a, r->payload)
							       : STR("");
}

/* What a server with the key verifies later: the address as this tap made it. */
static struct str sun_text(const struct found *f, struct arena *a)
{
	return f->tag.is_ntag424 && f->message.count ? record_text(&f->message.records[0], a)
						     : STR("");
}

static void write_records(struct json_writer *w, const struct found *f, struct arena *a)
{
	json_open(w, "records", '[');
	for (size_t i = 0; i < f->message.count; i++) {
		const struct ndef_record *r = &f->message.records[i];
		struct str text = record_text(r, a);

		json_open(w, NULL, '{');
		json_str(w, "kind", str_of(ndef_record_kind(r)));
		json_str(w, "type", text_from_bytes(a, r->type));
		json_u64(w, "bytes", r->payload.len);
		if (text.len)
			json_str(w, "text", text);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void print_json(const struct found *f, const struct err *e, struct arena *a)
{
	struct buf out = BUF_IN(a);
	struct json_writer w = JSON_TO(&out);

	json_open(&w, NULL, '{');
	json_str(&w, "uid", uid_text(f, a));
	json_str(&w, "tag", str_of(bench_tag_name(&f->tag)));
	if (f->has_badge) {
		json_id(&w, "id", f->badge.id);
		json_str(&w, "host", f->badge.host);
		json_u64(&w, "event", f->badge.event);
		json_u64(&w, "key", f->badge.key);
	}
	if (f->has_verdict) {
		json_str(&w, "verdict", str_of(badge_verdict_name(f->verdict)));
		json_str(&w, "words", str_of(badge_verdict_words(f->verdict)));
	}
	if (f->tag.is_ntag424)
		json_str(&w, "sun", sun_text(f, a));
	write_records(&w, f, a);
	if (f->badge.vcard.len)
		json_str(&w, "vcard", text_from_bytes(a, f->badge.vcard));
	if (e->code)
		json_str(&w, "error", str_of(e->text));
	json_close(&w, '}');
	printf(STR_FMT "\n", STR_ARG(buf_str(&out)));
}

static void print_lines(const struct found *f, struct arena *a)
{
	printf("uid " STR_FMT "\ntag %s\n", STR_ARG(uid_text(f, a)), bench_tag_name(&f->tag));
	if (f->has_badge)
		printf("id %s\nhost " STR_FMT "\nevent %lu\nkey %u\n", id_text(f->badge.id).s,
			STR_ARG(f->badge.host), (unsigned long)f->badge.event, f->badge.key);
	if (f->has_verdict)
		printf("verdict %s: %s\n", badge_verdict_name(f->verdict),
			badge_verdict_words(f->verdict));
	for (size_t i = 0; i < f->message.count; i++) {
		const struct ndef_record *r = &f->message.records[i];
		struct buf line = BUF_IN(a);

		escape_write(&line, str_bytes(record_text(r, a)));
		printf("record %zu %s %zu bytes " STR_FMT "\n", i + 1, ndef_record_kind(r),
			r->payload.len, STR_ARG(buf_str(&line)));
	}
	if (f->tag.is_ntag424)
		printf("sun " STR_FMT "\n", STR_ARG(sun_text(f, a)));
}

/* Taken away in between: wait for it again. */
static bool read_tag(struct nfc_port *p, const struct job *j, struct found *f, struct err *e)
{
	for (;;) {
		if (!bench_tag_wait(p, j->until_ns, &f->tag.tag, e))
			return false;
		if (bench_tag_read(p, &f->tag, e))
			return true;
		if (e->code != ERR_GONE || clock_monotonic_ns() >= j->until_ns)
			return false;
		fprintf(stderr, "the badge was taken away too early; put it back on the reader\n");
		*e = (struct err){ 0 };
	}
}

static int run_read(int argc, char **argv, struct arena *a, struct err *e)
{
	struct job j = { 0 };
	struct found *f = ARENA_NEW(a, struct found);
	struct nfc_port *port = NULL;

	if (read_options(&j, argc, argv, e) && prepare(&j, a, e) &&
		nfc_port_open(&port, j.reader, e) && read_tag(port, &j, f, e)) {
		*e = (struct err){ 0 };
		understand(f, &j, e);
		if (j.json)
			print_json(f, e, a);
		else
			print_lines(f, a);
	}
	nfc_port_close(port);
	return err_exit_status(e->code);
}

const struct command command_read = {
	.name = "read",
	.usage = "--reader CONN [--json] [--key FILE]",
	.help = "print what stands on a badge and whether it is genuine",
	.run = run_read,
};

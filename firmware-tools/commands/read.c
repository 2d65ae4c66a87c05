/* kith-badge read: what stands on a badge, and whether it is genuine. */
#include <stdio.h>

#include "core/base/clock.h"
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/tag/ndef.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/bench_tag.h"
#include "firmware-tools/commands/judge.h"
#include "firmware-tools/options.h"

/* All that is known of a tag; texts live in the command's arena. */
struct found {
	struct bench_tag tag;
	struct ndef_message message;
	struct badge badge;
	bool has_badge, has_verdict;
	struct judgement verdict;
};

struct job {
	const char *reader, *wait;
	bool json;
	struct judge_options by;
	struct judge judge;
	struct nfc_port *port;
	uint64_t until_ns;
	struct found found;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct job, reader), true },
	{ "json", NULL, "print one line of JSON", offsetof(struct job, json), false },
	JUDGE_OPTION_ROWS(struct job, by),
	{ "wait", "SECONDS", "how long to wait for a tag (10)", offsetof(struct job, wait), false },
};

static bool is_judged(const struct job *j)
{
	const struct judge_options *by = &j->by;

	return by->key_file || by->key_word || by->keys_file || by->revoked_file;
}

/* As far as it can be understood; e says what could not. */
static void understand(struct job *j, struct err *e)
{
	struct found *f = &j->found;
	struct bytes ndef;

	if (!bench_tag_message(&f->tag, &ndef, e) || !ndef_read(&f->message, ndef, e) ||
		!bench_tag_is_ntag(&f->tag, e) || !badge_read(&f->badge, ndef, e))
		return;
	f->has_badge = true;
	if (!is_judged(j))
		return;
	f->has_verdict = true;
	f->verdict = judge_badge(&j->judge, &f->badge, nfc_tag_uid(&f->tag.tag), clock_wall_ms());
	if (!f->verdict.ok)
		err_set(e, ERR_FORBIDDEN, "%s", f->verdict.words);
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
	json_str(&w, "uid", str_of(bench_uid_text(nfc_tag_uid(&f->tag.tag)).s));
	json_str(&w, "tag", str_of(bench_tag_name(&f->tag)));
	if (f->has_badge) {
		json_id(&w, "id", f->badge.id);
		json_str(&w, "host", f->badge.host);
		json_u64(&w, "event", f->badge.event);
		json_u64(&w, "key", f->badge.key);
	}
	if (f->has_verdict) {
		json_str(&w, "verdict", str_of(f->verdict.name));
		json_str(&w, "words", str_of(f->verdict.words));
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
	printf("uid %s\ntag %s\n", bench_uid_text(nfc_tag_uid(&f->tag.tag)).s,
		bench_tag_name(&f->tag));
	if (f->has_badge)
		printf("id %s\nhost " STR_FMT "\nevent %lu\nkey %u\n", id_text(f->badge.id).s,
			STR_ARG(f->badge.host), (unsigned long)f->badge.event, f->badge.key);
	if (f->has_verdict)
		printf("verdict %s: %s\n", f->verdict.name, f->verdict.words);
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

static bool read_once(void *work, struct err *e)
{
	struct job *j = work;

	return bench_tag_wait(j->port, j->until_ns, &j->found.tag.tag, e) &&
	       bench_tag_read(j->port, &j->found.tag, e);
}

static int run_read(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("read", rows, "", 0, 0);
	struct job *j = ARENA_NEW(a, struct job);
	bool helped;

	if (options_read(j, &table, argc, argv, &helped, e) && !helped &&
		bench_wait_until(&j->until_ns, j->wait, e) &&
		(!is_judged(j) || judge_open(&j->judge, &j->by, a, e)) &&
		nfc_port_open(&j->port, j->reader, e) &&
		bench_until_done(read_once, j, j->until_ns, e)) {
		understand(j, e);
		if (j->json)
			print_json(&j->found, e, a);
		else
			print_lines(&j->found, a);
	}
	nfc_port_close(j->port);
	return err_exit_status(e->code);
}

const struct command command_read = {
	.name = "read",
	.usage = "--reader CONN [--json] [--key FILE]",
	.help = "print what stands on a badge and whether it is genuine",
	.run = run_read,
};

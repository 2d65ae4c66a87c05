/*
 * kith-badge batch: a list of attendees onto chips, one after the other.
 *
 * Each badge takes three steps, each on the disk before the next: its id and the chip's UID are
 * noted as begun, the chip is written and read back, the same is noted as done. So whatever stops
 * the batch, what may be half written is known by UID, and it is finished before anything else.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "core/base/clock.h"
#include "core/base/config.h"
#include "core/base/text.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/attendees.h"
#include "firmware-tools/commands/badge_job.h"
#include "firmware-tools/commands/batch_report.h"
#include "firmware-tools/commands/sound.h"
#include "firmware-tools/options.h"

enum {
	BATCH_WAIT_S = 3600,
	PAUSE_MS = 20,
	REOPEN_MS = 300,
	MISSES = 4, /* looks without an answer before a chip counts as gone */
};

struct batch {
	const char *reader, *key_file, *list_file, *host, *journal_file, *report_file, *sound_word,
		*spoilt, *wait;
	bool overwrite;
	enum bench_sound sound;
	struct event_key key;
	struct attendee_list list;
	struct bytes *vcards;  /* of each row of the list; empty: none */
	enum ntag_type *least; /* the smallest chip with room for it */
	struct journal journal;
	struct arena *arena;
	struct nfc_port *port;
	uint64_t wait_s;
	size_t done, next;	   /* rows of the list */
	struct bench_uid said_uid; /* of the chip that was last spoken of, so as to say it once */
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct batch, reader), true },
	{ "key", "FILE", "the event key that signs", offsetof(struct batch, key_file), true },
	{ "list", "FILE", "the attendees, CSV with badge (or id) and name, perhaps vcard",
		offsetof(struct batch, list_file), true },
	{ "host", "HOST", "the host of the badges' link", offsetof(struct batch, host), true },
	{ "journal", "FILE", "what was done; given again, the batch goes on there",
		offsetof(struct batch, journal_file), true },
	{ "report", "FILE", "CSV at the end: who got which chip",
		offsetof(struct batch, report_file), false },
	{ "sound", "bell|aplay|none", "once a badge is done, or a chip refused (bell)",
		offsetof(struct batch, sound_word), false },
	{ "spoilt", "UID", "give this chip up: its badge goes onto another",
		offsetof(struct batch, spoilt), false },
	{ "overwrite", NULL, "also write chips that hold another badge",
		offsetof(struct batch, overwrite), false },
	{ "wait", "SECONDS", "how long to wait for each chip (3600)", offsetof(struct batch, wait),
		false },
};

/* Ctrl-C ends the batch between two chips; one that is being written is finished. */
static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	(void)number;
	stop = 1;
}

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000 }, NULL);
}

static const struct attendee_row *row_of(const struct batch *b, struct id id)
{
	for (size_t i = 0; i < b->list.count; i++)
		if (id_equal(b->list.rows[i].badge, id))
			return &b->list.rows[i];
	return NULL;
}

static struct str name_of(const struct batch *b, struct id id)
{
	const struct attendee_row *row = row_of(b, id);

	return row ? row->name : STR("somebody who is not in this list");
}

static enum journal_step state_of(const struct batch *b, const struct attendee_row *row)
{
	const struct journal_line *line = journal_of_id(&b->journal, row->badge);

	return line ? line->step : JOURNAL_SPOILT;
}

/* ---- before the first chip ---- */

static bool give_up(struct batch *b, struct err *e)
{
	uint8_t uid[NFC_UID_MAX];
	struct buf to = BUF_ON(uid);
	const struct journal_line *line;
	struct id id;
	bool done;

	if (!hex_read(&to, str_of(b->spoilt)) || !buf_ok(&to))
		return err_set(e, ERR_USAGE, "--spoilt takes a chip's UID, hexadecimal");
	line = journal_of_uid(&b->journal, buf_bytes(&to));
	if (!line)
		return err_set(e, ERR_NOT_FOUND, "the journal knows no chip %s", b->spoilt);
	if (line->step == JOURNAL_SPOILT)
		return true;
	done = line->step == JOURNAL_DONE;
	id = line->id;
	if (!journal_note(&b->journal, JOURNAL_SPOILT, id, buf_bytes(&to), line->chip, e))
		return false;
	fprintf(stderr, "given up: chip %s with the badge %s of " STR_FMT "%s\n", b->spoilt,
		id_text(id).s, STR_ARG(name_of(b, id)),
		done ? "; destroy it, or revoke the badge"
		     : "; destroy it: the badge may stand on it");
	return true;
}

/* What stands in the list's cell: a vCard, or the file with it, beside the list. */
static bool read_vcard(struct batch *b, struct str cell, struct bytes *out, struct err *e)
{
	const char *slash = strrchr(b->list_file, '/');
	struct str folder = { b->list_file, slash ? (size_t)(slash - b->list_file) + 1 : 0 };

	*out = str_bytes(cell);
	if (cell.len == 0)
		return true;
	if (str_starts_nocase(cell, STR("BEGIN:VCARD"))) {
		/* a cell is trimmed, and so without the end of its last line */
		*out = str_bytes(arena_printf(b->arena, STR_FMT "\r\n", STR_ARG(cell)));
		return true;
	}
	if (cell.p[0] == '/')
		folder.len = 0;
	return file_read(out,
		arena_printf(b->arena, STR_FMT STR_FMT, STR_ARG(folder), STR_ARG(cell)).p,
		LIMIT_TAG_BYTES, b->arena, e);
}

static struct badge_job job_of(const struct batch *b, size_t row)
{
	return (struct badge_job){ .key = &b->key,
		.badge = { .id = b->list.rows[row].badge,
			.host = str_of(b->host),
			.vcard = b->vcards[row] } };
}

/* Every badge of the list is known to fit some chip before the first is written. */
static bool check_list(struct batch *b, struct err *e)
{
	b->vcards = ARENA_ARRAY(b->arena, b->list.count, struct bytes);
	b->least = ARENA_ARRAY(b->arena, b->list.count, enum ntag_type);
	for (size_t i = 0; i < b->list.count; i++) {
		const struct attendee_row *row = &b->list.rows[i];
		struct badge_job job;

		if (!read_vcard(b, row->vcard, &b->vcards[i], e) ||
			(b->vcards[i].len && !badge_vcard_check(b->vcards[i], e)))
			return err_in(e, "%s: line %zu: column vcard", b->list_file, row->line);
		job = job_of(b, i);
		if (!badge_job_try(&job, &b->least[i], e))
			return err_in(e, "%s: line %zu", b->list_file, row->line);
	}
	return true;
}

static bool prepare(struct batch *b, struct arena *a, struct err *e)
{
	struct bytes csv;

	b->wait_s = BATCH_WAIT_S;
	b->arena = a;
	if ((b->wait && !bench_wait_read(&b->wait_s, b->wait, e)) ||
		!bench_sound_read(&b->sound, b->sound_word, e) ||
		!event_key_read_file(&b->key, b->key_file, a, e) ||
		!file_read(&csv, b->list_file, LIMIT_CSV_BYTES, a, e))
		return false;
	if (!attendees_read(&b->list, csv, a, e))
		return err_in(e, "%s", b->list_file);
	return check_list(b, e) &&
	       journal_open(&b->journal, b->journal_file, b->key.event, b->key.number, a, e) &&
	       (!b->spoilt || give_up(b, e));
}

static void count(struct batch *b)
{
	b->done = 0;
	for (size_t i = 0; i < b->list.count; i++)
		b->done += state_of(b, &b->list.rows[i]) == JOURNAL_DONE;
}

/* ---- one chip ---- */

static void say(struct batch *b, const struct nfc_tag *tag, const char *words)
{
	struct bench_uid uid = bench_uid_text(nfc_tag_uid(tag));

	if (strcmp(uid.s, b->said_uid.s) == 0)
		return;
	b->said_uid = uid;
	fprintf(stderr, "chip %s: %s\n", uid.s, words);
	bench_sound_refused(b->sound);
}

/* Reasons for which this chip is not to be written with the badge of row; e says it. */
static bool may_write(
	struct batch *b, const struct attendee_row *row, const struct bench_tag *t, struct err *e)
{
	const struct journal_line *chip = journal_of_uid(&b->journal, nfc_tag_uid(&t->tag));
	const struct journal_line *begun = journal_of_id(&b->journal, row->badge);
	struct err none = { 0 };
	struct badge other;

	if (begun && begun->step == JOURNAL_BEGIN &&
		!bytes_equal(bytes_of(begun->uid, begun->uid_len), nfc_tag_uid(&t->tag)))
		return err_set(e, ERR_CONFLICT,
			"not the chip that was begun, which is %s; find it, or give it up by "
			"--spoilt %s",
			bench_uid_text(bytes_of(begun->uid, begun->uid_len)).s,
			bench_uid_text(bytes_of(begun->uid, begun->uid_len)).s);
	if (chip && chip->step == JOURNAL_DONE)
		return err_set(e, ERR_CONFLICT,
			"it carries the badge of " STR_FMT " already; put on the next one",
			STR_ARG(str_sub(name_of(b, chip->id), 0, 80)));
	if (b->overwrite || (chip && chip->step == JOURNAL_BEGIN) ||
		!bench_tag_badge(t, &other, &none))
		return true;
	return err_set(e, ERR_CONFLICT,
		"it holds the badge %s; --overwrite writes over it, kith-badge erase empties it",
		id_text(other.id).s);
}

enum result { WRITTEN, NEXT_CHIP, FATAL };

/* FATAL is the journal's: without it nothing more is written. */
static enum result write_chip(
	struct batch *b, const struct attendee_row *row, struct bench_tag *t, struct err *e)
{
	static struct ntag_plan plan;
	const struct badge_job job = job_of(b, (size_t)(row - b->list.rows));
	const struct journal_line *line = journal_of_id(&b->journal, row->badge);
	struct bytes uid = nfc_tag_uid(&t->tag);
	size_t len;

	if (!badge_job_plan(&plan, &len, &job, t, e))
		return NEXT_CHIP;
	if ((!line || line->step != JOURNAL_BEGIN) &&
		!journal_note(&b->journal, JOURNAL_BEGIN, row->badge, uid, bench_tag_name(t), e))
		return FATAL;
	if (!badge_job_write(b->port, t, &plan, &job, e))
		return NEXT_CHIP;
	return journal_note(&b->journal, JOURNAL_DONE, row->badge, uid, bench_tag_name(t), e)
		       ? WRITTEN
		       : FATAL;
}

/* A chip that takes no more writing is out of the batch, by name; its badge goes onto another. */
static enum result drop_chip(
	struct batch *b, const struct attendee_row *row, const struct bench_tag *t, struct err *e)
{
	const struct journal_line *line = journal_of_id(&b->journal, row->badge);

	if (!line || line->step != JOURNAL_BEGIN)
		return NEXT_CHIP;
	return journal_note(&b->journal, JOURNAL_SPOILT, row->badge, nfc_tag_uid(&t->tag),
		       bench_tag_name(t), e)
		       ? NEXT_CHIP
		       : FATAL;
}

/* What becomes of the chip that was just selected. */
static enum result take_chip(
	struct batch *b, const struct attendee_row *row, struct bench_tag *t, struct err *e)
{
	enum result result = NEXT_CHIP;

	if (bench_tag_read(b->port, t, e) && may_write(b, row, t, e))
		result = write_chip(b, row, t, e);
	if (result == WRITTEN)
		b->said_uid = bench_uid_text(nfc_tag_uid(&t->tag));
	if (result != NEXT_CHIP)
		return result;
	if (e->code == ERR_UNAVAILABLE)
		return FATAL;
	if (e->code == ERR_GONE) {
		const struct journal_line *chip = journal_of_uid(&b->journal, nfc_tag_uid(&t->tag));

		if (chip && chip->step == JOURNAL_DONE) /* it is on its way out, as it should be */
			return NEXT_CHIP;
		fprintf(stderr, "the chip was taken away too early; put it back\n");
		bench_sound_refused(b->sound);
		b->said_uid.s[0] = '\0';
		return NEXT_CHIP;
	}
	say(b, &t->tag, e->text);
	return e->code == ERR_CONFLICT ? NEXT_CHIP : drop_chip(b, row, t, e);
}

static bool reopen(struct batch *b, uint64_t until_ns, struct err *e)
{
	fprintf(stderr, "%s\n", e->text);
	bench_sound_refused(b->sound);
	nfc_port_close(b->port);
	b->port = NULL;
	while (!stop && clock_monotonic_ns() < until_ns) {
		*e = (struct err){ 0 };
		if (nfc_port_open(&b->port, b->reader, e)) {
			fprintf(stderr, "the reader is back\n");
			return true;
		}
		if (e->code != ERR_UNAVAILABLE)
			return false;
		pause_ms(REOPEN_MS);
	}
	return err_in(e, "the reader did not come back");
}

/* Chips come and go until one took this row's badge. */
static bool write_row(struct batch *b, const struct attendee_row *row, struct err *e)
{
	uint64_t until_ns = clock_monotonic_ns() + b->wait_s * 1000000000u;
	unsigned misses = 0;
	struct bench_tag t;

	while (!stop) {
		enum result result = NEXT_CHIP;
		bool found = false;

		*e = (struct err){ 0 };
		if (!nfc_port_select(b->port, &t.tag, &found, e))
			result = FATAL;
		else if (found)
			result = take_chip(b, row, &t, e);
		if (result == WRITTEN) {
			printf("wrote %s on %s %s for " STR_FMT "\n", id_text(row->badge).s,
				bench_tag_name(&t), b->said_uid.s, STR_ARG(row->name));
			fflush(stdout);
			bench_sound_done(b->sound);
			return true;
		}
		if (result == FATAL && (e->code != ERR_UNAVAILABLE || !reopen(b, until_ns, e)))
			return false;
		misses = found ? 0 : misses + 1;
		if (misses >= MISSES)
			b->said_uid.s[0] = '\0';
		if (clock_monotonic_ns() >= until_ns)
			return err_set(e, ERR_TIMEOUT,
				"no chip came; the same command goes on at this badge");
		pause_ms(PAUSE_MS);
	}
	return err_set(e, ERR_TIMEOUT, "stopped; the same command goes on at this badge");
}

static void print_progress(
	const struct batch *b, const struct attendee_row *row, uint64_t from_ns, size_t done_before)
{
	const struct journal_line *line = journal_of_id(&b->journal, row->badge);
	size_t made = b->done - done_before;
	double each = made ? (double)(clock_monotonic_ns() - from_ns) / 1e9 / (double)made : 0;

	const enum ntag_type least = b->least[row - b->list.rows];

	fprintf(stderr, "[%zu/%zu] " STR_FMT ": ", b->done + 1, b->list.count, STR_ARG(row->name));
	if (line && line->step == JOURNAL_BEGIN)
		fprintf(stderr, "begun on chip %s and may be half written; put that chip on first",
			bench_uid_text(bytes_of(line->uid, line->uid_len)).s);
	else
		fprintf(stderr, "put on the next chip%s%s%s",
			least > NTAG_213 ? ", for its card an " : "",
			least > NTAG_213 ? ntag_layout(least)->name : "",
			least == NTAG_215 ? " or larger" : "");
	if (made)
		fprintf(stderr, " (%.0f s a badge, %.0f min left)", each,
			each * (double)(b->list.count - b->done) / 60);
	fputc('\n', stderr);
}

/* What was begun is finished before anything else, so only the newest can be open. */
static const struct attendee_row *begun_row(const struct batch *b)
{
	for (size_t i = b->journal.count; i-- > 0;) {
		const struct journal_line *line = &b->journal.lines[i];

		if (line->step == JOURNAL_BEGIN)
			return journal_of_id(&b->journal, line->id) == line ? row_of(b, line->id)
									    : NULL;
	}
	return NULL;
}

static const struct attendee_row *next_row(struct batch *b)
{
	const struct attendee_row *begun = begun_row(b);

	if (begun)
		return begun;
	while (b->next < b->list.count && state_of(b, &b->list.rows[b->next]) == JOURNAL_DONE)
		b->next++;
	return b->next < b->list.count ? &b->list.rows[b->next] : NULL;
}

static bool write_all(struct batch *b, struct err *e)
{
	const uint64_t from_ns = clock_monotonic_ns();
	const struct attendee_row *row;
	size_t before;

	count(b);
	before = b->done;
	if (before)
		fprintf(stderr, "%zu of %zu badges are written; going on\n", before, b->list.count);
	while ((row = next_row(b))) {
		print_progress(b, row, from_ns, before);
		if (!write_row(b, row, e))
			return false;
		b->done++;
	}
	return true;
}

static bool finish(const struct batch *b, struct err *e)
{
	struct err failed = { 0 };
	struct buf csv = BUF_IN(b->arena);

	batch_report_print(stdout, &b->list, &b->journal);
	if (!b->report_file)
		return true;
	batch_report_write(&csv, &b->list, &b->journal);
	if (file_replace(b->report_file, buf_bytes(&csv), 0600, &failed))
		return true;
	if (!e->code)
		*e = failed;
	return err_in(e, "report");
}

static int run_batch(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("batch", rows, "", 0, 0);
	const struct sigaction action = { .sa_handler = on_signal };
	struct batch b = { 0 };
	bool helped, ok;

	if (options_read(&b, &table, argc, argv, &helped, e) && !helped && prepare(&b, a, e)) {
		sigaction(SIGINT, &action, NULL);
		sigaction(SIGTERM, &action, NULL);
		ok = nfc_port_open(&b.port, b.reader, e) && write_all(&b, e);
		if (ok)
			*e = (struct err){ 0 };
		if (!finish(&b, e))
			fprintf(stderr, "kith-badge batch: the report was not written\n");
	}
	nfc_port_close(b.port);
	journal_close(&b.journal);
	crypto_wipe(&b.key, sizeof(b.key));
	return err_exit_status(e->code);
}

const struct command command_batch = {
	.name = "batch",
	.usage = "--reader CONN --key FILE --list FILE --host HOST --journal FILE",
	.help = "write a list's badges, one chip after the other",
	.run = run_batch,
};

/* kith-badge restore: the data area of a dump back onto a chip of the same kind. */
#include <stdio.h>
#include <sysexits.h>

#include "core/base/config.h"
#include "core/tag/ntag_area.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/bench_tag.h"
#include "firmware-tools/options.h"

struct job {
	const char *reader, *wait, *file;
	bool other_chip;
	struct bench_tag from; /* the dump */
	struct nfc_port *port;
	uint64_t until_ns;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct job, reader), true },
	{ "other-chip", NULL, "also onto another chip than the dump's, where a badge is void",
		offsetof(struct job, other_chip), false },
	{ "wait", "SECONDS", "how long to wait for a chip (10)", offsetof(struct job, wait),
		false },
};

/* A dump is the chip's pages from page 0: its UID, and by its size its kind. */
static bool read_dump(struct job *j, struct arena *a, struct err *e)
{
	struct bench_tag *t = &j->from;
	struct bytes dump;

	if (!file_read(&dump, j->file, LIMIT_TAG_BYTES, a, e))
		return false;
	for (enum ntag_type k = NTAG_213; k < NTAG_TYPES; k++)
		if (dump.len == (size_t)ntag_layout(k)->pages * NTAG_PAGE)
			t->type = k;
	if (t->type == NTAG_OTHER)
		return err_set(e, ERR_MALFORMED,
			"%s has %zu bytes; a dump of an NTAG213 has 180, of a 215 540, of a 216 "
			"924",
			j->file, dump.len);
	memcpy(t->mem, dump.p, dump.len);
	t->len = dump.len;
	t->tag.uid_len = 7;
	memcpy(t->tag.uid, dump.p, 3);
	memcpy(t->tag.uid + 3, dump.p + 4, 4);
	return true;
}

static bool check_chip(const struct job *j, const struct bench_tag *t, struct err *e)
{
	if (t->type != j->from.type)
		return err_set(e, ERR_CONFLICT, "the dump is of an %s, this is an %s",
			bench_tag_name(&j->from), bench_tag_name(t));
	if (!nfc_tag_equal(&t->tag, &j->from.tag) && !j->other_chip)
		return err_set(e, ERR_CONFLICT,
			"the dump is of the chip %s; a badge copied to another is refused "
			"everywhere, --other-chip copies all the same",
			bench_uid_text(nfc_tag_uid(&j->from.tag)).s);
	return true;
}

static bool restore_once(void *work, struct err *e)
{
	static struct ntag_plan plan;
	struct job *j = work;
	const size_t from = NTAG_DATA_PAGE * NTAG_PAGE;
	struct bench_tag t;
	size_t len;

	if (!bench_ntag_get(j->port, j->until_ns, &t, e) || !check_chip(j, &t, e))
		return false;
	len = (size_t)ntag_layout(t.type)->lock_page * NTAG_PAGE - from;
	if (!ntag_write_area(
		    &plan, t.type, bytes_of(t.mem, t.len), bytes_of(j->from.mem + from, len), e) ||
		!bench_tag_write(j->port, &t, &plan, e))
		return false;
	printf("restored %s %s: %zu pages\n", bench_tag_name(&t),
		bench_uid_text(nfc_tag_uid(&t.tag)).s, plan.count);
	return true;
}

static int run_restore(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("restore", rows, "FILE", 1, 1);
	struct job j = { 0 };
	bool helped;

	if (options_read(&j, &table, argc, argv, &helped, e) && !helped) {
		j.file = argv[1];
		if (bench_wait_until(&j.until_ns, j.wait, e) && read_dump(&j, a, e) &&
			nfc_port_open(&j.port, j.reader, e) &&
			bench_until_done(restore_once, &j, j.until_ns, e))
			*e = (struct err){ 0 };
	}
	nfc_port_close(j.port);
	return err_exit_status(e->code);
}

const struct command command_restore = {
	.name = "restore",
	.usage = "--reader CONN [--other-chip] FILE",
	.help = "write the data of a dump back onto its chip",
	.run = run_restore,
};

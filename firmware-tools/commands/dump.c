/* kith-badge dump: all pages of a chip into a file, as nfc-mfultralight writes them. */
#include <stdio.h>
#include <sysexits.h>

#include "core/base/config.h"
#include "core/tag/ntag_area.h"
#include "firmware-tools/command.h"
#include "firmware-tools/commands/bench_tag.h"
#include "firmware-tools/options.h"

struct job {
	const char *reader, *wait, *file;
	bool text;
	struct nfc_port *port;
	uint64_t until_ns;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct job, reader), true },
	{ "text", NULL, "print the pages as text too", offsetof(struct job, text), false },
	{ "wait", "SECONDS", "how long to wait for a chip (10)", offsetof(struct job, wait),
		false },
};

static const char *page_words(enum ntag_type type, unsigned page)
{
	static const char *const first[] = { "UID", "UID", "UID check, lock bits",
		"capability container" };
	static const char *const last[] = { "lock bits", "CFG0: mirror, AUTH0", "CFG1: access",
		"PWD, reads as zeros", "PACK, reads as zeros" };
	unsigned lock = ntag_layout(type)->lock_page;

	if (page < ARRAY_LEN(first))
		return first[page];
	return page < lock ? "" : last[page - lock];
}

static void print_text(const struct bench_tag *t)
{
	for (unsigned page = 0; page < t->len / NTAG_PAGE; page++) {
		const uint8_t *p = t->mem + (size_t)page * NTAG_PAGE;
		char shown[NTAG_PAGE + 1] = { 0 };

		for (size_t i = 0; i < NTAG_PAGE; i++)
			shown[i] = (char)(p[i] >= 0x20 && p[i] < 0x7F ? p[i] : '.');
		printf("%02X  %02X %02X %02X %02X  %s%c  %s\n", page, p[0], p[1], p[2], p[3], shown,
			ntag_page_locked(t->type, bytes_of(t->mem, t->len), (uint16_t)page) ? '*'
											    : ' ',
			page_words(t->type, page));
	}
}

static bool dump_once(void *work, struct err *e)
{
	struct job *j = work;
	struct ntag_state state;
	struct bench_tag t;

	if (!bench_ntag_get(j->port, j->until_ns, &t, e) ||
		!file_replace(j->file, bytes_of(t.mem, t.len), 0600, e))
		return false;
	state = ntag_state_of(t.type, bytes_of(t.mem, t.len));
	printf("dumped %s %s: %zu bytes%s\n", bench_tag_name(&t),
		bench_uid_text(nfc_tag_uid(&t.tag)).s, t.len,
		state.protected ? ", without the password that closes it" : "");
	if (j->text)
		print_text(&t);
	return true;
}

static int run_dump(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("dump", rows, "FILE", 1, 1);
	struct job j = { 0 };
	bool helped;

	(void)a;
	if (options_read(&j, &table, argc, argv, &helped, e) && !helped) {
		j.file = argv[1];
		if (bench_wait_until(&j.until_ns, j.wait, e) &&
			nfc_port_open(&j.port, j.reader, e) &&
			bench_until_done(dump_once, &j, j.until_ns, e))
			*e = (struct err){ 0 };
	}
	nfc_port_close(j.port);
	return err_exit_status(e->code);
}

const struct command command_dump = {
	.name = "dump",
	.usage = "--reader CONN [--text] FILE",
	.help = "write all pages of a chip into a file",
	.run = run_dump,
};

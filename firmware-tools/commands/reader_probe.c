/* kith-badge reader probe: is there a PN532, and if not, what does the line say? */
#include <stdio.h>

#include "core/nfc/nfc.h"
#include "firmware-tools/commands/reader.h"
#include "firmware-tools/commands/wire.h"
#include "firmware-tools/options.h"

struct job {
	const char *reader, *root;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct job, reader), true },
	{ "root", "DIR", "look for causes below this folder", offsetof(struct job, root), false },
};

/* GetFirmwareVersion (UM0701-02 7.2.2): IC, version, revision, what it supports. */
static void print_version(const struct wire_answer *a)
{
	static const char *const kinds[] = { "ISO 14443 A", "ISO 14443 B", "ISO 18092" };

	printf("chip: PN5%02X, firmware %u.%u:", a->data[0], a->data[1], a->data[2]);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (a->data[3] >> i & 1)
			printf(" %s%s", kinds[i], a->data[3] >> (i + 1) & 7 ? "," : "");
	putchar('\n');
}

static void ask(struct wire *w, struct wire_answer *answer)
{
	wire_wake(w, answer);
	if (answer->outcome == WIRE_ANSWER || answer->outcome == WIRE_ERROR)
		wire_command(w, BYTES("\x02"), WIRE_TIMEOUT_MS, answer);
}

/* A chip that was left at another speed answers there (SetSerialBaudRate). */
static bool ask_at_other_speeds(const char *path, struct wire_answer *answer, struct err *e)
{
	static const uint32_t speeds[] = { 921600, 460800, 230400, 57600, 38400, 19200, 9600 };

	for (size_t i = 0; i < ARRAY_LEN(speeds); i++) {
		struct wire w;

		if (!wire_open(&w, path, speeds[i], e))
			return false;
		ask(&w, answer);
		wire_close(&w);
		if (answer->outcome == WIRE_ANSWER) {
			printf("it answers at %lu baud, not at %d: take its power away for a "
			       "second\n",
				(unsigned long)speeds[i], WIRE_BAUD);
			return true;
		}
	}
	return true;
}

static bool probe_line(const char *path, const char *root, struct arena *a, struct err *e)
{
	struct wire_answer answer, other;
	struct wire w;

	if (!wire_open(&w, path, WIRE_BAUD, e)) {
		if (e->code != ERR_CONFLICT)
			reader_print_hints(root, path, a);
		return false;
	}
	ask(&w, &answer);
	printf("line: %s, %lu baud\n", path, (unsigned long)w.baud);
	wire_close(&w);
	if (answer.outcome == WIRE_ANSWER && answer.len >= 4)
		print_version(&answer);
	else if (answer.outcome == WIRE_SILENCE && !ask_at_other_speeds(path, &other, e))
		return false;
	reader_print_hints(root, path, a);
	if (answer.outcome == WIRE_ANSWER)
		return true;
	printf("%s\n", wire_words(answer.outcome));
	return err_set(e, ERR_UNAVAILABLE, "no PN532 answers at %s", path);
}

static bool probe_other(const char *where, const char *root, struct arena *a, struct err *e)
{
	struct nfc_port *port;

	reader_print_hints(root, NULL, a);
	if (!nfc_port_open(&port, where, e))
		return false;
	printf("chip: %s\n", nfc_port_name(port));
	nfc_port_close(port);
	return true;
}

static bool run(int argc, char **argv, struct arena *a, struct err *e)
{
	const struct option_table table = OPTION_TABLE("reader probe", rows, "", 0, 0);
	struct job j = { 0 };
	char path[256];
	bool helped;

	if (!options_read(&j, &table, argc, argv, &helped, e) || helped)
		return helped;
	j.root = j.root ? j.root : "";
	return wire_path(j.reader, path) ? probe_line(path, j.root, a, e)
					 : probe_other(j.reader, j.root, a, e);
}

const struct reader_command reader_probe = {
	.name = "probe",
	.help = "is there a reader, and if not, what does its line say?",
	.run = run,
};
